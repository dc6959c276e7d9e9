"""One complaint on its way through the rules: each word of the play is a ruling that is carried out."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from rules import complaint_decisions as decisions
from rules import complaint_stages as stages
from rules.clocks import Clock, Promise
from rules.complaint_intake import open_case
from rules.complaint_records import CaseStage, Form, Handling, Opinion, Outcome, Share
from rules.complaints import Complaint
from rules.decisions import Audience, Notice, Ruling
from rules.people import Person
from rules.terms import Terms
from tests.cast import BRANCH, GM, LI, MAKING, OFFICE, QUALITY, RND, SALES, SERVICE, WANG, ZHANG, at, terms_of

FORM = Form(
    order_no="S-881",
    part_no="PCB-4L-02",
    delivered_on="2026-11-02",
    quantity=Decimal(1000),
    defective=Decimal(40),
    demand="退 40 片",
    demand_quantity="40",
    reason="焊盤氧化",
    opinion="建議退換",
)
QUALITY_FOUND = {"cause": "鍍層過薄", "responsible": "manufacturing", "persons": ""}
ANALYSED = {
    "analysis": "藥液濃度偏低",
    "remedy": "每班量測",
    "unit": "電鍍課",
    "machine": "3 號線夜班",
    "workers": "甲班",
    "produced_on": "10/20",
}
NEGOTIATED = {"negotiated": "客戶同意退 40 片", "opinion": "退貨"}
OPINION = Opinion(
    Outcome.UPHELD,
    Handling.RETURN,
    "製程失控，責任在製造",
    "我們會換 40 片新品給您",
    amount=Decimal(8000),
    loss=Decimal(6000),
    shares=(Share("manufacturing", Decimal(70)), Share("quality", Decimal(30))),
    remedy="電鍍液每班量測並記錄",
    remedy_unit="manufacturing",
    remedy_due_on="2026-12-15",
)


@dataclass
class Affair:
    """A case with the terms and the hour it is worked at; `clocks` are the promises that run."""

    case: Complaint
    terms: Terms
    now: datetime
    clocks: dict[str, Promise] = field(default_factory=dict)
    told: tuple[Notice, ...] = ()

    def does(self, decide: Callable[..., Ruling[Complaint]], *args: Any, by: Person, **more: Any) -> Ruling[Complaint]:
        ruling = decide(self.case, *args, by=by, now=self.now, terms=self.terms, **more)
        self.takes(ruling)
        return ruling

    def takes(self, ruling: Ruling[Complaint]) -> None:
        self.case, self.told = replace(ruling.after, id=self.case.id or 1), ruling.notices
        for clock, deadline in ruling.deadlines.items():
            self.clocks.pop(clock, None)
            if deadline:
                self.clocks[clock] = deadline.promise

    def later(self, **length: float) -> "Affair":
        self.now += timedelta(**length)
        return self

    @property
    def heard(self) -> dict[str, tuple[Audience | int, ...]]:
        """Who was told what by the last ruling."""
        return {notice.text: notice.to for notice in self.told}

    def due(self, clock: Clock) -> datetime:
        return self.clocks[clock].due_at


def opened(
    fresh: Complaint, *, by: Person, profile: str = "factory", when: str = "週一 09:00", terms: Terms | None = None
) -> Affair:
    affair = Affair(fresh, terms or terms_of(profile), at(when))
    affair.takes(open_case(fresh, by=by, now=affair.now, terms=affair.terms))
    return affair


def goods(*, by: Person = SALES, terms: Terms | None = None, when: str = "週一 09:00", **more: Any) -> Affair:
    """The first complaint of November 2026 about goods, its form filled in by sales."""
    fresh = Complaint(
        number="261101", branch=BRANCH, opened_at=at(when), customer=ZHANG.id, route="product", customer_name="張先生",
        account="焊盤氧化", form=FORM,
    )  # fmt: skip
    return opened(replace(fresh, **more), by=by, terms=terms, when=when)


def service(*, by: Person = ZHANG, when: str = "週一 09:00", **more: Any) -> Affair:
    """A complaint about 王師傅's manners."""
    fresh = Complaint(
        number="261101", branch=BRANCH, opened_at=at(when), customer=ZHANG.id, about="order:1", barred=(WANG.id,),
        customer_name="張先生", account="師傅態度很差", origin="customer",
    )  # fmt: skip
    return opened(replace(fresh, **more), by=by, profile="appliance", when=when)


def at_quality(**more: Any) -> Affair:
    affair = goods(**more)
    affair.does(stages.check_form, "quality", by=OFFICE)
    return affair


def at_sales(**more: Any) -> Affair:
    affair = at_quality(**more)
    affair.does(stages.investigate, QUALITY_FOUND, by=QUALITY)
    affair.does(stages.analyse, ANALYSED, by=MAKING)
    affair.does(stages.engineer, {"opinion": "同意"}, by=RND)
    return affair


def at_synthesis(**more: Any) -> Affair:
    affair = at_sales(**more)
    affair.does(stages.negotiate, NEGOTIATED, by=SALES)
    return affair


def up_for_decision(opinion: Opinion = OPINION, **more: Any) -> Affair:
    affair = at_synthesis(**more)
    affair.does(decisions.synthesise, opinion, by=OFFICE)
    return affair


def decided(opinion: Opinion = OPINION, **more: Any) -> Affair:
    affair = up_for_decision(opinion, **more)
    affair.does(decisions.decide, by=GM)
    return affair


def answered(**more: Any) -> Affair:
    affair = decided(**more)
    affair.does(decisions.answer, "我們會換 40 片新品給您", by=SALES)
    return affair


def visited(**more: Any) -> Affair:
    affair = service(**more)
    affair.does(stages.report_visit, {"findings": "客戶情緒已緩和，要求道歉"}, by=LI)
    return affair


def service_decided(**more: Any) -> Affair:
    affair = visited(**more)
    sorry = Opinion(Outcome.UPHELD, Handling.EXPLAIN, "師傅承認語氣不好", "我們向您道歉，並已訓練同仁")
    affair.does(decisions.handle, sorry, by=SERVICE)
    affair.does(decisions.decide, by=GM)
    return affair


def stage_of(affair: Affair) -> CaseStage:
    return affair.case.stage
