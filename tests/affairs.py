"""Complaints and opinion cards as the people play them in a room, for tests that begin later."""

from contextlib import AbstractContextManager
from datetime import timedelta
from types import SimpleNamespace

from rules import intake
from rules.complaints import Complaint
from rules.orders import FaultReport
from rules.people import Role
from rules.surveys import Survey
from scheduler import casework, digests, sweep
from storage import cases
from storage.unit import Unit
from tests import plays
from tests.room import Phone, Room, at, played

DEPARTMENTS = {
    "fang": ("方小姐", Role.CASE_OFFICE),
    "qian": ("錢業務", Role.SALES),
    "ke": ("柯品管", Role.QUALITY),
    "xu": ("許課長", Role.MANUFACTURING),
    "du": ("杜工程師", Role.RND),
    "zhou": ("周會計", Role.ACCOUNTANT),
    "lin": ("林倉管", Role.WAREHOUSE),
    "he": ("何經理", Role.MANAGER),
    "guo": ("郭總", Role.GM),
}


DEALER = {
    "li": ("李主任", Role.SUPERVISOR),
    "chen": ("陳小姐", Role.CLERK),
    "wang": ("王師傅", Role.TECHNICIAN),
    "zhao": ("趙師傅", Role.TECHNICIAN),
    "he": ("何經理", Role.MANAGER),
    "zheng": ("鄭小姐", Role.SERVICE_DEPT),
    "gao": ("高副總", Role.DEPUTY_GM),
}
STORE = {
    "fang": ("方店員", Role.STORE_STAFF),
    "he": ("何店長", Role.MANAGER),
    "wang": ("王師傅", Role.TECHNICIAN),
    "area": ("杜督導", Role.AREA_SUPERVISOR),
    "ops": ("許營運", Role.OPS_MANAGER),
}


def factory(url: str = "", *, start: str = "週一 09:00") -> AbstractContextManager[SimpleNamespace]:
    """A factory with its departments, and 張先生 who buys from it."""
    return played("factory", url, start=start, **DEPARTMENTS)


def dealer(url: str = "", *, start: str = "週五 16:00") -> AbstractContextManager[SimpleNamespace]:
    """An appliance dealer with a head office."""
    return played("appliance", url, start=start, **DEALER)


def store(url: str = "", *, start: str = "週五 16:00") -> AbstractContextManager[SimpleNamespace]:
    """A store of a chain, with its manager and those above it."""
    return played("retail", url, start=start, **STORE)


def files_form(qian: Phone, *, is_known: bool = True, is_foreign: bool = False) -> None:
    """Sales fills in the complaint form, whole (CMP-4)."""
    qian.says("客訴").presses("是").says("張先生 0912-345-678").says("S-881").says("PCB-4L-02").says("11/2").says("1000").says(
        "40"
    )
    qian.says("退 40 片")
    if is_known:
        qian.presses("確定了").says("40")
    else:
        qian.presses("加工中，未確定")
    qian.says("焊盤氧化").presses("是" if is_foreign else "否").sends_photo("樣品.jpg").presses("就這些").says("建議退換")
    qian.presses("沒問題，送出")


def to_quality(cast: SimpleNamespace) -> None:
    files_form(cast.qian)
    cast.fang.presses("收案分類").presses("品質異常")


def investigates(ke: Phone) -> None:
    ke.presses("填調查結果").says("鍍層過薄").presses("製造").presses("跳過")


def analyses(xu: Phone, *, needs_rnd: bool = True) -> None:
    xu.presses("填製造分析").says("藥液濃度偏低").says("每班量測").says("電鍍課").says("3 號線夜班").says("甲班").says("10/20")
    xu.presses("是" if needs_rnd else "否")
    if not needs_rnd:
        xu.says("與設計無關")


def to_synthesis(cast: SimpleNamespace) -> None:
    to_quality(cast)
    investigates(cast.ke)
    analyses(cast.xu)
    cast.du.presses("填研發意見").says("同意")
    cast.qian.presses("填洽談結果").says("客戶同意退 40 片").says("退貨")


def proposes(fang: Phone, *, handling: str = "退貨", amount: str = "8000") -> None:
    """Upheld, shares 70 and 30, a remedy with its day, and the draft of the answer (CMP-9, CMP-10)."""
    fang.presses("寫綜合意見").presses("成立").presses(handling).says(amount).says("製程失控").says("6000")
    fang.presses("製造").says("70").presses("品管").says("30").says("電鍍液每班量測").presses("製造").says("12/15")
    fang.says("我們會換 40 片新品給您").presses("沒問題，送出")


def to_decision(cast: SimpleNamespace) -> None:
    to_synthesis(cast)
    proposes(cast.fang)


def to_execution(cast: SimpleNamespace) -> None:
    to_decision(cast)
    cast.guo.presses("核決")


def sweeps(cast: SimpleNamespace, when: str = "", *, catching_up: bool = False, **later: float) -> None:
    """The clock looks, now or at a moment of the week."""
    room: Room = cast.room
    room.now = at(when) if when else room.now + timedelta(**later)
    sweep.sweep(room.connection, room.company.terms, now=room.now, catching_up=catching_up)


def day_begins(cast: SimpleNamespace, when: str) -> int:
    room: Room = cast.room
    room.now = at(when)
    return casework.daily(room.connection, room.company.terms, now=room.now)


def ticks(cast: SimpleNamespace, when: str) -> None:
    """The whole clock, turned to a moment: end of the day, sweep, morning, whatever is done once a day or month."""
    room: Room = cast.room
    room.now = at(when)
    for part in (digests.end_of_day, sweep.sweep, digests.morning, casework.daily):
        part(room.connection, room.company.terms, now=room.now)


def case_of(cast: SimpleNamespace, number: str = "261101") -> Complaint:
    found = cases.by_number(cast.room.connection, Complaint, number)
    assert found is not None
    return found


def survey_of(cast: SimpleNamespace, number: str = "2611-0001") -> Survey:
    found = cases.by_number(cast.room.connection, Survey, number)
    assert found is not None
    return found


def closed_job(cast: SimpleNamespace) -> None:
    """王師傅's job at 張先生's, from the report to the supervisor's approval."""
    plays.signed(cast)
    cast.wang.presses("離場簡報").presses("就這樣回報")
    cast.li.presses("核准")


def solved_call(cast: SimpleNamespace, number: str, customer: int) -> None:
    """A call that was closed without a visit, recorded without a word."""
    room: Room = cast.room
    terms, unit = room.company.terms, Unit(room.connection, room.now, room.company.terms)
    report = FaultReport("張先生", "台北市 1 號", "+886912345678", "A-100", fault="不會動", zone="urban")
    by = {"by": cast.chen.who(), "now": room.now, "terms": terms}
    told = intake.report_fault(report, number=number, branch="main", customer=customer, asset=None, **by)
    order = unit.record(None, told, by=cast.chen.id)
    unit.record(order, intake.solve_remotely(order, "請清洗濾網", **by), by=cast.chen.id)


def gets_card(cast: SimpleNamespace) -> None:
    """The job is closed on Friday, the opinion card comes on Saturday morning."""
    closed_job(cast)
    sweeps(cast, "週六 08:31")


def is_rated_low(cast: SimpleNamespace) -> None:
    """The customer is dissatisfied, which is a complaint about service."""
    gets_card(cast)
    cast.zhang.presses("不滿意")
