"""What becomes of a complaint that somebody told: numbered, put on its way, begun anew under a new number (CMP-3, CMP-15)."""

from handlers.flows.complaints import Complained
from handlers.flows.papers import Words
from handlers.turn import Turn
from handlers.words import order_number
from rules import intake
from rules.complaint_intake import add_note, followed, number_of, open_case, received, reopen, route_of, series
from rules.complaint_records import Form
from rules.complaints import Complaint
from rules.orders import WorkOrder
from rules.people import Deed, Role, may
from rules.refusals import Refused
from rules.surveys import LOWEST, Survey, linked
from rules.tasks import Task
from storage import cases, orders, people
from storage.engine import next_number
from texts import catalog


def next_complaint_number(turn: Turn, *, is_anomaly: bool = False) -> str:
    """The next of the month: 261101, 261102 … (CMP-3). Taken in the transaction that opens the case."""
    name = series(turn.terms.calendar.local_day(turn.now), is_anomaly=is_anomaly)
    return number_of(name, next_number(turn.connection, f"complaint:{name}"))


def complained(turn: Turn, about: WorkOrder | None, told: Complained) -> None:
    """The customer's own complaint, about one of his calls or none in particular."""
    order = about or (orders.by_id(turn.connection, int(told.order)) if told.order else None)
    if order is not None and order.customer != turn.person.id:
        raise Refused("no-such-order", rule="ROL-1")
    case = register(turn, told, order, customer=turn.person.id, name=turn.person.name, origin="customer", is_answered=True)
    turn.show(case.subject, received(case) if case.route != "anomaly" else "done.complain", number=case.number)


def filed(turn: Turn, _about: object, told: Complained) -> None:
    """A complaint that staff write down for a customer, who is known by his telephone (INT-10)."""
    order = _order_named(turn, told.order)
    customer = order.customer if order else _customer(turn, told.contact)
    case = register(turn, told, order, customer=customer, name=told.contact["name"], origin="staff")
    turn.show(case.subject, "done.file_complaint", number=case.number)


def _order_named(turn: Turn, words: str) -> WorkOrder | None:
    """The order whose number was typed. Raises Refused for one that this person may not see."""
    if not words:
        return None
    found = orders.by_number(turn.connection, order_number(words) or words)
    if found is None or not may(turn.person, Deed.SEE_ORDER, found.ties):
        raise Refused("no-such-order", rule="ROL-1")
    return found


def _customer(turn: Turn, contact: dict[str, str]) -> int:
    phone = contact.get("phone", "")
    known = people.customer_by_phone(turn.connection, phone)
    if known is None:
        known = people.add_person(turn.connection, name=contact["name"], roles=[Role.CUSTOMER], phone=phone, now=turn.now)
    return known.id


def register(
    turn: Turn,
    told: Complained,
    order: WorkOrder | None,
    *,
    customer: int,
    name: str,
    origin: str,
    is_money: bool = False,
    is_answered: bool = False,
) -> Complaint:
    """Open a case; of what concerns a call its technicians have no part in it (SUR-5, ESC-6)."""
    turn = turn.afresh()
    route = route_of(is_about_goods=told.is_about_goods and order is None, has_loss=told.has_loss)
    fresh = Complaint(
        number=next_complaint_number(turn, is_anomaly=route == "anomaly"),
        branch=order.branch if order else turn.person.branch or turn.company.branch,
        opened_at=turn.now,
        policy_version=turn.terms.policy.version,
        customer=customer,
        about=order.subject if order else "",
        barred=tuple(sorted(order.workers)) if order else (),
        route=route,
        customer_name=(order.report.customer_name if order else "") or name,
        account=told.account,
        photos=told.photos,
        voices=told.voices,
        origin=origin,
        form=told.form or Form(demand=told.demand),
        is_foreign=told.is_foreign,
        is_serious=told.is_serious,
        is_money_demanded=is_money,
        unit=told.unit,
    )
    return turn.unit.record(None, open_case(fresh, is_answered=is_answered, **turn.deed), by=turn.person.id)


def disputed(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    """What was signed is not right: approval is held, and somebody visits the customer, never the technician (SIG-4, ESC-6)."""
    assert order is not None
    after = turn.unit.record(order, intake.dispute(order, outcome.text, **turn.deed), by=turn.person.id)
    begun = [one for one in cases.about(turn.connection, Complaint, order.subject) if one.is_open]
    if begun:
        turn.unit.record(begun[0], add_note(begun[0], outcome.text, **turn.deed), by=turn.person.id)
    else:
        told = Complained(outcome.text)
        register(turn, told, after, customer=turn.person.id, name=turn.person.name, origin="customer")
    turn.show_card(after.id, "done.dispute", number=after.number)


def from_survey(turn: Turn, survey: Survey, order: WorkOrder) -> Survey:
    """A lowest grade, or money demanded: a visit, never by whom it is about (SUR-5, ESC-6, FEE-2)."""
    low = [{"text": f"aspect.{one}"} for one in survey.aspects if survey.grades.get(one) == LOWEST]
    said = catalog.say(turn.company.language, "survey.complaint", {"aspects": low}) if low else ""
    if survey.money:
        said = f"{said}\n{catalog.say(turn.company.language, 'survey.complaint-money')}".strip()
    told = Complained(f"{said}\n{survey.words}".strip())
    case = register(
        turn, told, order, customer=survey.customer, name=survey.customer_name, origin="survey", is_money=survey.money is True
    )
    return turn.unit.record(survey, linked(survey, case.id, case.number), by=turn.person.id)


def begun_anew(turn: Turn, old: Complaint, words: str) -> Complaint:
    """The customer doesn't accept it: a new number, the old case stays closed and names the new one (CMP-15)."""
    turn, number = turn.afresh(), next_complaint_number(turn)
    fresh = turn.unit.record(None, reopen(old, number, words, **turn.deed), by=turn.person.id)
    turn.unit.record(old, followed(old, number), by=turn.person.id)
    return fresh


def raised(turn: Turn, task: Task) -> Complaint:
    """A comment that is more than one: the service department makes it a complaint (SUR-4, SUR-5)."""
    order = orders.by_id(turn.connection, task.about_order or 0)
    customer = people.person(turn.connection, task.customer)
    return register(turn, Complained(task.words), order, customer=customer.id, name=customer.name, origin="survey")
