"""People at work as they are kept: turns, leave, deputies, hours, licences, groups, loans; on either engine."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from rules.absences import Absence, LeaveState
from rules.decisions import Audience
from rules.licences import Licence
from rules.orders import Stage
from rules.people import Role
from rules.roster import Duty
from rules.standins import StandIn
from storage import people, roster, staffing, worktime
from storage.staffing import Group
from tests.cast import terms_of
from tests.storage.making import NOW, after, an_order, somebody

HOUR = timedelta(hours=1)


def supervisor(connection: Connection, name: str, role: Role = Role.SUPERVISOR) -> int:
    return somebody(connection, name, role, branch="north").id


def test_a_post_is_heard_by_whoever_is_on_duty_or_there(connection: Connection):
    li, zhou = supervisor(connection, "李主任"), supervisor(connection, "周主任")

    def heard(minutes: float) -> list[int]:
        return people.audience(connection, Audience.SUPERVISOR, "north", now=after(minutes))

    assert heard(0) == [li, zhou]
    roster.add(connection, [Duty(zhou, Role.SUPERVISOR, "north", after(60), after(120))], by=li)
    assert [heard(59), heard(60), heard(120)] == [[li, zhou], [zhou], [li, zhou]]

    leave = roster.ask_leave(connection, Absence(zhou, after(60), after(600)), now=NOW)
    assert heard(60) == [zhou]
    assert roster.change_leave(connection, leave, replace(leave, state=LeaveState.GRANTED, decided_by=li), now=NOW)
    assert heard(60) == [li]
    assert not roster.change_leave(connection, leave, replace(leave, state=LeaveState.REFUSED), now=NOW)
    assert roster.away(connection, after(60)) == {zhou} and roster.away(connection, after(600)) == frozenset()


def test_a_deputy_hears_and_holds_the_post_for_a_time(connection: Connection):
    li, chen = supervisor(connection, "李主任"), supervisor(connection, "陳小姐", Role.CLERK)
    roster.stand_in(connection, StandIn(li, chen, after(0), after(60)), now=NOW)

    assert people.audience(connection, Audience.SUPERVISOR, "north", now=after(30)) == [li, chen]
    assert people.person(connection, chen, now=after(30)).acting == {Role.SUPERVISOR: li}
    assert people.person(connection, chen, now=after(60)).acting == {}
    assert people.person(connection, chen).acting == {}

    one = roster.stand_ins(connection, since=NOW, person=li)[0]
    roster.end_stand_in(connection, one.id, now=after(10))
    assert people.person(connection, chen, now=after(30)).acting == {}


def test_nobody_stands_in_for_himself_and_no_turn_is_planned_twice(connection: Connection):
    li = supervisor(connection, "李主任")
    with pytest.raises(IntegrityError), connection.begin_nested():
        roster.stand_in(connection, StandIn(li, li, after(0), after(60)), now=NOW)
    turn = Duty(li, Role.SUPERVISOR, "north", after(60), after(120))
    roster.add(connection, [turn], by=None)
    with pytest.raises(IntegrityError), connection.begin_nested():
        roster.add(connection, [turn], by=None)


def test_the_time_out_on_a_job_is_kept_by_itself(connection: Connection):
    wang, zhao = (somebody(connection, name, Role.TECHNICIAN, branch="north").id for name in ("王師傅", "趙師傅"))
    order = replace(an_order(connection), crew=(wang, zhao), lead=wang)
    out, back = replace(order, stage=Stage.EN_ROUTE), replace(order, stage=Stage.WAITING_PARTS)

    worktime.follow(connection, order, out, NOW)
    worktime.follow(connection, out, replace(out, stage=Stage.ARRIVED), after(30))
    worktime.follow(connection, out, replace(out, crew=(wang,)), after(60))
    worktime.follow(connection, replace(out, crew=(wang,)), back, after(90))

    found = worktime.stints_of(connection, [wang, zhao], since=NOW, until=after(600))
    assert {(one.person, one.start, one.end) for one in found} == {(wang, NOW, after(90)), (zhao, NOW, after(60))}
    assert worktime.stints_of(connection, [wang], since=after(90), until=after(600)) == []


def test_hours_are_presence_and_jobs_together(connection: Connection):
    wang, terms = somebody(connection, "王師傅", Role.TECHNICIAN, branch="north").id, terms_of("appliance")
    order = replace(an_order(connection), crew=(wang,), lead=wang)
    worktime.punch(connection, wang, at=NOW, is_in=True, account=1)
    worktime.punch(connection, wang, at=after(480), is_in=False, account=1)
    worktime.follow(connection, order, replace(order, stage=Stage.EN_ROUTE), after(420))
    worktime.follow(connection, replace(order, stage=Stage.EN_ROUTE), order, after(600))

    load = worktime.workload_of(connection, wang, terms, now=after(660))

    assert (load.today, load.week, load.overtime) == (10 * HOUR, 10 * HOUR, 2 * HOUR)


def test_where_somebody_signed_in_is_told_once_and_soon(connection: Connection):
    wang = somebody(connection, "王師傅", Role.TECHNICIAN).id
    worktime.punch(connection, wang, at=NOW, is_in=True, account=1)

    assert not worktime.place_of_punch(connection, wang, (25.0, 121.5), since=after(1))
    assert worktime.place_of_punch(connection, wang, (25.0, 121.5), since=NOW)
    assert not worktime.place_of_punch(connection, wang, (24.0, 120.5), since=NOW)


def test_licences_groups_and_loans_are_kept(connection: Connection):
    wang, zhao = (somebody(connection, name, Role.TECHNICIAN, branch="north").id for name in ("王師傅", "趙師傅"))
    for number in ("E-1", "E-2"):  # the number of the same licence is put right
        staffing.keep_licence(connection, Licence(wang, "electrician", number, date(2027, 1, 1)), by=None, now=NOW)
    assert [one.number for one in staffing.licences_of(connection, [wang, zhao])[wang]] == ["E-2"]

    for branch in ("north", "south"):
        staffing.bind_group(connection, Group("telegram", "-100", branch), by=wang, now=NOW)
    assert staffing.groups_of(connection, "north") == []
    assert staffing.groups_of(connection, "south") == [Group("telegram", "-100", "south")]
    assert staffing.unbind_group(connection, "telegram", "-100")
    assert not staffing.unbind_group(connection, "telegram", "-100")

    wrench = staffing.lend(connection, wang, "tool", "扭力扳手", "1", by=None, now=NOW)
    passed = staffing.pass_on(connection, wrench, zhao, by=wang, now=after(5))
    assert staffing.held_by(connection, wang) == [] and staffing.held_by(connection, zhao) == [passed]
    staffing.give_back(connection, passed.id, now=after(9))
    assert staffing.holding(connection, passed.id) is None
