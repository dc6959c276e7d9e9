"""Group chats: bound by an entitled person, number and district only, buttons that ask for one's right (CND-2, ESC-17)."""

from types import SimpleNamespace

import pytest

from rules.people import Role
from tests import plays
from tests.room import Phone


@pytest.fixture
def group(cast: SimpleNamespace) -> Phone:
    """The branch's group chat, bound by 李主任."""
    chat = cast.room.stranger("值班群")
    cast.li.writes_in_a_group("/bind@fieldhand_bot", chat)
    chat.sees("這個群組會收到")
    return chat


def test_only_an_entitled_person_binds_a_group(cast: SimpleNamespace) -> None:
    chat = cast.room.stranger("值班群")
    for phone in (cast.wang, cast.zhang, cast.room.stranger("路人")):
        phone.writes_in_a_group("/bind", chat)
        assert "要由主管或管理員設定" in chat.last().text

    plays.reports(cast.zhang)
    assert "2611-0001" not in chat.transcript()


def test_a_group_reads_number_and_district_and_nothing_more(cast: SimpleNamespace, group: Phone) -> None:
    plays.reports(cast.zhang)
    cast.li.presses("開放搶單")
    cast.wang.presses("我來接")

    told = group.transcript()
    assert "2611-0001 新報修，台北市大安區" in told and "開放搶單" in told and "由 王師傅 接手" in told
    assert not [secret for secret in ("和平東路", "912345678", "張先生", "漏水") if secret in told]


def test_who_may_take_it_takes_it_in_the_group_and_is_answered_alone(cast: SimpleNamespace, group: Phone) -> None:
    plays.reports(cast.zhang)
    cast.li.presses("開放搶單")

    cast.zhao.presses_in_a_group(group, "我來接").sees("2611-0001", "和平東路")

    assert cast.room.order().crew == (cast.zhao.id,)
    group.sees("由 趙師傅 接手")
    cast.wang.presses_in_a_group(group, "我來接").sees("已經有人先接了")


def test_who_may_not_gets_nothing_out_of_a_group_s_buttons(cast: SimpleNamespace, group: Phone) -> None:
    plays.reports(cast.zhang)
    cast.li.presses("開放搶單")

    cast.chen.presses_in_a_group(group, "我來接").sees("身分不能做")
    cast.stranger.presses_in_a_group(group, "看這張單").sees("查不到這張單")
    passer_by = cast.room.stranger("路人")
    passer_by.presses_in_a_group(group, "看這張單")

    group.sees("請私訊我")
    assert passer_by.id == 0 and cast.room.order().crew == ()


def test_another_branch_s_group_reads_nothing_of_ours(cast: SimpleNamespace) -> None:
    far, chat = cast.room.person("孫主任", Role.SUPERVISOR, branch="高雄"), cast.room.stranger("高雄群")
    far.writes_in_a_group("/bind", chat)

    plays.reports(cast.zhang)

    assert "2611-0001" not in chat.transcript()


def test_an_emergency_is_called_out_in_the_group_and_its_end_too(cast: SimpleNamespace, group: Phone) -> None:
    cast.zhang.says("緊急").presses("是，緊急")
    group.sees("🚨 2611-0001 緊急", "[我來接] [看這張單]")
    cast.wang.presses_in_a_group(group, "我來接")

    cast.wang.says("2611-0001").presses("人員脫困")

    group.sees("人員已脫困")


def test_a_group_that_is_unbound_reads_no_more(cast: SimpleNamespace, group: Phone) -> None:
    cast.wang.writes_in_a_group("/unbind", group)
    assert "要由主管" in group.last().text
    cast.li.writes_in_a_group("/unbind", group)
    group.sees("不再收到通知")

    plays.reports(cast.zhang)

    assert "2611-0001" not in group.transcript()
