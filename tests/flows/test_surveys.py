"""Opinion cards and complaints about service in chat (SUR, ESC-5, ESC-6, FEE-2, story 8)."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.parcels import Preparer, no_paper
from handlers.bubbles import Bubble
from rules.complaint_records import CaseStage
from rules.orders import Stage
from rules.people import Role
from rules.surveys import SurveyStage
from rules.tasks import Errand, Task
from storage import cases, orders, outbox, people
from tests import affairs, plays
from tests.affairs import case_of, survey_of, sweeps
from tests.room import CHANNEL, Phone, at


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    with affairs.dealer() as cast:
        yield cast


def labels(phone: Phone) -> list[str]:
    return [one.label for row in phone.last().rows for one in row]


def rates(zhang: Phone, *grades: str, money: str = "否") -> None:
    for one in grades:
        zhang.presses(one)
    zhang.presses(money)


def test_the_card_comes_on_the_next_working_day_and_is_one_message_with_one_tap_a_question(cast: SimpleNamespace) -> None:
    affairs.closed_job(cast)
    sweeps(cast, "週六 08:29")
    assert "意見卡" not in cast.zhang.transcript()

    sweeps(cast, "週六 08:31")
    cast.zhang.sees("意見卡", "2611-0001", "態度如何")
    assert labels(cast.zhang) == ["很滿意", "滿意", "普通", "不滿意"]
    rates(cast.zhang, "很滿意", "滿意", "普通", "很滿意")

    cast.zhang.sees("謝謝您的意見")
    assert survey_of(cast).grades == {"attitude": 4, "technique": 3, "arrival_time": 2, "promises": 4}
    assert survey_of(cast).stage is SurveyStage.DONE
    assert cases.open_ones(cast.room.connection, Task, visible_to=cast.zheng.who()) == []


def test_every_registered_call_of_the_day_gets_a_card_and_none_two(cast: SimpleNamespace) -> None:
    """SUR-1, SLA-16: no sampling."""
    numbers = [f"2611-{n:04d}" for n in range(1, 8)]
    for number in numbers:
        affairs.solved_call(cast, number, cast.zhang.id)

    sweeps(cast, "週六 08:31")
    sweeps(cast, "週六 08:32")

    sent = cast.room.raw("SELECT count(*) FROM outbox WHERE kind = 'card' AND subject LIKE 'survey:%'")
    assert sent == len(numbers)
    assert all(survey_of(cast, number).stage is SurveyStage.SENT for number in numbers)


def test_the_service_department_has_the_register_of_the_day_next_morning(cast: SimpleNamespace) -> None:
    """SLA-16, DLY-5."""
    plays.reports(cast.stranger, "冰箱不冷")
    affairs.solved_call(cast, "2611-0002", cast.zhang.id)

    assert affairs.day_begins(cast, "週六 08:31") == 1
    assert affairs.day_begins(cast, "週六 09:31") == 0

    cast.zheng.sees("登記 2 通", "1 通已結案發意見卡", "1 通還在處理", "2611-0002")


def test_whoever_does_not_answer_is_reminded_once(cast: SimpleNamespace) -> None:
    affairs.gets_card(cast)
    cast.zhang.says("說明")

    sweeps(cast, "下週二 08:32")
    cast.zhang.sees("最後一次提醒")
    cast.zhang.says("說明")
    sweeps(cast, days=11, hours=1)

    assert "提醒" not in cast.zhang.last().text
    assert survey_of(cast).stage is SurveyStage.LAPSED
    cast.zhang.presses_token(f"v.{survey_of(cast).id}.attitude.4").sees("已經截止了")


def test_after_weeks_without_power_the_card_is_sent_and_not_lapsed(cast: SimpleNamespace) -> None:
    affairs.closed_job(cast)

    sweeps(cast, days=30, catching_up=True)

    assert survey_of(cast).stage is SurveyStage.SENT
    cast.zhang.sees("意見卡")


def test_a_lowest_grade_is_a_visit_for_the_supervisor_and_never_for_the_technician(cast: SimpleNamespace) -> None:
    """Story 8, SUR-5, ESC-6."""
    affairs.gets_card(cast)
    for phone in (cast.wang, cast.li, cast.he):
        phone.says("說明")

    cast.zhang.presses("不滿意").sees("技術如何")

    cast.li.sees("客訴 261101", "請親自或派專人登門拜訪", "意見卡評為不滿意：態度", "[登門了，回報]")
    cast.he.sees("新客訴 261101")
    cast.zheng.sees("新客訴 261101")
    assert "客訴" not in cast.wang.last().text
    cast.wang.says("261101").sees("查不到這個案子")
    cast.li.presses("派別人登門")
    assert "王師傅" not in labels(cast.li)
    cast.li.presses("陳小姐")
    cast.chen.sees("請親自或派專人登門拜訪")
    cast.chen.presses("登門了，回報").says("已向客戶道歉")
    assert case_of(cast).stage is CaseStage.HANDLING


def test_later_answers_and_words_go_to_the_same_complaint(cast: SimpleNamespace) -> None:
    affairs.gets_card(cast)

    rates(cast.zhang, "不滿意", "很滿意", "不滿意", "很滿意", money="是")
    cast.zhang.says("而且抽菸")

    case = case_of(cast)
    assert case.is_money_demanded
    assert [note.words for note in case.notes] == ["意見卡評為不滿意：到達時間", "而且抽菸"]
    cast.li.sees("客戶說有人索要財物", "而且抽菸")
    assert cases.by_number(cast.room.connection, type(case), "261102") is None


def test_what_is_marked_serious_is_before_the_deputy_general_manager_at_once(cast: SimpleNamespace) -> None:
    """Story 8, SUR-7, ESC-5."""
    affairs.gets_card(cast)
    cast.zhang.presses("不滿意")

    cast.li.presses("情節重大").sees("已立刻通知副總經理")

    cast.gao.sees("重大客訴 261101，請閱示", "[已閱]", "[交代處理]")
    cast.gao.presses("交代處理").says("今天就去")
    cast.li.sees("高副總 交代：今天就去")
    assert case_of(cast).read_by == cast.gao.id


def test_serious_falls_upward_when_nobody_holds_the_post(cast: SimpleNamespace) -> None:
    """ESC-5, ESC-17."""
    cast.room.leaves(cast.gao)
    boss = cast.room.person("郭總", Role.GM)
    affairs.gets_card(cast)
    cast.zhang.presses("不滿意")

    cast.li.presses("情節重大")

    boss.sees("重大客訴 261101")


def test_what_the_deputy_does_not_read_goes_to_the_gm_after_half_an_hour(cast: SimpleNamespace) -> None:
    boss = cast.room.person("郭總", Role.GM)
    affairs.gets_card(cast)
    cast.zhang.presses("不滿意")
    cast.li.presses("情節重大")

    sweeps(cast, "週六 09:02")

    boss.sees("重大客訴 261101 還沒有人閱示")
    cast.gao.presses("已閱")
    sweeps(cast, "週六 10:00")


def test_a_complaint_about_the_only_supervisor_goes_to_the_manager(cast: SimpleNamespace) -> None:
    """SUR-5, ESC-17."""
    room = cast.room
    people.change_person(room.connection, cast.li.id, roles=[Role.SUPERVISOR, Role.TECHNICIAN])
    plays.reports(cast.zhang)
    cast.he.says("2611-0001").presses("派 李主任")
    order = room.order()

    cast.zhang.presses_token("m.complain")
    cast.zhang.presses(order.number).says("李主任很兇").presses("就這些").presses("跳過").presses("否").presses("沒問題，送出")

    cast.he.sees("客訴 261101", "請親自或派專人登門拜訪")
    assert "李主任很兇" not in cast.li.transcript()
    cast.li.says("261101").sees("查不到這個案子")


def test_a_service_complaint_is_answered_after_the_decision(cast: SimpleNamespace) -> None:
    """ROL-2, SUR-4, X-21."""
    affairs.gets_card(cast)
    cast.zhang.presses("不滿意")
    cast.li.presses("登門了，回報").says("師傅語氣不好，已道歉")
    cast.zheng.presses("寫處理意見").presses("成立").presses("說明致歉").says("0").says("師傅承認").says(
        "我們向您道歉，已訓練同仁"
    )
    cast.zheng.presses("沒問題，送出")
    assert "訓練" not in cast.zhang.transcript()

    cast.he.presses("核決")
    cast.zheng.presses("答覆客戶").presses("就這樣答覆")

    cast.zhang.sees("關於您的投訴 261101", "我們向您道歉").presses("接受結果")
    assert not case_of(cast).is_open


def test_a_comment_is_answered_or_not_closed(cast: SimpleNamespace) -> None:
    """SUR-4."""
    affairs.gets_card(cast)
    rates(cast.zhang, "很滿意", "很滿意", "很滿意", "很滿意")

    cast.zhang.presses("寫幾句話").says("希望可以刷卡").sees("您的話我們收到了")

    cast.zheng.sees("客戶意見要答覆", "希望可以刷卡").presses("完成，回報").says("下月起可以刷卡")
    cast.zhang.sees("您對 2611-0001 的意見，我們的答覆：下月起可以刷卡")
    (task,) = cases.about(cast.room.connection, Task, survey_of(cast).about)
    assert (task.errand, task.is_open) == (Errand.COMMENT, False)


def test_a_comment_that_is_a_complaint_is_made_one(cast: SimpleNamespace) -> None:
    affairs.gets_card(cast)
    rates(cast.zhang, "普通", "普通", "普通", "普通")
    cast.zhang.says("師傅亂丟菸蒂")

    cast.zheng.presses("轉為客訴").sees("已登記，編號 261101")

    cast.li.sees("客訴 261101", "師傅亂丟菸蒂")
    assert "我們的答覆" not in cast.zhang.transcript()


def test_words_long_after_the_card_are_a_new_report(cast: SimpleNamespace) -> None:
    affairs.gets_card(cast)
    rates(cast.zhang, "很滿意", "很滿意", "很滿意", "很滿意")
    cast.room.later(hours=2)

    cast.zhang.says("冷氣又漏水了")

    assert survey_of(cast).words == ""
    cast.zhang.sees("照片")


def test_a_grade_sent_twice_hears_what_was_said_first(cast: SimpleNamespace) -> None:
    affairs.gets_card(cast)
    cast.zhang.presses("滿意")

    cast.zhang.presses_token(f"v.{survey_of(cast).id}.attitude.1").sees("「態度」您已經評為「滿意」了")

    assert survey_of(cast).grades == {"attitude": 3}
    rates(cast.zhang, "滿意", "滿意", "滿意")
    cast.zhang.presses_token(f"v.{survey_of(cast).id}.money.yes").sees("已經回答過了：否")


def test_a_card_answered_while_the_job_is_under_way_again_says_so(cast: SimpleNamespace) -> None:
    affairs.gets_card(cast)
    connection, order = cast.room.connection, cast.room.order()
    orders.change(connection, order, replace(order, stage=Stage.CHECKING))

    cast.zhang.presses("很滿意").sees("2611-0001 又開始處理了")

    assert survey_of(cast).is_early


def test_grades_typed_in_one_message_count_as_taps_do(cast: SimpleNamespace) -> None:
    affairs.gets_card(cast)

    cast.zhang.says("4434 師傅很好")

    assert survey_of(cast).grades == {"attitude": 4, "technique": 4, "arrival_time": 3, "promises": 4}
    assert survey_of(cast).words == "師傅很好"
    cast.zhang.sees("有人向您要錢").presses("否").sees("謝謝您的意見")
    cast.zheng.sees("客戶意見要答覆", "師傅很好")


def test_where_messages_are_counted_the_card_is_one_message_without_buttons(cast: SimpleNamespace) -> None:
    affairs.gets_card(cast)
    sent = outbox.claim(cast.room.connection, [CHANNEL], holder="me", now=cast.room.now, limit=500)
    card = next(one for one in sent if one.subject == survey_of(cast).subject)

    def prepared(**where: frozenset[str]) -> Bubble:
        bubble = Preparer(lambda: cast.room.company, no_paper, **where)(cast.room.connection, card).bubble
        assert bubble is not None
        return bubble

    assert prepared().rows
    bubble = prepared(sparing=frozenset({CHANNEL}))
    assert bubble.rows == ()
    assert all(words in bubble.text for words in ("態度、技術、到達時間、答應事項", "回覆 4 個數字", "4434"))


def test_a_technician_fills_in_no_card_not_even_with_a_forwarded_button(cast: SimpleNamespace) -> None:
    """SUR-8, story 11."""
    affairs.gets_card(cast)

    for phone in (cast.wang, cast.zhao, cast.stranger):
        phone.presses_token(f"v.{survey_of(cast).id}.attitude.4").sees("查不到這個案子")

    assert survey_of(cast).grades == {}


def test_a_customer_without_a_chat_is_asked_on_the_telephone(cast: SimpleNamespace) -> None:
    """SUR-1: the clerk presses for him."""
    caller = people.add_person(
        cast.room.connection, name="林太太", roles=[Role.CUSTOMER], phone="+886922333444", now=cast.room.now
    )
    affairs.solved_call(cast, "2611-0001", caller.id)
    sweeps(cast, "週六 08:31")

    cast.chen.sees("請用電話問客戶意見", "+886 912 345 678", "[不滿意]")
    cast.chen.presses("不滿意")

    assert (survey_of(cast).entered_by, survey_of(cast).is_by_phone) == (cast.chen.id, True)
    cast.li.sees("客訴 261101")


def test_a_card_on_paper_goes_by_post_and_has_as_long_as_one_that_was_just_sent(cast: SimpleNamespace) -> None:
    """SUR-1."""
    caller = people.add_person(cast.room.connection, name="林太太", roles=[Role.CUSTOMER], phone="", now=cast.room.now)
    affairs.solved_call(cast, "2611-0001", caller.id)
    sweeps(cast, "週六 08:31")
    cast.room.now = at("下週一 09:00")

    cast.chen.presses("🖨 印意見卡").sees("2611-0001 的意見卡")
    cast.wang.presses_token(f"v.{survey_of(cast).id}.print").sees("查不到這個案子")

    assert cast.room.raw("SELECT count(*) FROM outbox WHERE body LIKE '%opinion-card:%'") == 1
    sweeps(cast, days=13)
    cast.chen.presses("不滿意")
    assert survey_of(cast).grades == {"attitude": 1}


def test_ratings_are_shown_as_means_and_a_technician_sees_his_own(cast: SimpleNamespace) -> None:
    """SUR-3, KPI-8."""
    affairs.gets_card(cast)
    rates(cast.zhang, "滿意", "很滿意", "很滿意", "很滿意")

    cast.wang.says("我的評分").sees("還沒有足夠的評分（至少 3 份")
    cast.li.says("評分").sees("2026-11 王師傅", "態度 3.0（1）", "技術 4.0（1）")
    cast.zhao.says("我的評分")
    assert "王師傅" not in cast.zhao.last().text
