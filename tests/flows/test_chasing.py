"""Headquarters chases a branch (ROL-4, SUR-6); what a round found is looked at again (MNT-7)."""

from types import SimpleNamespace

from rules.errands import invoice, verification
from rules.orders import Stage
from rules.people import Role
from rules.tasks import Task, open_task
from storage import cases, journal
from storage.unit import Unit
from tests import plays
from tests.room import Phone


def headquarters(cast: SimpleNamespace) -> Phone:
    phone: Phone = cast.room.person("吳服務", Role.SERVICE_DEPT, branch="總部")
    return phone


def begun(cast: SimpleNamespace, task: Task) -> Task:
    unit = Unit(cast.room.connection, cast.room.now, cast.room.company.terms)
    return unit.record(None, open_task(task, now=cast.room.now), by=None)


def test_headquarters_chases_a_branch_in_its_group_and_the_time_is_kept(cast: SimpleNamespace) -> None:
    group = cast.room.stranger("值班群")
    cast.li.writes_in_a_group("/bind@fieldhand_bot", group)
    plays.dispatched(cast)
    wu = headquarters(cast)

    wu.says("催辦 2611-0001").sees("已催辦 2611-0001", "[催辦]")

    cast.li.sees("吳服務 催辦 2611-0001")
    cast.wang.sees("吳服務 催辦 2611-0001")
    group.sees("總部催辦 2611-0001（台北市大安區）", "[看這張單]")
    last = list(journal.lines(cast.room.connection, "order:1"))[-1]
    assert (last.kind, last.rule, last.by, last.at) == ("order.chased", "ROL-4", wu.id, cast.room.now)
    cast.li.presses_token("o.1.chase").sees("身分不能做")


def test_a_task_is_chased_where_it_lies(cast: SimpleNamespace) -> None:
    zhou, deputy = cast.room.person("周會計", Role.ACCOUNTANT), cast.room.person("何副總", Role.DEPUTY_GM)
    plays.dispatched(cast)
    task = begun(cast, invoice(cast.room.order(), "2611-0001-V", cast.room.now, cast.room.company.terms))

    deputy.presses_token(f"t.{task.id}.chase").sees("已催辦 2611-0001")

    zhou.sees("何副總 催辦 2611-0001")
    zhou.presses("完成，回報").says("AB12345678")
    deputy.presses_token(f"t.{task.id}.chase").sees("規則 REC-1")
    cast.wang.presses_token(f"t.{task.id}.chase").sees("查不到")


def test_what_a_round_found_is_looked_at_again_after_it_was_mended(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    task = begun(cast, verification(cast.room.order(), cast.room.now, cast.room.company.terms))
    cast.li.sees("巡檢發現的問題修過了")

    cast.li.presses("完成，回報").presses("沒改好，再開單").says("還在漏")

    again = cast.room.order()
    assert (again.number, again.report.fault, again.follows, again.stage) == ("2611-0002", "還在漏", task.subject, Stage.QUEUED)
    assert cases.every(cast.room.connection, Task)[0].is_effective is False
