"""Leaving in chat and by the clock: who hears what, what changes hands, whose account ends (STF-9..13)."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from rules.handovers import Handover, HandoverStage
from rules.people import Role, Standing
from scheduler import tending
from storage import cases, roster, staffing
from tests import plays
from tests.flows.test_the_clock import sweeps
from tests.room import Phone, Room, at


@pytest.fixture
def office() -> Iterator[SimpleNamespace]:
    """A branch on Friday at ten, with its manager."""
    room = Room.open("appliance", start="週五 10:00")
    yield SimpleNamespace(
        room=room,
        zhang=room.person("張先生"),
        li=room.person("李主任", Role.SUPERVISOR),
        manager=room.person("何經理", Role.MANAGER),
        wang=room.person("王師傅", Role.TECHNICIAN),
        zhao=room.person("趙師傅", Role.TECHNICIAN),
    )
    room.close()


def leaves(by: Phone, who: str, last: str, successor: str) -> None:
    by.says("離職").presses("登記離職").presses(who).says(last).presses(successor).presses("沒問題，送出").sees(
        "離職，移交開始"
    )


def a_tool(office: SimpleNamespace) -> None:
    office.li.says("保管").presses("＋").presses("王師傅").presses("工具").says("真空泵").says("1").presses("沒問題，送出")


def handed_over(office: SimpleNamespace) -> None:
    """王師傅 leaves today; 趙師傅 has the tool, 李主任 has witnessed it."""
    a_tool(office)
    leaves(office.manager, "王師傅", "今天", "趙師傅")
    office.wang.presses("清冊沒錯")
    office.zhao.presses("我接手")
    office.li.presses("監交簽名").sees("移交完成")


def the_handover(office: SimpleNamespace) -> Handover:
    return cases.every(office.room.connection, Handover)[-1]


def looks(office: SimpleNamespace, when: str) -> None:
    office.room.now = at(when)
    tending.daily(office.room.connection, office.room.company.terms, now=office.room.now)


def test_the_account_ends_by_itself_after_the_last_day(office: SimpleNamespace) -> None:
    handed_over(office)
    looks(office, "週五 16:00")
    assert office.wang.who().standing is Standing.ACTIVE

    looks(office, "週六 09:31")

    assert office.wang.who().standing is Standing.LEFT
    assert roster.leaves_on(office.room.connection, office.wang.id) is None  # whoever comes back may be sent again
    office.wang.presses_token(f"z.{the_handover(office).id}.card").sees("查不到")


def test_what_has_come_up_since_is_told_to_the_supervisor_and_the_account_stays(office: SimpleNamespace) -> None:
    handed_over(office)
    a_tool(office)

    looks(office, "週六 09:31")

    office.li.sees("王師傅 的最後上班日過了", "真空泵")
    assert office.wang.who().standing is Standing.ACTIVE
    office.manager.says("離職").presses_token(f"z.{the_handover(office).id}.end").sees("還有", "真空泵", "規則 STF-11")


def test_nobody_is_sent_to_a_job_after_his_last_day_and_he_may_stay_after_all(office: SimpleNamespace) -> None:
    leaves(office.manager, "王師傅", "今天", "趙師傅")
    office.room.now = at("週六 09:00")
    plays.reports(office.zhang)
    order = office.room.order()
    office.li.presses_token(f"o.{order.id}.send.{office.wang.id}").says("他在附近").sees("規則 STF-10")

    office.manager.presses("不離職了").sees("取消離職了")
    office.wang.sees("王師傅 不離職了")
    office.li.presses_token(f"o.{order.id}.send.{office.wang.id}")
    assert office.room.order().crew == (office.wang.id,)


def test_tools_are_asked_for_on_day_3_and_5_and_then_the_supervisor_hears(office: SimpleNamespace) -> None:
    a_tool(office)
    leaves(office.manager, "王師傅", "今天", "趙師傅")
    heard: list[str] = []
    for when in ("下週一 10:01", "下週三 10:01", "下週四 10:01"):
        sweeps(office, when)
        heard += [phone.name for phone in (office.wang, office.li) if "要在 12月2日" in phone.last().text]

    assert heard == ["王師傅", "王師傅", "王師傅", "李主任"]


def test_more_that_comes_up_is_confirmed_anew(office: SimpleNamespace) -> None:
    leaves(office.manager, "王師傅", "明天", "趙師傅")
    a_tool(office)
    office.wang.says("移交").presses("清冊沒錯")
    plays.reports(office.zhang)
    office.li.presses("派 王師傅")

    office.zhao.presses("我接手").sees("清冊有變動")

    office.wang.sees("請再看一次並確認").presses("清冊沒錯")
    office.zhao.presses("我接手")
    office.li.presses("監交簽名").sees("移交完成")
    assert office.room.order().crew == (office.zhao.id,)
    assert staffing.held_by(office.room.connection, office.wang.id) == []


def test_a_supervisor_s_approvals_are_handed_over_and_the_manager_witnesses(office: SimpleNamespace) -> None:
    plays.finished(office)
    office.wang.presses("沒人簽").presses("人不在").sends_photo("門口.jpg").sees("等主管核准")
    zhou = office.room.person("周主任", Role.SUPERVISOR, branch="north")
    leaves(office.manager, "李主任", "今天", "跳過")
    zhou.presses_token(f"z.{the_handover(office).id}.card").sees("查不到")  # another branch's
    office.manager.presses("指定接手人").presses("全部").presses("何經理")
    office.li.says("移交").sees("2611-0001 待核").presses("清冊沒錯")

    office.manager.presses("我接手").sees("2611-0001", "移交完成")  # nobody else stands above: he got it, so no witness

    office.manager.presses("停用帳號").sees("李主任 的帳號停用了")
    assert the_handover(office).stage == HandoverStage.DONE


def test_everybody_sees_what_he_would_have_to_hand_over(office: SimpleNamespace) -> None:
    office.wang.says("移交").sees("沒有要移交的")
    a_tool(office)
    office.wang.says("/handover").sees("在您手上的有 1 項", "真空泵")
    office.zhang.says("移交")
    assert "真空泵" not in office.zhang.transcript()


def test_a_second_leaving_and_strangers_are_refused(office: SimpleNamespace) -> None:
    leaves(office.manager, "王師傅", "明天", "趙師傅")
    office.manager.says("離職").presses("登記離職").presses("王師傅").says("明天").presses("跳過").presses("沒問題，送出")
    office.manager.sees("王師傅 已經在移交了")
    one = the_handover(office)
    for action in ("card", "give", "receive", "witness", "name", "off", "end"):
        office.room.person(f"外人{action}").presses_token(f"z.{one.id}.{action}").sees("查不到")
    office.zhao.presses_token(f"z.{one.id}.end").sees("查不到")
    assert the_handover(office) == one


def test_hr_sees_every_branch_off_and_the_successors_are_of_the_leaver_s(office: SimpleNamespace) -> None:
    ho = office.room.person("賀人事", Role.HR)
    office.room.person("北師傅", Role.TECHNICIAN, branch="north")
    south = office.room.person("北主任", Role.SUPERVISOR, branch="north")

    ho.says("離職").presses("登記離職").presses("北師傅（north）").says("明天")
    assert [one.label for one in ho.buttons()][:2] == ["北主任", "跳過"]
    ho.presses("跳過").presses("沒問題，送出").sees("離職，移交開始")

    south.sees("北師傅 2026年11月28日 後離職")
    office.li.sees_nothing_new()


def test_what_is_done_and_not_closed_stands_on_the_list_as_such(office: SimpleNamespace) -> None:
    """CLS-11: the successor reads how far it is."""
    office.chen = office.room.person("陳小姐", Role.CLERK)
    plays.signed(office)
    office.wang.presses("離場簡報").presses("就這樣回報")
    leaves(office.manager, "王師傅", "今天", "趙師傅")

    office.wang.sees("2611-0001 已做未結（已離場）→ 趙師傅")
