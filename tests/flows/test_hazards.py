"""Hidden dangers, disputes, and whoever left a mess (SAF-6, SAF-7, ESC-14, ESC-16)."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from rules.hazards import Hazard
from rules.people import Role
from rules.tasks import Task
from storage import cases
from storage.tables import outbox
from tests import plays
from tests.flows.test_the_clock import sweeps
from tests.room import Phone, played

STAFF = {
    "li": ("李主任", Role.SUPERVISOR),
    "manager": ("何經理", Role.MANAGER),
    "gm": ("郭總", Role.GM),
    "wang": ("王師傅", Role.TECHNICIAN),
    "zhao": ("趙師傅", Role.TECHNICIAN),
}


@pytest.fixture
def plant() -> Iterator[SimpleNamespace]:
    with played("plant", start="週五 10:00", **STAFF) as cast:
        yield cast


@pytest.fixture
def mall() -> Iterator[SimpleNamespace]:
    with played("mall", start="週五 10:00", **STAFF) as cast:
        yield cast


@pytest.fixture
def branch() -> Iterator[SimpleNamespace]:
    with played("appliance", start="週五 10:00", **STAFF) as cast:
        yield cast


def reports(phone: Phone, sort: str, place: str, words: str) -> None:
    phone.says("隱患").presses("通報").presses(sort).says(place).says(words).presses("就這些").sees("通報了")


def test_a_hidden_danger_is_told_to_workshop_and_company_head_at_once_and_at_night(plant: SimpleNamespace) -> None:
    plant.room.later(hours=13)  # 23:00
    reports(plant.wang, "電線不安全", "二樓配電間", "線皮破了")

    for head in (plant.li, plant.gm):
        head.sees("X26-001 電線不安全", "二樓配電間：線皮破了", "王師傅 通報", "[✅ 已排除]")
    plant.manager.sees_nothing_new()
    waiting = plant.room.connection.execute(outbox.select().where(outbox.c.not_before > plant.room.now)).all()
    assert waiting == []  # quiet hours don't count

    plant.li.presses("已排除").says("換了新線").sees("X26-001 已排除")
    plant.wang.sees("已由 李主任 排除：換了新線")
    plant.gm.presses("已排除").sees("規則 REC-1")


def test_a_danger_that_nobody_takes_climbs_and_what_is_taken_asks_again(plant: SimpleNamespace) -> None:
    reports(plant.wang, "隱患", "空壓機房", "護罩鬆了")
    sweeps(plant, "週五 10:30")
    plant.li.sees("還沒排除")
    plant.manager.sees_nothing_new()
    sweeps(plant, "週五 11:00")
    plant.manager.sees("X26-001 還沒排除")

    plant.li.presses("我來處理").sees("由您處理", "1 小時")
    heard = plant.room.newest()
    sweeps(plant, "週五 11:59")
    assert plant.room.newest() == heard
    sweeps(plant, "週五 12:01")
    plant.li.sees("還沒排除")


def test_a_dispute_in_a_mall_is_told_to_the_department_s_and_the_mall_s_manager(mall: SimpleNamespace) -> None:
    reports(mall.wang, "重大糾紛", "三樓沙發區", "客人和商戶打起來")

    for head in (mall.li, mall.manager):
        head.sees("X26-001 重大糾紛", "三樓沙發區")
    mall.gm.sees_nothing_new()


def test_where_there_are_no_disputes_none_is_offered_and_strangers_report_nothing(plant: SimpleNamespace) -> None:
    plant.wang.says("隱患").presses("通報")
    assert "重大糾紛" not in [one.label for one in plant.wang.buttons()]
    reports(plant.zhao, "隱患", "倉庫", "漏電")

    plant.zhang.says("隱患").sees("您的身分不能做")
    one = cases.every(plant.room.connection, Hazard)[0]
    for phone in (plant.zhang, plant.wang):
        phone.presses_token(f"x.{one.id}.card").sees("查不到")
    plant.zhao.presses_token(f"x.{one.id}.removed").sees("查不到")
    plant.zhao.says("取消").says("隱患").sees("X26-001")


def test_the_same_team_cleans_up_daily_until_it_is_done(branch: SimpleNamespace) -> None:
    plays.signed(branch)
    branch.wang.presses("離場簡報").presses("就這樣回報")
    branch.li.presses("要求清理").says("客廳地板的鐵屑").sees("已請 王師傅 的同一組人清理")
    branch.wang.sees("2611-0001 請同一組人在 11月27日 週五 17:30 前清理", "客廳地板的鐵屑", "[完成，回報]")
    task = cases.every(branch.room.connection, Task)[0]
    branch.wang.presses_token(f"t.{task.id}.pass").says("趙師傅").sees("不能轉給別人", "規則 SAF-7")

    for when in ("週五 17:31", "週六 17:31", "週日 17:31"):
        sweeps(branch, when)
        for phone in (branch.wang, branch.li):
            phone.sees("2611-0001 還沒清理好")
    branch.wang.presses_token(f"t.{task.id}.done").says("掃乾淨了")

    branch.li.sees("王師傅 清理好了：掃乾淨了")
    assert not cases.every(branch.room.connection, Task)[0].is_open


def test_where_nobody_was_there_is_nobody_to_clean_up(branch: SimpleNamespace) -> None:
    plays.reports(branch.zhang)

    branch.li.says("要求清理 2611-0001").says("地上的水").sees("規則 SAF-7")

    branch.wang.says("要求清理 2611-0001").sees("查不到")
