"""Tasks that follow from an order or a decision by themselves: invoices, resale, what was mended looked at (SLA-14 …)."""

from dataclasses import replace
from datetime import datetime, timedelta

from rules import damages
from rules.clocks import first_thing
from rules.complaints import Complaint
from rules.contract_dates import months_after
from rules.decisions import Audience
from rules.hours import day_bounds
from rules.invoices import end_of_day
from rules.money import Dues
from rules.orders import Stage, Step, WorkOrder
from rules.receipts import GoodsReceipt
from rules.rounds import FINDING
from rules.tasks import Errand, Task
from rules.terms import Terms
from rules.timesheets import kind_of


def following(before: WorkOrder | None, after: WorkOrder, *, now: datetime, terms: Terms) -> tuple[Task, ...]:
    """What an order asks of others by the step that it just took."""
    found = []
    if before is not None and before.left_at is None and after.left_at is not None and owes_invoice(after, terms):
        found.append(invoice(after, f"{after.number}-V", now, terms))
    is_done = before is not None and before.is_open and after.stage in (Stage.APPROVED, Stage.ARCHIVED)
    if is_done and after.report.kind == FINDING:
        found.append(verification(after, now, terms))
    if is_approved(after) and (before is None or before.interim != after.interim):
        found.append(restoration(after, now, terms))
    if all(damages.told(after)) and (before is None or damages.told(before) != damages.told(after)):
        found.append(information(after, now, terms))
    return tuple(found)


def information(order: WorkOrder, now: datetime, terms: Terms) -> Task:
    """Whoever is concerned by damage to public fittings is told the same working day, and what he said is kept (VIS-20)."""
    who, whom = damages.told(order)
    number = f"{order.number}-D{order.findings[Step.ACT].version}"
    task = _of(order, number, Errand.INFORM, Audience.CLERK, end_of_day(now, terms), now, terms)
    return replace(task, words=f"{whom} ← {who}")


def is_approved(order: WorkOrder) -> bool:
    """Whether a temporary fix is used, with somebody's approval (VIS-18)."""
    return order.interim is not None and order.interim.approved_by is not None


def restoration(order: WorkOrder, now: datetime, terms: Terms) -> Task:
    """On the day of a temporary fix the supervisor sees to it that all is as it was; what is not is another order (VIS-18)."""
    assert order.interim is not None  # only what was approved is looked at again
    ends = day_bounds(order.interim.until, terms.calendar.zone)[1] - timedelta(minutes=1)
    due = terms.calendar.day_end(order.interim.until) or ends
    task = _of(order, f"{order.number}-T{order.interim.n}", Errand.RESTORE, Audience.SUPERVISOR, max(due, now), now, terms)
    return replace(task, words=order.interim.measure)


def owes_invoice(order: WorkOrder, terms: Terms) -> bool:
    """Whether work is paid for, and in this line of business by invoice (SLA-14). What was quoted is invoiced by its dues."""
    return order.dues == Dues() and terms.policy.fees.timing == "on_site_or_invoice" and kind_of(order, terms.policy) == "A"


def invoice(order: WorkOrder, number: str, now: datetime, terms: Terms, *, rule: str = "SLA-14") -> Task:
    """The accountant's invoice, on the same working day: that of the visit, or of the return of what was mended (SLA-15)."""
    day = terms.calendar.local_day(now)
    ends = terms.calendar.day_end(day)
    if ends is None or ends <= now:  # after hours the day is the next one that is worked
        ends = terms.calendar.day_end(terms.calendar.next_workday(day))
    errand = Errand.INVOICE if rule == "SLA-14" else Errand.INVOICE_RETURN
    return _of(order, number, errand, Audience.ACCOUNTANT, ends or day_bounds(day, terms.calendar.zone)[1], now, terms)


def resale(case: Complaint, unit: str, number: str, now: datetime, terms: Terms) -> Task:
    """One month to sell what came back; then the loss is fixed (SLA-24, CMP-26)."""
    day = months_after(terms.calendar.local_day(now), 1)
    return Task(
        number=number, branch=case.branch, opened_at=now, about=case.subject, about_number=case.number, errand=Errand.RESALE,
        due_at=day_bounds(day, terms.calendar.zone)[1] - timedelta(minutes=1), post=Audience.SALES, words=unit,
        policy_version=case.policy_version, barred=case.barred,
    )  # fmt: skip


def verification(order: WorkOrder, now: datetime, terms: Terms) -> Task:
    """Whether what a round found is mended for good, looked at by the supervisor (MNT-7)."""
    due = first_thing(terms.calendar.local_day(now) + timedelta(days=2), terms.calendar)
    return _of(order, f"{order.number}-C", Errand.VERIFY, Audience.SUPERVISOR, due, now, terms)


def of_refused_goods(
    receipt: GoodsReceipt, planner: int | None, buyer: int | None, now: datetime, terms: Terms
) -> tuple[Task, ...]:
    """Of goods that lie by themselves the planner adjusts stock and books, the buyer sees to them quickly (PRT-16).

    Both are named, where there is one; both have until the end of the next working day.
    """
    bad = [f"{line.label} × {line.refused}: {line.reason}" for line in receipt.lines if line.refused]
    day = terms.calendar.next_workday(terms.calendar.local_day(now))
    due = terms.calendar.day_end(day) or day_bounds(day, terms.calendar.zone)[1]
    parts = ((Errand.ADJUST_BOOKS, Audience.PLANNER, planner, "A"), (Errand.BAD_GOODS, Audience.BUYER, buyer, "B"))
    return tuple(
        Task(
            number=f"{receipt.number}-{letter}", branch=receipt.branch, opened_at=now, about=receipt.subject, errand=errand,
            about_number=receipt.number, due_at=due, post=post, person=person, words="; ".join(bad),
            policy_version=receipt.policy_version,
        )
        for errand, post, person, letter in parts
        if bad
    )  # fmt: skip


def _of(
    order: WorkOrder, number: str, errand: Errand, post: Audience, due_at: datetime, now: datetime, terms: Terms
) -> Task:  # fmt: skip
    return Task(
        number=number, branch=order.branch, opened_at=now, about=order.subject, about_number=order.number, errand=errand,
        due_at=due_at, post=post, words=order.report.model or order.report.fault, policy_version=terms.policy.version,
    )  # fmt: skip
