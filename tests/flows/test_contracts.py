"""Contracts and rounds in chat (MNT)."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import pytest

from rules.contracts import Contract
from rules.orders import ServiceClass, Stage
from rules.people import Role
from rules.rounds import Route
from scheduler import tending
from storage import cases, orders
from tests import plays
from tests.flows.test_the_clock import sweeps
from tests.room import Phone, Room, at


def goes_by(cast: SimpleNamespace, when: str) -> int:
    """The calendar does its day's work."""
    cast.room.now = at(when)
    return tending.daily(cast.room.connection, cast.room.company.terms, now=cast.room.now)


def signs_contract(phone: Phone, *, ends: str = "2026/12/31", visits: str = "4", limit: str = "和一般客戶一樣") -> None:
    phone.says("合約").presses("登記合約").says("張先生 0912-345-678").says("台北市大安區和平東路一段 1 號")
    phone.says("大金 FTXV50 客廳").presses("跳過").says("2026/1/1").says(ends).says(visits).says("12000").presses(limit)
    phone.presses("趙師傅").presses("沒問題，送出")


def contract_of(cast: SimpleNamespace) -> Contract:
    found = cases.every(cast.room.connection, Contract)
    return found[-1]


def test_a_contract_is_registered_in_chat_and_seen_by_the_office(cast: SimpleNamespace) -> None:
    signs_contract(cast.chen)

    cast.chen.sees("合約 M26-001 登記好了", "張先生", "定期保養：3/4", "2026年12月31日")
    cast.li.says("合約").sees("M26-001", "進行中").presses("M26-001").sees("金額：12,000 TWD")
    cast.wang.says("合約").sees("身分不能做")
    cast.wang.presses_token(f"k.{contract_of(cast).id}.card").sees("查不到")


def test_a_call_for_a_machine_under_contract_is_work_of_type_b_in_its_time(cast: SimpleNamespace) -> None:
    signs_contract(cast.chen, limit="2 個工作小時")
    cast.room.now = at("週五 13:00")

    cast.chen.says("登記來電").says("張先生 0912-345-678").says("不冷").says("大金 FTXV50").presses("跳過")
    cast.chen.says("台北市大安區和平東路一段 1 號").presses("就這些").presses("市區").presses("否").presses("沒問題，送出")

    order = cast.room.order()
    assert (order.service_class, order.contract) == (ServiceClass.B, contract_of(cast).id)
    cast.li.sees("最晚到場：11月27日 週五 15:00")


def test_planned_visits_become_orders_and_are_counted(cast: SimpleNamespace) -> None:
    signs_contract(cast.chen, ends="2027/12/31", visits="24")

    assert cast.room.raw("SELECT count(*) FROM orders") == 1  # that of 30 November, seven days ahead
    order = cast.room.order()
    assert (order.report.kind, order.service_class, order.stage) == ("maintenance", ServiceClass.B, Stage.QUEUED)
    cast.li.sees("定期保養 2611-0001", "種類：定期保養", "📅 排定：11月30日 週一 08:30", "[派 王師傅（手上 0）]")
    assert goes_by(cast, "週六 09:00") == 0
    assert goes_by(cast, "週六 09:10") == 0
    cast.li.says("合約").presses("M26-001").sees("定期保養：10/24", "2611-0001")


def test_the_renewal_is_answered_by_whom_it_was_given_to(cast: SimpleNamespace) -> None:
    signs_contract(cast.chen, ends="2026/12/27")
    cast.zhao.sees("保養合約 2026年12月27日 到期", "[續約] [不續]", "[還在談]")

    cast.zhao.presses("還在談").says("客戶說下週決定").sees("記下了")
    cast.zhao.presses("續約").says("2027/12/27").says("13000").sees("新合約 M26-002")

    old, new = cases.every(cast.room.connection, Contract)
    assert (old.stage, old.renewed_as, new.starts_on) == ("renewed", "M26-002", date(2026, 12, 28))
    cast.li.says("合約").presses("M26-001").sees("已續約", "續約為 M26-002")


def test_who_does_not_go_on_says_why_and_the_supervisor_reads_it(cast: SimpleNamespace) -> None:
    signs_contract(cast.chen, ends="2026/12/27")

    cast.chen.says("合約").presses("M26-001").presses("不續").says("要搬家").sees("不續約")

    one = contract_of(cast)
    assert one.stage == "declined" and one.is_open
    cast.zhao.presses_token(f"k.{one.id}.renew").says("2027/12/27").says("1").sees("已經有結果了")


