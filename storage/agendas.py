"""What is old: a person's own open work, and a branch's for its weekly meeting (CND-7, STF-17)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from rules.agendas import OLD_AFTER, Aged, Agenda
from rules.cases import Case, shown_number
from rules.claims import Claim
from rules.compensations import Compensation
from rules.complaints import Complaint
from rules.expenses import Advance, Expense
from rules.figures import Figure, listed
from rules.hazards import Hazard
from rules.invoices import Invoice
from rules.months import Period
from rules.orders import WorkOrder
from rules.people import Deed, Person, may
from rules.requisitions import Requisition
from rules.returns import Return
from rules.sheets import Sheet
from rules.tasks import Task
from rules.terms import Terms
from storage import cases, deadlines, figures, orders
from storage.subjects import token
from storage.unit import waiting_for

_WORK: tuple[type[Case], ...] = (
    Complaint, Task, Sheet, Hazard, Requisition, Claim, Return, Invoice, Expense, Advance, Compensation,
)  # fmt: skip
"""Cases that wait for somebody's hand; what only runs, such as a contract, is no pile."""
_MOST = 200


def own_work(connection: Connection, person: Person, *, now: datetime) -> list[Aged]:
    """What waits for one person: orders he is sent to, calls that he has to dispatch, cases whose turn is his (CND-7)."""
    found = {one.id: _of_order(one, now) for one in orders.with_crew(connection, person.id)}
    if may(person, Deed.DISPATCH):
        found |= {one.id: _of_order(one, now) for one in orders.queue(connection, visible_to=person, limit=_MOST)}
    waiting = [one for kind in _WORK for one in cases.open_ones(connection, kind, visible_to=person, limit=_MOST)]
    return [*found.values(), *(_of_case(one, now) for one in waiting_for(connection, person.id, waiting))]


def agenda(connection: Connection, branch: str, period: Period, terms: Terms, *, now: datetime) -> Agenda:
    """A branch's agenda: promises broken in a stretch of days, what is open for more than a week, complaints (STF-17)."""
    start, end = period.bounds(terms.calendar.zone)
    ledger = figures.ledger(connection, start, end, terms, branch=branch, now=now)
    late = [
        one for figure in (Figure.TIMELINESS, Figure.STAGES, Figure.CLOSING)
        for one in listed(figure, ledger.counts, is_against=True)
    ]  # fmt: skip
    old = [_of_order(one, now) for one in orders.open_since(connection, branch, now - OLD_AFTER)]
    old += [_of_case(one, now) for one in _overdue(connection, branch, now)]
    complaints = [_of_case(one, now) for one in cases.every_open(connection, Complaint) if one.branch == branch]
    return Agenda(branch, period.first, period.last, late, old, complaints)


def _overdue(connection: Connection, branch: str, now: datetime) -> Iterable[Case]:
    """Tasks and sheets of a branch whose day is over."""
    for kind in (Task, Sheet):
        for one in cases.every_open(connection, kind):
            due = deadlines.first_due(connection, one.subject) if one.branch == branch else None
            if due is not None and due < now:
                yield one


def _of_order(order: WorkOrder, now: datetime) -> Aged:
    return Aged(order.number, order.report.model, f"o.{order.id}.card", now - order.reported_at)


def _of_case(case: Case, now: datetime) -> Aged:
    what = case.customer_name if isinstance(case, Complaint | Return | Invoice) else ""
    return Aged(shown_number(case), what, token(case, "card"), now - case.opened_at)
