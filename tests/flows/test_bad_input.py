"""Bad input gets a clear answer in the reader's language that says what to do next, and nothing is lost."""

from types import SimpleNamespace

import pytest

from handlers.questions import MOST_TEXT
from rules.errands import verification
from rules.orders import Stage
from rules.people import Role, Standing
from rules.tasks import open_task
from storage import conversations, journal
from storage.unit import Unit
from tests import plays
from tests.room import at


def _answers(cast: SimpleNamespace, phone: object) -> dict[str, object]:
    live = conversations.live(cast.room.connection, phone.id)  # type: ignore[attr-defined]
    return dict(live.answers) if live else {}


def test_a_photo_where_a_name_is_asked_is_asked_again_and_nothing_is_lost(cast: SimpleNamespace) -> None:
    cast.zhang.says("冷氣漏水").presses("就這些").says("大金 FTXV50").says("台北市大安區和平東路一段 1 號")

    cast.zhang.sends_photo("名片.jpg")

    cast.zhang.sees("找哪一位")
    assert _answers(cast, cast.zhang)["fault"] == "冷氣漏水"


@pytest.mark.parametrize(
    ("typed", "words"),
    [("三個", "看不出是哪個數字"), ("0", "1 到 999"), ("1000", "1 到 999"), ("1.5", "整數"), ("1 或 2", "看不出是哪個數字")],
)
def test_a_quantity_that_cannot_be_is_refused_with_an_example(cast: SimpleNamespace, typed: str, words: str) -> None:
    plays.on_site(cast)
    for step in (plays.listens, plays.looks, plays.checks, plays.acts):
        step(cast.wang)
    cast.wang.says("用料").says("排水管")

    cast.wang.says(typed)

    cast.wang.sees(words, "用了幾個")


@pytest.mark.parametrize("typed", ["2", "２", "2 個", " 2條 ", "2.0"])
def test_a_quantity_is_understood_with_units_and_full_width_digits(cast: SimpleNamespace, typed: str) -> None:
    plays.on_site(cast)
    for step in (plays.listens, plays.looks, plays.checks, plays.acts):
        step(cast.wang)
    cast.wang.says("用料").says("排水管").says(typed)

    cast.wang.sees("舊件怎麼了")
    assert _answers(cast, cast.wang)["quantity1"] == "2"


@pytest.mark.parametrize(
    "typed",
    [
        "11/30 14:00",
        "2026-11-30 14:00",
        "2026年11月30日 14點",
        "下週一下午2點",
        "１１／３０ １４：００",
        "民國115年11月30日 14:00",
    ],
)
def test_a_date_is_understood_in_its_usual_notations(cast: SimpleNamespace, typed: str) -> None:
    plays.on_site(cast)
    cast.wang.says("來不及").says("要調料").says(typed)

    cast.zhang.sees("11月30日 週一 14:00")