def test_a_visit_is_worked_by_its_checklist() -> None:
    room = Room.open("property", start="週五 10:00")
    chen, li, wang = (
        room.person("陳小姐", Role.CLERK),
        room.person("李主任", Role.SUPERVISOR),
        room.person("王師傅", Role.TECHNICIAN),
    )
    chen.says("合約").presses("登記合約").says("張先生 0912-345-678").says("台北市大安區和平東路一段 1 號").says("水泵 P1")
    chen.presses("跳過").says("2026/11/1").says("2026/12/1").says("1").says("0").presses("和一般客戶一樣").presses("園區巡查")
    chen.presses("跳過").presses("沒問題，送出")
    li.presses("派 王師傅")
    wang.presses("接單").presses("出發前準備").presses("看過單子").presses("工具帶了").presses("出發").presses("到了")
    wang.presses("跳過").says("張先生")
    for step in (plays.listens, plays.looks, plays.checks, plays.acts):
        step(wang)

    wang.says("試機").sees("園區巡查", "規則 SAF-5")
    wang.presses("🦺 安全檢查").presses("是").presses("否").presses("是").presses("是").sees("安全檢查")
    plays.tries_it(wang)

    order = room.order()
    assert order.stage is Stage.FINISHED and order.safety["estate"].failed == ("water",)
    room.close()


@pytest.fixture
def plant() -> Iterator[SimpleNamespace]:
    room = Room.open("plant", start="週五 10:00")
    yield SimpleNamespace(
        room=room,
        li=room.person("李主任", Role.SUPERVISOR),
        wang=room.person("王師傅", Role.TECHNICIAN),
        zhao=room.person("趙師傅", Role.TECHNICIAN),
    )
    room.close()


def opens_route(plant: SimpleNamespace, checklist: str = "設備巡檢", machines: str = "1 號機、2 號機") -> Route:
    plant.li.says("巡檢").presses("設定路線").presses(checklist).says(machines).presses("王師傅").presses("沒問題，送出")
    plant.li.sees("設好了")
    return cases.every(plant.room.connection, Route)[-1]


def test_a_round_is_walked_machine_by_machine_and_its_findings_become_orders(plant: SimpleNamespace) -> None:
    opens_route(plant)
    plant.wang.sees("您負責巡檢 R26-001", "[開始巡檢]")

    plant.wang.presses("開始巡檢").sees("1 號機", "滲漏").presses("都正常")
    plant.wang.presses("有異常").presses("滲漏").says("油封滲油").presses("跳過").presses("都正常")

    plant.wang.sees("1 項發現已開單")
    order = plant.room.order()
    assert (order.report.model, order.report.fault, order.report.kind) == ("2 號機", "滲漏：油封滲油", "finding")
    assert order.follows == cases.every(plant.room.connection, Route)[0].subject
    plant.li.sees("巡檢有發現", "2 號機")


def test_a_round_that_is_not_walked_is_told_in_the_same_shift_and_when_it_is_over(plant: SimpleNamespace) -> None:
    one = opens_route(plant, "每班點檢")
    assert one.due_at == at("週五 16:00")

    sweeps(plant, "週五 14:25")
    plant.li.sees("巡檢 R26-001 要在 11月27日 週五 16:00 前走完")
    plant.wang.sees("要在 11月27日 週五 16:00 前走完")
    sweeps(plant, "週五 16:00")

    missed = cases.every(plant.room.connection, Route)[0]
    assert (missed.n_missed, missed.due_at) == (1, at("週六 00:00"))
    plant.wang.says("巡檢").sees("巡檢路線（1）")
    assert "設定路線" not in str(plant.wang.last().rows)
    plant.wang.presses("R26-001").sees("漏走 1 次")


def test_only_the_branch_walks_its_rounds_and_the_leader_sets_them(plant: SimpleNamespace) -> None:
    one = opens_route(plant)
    far = plant.room.person("遠師傅", Role.TECHNICIAN, branch="高雄")
    far.presses_token(f"n.{one.id}.walk").sees("查不到")
    plant.zhao.says("巡檢").presses("R26-001").presses_token(f"n.{one.id}.close").sees("查不到")
    plant.zhao.presses_token("w.route").sees("身分不能做")

    plant.li.says("巡檢").presses("R26-001").presses("停用路線").sees("停了")
    plant.wang.presses_token(f"n.{one.id}.walk").sees("規則 REC-1")


def test_an_order_of_a_contract_is_in_the_office_s_queue(cast: SimpleNamespace) -> None:
    signs_contract(cast.chen, ends="2027/12/31", visits="24")

    cast.li.says("待處理").sees("2611-0001")

    assert [one.number for one in orders.undispatched(cast.room.connection, "main")] == ["2611-0001"]


def test_a_lubrication_plan_names_all_five_fixed_points(plant: SimpleNamespace) -> None:
    """MNT-6: spot, quality, quantity, time and person."""
    plant.li.says("巡檢").presses("設定路線").presses("潤滑").says("主軸承 / 32 號機油").presses("王師傅").presses(
        "沒問題，送出"
    )
    plant.li.sees("潤滑要寫明五定", "主軸承 / 32 號機油", "規則 MNT-6")
    plant.li.says("巡檢").presses("設定路線").presses("潤滑").says("主軸承 / 32 號機油 / 0.5 升").presses("跳過")
    plant.li.presses("沒問題，送出").sees("請指定由誰負責")

    one = opens_route(plant, "潤滑", "主軸承 / 32 號機油 / 0.5 升")

    assert (one.person, one.machines) == (plant.wang.id, ("主軸承 / 32 號機油 / 0.5 升",))
