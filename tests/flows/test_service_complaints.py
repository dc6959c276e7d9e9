"""Complaints about service, however they come: told, written down, disputed; and whoever they are about (CMP, ESC-6)."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from bot import tools
from rules.people import Role
from rules.refusals import Refused
from rules.tasks import Task
from storage import cases, invitations, living_cards, people
from tests import affairs, plays
from tests.affairs import case_of, survey_of, sweeps
from tests.room import CHANNEL, Room, at


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    with affairs.dealer() as cast:
        yield cast


def test_a_customer_complains_in_a_message_about_one_of_his_calls(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)

    cast.zhang.says("我要投訴，師傅遲到兩小時").sees("哪一張單").presses("2611-0001").presses("就這些").says("道歉").presses(
        "否"
    )
    cast.zhang.presses("沒問題，送出").sees("編號 261101", "主管會親自或派專人拜訪您")

    assert (case_of(cast).account, case_of(cast).about) == ("師傅遲到兩小時", cast.room.order().subject)
    assert cast.zhang.transcript().count("261101　張先生") == 1, "he is told his number twice"
    cast.li.sees("師傅遲到兩小時", "要求：道歉")
    assert "數量" not in cast.li.transcript()
    assert "遲到" not in cast.wang.transcript()


def test_somebody_hurt_makes_it_serious_from_the_first_word(cast: SimpleNamespace) -> None:
    cast.zhang.says("我要投訴").sends_voice().presses("就這些").presses("跳過").presses("是").presses("沒問題，送出")

    cast.gao.sees("重大客訴 261101")
    cast.li.sees("🎤 語音")


def test_the_office_writes_a_complaint_down_for_who_telephones(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)

    cast.chen.says("投訴").says("張先生 0912-345-678").says("2611-0001").says("師傅沒穿鞋套").presses("就這些").presses("跳過")
    cast.chen.presses("否").presses("沒問題，送出").sees("已登記，編號 261101")

    assert (case_of(cast).customer, case_of(cast).barred) == (cast.zhang.id, (cast.wang.id,))
    cast.chen.says("客訴").says("張先生 0912-345-678").says("2611-9999").says("x").presses("就這些").presses("跳過").presses(
        "否"
    )
    cast.chen.presses("沒問題，送出").sees("查不到這張單")


def test_in_a_line_of_follow_up_calls_the_adviser_is_asked_to_call(cast: SimpleNamespace) -> None:
    """SUR-9, X-5."""
    room = Room.open("dealer4s")
    zhang, adviser = room.person("張先生"), room.person("吳顧問", Role.ADVISER)
    other = SimpleNamespace(room=room, chen=room.person("陳小姐", Role.CLERK))
    affairs.solved_call(other, "2611-0001", zhang.id)

    sweeps(other, "下週一 08:31")

    adviser.sees("2611-0001 該回訪了").presses("看這個案子").sees("滿不滿意").presses("完成，回報").says("滿意，車況正常")
    open_tasks = cases.about(room.connection, Task, room.order().subject)
    assert [one.is_open for one in open_tasks] == [False, True]
    room.close()


def test_a_reply_to_the_card_is_a_comment_whenever_it_comes(cast: SimpleNamespace) -> None:
    affairs.gets_card(cast)
    living_cards.keep_card(
        cast.room.connection, cast.zhang.id, survey_of(cast).subject, CHANNEL, "張先生", ref="m1", body_hash="", headline=None,
        now=at("週六 08:31"),
    )  # fmt: skip
    cast.room.later(days=2)

    cast.zhang.replies("m1", "師傅很細心").sees("您的話我們收到了")

    assert survey_of(cast).words == "師傅很細心"


def test_nobody_leaves_while_a_visit_or_task_is_his_by_name(cast: SimpleNamespace) -> None:
    """STF-11."""
    affairs.gets_card(cast)
    cast.zhang.presses("不滿意")
    cast.li.presses("派別人登門").presses("陳小姐")

    with pytest.raises(Refused) as found:
        tools.leave(cast.room.connection, cast.chen.id, now=cast.room.now)

    assert found.value.facts == {"numbers": ["261101"]}


def test_complaints_and_cards_go_along_when_two_accounts_become_one(cast: SimpleNamespace) -> None:
    affairs.gets_card(cast)
    cast.zhang.presses("不滿意")
    other = cast.room.person("張太太")

    code = invitations.invite_account(cast.room.connection, other.id, now=cast.room.now)
    cast.zhang.says(f"/start {code}")

    assert (case_of(cast).customer, survey_of(cast).customer) == (other.id, other.id)


def test_a_signature_that_is_disputed_is_visited_and_not_by_the_technician(cast: SimpleNamespace) -> None:
    """ESC-6."""
    plays.signed(cast)

    cast.zhang.presses("內容不對").says("那不是我簽的").sees("已轉給主管")

    cast.li.sees("2611-0001 客戶有異議：那不是我簽的", "客訴 261101", "請親自或派專人登門拜訪")
    cast.he.sees("新客訴 261101")
    assert "不是我簽的" not in cast.wang.transcript()
    cast.zhang.presses("內容不對").says("也沒有換水管")
    assert [note.words for note in case_of(cast).notes] == ["也沒有換水管"]


def test_who_visits_knows_where_and_may_look_at_the_order(cast: SimpleNamespace) -> None:
    affairs.gets_card(cast)
    cast.zhang.presses("不滿意")

    cast.li.sees("和平東路一段 1 號", "+886 912 345 678", "[看這張單]")
    cast.zheng.sees("新客訴 261101")
    assert "和平東路" not in cast.zheng.transcript()


def test_a_small_desk_sees_a_complaint_through_by_itself(cast: SimpleNamespace) -> None:
    """X-11: without a head office the supervisor proposes and decides what costs nothing; money goes up."""
    room = cast.room
    for phone in (cast.he, cast.zheng, cast.gao):
        room.leaves(phone)
    people.change_person(room.connection, cast.li.id, roles=[Role.SUPERVISOR, Role.ADMINISTRATOR])
    affairs.gets_card(cast)
    cast.zhang.presses("不滿意")
    cast.li.presses("登門了，回報").says("已道歉")
    cast.li.presses("寫處理意見").presses("成立").presses("說明致歉").says("0").says("師傅承認").says("我們向您道歉")
    cast.li.presses("沒問題，送出").presses("核決")
    cast.li.presses("答覆客戶").presses("就這樣答覆")

    cast.zhang.sees("我們向您道歉").presses("接受結果")
    assert not case_of(cast).is_open


def test_a_customer_finds_his_complaint_in_his_list(cast: SimpleNamespace) -> None:
    cast.zhang.says("我要投訴 師傅沒來").presses("就這些").presses("跳過").presses("否").presses("沒問題，送出")

    cast.zhang.says("我的案件").presses("261101").sees("客訴 261101", "我們正在處理")
