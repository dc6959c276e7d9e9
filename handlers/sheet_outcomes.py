"""What becomes of the conversations about sheets and things to be fetched: load, decide, record (RULEBOOK 25)."""

from dataclasses import replace
from datetime import datetime

from handlers import goods_outcomes, machines
from handlers.flows.papers import Words
from handlers.flows.sheets import Filled, Kept
from handlers.said import button, said
from handlers.turn import Turn
from rules import backorders, documents, intake, pickups, sheets, trainings, triggers
from rules.absences import Absence, LeaveState, require_askable
from rules.backorders import Backorder
from rules.compensations import Compensation, require_no_promise
from rules.decisions import Entry
from rules.documents import Document
from rules.goods import sent_by_post
from rules.orders import WorkOrder
from rules.people import Deed, Role, require
from rules.pickups import Pickup
from rules.sheet_shapes import SHAPES, SheetKind
from rules.sheets import Sheet
from storage import cases, journal, news, orders, people, roster, subjects
from storage.numbers import yearly_number
from storage.outbox import COURTESY

_ABOUT_ORDERS = (SheetKind.CONTACT, SheetKind.CONTRACTOR)
_WARNED = (Role.SUPERVISOR, Role.MANAGER, Role.STORE_STAFF)


def filled(turn: Turn, subject: object, outcome: Filled) -> None:
    """A sheet begins; the customer that it names is known by telephone from then on (INT-10)."""
    shape, order = SHAPES[outcome.kind], subject if isinstance(subject, WorkOrder) else None
    customer = order.customer if order is not None else 0
    if outcome.customer:
        name, phone = outcome.customer["name"], outcome.customer["phone"]
        known = people.customer_by_phone(turn.connection, phone)
        known = known or people.add_person(turn.connection, name=name, roles=[Role.CUSTOMER], phone=phone, now=turn.now)
        customer = known.id
    person = outcome.answers.get("person")
    drafted = Sheet(
        number=yearly_number(turn.connection, shape.letter, turn.terms, turn.now), opened_at=turn.now, sheet=outcome.kind,
        branch=turn.person.branch or turn.company.branch, author=turn.person.id, told=outcome.answers, customer=customer,
        person=int(person) if person else None, policy_version=turn.terms.policy.version,
        about=order.subject if order else "", about_number=order.number if order else "", wanted=_wanted(turn, outcome),
    )  # fmt: skip
    kept = turn.unit.record(None, sheets.open_sheet(drafted, **turn.deed), by=turn.person.id)
    if kept.sheet is SheetKind.CONTRACTOR and order is not None:
        turn.unit.record(order, intake.to_contractor(order, kept.told["whom"], **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.sheet", number=kept.number)


def _wanted(turn: Turn, outcome: Filled) -> tuple[int, ...]:
    """Who is at the head of a store or in it, anywhere, reads a warning (CMP-33); a training is for one's own (STF-15)."""
    found = people.staff(turn.connection) if outcome.kind in sheets.READ_BY_EACH else []
    if outcome.kind is SheetKind.TRAINING:
        own = [one for one in found if one.branch == (turn.person.branch or turn.company.branch)]
        found = own if outcome.answers["who"] == "all" else [one for one in own if one.holds(Role.TECHNICIAN)]
    else:
        found = [one for one in found if any(one.holds(role) for role in _WARNED)]
    return tuple(one.id for one in found if one.id != turn.person.id)


def _was_there(turn: Turn, sheet: Sheet, outcome: Filled) -> None:
    """Whoever attended says so; to the question he hears at once what is right (STF-15)."""
    answer = outcome.answers.get("answer", "")
    after = turn.unit.record(sheet, trainings.attend(sheet, answer, **turn.deed), by=turn.person.id)
    headline = f"done.attended-{answer}" if answer else "done.attended"
    turn.show(after.subject, headline, number=after.number, right=after.told.get("right", ""))


def closed(turn: Turn, sheet: Sheet, outcome: Filled) -> None:
    """A sheet is closed; a visit that is made from time to time has its next one (SUR-10)."""
    if trainings.is_for(sheet, turn.person):
        _was_there(turn, sheet, outcome)
        return
    order = orders.by_id(turn.connection, sheet.about_order or 0) if sheet.sheet in _ABOUT_ORDERS else None
    if reply := outcome.answers.get("reply"):
        _require_no_promise(turn, order, reply)
    after = turn.unit.record(sheet, sheets.close_sheet(sheet, outcome.answers, **turn.deed), by=turn.person.id)
    if reply and order is not None:  # the customer hears it under his order, and is owed no answer there any more (SLA-12)
        turn.unit.record(order, intake.answer_customer(order, reply, **turn.deed), by=turn.person.id)
    if after.sheet is SheetKind.CONTRACTOR and not after.is_open and order is not None and order.is_open:
        turn.unit.record(order, intake.solve_remotely(order, after.found["words"], **turn.deed), by=turn.person.id)
    if (until := sheets.rest_until(after, turn.now, turn.terms)) is not None:
        _rests(turn, after.author, until)
    turn.show(after.subject, "done.sheet-closed" if not after.is_open else "done.sheet-again", number=after.number)
    if after.is_open or after.sheet is not SheetKind.VISIT:
        return
    turn = turn.afresh()
    following = sheets.next_visit(after, "", turn.now, turn.terms)
    if following is not None:
        number = yearly_number(turn.connection, after.shape.letter, turn.terms, turn.now)
        drafted = replace(following, number=number, policy_version=turn.terms.policy.version)
        turn.unit.record(None, sheets.begin(drafted, now=turn.now, terms=turn.terms), by=turn.person.id)


def _require_no_promise(turn: Turn, order: WorkOrder | None, words: str) -> None:
    known = cases.about(turn.connection, Compensation, order.subject) if order is not None else []
    require_no_promise(words, known)


def _rests(turn: Turn, person: int, until: datetime) -> None:
    """With his superior's consent somebody rests after a trip, and is not sent meanwhile (CLS-3).

    Who has leave for as long as that already needs no other.
    """
    known = roster.leave_of(turn.connection, person, since=turn.now)
    if any(one.state is LeaveState.GRANTED and one.start <= turn.now and until <= one.end for one in known):
        return
    rest = Absence(person, turn.now, until, "", LeaveState.GRANTED, decided_by=turn.person.id)
    require_askable(rest, known, now=turn.now)
    roster.ask_leave(turn.connection, rest, now=turn.now)
    entry = Entry("leave.granted", {"until": until.isoformat()}, "CLS-3")
    journal.append(turn.connection, f"person:{person}", (entry,), by=turn.person.id, at=turn.now)


def fetched(turn: Turn, pickup: Pickup) -> None:
    """He has what never was in the workshop; what is paid by invoice gets its invoice on this day (SLA-15)."""
    after = turn.unit.record(pickup, pickups.collected(pickup, **turn.deed), by=turn.person.id)
    turn.show(after.subject, "done.collected", number=after.about_number)
    _handed_over(turn, after)
    goods_outcomes.owed(turn, orders.by_id(turn.connection, after.about_order or 0), f"{after.number}-V")


def _handed_over(turn: Turn, pickup: Pickup) -> None:
    """What he waited for is his: the back-order is over as well (BKO-4)."""
    found = subjects.by_name(turn.connection, pickup.about)
    if isinstance(found, Backorder) and found.is_open:
        turn.unit.record(found, backorders.handed_over(found, now=turn.now), by=turn.person.id)


def excused(turn: Turn, pickup: Pickup, outcome: Words) -> None:
    ruling = pickups.excuse(pickup, outcome.text, outcome.picked, **turn.deed)
    turn.show(turn.unit.record(pickup, ruling, by=turn.person.id).subject, "done.excused")


def mailed(turn: Turn, pickup: Pickup, outcome: Words) -> None:
    ruling = pickups.mail(pickup, outcome.text, **turn.deed)
    turn.show(turn.unit.record(pickup, ruling, by=turn.person.id).subject, "done.mailed")
    _handed_over(turn, pickup)
    goods = goods_outcomes.of_pickup(turn, pickup)
    if goods is not None:
        turn.unit.record(goods, sent_by_post(goods, now=turn.now), by=turn.person.id)


def hurt(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    assert order is not None
    after = turn.unit.record(order, triggers.injured(order, outcome.text, **turn.deed), by=turn.person.id)
    turn.show_card(after.id, "done.injury", number=after.number)


def kept(turn: Turn, _subject: object, outcome: Kept) -> None:
    """A document stands in the library (REC-8)."""
    drafted = Document(
        number=yearly_number(turn.connection, "DO", turn.terms, turn.now), opened_at=turn.now, title=outcome.title,
        branch=turn.person.branch or turn.company.branch, sort=outcome.sort, article=outcome.article, place=outcome.place,
        photo=outcome.photo, policy_version=turn.terms.policy.version,
    )  # fmt: skip
    after = turn.unit.record(None, documents.keep(drafted, **turn.deed), by=turn.person.id)
    turn.show(after.subject, "done.document", number=after.number)


def machine_named(turn: Turn, _subject: object, outcome: Words) -> None:
    machines.show(turn, outcome.text)


def news_sent(turn: Turn, _subject: object, outcome: Words) -> None:
    """What was written goes to every customer who asked for it, and to nobody else (SUR-12)."""
    require(turn.person, Deed.SEND_NEWS)
    readers = news.who_want_news(turn.connection)
    body = said("news.body", {"company": turn.company.name, "words": outcome.text}, rows=[[button("news.stop", "m.news.no")]])
    for reader in readers:
        turn.unit.say(reader, body, priority=COURTESY)
    turn.reply("done.news", {"n": len(readers)})
