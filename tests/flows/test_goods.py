"""Goods taken in: receipt, register, workshop, inspection, return; story 6 on either engine (WKS, ESC-4, ESC-8)."""

from dataclasses import replace
from types import SimpleNamespace

from handlers.drawing import find, take
from handlers.router import handle
from rules import pickups
from rules.goods import Goods
from rules.people import Role
from rules.pickups import Pickup
from scheduler import promised
from storage import cases, journal, openings
from storage.unit import Unit
from tests import affairs, plays
from tests.flows.test_the_clock import sweeps
from tests.room import at


def looked_at(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    plays.listens(cast.wang)
    plays.looks(cast.wang)


def goods(cast: SimpleNamespace) -> Goods:
    return cases.every(cast.room.connection, Goods)[-1]


def test_story_6_a_television_is_taken_back_late_repaired_and_sent_by_post(database_url: str) -> None:
    with affairs.dealer(database_url) as cast:
        plays.dispatched(cast)
        plays.gets_ready(cast.wang)
        plays.arrives(cast.wang)
        plays.listens(cast.wang)
        plays.looks(cast.wang)
        it_is_taken_with_a_receipt(cast)
        it_is_entered_and_will_be_late(cast)
        it_is_repaired_and_inspected(cast)
        three_notices_are_not_answered(cast)
        assert list(journal.flaws(cast.room.connection)) == []


def it_is_taken_with_a_receipt(cast: SimpleNamespace) -> None:
    """No goods without receipt and custody signature (WKS-2)."""
    cast.wang.presses("做不完").presses("帶回修").says("主機板要換").presses("跳過").says("遙控器").sends_photo(
        "電視.jpg"
    ).presses("就這些")
    cast.wang.says("2026/11/30 17:00").presses("沒問題，送出").sees("2611-0001-W1 寫好了", "簽了才能收走")
    assert str(cast.room.order().stage) != "taken_back"
    cast.wang.presses("客戶簽收據").sees("客戶商品領取收據 2611-0001-W1", "附件：遙控器").says("張先生").presses("客戶本人")
    cast.wang.sends_photo("領取簽認.jpg").sees("收據簽好了")
    cast.zhang.sees("這是收據 2611-0001-W1", "11月30日 週一 17:00")
    assert str(cast.room.order().stage) == "taken_back"
    assert goods(cast).custody is not None and "遙控器" in goods(cast).custody.summary


def it_is_entered_and_will_be_late(cast: SimpleNamespace) -> None:
    """Entered on the same day; it will be late: supervisor at once, customer before the day (WKS-3, ESC-4)."""
    cast.chen.says("登記簿").sees("2611-0001-W1").presses("2611-0001-W1").presses("收到，登記入庫").sees("登記入庫了")
    cast.wang.says("登記簿").presses("2611-0001-W1").presses("開始修").sees("開始計工時")
    cast.room.now = at("下週一 09:00")
    day = cast.room.company.terms.calendar.local_day(cast.room.now)
    promised.daily(cast.room.connection, cast.room.company.terms, day, now=cast.room.now)
    cast.wang.sees("2611-0001-W1 答應客戶今天", "還沒修好")
    cast.wang.presses("改期").says("主機板缺貨").says("2026/12/2 12:00").sees("改期了")
    cast.li.sees("不能如期修好", "主機板缺貨")
    cast.zhang.sees("要晚一點：主機板缺貨", "12月2日 週三 12:00")
    sweeps(cast, "下週三 12:01")
    cast.li.sees("2611-0001-W1 到了預定日", "請馬上協助")


def it_is_repaired_and_inspected(cast: SimpleNamespace) -> None:
    """Time and parts on the card; nothing goes out before somebody else has looked (WKS-4, WKS-5)."""
    cast.wang.presses_token(f"wk.{goods(cast).id}.part").says("主機板 MB-7").presses("燒毀").presses("帶回公司")
    cast.wang.sees("換件：主機板 MB-7 × 1")
    cast.chen.presses_token(f"wk.{goods(cast).id}.back").sees("還沒有主任驗訖", "規則 WKS-5")
    cast.wang.presses_token(f"wk.{goods(cast).id}.done").says("換主機板").sees("等主任驗")
    cast.wang.presses_token(f"wk.{goods(cast).id}.pass").sees("身分不能做")
    cast.li.sees("換主機板", "請驗").presses("驗訖").sees("已通知客戶來取")
    cast.zhang.sees("修好了（2611-0001），請來取")


def three_notices_are_not_answered(cast: SimpleNamespace) -> None:
    """At once, after three days, after six; then the store, the company, the post (WKS-11, WKS-12, ESC-8)."""
    pickup = cases.every(cast.room.connection, Pickup)[-1]
    cast.chen.presses_token(f"e.{pickup.id}.mail").sees("才通知了 1 次", "規則 ESC-8")
    for day in (5, 8):
        cast.room.now = at("下週三 12:02")
        cast.room.later(days=day - 2)
        affairs.sweeps(cast)
    cast.zhang.sees("這是第 3 次通知")
    cast.room.later(days=3)
    affairs.sweeps(cast)
    cast.he.sees("通知了 3 次客戶都沒來取", "和平東路")
    cast.chen.presses_token(f"e.{pickup.id}.mail").says("RR123TW").sees("記下了")
    cast.zhang.sees("寄出了", "RR123TW")
    assert (goods(cast).stage, goods(cast).receipt, goods(cast).is_open) == ("mailed", "mailed", False)


def test_given_back_the_receipt_is_void_and_the_day_is_noted(cast: SimpleNamespace) -> None:
    looked_at(cast)
    plays.takes_back(cast.wang)
    plays.mends(cast)

    cast.chen.says("登記簿").presses("-W1").presses("交還客戶")
    plays.gives_back(cast.chen)

    cast.chen.sees("交還了，收據作廢", "交還：11月27日 週五 16:30", "收據：已收回作廢")
    cast.zhang.sees("原收據作廢")
    cast.wang.sees("請接著做完 2611-0001 的服務報告")
    found = goods(cast)
    assert (found.receipt, found.out_at, found.minutes) == ("returned", cast.room.now, 30)
    assert found.acceptance is not None and found.acceptance.digest != found.custody.digest  # type: ignore[union-attr]
    assert not cases.every(cast.room.connection, Pickup)[-1].is_open


def test_a_lost_receipt_takes_a_signed_declaration(cast: SimpleNamespace) -> None:
    looked_at(cast)
    plays.takes_back(cast.wang)
    plays.mends(cast)

    cast.chen.says("登記簿").presses("-W1").presses("交還客戶").presses("客戶遺失了").sees("遺失切結書").sends_photo("切結.jpg")
    cast.chen.says("張先生").presses("客戶本人").sends_photo("取回簽認.jpg").sees("切結遺失")

    assert (goods(cast).receipt, bool(goods(cast).declaration)) == ("lost", True)


def test_a_photo_from_before_the_receipt_signs_nothing(cast: SimpleNamespace) -> None:
    looked_at(cast)
    cast.wang.presses("做不完").presses("帶回修").says("要拆機").presses("跳過").presses("跳過").sends_photo(
        "正面.jpg"
    ).presses("就這些")
    cast.wang.says("2026/12/4").presses("沒問題，送出").presses("客戶簽收據").says("張先生").presses("客戶本人")

    cast.wang.sends_photo("舊照片.jpg", at=at("週五 15:00")).sees("這張照片早於", "規則 SIG-2")

    assert (goods(cast).stage, goods(cast).custody) == ("noted", None)


def test_what_is_not_taken_after_all_leaves_no_receipt_behind(cast: SimpleNamespace) -> None:
    looked_at(cast)
    cast.wang.presses("做不完").presses("帶回修").says("要拆機").presses("跳過").presses("跳過").sends_photo(
        "正面.jpg"
    ).presses("就這些")
    cast.wang.says("2026/12/4").presses("沒問題，送出").presses("不收了").sees("收據作廢")

    assert (goods(cast).stage, goods(cast).is_open, str(cast.room.order().stage)) == ("dropped", False, "looking")
    assert [one.label for one in openings.of(cast.room.connection, cast.wang.who())] == ["2611-0001"]


def test_the_receipt_may_be_signed_on_a_screen_as_well(cast: SimpleNamespace) -> None:
    cast.room.company = replace(cast.room.company, page_address="https://desk.example")
    looked_at(cast)
    cast.wang.presses("做不完").presses("帶回修").says("要拆機").presses("跳過").presses("跳過").sends_photo(
        "正面.jpg"
    ).presses("就這些")
    cast.wang.says("2026/12/4").presses("沒問題，送出").presses("客戶簽收據").says("張先生").presses("客戶本人")
    url = next(one.url for row in cast.wang.last().rows for one in row if one.url)
    drawing = find(cast.room.connection, url.rsplit("/", 1)[1], now=cast.room.now)
    assert drawing is not None and "客戶商品領取收據 2611-0001-W1" in drawing.shown

    event = take(cast.room.connection, drawing, "d" * 64, now=cast.room.now)
    handle(Unit(cast.room.connection, cast.room.now, cast.room.company.terms), cast.room.company, event)

    found = goods(cast)
    assert (found.stage, found.custody and found.custody.signature) == ("taken", "d" * 64)


def test_nothing_is_taken_along_before_anybody_has_listened(cast: SimpleNamespace) -> None:
    plays.on_site(cast)

    cast.wang.says("帶回修").sees("現在是「已到場」", "還不能做")

    assert cases.every(cast.room.connection, Goods) == []


def test_the_picture_that_signed_for_the_taking_does_not_sign_for_the_return(cast: SimpleNamespace) -> None:
    looked_at(cast)
    plays.takes_back(cast.wang)
    plays.mends(cast)

    cast.chen.says("登記簿").presses("-W1").presses("交還客戶").presses("收回了").says("張先生").presses("客戶本人")
    cast.chen.sends_photo("領取簽認.jpg").sees("這張照片早於", "規則 SIG-2")

    assert goods(cast).is_open


def test_whoever_repaired_it_never_inspects_it(cast: SimpleNamespace) -> None:
    looked_at(cast)
    plays.takes_back(cast.wang)
    cast.chen.says("登記簿").presses("-W1").presses("收到，登記入庫")
    cast.li.says("登記簿").presses("-W1").presses("開始修").presses("修好了").says("換電容")

    cast.li.presses_token(f"wk.{goods(cast).id}.pass").sees("不能核准自己做的事", "規則 WKS-5")

    assert goods(cast).stage == "repaired"


def test_what_does_not_pass_goes_back_to_whoever_repaired_it(cast: SimpleNamespace) -> None:
    looked_at(cast)
    plays.takes_back(cast.wang)
    cast.chen.says("登記簿").presses("-W1").presses("收到，登記入庫")
    cast.wang.says("登記簿").presses("-W1").presses("開始修").presses("修好了").says("換電容")

    cast.li.says("登記簿").presses("-W1").presses("驗不過").says("還有雜音")

    cast.wang.sees("驗不過：還有雜音")
    assert (goods(cast).stage, goods(cast).holder) == ("in_repair", cast.wang.id)


def test_what_is_not_in_the_register_on_the_same_day_is_asked_for(cast: SimpleNamespace) -> None:
    looked_at(cast)
    plays.takes_back(cast.wang)
    cast.wang.presses_token(f"wk.{goods(cast).id}.register").sees("身分不能做")

    sweeps(cast, "週五 17:31")

    cast.chen.sees("還沒有登記進出登記簿")
    cast.wang.sees("還沒有登記進出登記簿")


def test_what_can_not_be_repaired_is_the_supervisor_s_to_settle(cast: SimpleNamespace) -> None:
    looked_at(cast)
    plays.takes_back(cast.wang)
    cast.chen.says("登記簿").presses("-W1").presses("收到，登記入庫")

    cast.wang.says("登記簿").presses("-W1").presses("修不好").says("主機板停產").sees("已請主任決定")
    cast.wang.presses_token(f"wk.{goods(cast).id}.settle").sees("身分不能做")
    cast.li.sees("修不好", "主機板停產").presses("決定怎麼處理").presses("退款").says("請您諒解，我們退您全額").sees("決定了")

    cast.zhang.sees("退款", "請您諒解")
    assert (goods(cast).settlement, goods(cast).receipt, goods(cast).is_open) == ("refund", "settled", False)


def test_what_goes_back_as_it_is_is_never_called_repaired(cast: SimpleNamespace) -> None:
    looked_at(cast)
    plays.takes_back(cast.wang)
    cast.chen.says("登記簿").presses("-W1").presses("收到，登記入庫")
    cast.wang.says("登記簿").presses("-W1").presses("修不好").says("主機板停產")

    cast.zhang.says("說明")
    cast.li.presses("決定怎麼處理").presses("折讓").says("請您諒解，折價三成")

    cast.zhang.sees("修不好", "折讓", "請您諒解", "可以來取了（2611-0001）", "狀態：可以取件")
    assert not any(word in cast.zhang.transcript() for word in ("修好了", "驗訖"))


def test_the_code_on_a_repair_card_opens_it_for_who_works_there_only(cast: SimpleNamespace) -> None:
    looked_at(cast)
    plays.takes_back(cast.wang)

    cast.chen.starts("wk_2611-0001-W1").sees("客戶商品 2611-0001-W1", "收到，登記入庫")
    cast.stranger.starts("wk_2611-0001-W1").sees("查不到")
    cast.stranger.presses_token(f"wk.{goods(cast).id}.receipt").sees("查不到")
    cast.zhang.presses_token(f"wk.{goods(cast).id}.card").sees("狀態：帶回中")


def test_another_branch_has_nothing_to_do_with_them(cast: SimpleNamespace) -> None:
    clerk = cast.room.person("余小姐", Role.CLERK, branch="south")
    looked_at(cast)
    plays.takes_back(cast.wang)

    for action in ("card", "register", "label", "late"):
        clerk.presses_token(f"wk.{goods(cast).id}.{action}").sees("查不到")
    clerk.says("登記簿").sees("現在沒有客戶的東西")

    assert goods(cast).stage == "taken"


def test_whoever_leaves_with_goods_in_hand_hands_them_over(cast: SimpleNamespace) -> None:
    looked_at(cast)
    plays.takes_back(cast.wang)

    assert [one.label for one in openings.of(cast.room.connection, cast.wang.who())] == ["2611-0001", "2611-0001-W1"]


def test_the_age_of_all_that_customers_have_with_us_is_in_the_register(cast: SimpleNamespace) -> None:
    looked_at(cast)
    plays.takes_back(cast.wang)
    cast.room.later(days=2)

    cast.chen.says("登記簿").sees("1 件在我們這裡", "2611-0001-W1", "已 2 天")
    cast.zhang.says("/goods").sees("身分不能做")


def test_over_the_counter_a_store_promises_a_week_and_no_longer() -> None:
    with affairs.store() as cast:
        cast.fang.says("登記簿").presses("＋ 收件").says("張先生 0912-345-678").says("不能開機").says("藍牙耳機 E5").presses(
            "跳過"
        )
        cast.fang.presses("跳過").sends_photo("耳機.jpg").presses("就這些").says("2026/12/10").presses("沒問題，送出")
        cast.fang.sees("一週內完成", "規則 WKS-9")

        cast.fang.presses_token("wk.0.new").says("張先生 0912-345-678").says("不能開機").says("藍牙耳機 E5").presses("跳過")
        cast.fang.presses("跳過").sends_photo("耳機.jpg").presses("就這些").says("2026/12/3").presses("沒問題，送出")
        cast.fang.presses("客戶簽收據").says("張先生").presses("客戶本人").sends_photo("領取簽認.jpg").sees("已登記，等修")

        assert (goods(cast).number, goods(cast).about) == ("WK26-001", "")


def test_what_a_customer_answers_reaches_whoever_keeps_his_goods_and_begins_no_report() -> None:
    with affairs.store() as cast:
        cast.zhang.says("手機殼裂了").presses("就這些").says("手機殼").says("台北市 1 號").says("張先生").says("0912-345-678")
        cast.zhang.presses("沒問題，送出").presses("取消案件").presses("報錯了").sees("已取消")
        cast.fang.says("登記簿").presses("＋ 收件").says("張先生 0912-345-678").says("不能開機").says("藍牙耳機 E5").presses(
            "跳過"
        )
        cast.fang.presses("跳過").sends_photo("耳機.jpg").presses("就這些").says("2026/12/3").presses("沒問題，送出")
        cast.fang.presses("客戶簽收據").says("張先生").presses("客戶本人").sends_photo("領取簽認.jpg")
        cast.wang.says("登記簿").presses("WK26-001").presses("開始修").presses("修好了").says("換電池")
        cast.he.presses_token(f"wk.{goods(cast).id}.pass")
        cast.zhang.sees("藍牙耳機 E5 修好了")

        cast.zhang.says("我的案件").sees("您的案件（1）", "WK26-001　藍牙耳機 E5　驗訖，可以取件").presses("📦 WK26-001")
        cast.zhang.sees("客戶商品 WK26-001", "狀態：驗訖，可以取件")
        cast.zhang.says("我出差，下週一才回來").sees("已轉給處理 WK26-001 的同事", "[🛠 報修]")
        cast.he.sees("WK26-001 客戶 張先生：我出差，下週一才回來").presses("看這個案子")
        cast.he.sees("待取 WK26-001", "💬 回覆：我出差，下週一才回來")
        cast.zhang.sends_photo("收據.jpg").sees("已轉給處理 WK26-001 的同事")
        assert cast.he.last().photos

        cast.zhang.presses("報修").sees("哪裡壞了")


def test_the_last_notice_asks_where_to_send_it_when_nobody_knows(cast: SimpleNamespace) -> None:
    terms = cast.room.company.terms
    pickup = Pickup(
        number="WK26-001-P1", branch="main", opened_at=cast.room.now, customer=cast.zhang.id, about_number="WK26-001",
        what="耳機", notices=(cast.room.now, cast.room.now), policy_version=terms.policy.version,
    )  # fmt: skip

    for address, text in (("", "notice.pickup-last-where"), ("台北市 1 號", "notice.pickup-last")):
        told = pickups.is_due(replace(pickup, address=address), now=cast.room.now, terms=terms)
        assert [one.text for one in told.notices] == [text]


def test_these_are_all_is_offered_as_soon_as_a_photo_that_is_wanted_has_come(database_url: str) -> None:
    with affairs.dealer(database_url) as cast:
        plays.on_site(cast)
        plays.listens(cast.wang)
        plays.looks(cast.wang)
        cast.wang.presses("做不完").presses("帶回修").says("主機板要換").presses("跳過").says("遙控器").sees("外觀")
        assert "就這些" not in {one.label for row in cast.wang.last().rows for one in row}
        cast.wang.says("就這些").sees("這一題請傳照片")

        cast.wang.sends_photo("電視.jpg").sees("[就這些]").presses("就這些").sees("預定")