def test_a_date_that_is_none_gets_an_example(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    cast.wang.says("來不及").says("要調料").says("看情況")

    cast.wang.sees("看不出是哪一天", "11/30 14:00")


def test_a_new_date_that_has_passed_is_asked_for_again(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    cast.wang.says("來不及").says("要調料").says("2026-11-01 09:00").sees("已經過了")

    cast.wang.says("11/30 14:00")

    cast.zhang.sees("11月30日 週一 14:00", "要調料")


def test_an_empty_text_is_asked_again(cast: SimpleNamespace) -> None:
    cast.zhang.says("報修").says(" \u200b ")

    cast.zhang.sees("空的")


def test_a_huge_text_is_refused_politely_with_its_length(cast: SimpleNamespace) -> None:
    cast.zhang.says("報修").says("字" * (MOST_TEXT + 1))

    cast.zhang.sees("2001 字", "最多 2000 字", "哪裡壞了")


def test_emoji_are_kept_and_direction_marks_are_not(cast: SimpleNamespace) -> None:
    cast.zhang.says("報修").says("冷氣 🥵 \u202e壞了\u202c")

    assert _answers(cast, cast.zhang)["fault"] == "冷氣 🥵 壞了"


def test_markup_in_a_name_is_only_text(cast: SimpleNamespace) -> None:
    cast.zhang.says("報修").says("漏水").presses("就這些").says("<b>大金</b> *X*").says("台北市").says("<i>張</i>{name}")
    cast.zhang.says("0912345678").presses("市區").sees("<b>大金</b> *X*", "<i>張</i>{name}")
    cast.zhang.presses("沒問題，送出")

    cast.li.sees("<i>張</i>{name}", "<b>大金</b> *X*")


@pytest.mark.parametrize(
    ("problem", "words"),
    [("too-large", "太大"), ("not-an-image", "打不開"), ("gone", "再傳一次"), ("no-space", "存不下")],
)
def test_a_file_that_cannot_be_kept_says_why(cast: SimpleNamespace, problem: str, words: str) -> None:
    cast.zhang.says("冷氣漏水")

    cast.zhang.sends_photo("x.jpg", problem=problem)

    cast.zhang.sees(words)


def test_an_album_of_twelve_keeps_ten_and_says_so(cast: SimpleNamespace) -> None:
    cast.zhang.says("冷氣漏水")
    for n in range(12):
        cast.zhang.sends_photo(f"{n}.jpg")

    cast.zhang.sees("最多 10 張")
    cast.zhang.presses("就這些")
    assert len(_answers(cast, cast.zhang)["photos"]) == 10  # type: ignore[arg-type]


def test_a_double_tap_acts_once(cast: SimpleNamespace) -> None:
    cast.zhang.says("冷氣漏水")
    token = cast.zhang.buttons()[0].token
    cast.zhang.presses_token(token)

    cast.zhang.presses_token(token)

    cast.zhang.sees_nothing_new()
    assert _answers(cast, cast.zhang)["photos"] == []


def test_accepting_twice_says_that_it_is_past(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    cast.wang.presses("接單")

    cast.wang.presses("接單")

    cast.wang.sees("已接單", "這一步現在不能做")
    assert cast.room.order().stage is Stage.ACCEPTED


def test_a_button_of_a_finished_conversation_repeats_the_open_question(cast: SimpleNamespace) -> None:
    cast.zhang.says("冷氣漏水")
    old = cast.zhang.buttons()[0].token
    cast.zhang.says("取消").says("報修").says("洗衣機不轉")

    cast.zhang.presses_token(old)

    cast.zhang.sees("已經過了", "有照片的話")


def test_an_edited_message_answers_nothing_twice(cast: SimpleNamespace) -> None:
    cast.zhang.says("冷氣漏水").presses("就這些").says("大金")

    cast.zhang.edits_to("大金 FTXV50").sees("再傳一次", "完整地址")

    assert _answers(cast, cast.zhang) == {"fault": "冷氣漏水", "photos": [], "model": "大金"}


def test_a_command_in_a_group_is_told_where_to_go(cast: SimpleNamespace) -> None:
    cast.wang.writes_in_a_group("/order 2611-0001").sees("請私訊我")
    cast.wang.writes_in_a_group("大家好").sees_nothing_new()


def test_what_must_reach_somebody_who_blocked_the_bot_is_not_sent_into_the_void(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    cast.wang.blocks()

    cast.li.presses("派 王師傅")

    cast.wang.sees_nothing_new()
    cast.li.sees("訊息送不到 王師傅", "2611-0001")


def test_an_unknown_command_points_to_help(cast: SimpleNamespace) -> None:
    cast.zhang.says("/frobnicate").sees("沒有這個指令", "說明")


def test_a_sticker_says_what_can_be_read(cast: SimpleNamespace) -> None:
    cast.zhang.sends_sticker().sees("看不懂", "文字、照片或語音")


def test_a_stranger_sees_nothing_of_somebody_else_s_order(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    order = cast.room.order()
    for say in ("2611-0001", "order 2611-0001", "/order 26110001", "到了 2611-0001", "簽名 2611-0001"):
        cast.stranger.says(say).sees("查不到這張單")
    for action in (
        "card",
        "details",
        "why",
        "copy",
        "accept",
        "take",
        "dispatch",
        "approve",
        "cancel",
        "listen",
        "sign",
        "talk",
    ):
        cast.stranger.presses_token(f"o.{order.id}.{action}").sees("查不到這張單")

    assert "漏水" not in cast.stranger.transcript()
    refusals = [one for one in journal.lines(cast.room.connection, f"person:{cast.stranger.id}") if one.kind == "refused"]
    assert len(refusals) == 17
    assert cast.room.order().stage is Stage.ASSIGNED


def test_a_forwarded_question_s_button_does_nothing_for_a_stranger(cast: SimpleNamespace) -> None:
    cast.zhang.says("冷氣漏水")
    token = cast.zhang.buttons()[0].token

    cast.stranger.presses_token(token).sees("已經過了")

    assert "photos" not in _answers(cast, cast.zhang)
    assert journal.lines(cast.room.connection, f"person:{cast.stranger.id}")[0].facts["code"] == "not-your-button"


def test_a_wrong_invitation_is_refused_and_the_sixth_is_met_with_silence(cast: SimpleNamespace) -> None:
    newcomer = cast.room.stranger("新人")
    for _ in range(5):
        newcomer.starts("not-a-code").sees("邀請碼不對")

    newcomer.starts("not-a-code").sees_nothing_new()


def test_an_invitation_works_once_and_waits_for_the_administrator(cast: SimpleNamespace) -> None:
    cast.li.presses_token("m.invite").presses("技師")
    code = cast.li.last().text.split("/start ")[1].split()[0]
    newcomer, other = cast.room.stranger("新師傅"), cast.room.stranger("另一位")

    newcomer.starts(code).sees("管理員確認後")
    cast.li.sees("新師傅 用邀請碼加入").presses("是我們的人").sees("新師傅 已加入")
    newcomer.sees("歡迎加入")
    other.starts(code).sees("邀請碼不對")


@pytest.mark.parametrize("standing", [Standing.PENDING, Standing.LEFT])
def test_a_second_code_lets_nobody_past_the_administrator(cast: SimpleNamespace, standing: Standing) -> None:
    cast.room.has_standing(cast.zhao, standing)
    cast.li.presses_token("m.invite").presses("技師")
    code = cast.li.last().text.split("/start ")[1].split()[0]

    cast.zhao.starts(code).sees("管理員確認後")

    assert cast.zhao.who().standing is Standing.PENDING
    cast.li.sees("趙師傅 用邀請碼加入").presses("是我們的人")
    assert cast.zhao.who().standing is Standing.ACTIVE


def test_who_comes_back_is_what_he_was_invited_as(cast: SimpleNamespace) -> None:
    manager = cast.room.person("何經理", Role.MANAGER)
    cast.room.leaves(manager)
    cast.li.presses_token("m.invite").presses("技師")

    manager.starts(cast.li.last().text.split("/start ")[1].split()[0])
    cast.li.presses("是我們的人")

    assert manager.who().roles == {Role.TECHNICIAN}


def test_an_invitation_expires_after_a_day(cast: SimpleNamespace) -> None:
    cast.li.presses_token("m.invite").presses("技師")
    code = cast.li.last().text.split("/start ")[1].split()[0]
    cast.room.now = at("週六 16:01")

    cast.room.stranger("新師傅").starts(code).sees("已過期")


def test_a_customer_has_no_staff_commands(cast: SimpleNamespace) -> None:
    for command in ("queue", "find", "register", "invite"):
        cast.zhang.presses_token(f"m.{command}").sees("處理，您的身分不能做")


def test_what_two_people_send_at_once_stays_apart(cast: SimpleNamespace) -> None:
    cast.zhang.says("冷氣漏水")
    cast.stranger.says("電視沒畫面")
    cast.zhang.presses("就這些").says("大金")
    cast.stranger.presses("就這些").says("新力")

    assert _answers(cast, cast.zhang)["model"] == "大金"
    assert _answers(cast, cast.stranger)["model"] == "新力"


def test_a_voice_message_alone_is_a_report(cast: SimpleNamespace) -> None:
    cast.zhang.sends_voice().presses("就這些").says("大金").says("台北市").says("張先生").says("0912345678").presses("市區")
    cast.zhang.presses("沒問題，送出")

    cast.li.sees("新報修", "🎤 語音")
    assert cast.room.order().report.voices != ()


def test_one_answer_is_edited_and_the_rest_is_kept(cast: SimpleNamespace) -> None:
    cast.zhang.says("漏水").presses("就這些").says("大金").says("台北市").says("張先生").says("0912345678").presses("市區")
    cast.zhang.presses("✎ 修改").presses("地址").says("新北市板橋區 2 號")

    cast.zhang.sees("新北市板橋區 2 號", "大金", "漏水")
    cast.zhang.presses("沒問題，送出")
    assert cast.room.order().report.address == "新北市板橋區 2 號"


def test_a_conversation_is_parked_and_resumed_with_a_word(cast: SimpleNamespace) -> None:
    cast.zhang.says("冷氣漏水").says("稍後").sees("先放著")

    cast.zhang.says("繼續").sees("有照片的話")


def test_each_language_has_its_own_words(cast: SimpleNamespace) -> None:
    cast.zhang.presses_token("m.language.en")
    cast.zhang.language = "en"
    cast.zhang.sees("English from now on")
    cast.zhang.says("the air conditioner is dripping").sees("Photos help a lot", "[That's all]")
    cast.zhang.says("done").sees("Which machine is it?")


def test_somebody_who_left_can_do_nothing_with_his_old_buttons(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    cast.room.leaves(cast.wang)

    cast.wang.presses_token(f"o.{cast.room.order().id}.accept")

    assert cast.room.order().stage is Stage.ASSIGNED
    cast.wang.says("2611-0001").sees("查不到這張單")
    cast.wang.says("我的案件").sees("目前沒有進行中的案件")
    cast.wang.says("電鈴壞了").sees("帳號已停用")


def test_a_call_that_needs_no_facts_any_more_asks_for_none(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    order = cast.room.order()
    cast.li.presses("問客戶").says("幾樓？")
    cast.zhang.presses_token(f"o.{order.id}.clarify").says("三樓").presses("就這些")

    cast.zhang.presses_token(f"o.{order.id}.clarify")

    cast.zhang.sees("待派工", "這一步現在不能做")


def test_an_answer_that_comes_after_somebody_was_sent_can_still_be_given(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    order = cast.room.order()
    cast.li.presses("問客戶").says("幾樓？")
    cast.zhang.presses_token(f"o.{order.id}.clarify").sees("幾樓？")
    cast.li.presses_token(f"o.{order.id}.send.{cast.wang.id}")

    cast.zhang.says("三樓，電梯壞了").presses("就這些")

    assert "三樓，電梯壞了" in cast.room.order().report.state_when_failed
    assert cast.room.order().stage is Stage.ASSIGNED
    cast.wang.sees("三樓，電梯壞了")


def test_acknowledging_what_is_closed_or_met_says_that_it_is_over(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    cast.li.presses_token("d.1.arrival").sees("由您處理")
    cast.li.presses_token("o.1.cancel").presses("已經好了")

    for clock in ("arrival", "acceptance", "no-such-clock"):
        cast.li.presses_token(f"d.1.{clock}").sees("2611-0001")
        assert "已經" in cast.li.last().text, clock
    cast.zhang.presses_token("d.1.arrival").sees("身分不能做")


def test_acknowledging_a_case_that_is_closed_says_that_it_is_over(cast: SimpleNamespace) -> None:
    unit = Unit(cast.room.connection, cast.room.now, cast.room.company.terms)
    plays.dispatched(cast)
    task = unit.record(
        None, open_task(verification(cast.room.order(), cast.room.now, cast.room.company.terms), now=cast.room.now), by=None
    )
    cast.li.presses("完成，回報").presses("改好了").says("看過了")

    cast.li.presses_token(f"d.{task.subject}.task").sees("2611-0001")

    assert "已經" in cast.li.last().text
