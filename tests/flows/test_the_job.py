"""The job from the report to the archive, in a room."""

from types import SimpleNamespace

from rules.orders import Stage
from tests import plays
from tests.room import at


def test_a_customer_gets_number_and_promise_at_once(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)

    cast.zhang.sees("2611-0001", "11月28日 週六 14:00")
    cast.li.sees("新報修 2611-0001", "客廳冷氣漏水", "[派 王師傅（手上 0）]")


def test_the_whole_job_is_played_to_the_archive(cast: SimpleNamespace) -> None:
    plays.signed(cast)
    cast.zhang.sees("您簽名的服務報告", "通管並清洗")
    cast.wang.presses("離場簡報").presses("就這樣回報")
    cast.li.presses("核准")

    cast.li.sees("已核准", "歸檔前還缺：工時")
    assert cast.room.order().stage is Stage.APPROVED
    cast.wang.presses("📝 工作日報").presses("對，交出去")
    order = cast.room.order()
    assert order.stage is Stage.ARCHIVED
    assert order.seal is not None and order.seal.signer == "張先生"
    cast.zhang.sees("已結案")


def test_the_office_sees_each_step_at_once(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    plays.listens(cast.wang)
    plays.looks(cast.wang)
    plays.checks(cast.wang)

    cast.li.says("2611-0001")

    cast.li.sees("到場，查", "聽✔ 看✔ 查✔ 處理…", "原因：排水管堵塞")


def test_typed_words_do_what_buttons_do(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    cast.wang.says("接單").sees("接單了")
    cast.wang.presses("出發前準備").presses("看過單子").presses("打過電話給客戶").presses("打通了").presses("零件帶了").presses(
        "鞋套帶了"
    )
    cast.wang.says("出發").sees("出發了")
    cast.wang.says("到了").sees("到場時間已記下")

    assert cast.room.order().stage is Stage.ARRIVED


def test_a_changed_report_must_be_signed_again(cast: SimpleNamespace) -> None:
    plays.signed(cast)
    first = cast.room.order().seal

    cast.wang.presses("改記錄").presses("作出處理").presses("✎ 修改").presses("處理").says("換了水泵").presses("沒問題，送出")

    cast.wang.sees("原簽名作廢")
    order = cast.room.order()
    assert order.seal is None
    assert order.seals[0].is_void and order.seals[0].summary == first.summary
    assert order.stage is Stage.FINISHED


def test_a_signature_before_the_check_is_refused_with_the_reason(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    plays.listens(cast.wang)

    cast.wang.says("簽名")

    cast.wang.sees("還不能簽名", "看、查、作出處理", "規則 SIG-2")


def test_a_photo_taken_before_the_end_of_the_work_is_no_signature(cast: SimpleNamespace) -> None:
    plays.finished(cast)
    earlier = cast.room.now
    cast.room.later(minutes=5)
    cast.wang.presses("簽名").presses("跳過").says("張先生").presses("客戶本人")

    cast.wang.sends_photo("early.jpg", at=earlier.replace(year=2025))

    cast.wang.sees("早於完工時間")
    assert cast.room.order().seal is None


def test_a_report_that_changes_while_the_customer_reads_it_is_shown_again(cast: SimpleNamespace) -> None:
    """SIG-10: the signature stands beside exactly the version that was shown."""
    plays.reports(cast.zhang)
    cast.li.presses("派別人／兩人").presses("王師傅").presses("趙師傅").presses("王師傅").presses("跳過")
    plays.gets_ready(cast.wang)
    plays.arrives(cast.wang)
    for step in (plays.listens, plays.looks, plays.checks, plays.acts, plays.tries_it):
        step(cast.wang)
    cast.room.later(minutes=1)
    cast.wang.presses("簽名").presses("跳過").says("張先生").presses("客戶本人")

    cast.zhao.presses_token(f"o.{cast.room.order().id}.act").presses("✎ 修改").presses("處理").says("換了壓縮機").presses(
        "沒問題，送出"
    )
    cast.room.later(minutes=1)
    cast.wang.sends_photo("簽名.jpg").sees("又改了", "規則 SIG-10")

    assert cast.room.order().seal is None
    plays.signs(cast.wang)
    assert "換了壓縮機" in cast.room.order().seal.summary


def test_the_same_signature_on_two_orders_holds_the_approval(cast: SimpleNamespace) -> None:
    plays.signed(cast)
    cast.wang.presses("離場簡報").presses("就這樣回報")
    cast.li.presses("核准")
    cast.room.later(minutes=30)
    plays.reports(cast.stranger, "洗衣機不轉")
    cast.li.presses("派 王師傅")
    plays.gets_ready(cast.wang)
    plays.arrives(cast.wang)
    for step in (plays.listens, plays.looks, plays.checks, plays.acts, plays.tries_it, plays.signs):
        step(cast.wang)

    cast.li.sees("太像", "2611-0001")
    cast.wang.presses("離場簡報").presses("就這樣回報")
    cast.li.presses("核准").sees("簽名有疑點")
    cast.li.says("已電話向客戶確認").sees("已核准")


def test_declining_needs_a_reason_and_goes_back_to_the_supervisor(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)

    cast.wang.presses("不能去").presses("太遠")

    cast.li.sees("王師傅 不能去", "太遠")
    assert cast.room.order().stage is Stage.QUEUED


def test_an_offer_has_exactly_one_taker(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    cast.li.presses("開放搶單")
    cast.wang.sees("先接先得")
    cast.zhao.sees("先接先得")

    cast.zhao.presses("我來接").sees("接單了")
    cast.wang.presses("我來接")

    cast.wang.sees("已經有人先接了")
    assert cast.room.order().crew == (cast.zhao.id,)


def test_two_technicians_need_a_leader(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)

    cast.li.presses("派別人／兩人").presses("王師傅").presses("趙師傅").sees("由誰帶隊")
    cast.li.presses("趙師傅").presses("跳過")

    assert cast.room.order().lead == cast.zhao.id
    cast.wang.sees("派給您", "帶隊：趙師傅")


def test_a_larger_problem_waits_for_the_supervisor_s_word(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    plays.listens(cast.wang)
    cast.wang.presses("做不完").presses("問題較大").says("換整機").says("要求退費")

    cast.li.sees("較大問題", "換整機", "要求退費")
    assert [one.label for one in cast.li.last().rows[0]] == ["決定"]
    cast.li.presses("決定").says("先換主機板")

    cast.wang.sees("先換主機板")
    assert cast.room.order().stage is Stage.LISTENING


def test_an_unsigned_closing_needs_evidence_and_approval(cast: SimpleNamespace) -> None:
    plays.finished(cast)
    cast.wang.presses("沒人簽").presses("人不在").sends_photo("門口.jpg").sees("等主管核准")

    cast.wang.says("離場").sees("主管核准後就能離場")
    cast.li.presses("核准未簽結案")

    cast.wang.sees("可以離場簡報")
    cast.chen.sees("請電話回訪客戶")


def test_held_time_moves_the_promise_and_says_why(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    cast.room.now = at("週六 09:00")
    cast.li.presses("暫停計時").presses("客戶改期").says("客戶來電改到下週")
    cast.zhang.sees("計時暫停", "客戶改期")
    cast.room.now = at("下週一 09:00")
    cast.li.presses("恢復計時")

    cast.li.presses("為什麼是這時間").sees("暫停，不計")


def test_a_customer_s_words_reach_technician_and_office(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)

    cast.zhang.says("門口的電鈴壞了，請打電話")

    cast.zhang.sees("已加到 2611-0001")
    cast.wang.sees("門口的電鈴壞了")
    cast.li.sees("門口的電鈴壞了")


def test_a_reply_is_known_by_the_words_that_it_quotes(cast: SimpleNamespace) -> None:
    """DESIGN 10.2: an answer may be quicker than the record of what the messenger called the message."""
    plays.reports(cast.zhang)
    plays.reports(cast.stranger, "冰箱不冷")
    cast.li.says("已經打電話給原廠了", quoting="🆕 新報修 2611-0002\n大金 FTXV50").sees("已加到 2611-0002")
    cast.zhang.says("謝謝", quoting="2611-0002").sees("已加到 2611-0001")


def test_a_technician_s_note_reaches_the_customer_after_one_tap(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    cast.wang.sends_photo("現場.jpg", caption="水管在這裡")
    cast.li.sees("水管在這裡")

    cast.wang.presses("轉給客戶")

    cast.zhang.sees("水管在這裡")


def test_an_unaddressed_photo_is_asked_about_with_one_tap(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    plays.reports(cast.stranger, "冰箱不冷")
    cast.li.presses("派 王師傅")

    cast.wang.sends_photo("哪一張.jpg").sees("這是哪一張單的")
    cast.wang.presses("2611-0002").sees("已加到 2611-0002")


def test_the_clerk_asks_back_and_the_customer_answers(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    cast.chen.presses("問客戶").says("是幾樓？有電梯嗎？")
    cast.zhang.sees("是幾樓？有電梯嗎？")

    cast.zhang.presses("補資料").says("五樓，有電梯").presses("就這些")

    cast.li.sees("客戶補了資料")
    assert cast.room.order().stage is Stage.QUEUED


def test_a_call_is_solved_without_a_visit(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)

    cast.li.presses("⋯ 其他").presses("遠端解決").says("請把濾網清乾淨")

    cast.zhang.sees("已遠端解決", "濾網")
    assert cast.room.order().stage is Stage.SOLVED_REMOTELY


def test_a_customer_cancels_until_somebody_is_sent(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    plays.reports(cast.stranger, "電視沒畫面")
    cast.zhang.presses("取消案件").presses("已經好了")
    cast.li.presses("派 王師傅")

    cast.stranger.says("取消報修")

    assert cast.room.order("2611-0001").stage is Stage.CANCELLED
    assert cast.room.order("2611-0002").stage is Stage.ASSIGNED
    cast.stranger.sees("不能直接取消")


def test_nobody_is_sent_who_is_no_technician_any_more(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    order = cast.room.order()
    cast.room.leaves(cast.wang)

    for somebody in (cast.wang, cast.chen, cast.zhang):
        cast.li.presses_token(f"o.{order.id}.send.{somebody.id}").sees("不能派這個人", "派工")
    cast.li.presses("派別人／兩人").presses("趙師傅").presses("跳過")
    cast.room.leaves(cast.zhao)
    cast.li.presses("跳過")

    assert cast.room.order().stage is Stage.QUEUED


def test_a_company_without_a_catalogue_is_told_of_no_missing_numbers(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    plays.listens(cast.wang)
    plays.looks(cast.wang)
    plays.checks(cast.wang)
    plays.acts(cast.wang, parts=True)
    cast.wang.presses("＋ 用料").says("排水管 D16").presses("磨損").presses("帶回公司").sees("用料存好了")

    assert "料號" not in cast.li.transcript()
    assert cast.room.order().found_parts()[0]["name"] == "排水管 D16"
