"""Words, photos and voice notes that answer no question: put with the order they belong to, never dropped (DESIGN 10.2)."""

from datetime import datetime, timedelta

from handlers import departing, menu, small_talk
from handlers.actions import known_orders
from handlers.events import Kind
from handlers.flowbook import ENGINE
from handlers.flows.papers import Words
from handlers.questions import MOST_TEXT, clean
from handlers.said import button, in_rows, literal_button, said
from handlers.survey_outcomes import commented
from handlers.turn import Turn
from handlers.words import order_number
from rules import late_photos, pickups
from rules.cases import shown_number
from rules.compensations import Compensation, require_no_promise
from rules.complaint_intake import add_note
from rules.complaint_nexts import is_in_sight
from rules.complaints import Complaint
from rules.decisions import Audience
from rules.dispatch import is_under_way
from rules.goods import Goods
from rules.orders import WorkOrder
from rules.people import Deed, Standing, may, require
from rules.pickups import Pickup
from rules.returns import Return, ReturnStage
from rules.surveys import Survey
from storage import cases, living_cards, orders, people, remarks, subjects
from storage.outbox import MUST
from storage.remarks import Remark
from storage.subjects import token
from storage.unit import whom

_KINDS = {Kind.TEXT: "text", Kind.PHOTO: "photo", Kind.VOICE: "voice", Kind.FILE: "file", Kind.LOCATION: "text"}

_SHOWN = 40
"""Characters of a report that are said back to whoever began it."""

_FRESH = timedelta(days=2)
"""So long what a customer writes may be about goods that he brought back and nobody has closed."""


def take(turn: Turn) -> None:
    """Attribute what came by reply, by the order in hand, or ask with one tap; a customer without a call begins one."""
    event = turn.event
    if event.media and event.media.problem:
        turn.reply(f"misread.file-{event.media.problem}")
        return
    text = clean(event.text)
    if event.place:
        text = f"{event.place.label} {event.place.latitude:.5f}, {event.place.longitude:.5f}".strip()
    if len(text) > MOST_TEXT:
        turn.reply("misread.too-long", {"most": MOST_TEXT, "length": len(text)})
        return
    if _is_about_case(turn, text):
        return
    order, choices = _which(turn)
    if event.kind is Kind.TEXT and _means_something_else(turn, text, order, choices):
        return
    if order is None and not choices:
        goods = None if turn.person.is_staff else _goods_of(turn)
        if goods is not None:
            _pass_on_about(turn, goods, text)
        else:
            _nowhere(turn, text)
        return
    remark = remarks.add(
        turn.connection,
        person=turn.person.id,
        order=order.id if order else None,
        kind=_KINDS.get(event.kind, "text"),
        text=text,
        sha256=event.media.sha256 if event.media else "",
        sent_at=event.at,
        now=turn.now,
    )
    if order is not None:
        pass_on(turn, remark, order)
        return
    rows = in_rows([literal_button(f"{one.number} {one.report.model[:12]}", f"r.{remark.id}.{one.id}") for one in choices], 1)
    turn.reply("remark.which", rows=rows, collapses=True)


def _means_something_else(turn: Turn, text: str, order: WorkOrder | None, choices: list[WorkOrder]) -> bool:
    """Whether typed words are no note at all: a line of the list before leaving, or small talk; if so, they are answered."""
    if turn.event.message:
        return False
    return (order is not None and departing.by_word(turn, text, order)) or small_talk.answers(turn, text, order, choices)


def _is_about_case(turn: Turn, text: str) -> bool:
    """Whether it was a reply to a complaint's card, with which it is kept, or to an opinion card, whose comment it is."""
    name = living_cards.subject_of(turn.connection, turn.account.channel, turn.account.chat, turn.event.message)
    found = subjects.by_name(turn.connection, name)
    if not isinstance(found, Complaint | Survey) or not is_in_sight(found, turn.person):
        return False
    media = turn.event.media
    sha256, kind = (media.sha256, _KINDS.get(turn.event.kind)) if media else ("", "")
    if isinstance(found, Survey) and text:
        commented(turn, found, Words(text))
        return True
    if not isinstance(found, Complaint):
        return False
    photo, voice = (sha256 if kind == "photo" else "", sha256 if kind == "voice" else "")
    turn.unit.record(found, add_note(found, text, photo, voice, **turn.deed), by=turn.person.id)
    turn.reply("done.case-note", {"number": found.number}, collapses=True)
    return True


def _goods_of(turn: Turn) -> Pickup | Return | Goods | None:
    """What a customer without a call may mean: his goods that wait for him, that he brought back, or that are with us."""
    kinds: tuple[type[Pickup | Return | Goods], ...] = (Pickup, Return, Goods)
    found = (one for kind in kinds for one in cases.of_customer(turn.connection, kind, turn.person.id))
    return next((one for one in found if one.is_open and _may_be_meant(one, turn.now)), None)


def _may_be_meant(goods: Pickup | Return | Goods, now: datetime) -> bool:
    """What was brought back, decided and forgotten at the counter must not swallow the report of a fault weeks later."""
    return not isinstance(goods, Return) or goods.stage == ReturnStage.ASKED or now - goods.opened_at < _FRESH


def _pass_on_about(turn: Turn, goods: Pickup | Return | Goods, text: str) -> None:
    """Whoever has to do with the goods reads what the customer writes, and the customer how to report something else."""
    media, kind = turn.event.media, _KINDS.get(turn.event.kind, "text")
    number = shown_number(goods)
    facts = {"number": number, "by_id": turn.person.id, "words": text or {"text": f"word.{kind}"}}
    body = said("remark.from-customer", facts, rows=[[button("button.case", token(goods, "card"))]])
    if media:
        body[f"{kind}s"] = [media.sha256]
    if isinstance(goods, Pickup):
        _answers(turn, goods, text)
    owners = goods.owners or ((goods.by,) if isinstance(goods, Return) else ())
    for person in whom(turn.connection, goods, owners, turn.now):
        turn.unit.say(person, body, priority=MUST, subject=f"{goods.subject}:note")
    rows = [[button("menu.report", "m.report")]]
    turn.reply("remark.kept-goods", {"number": number}, rows=rows, collapses=True)


def _answers(turn: Turn, pickup: Pickup, text: str) -> None:
    """What he writes while his goods wait for him stands on their card."""
    if text and pickup.is_open:
        turn.unit.record(pickup, pickups.answer(pickup, text, **turn.deed), by=turn.person.id)


def place(turn: Turn, remark_id: int, order_id: int) -> None:
    """One tap said which order; whatever else still waits goes there too."""
    order = turn.order(order_id)
    mine = remarks.by_id(turn.connection, remark_id)
    if mine is None or mine.person != turn.person.id or mine.order is not None:
        turn.reply("talk.passed")
        return
    for remark in remarks.unplaced(turn.connection, turn.person.id):
        remarks.place(turn.connection, remark.id, order.id)
        pass_on(turn, remark, turn.order(order_id))  # as the photo before it may have changed it (VIS-21)


def relay(turn: Turn, remark_id: int) -> None:
    """Pass a colleague's note on to the customer, once somebody says so."""
    remark = remarks.by_id(turn.connection, remark_id)
    if remark is None or remark.order is None:
        turn.reply("talk.passed")
        return
    order = turn.order(remark.order)
    require(turn.person, Deed.RELAY, order.ties)
    require_no_promise(remark.text, cases.about(turn.connection, Compensation, order.subject))
    if remark.is_relayed:
        turn.reply("remark.relayed-before", {"number": order.number})
        return
    remarks.relay(turn.connection, remark.id, turn.now)
    _tell(turn, [order.customer], remark, order, "remark.to-customer")
    turn.reply("remark.relayed", {"number": order.number})


def pass_on(turn: Turn, remark: Remark, order: WorkOrder) -> None:
    """The other side hears of it: the customer's words reach technician and office, the staff's reach the office (CND-1)."""
    require(turn.person, Deed.REMARK, order.ties)
    office = people.audience(turn.connection, Audience.SUPERVISOR, order.branch, now=turn.now)
    called = order.offered_to if order.is_emergency else ()
    others = [one for one in dict.fromkeys((*order.crew, *called, *office)) if one != turn.person.id]
    if turn.person.id == order.customer:
        for pickup in cases.of_customer(turn.connection, Pickup, order.customer):
            if pickup.about_number == order.number:
                _answers(turn, pickup, remark.text)
        _tell(turn, others, remark, order, "remark.from-customer")
        if small_talk.asks_when(remark.text):  # the promise stands on the card
            turn.show_card(order.id, "remark.kept-when", number=order.number)
            return
        turn.reply("remark.passed-on", {"number": order.number}, collapses=True)
        return
    if remark.kind == "photo" and _belongs_to_a_step(turn, remark, order):
        return
    _tell(turn, others, remark, order, "remark.from-staff")
    rows = []
    if may(turn.person, Deed.RELAY, order.ties):
        rows = [[{"label": {"text": "button.relay"}, "token": f"f.{remark.id}", "tone": "plain"}]]
    turn.reply("remark.kept", {"number": order.number}, rows=rows, collapses=True)


def _belongs_to_a_step(turn: Turn, remark: Remark, order: WorkOrder) -> bool:
    """Whether it is a photo that a step waits for, with which it is kept from now on (VIS-21)."""
    step = late_photos.takes(order) if turn.person.id in order.crew else None
    if step is None:
        return False
    turn.unit.record(order, late_photos.add(order, step, remark.sha256, **turn.deed), by=turn.person.id)
    turn.reply("remark.late-photo", {"number": order.number, "step": {"text": f"step.{step}"}}, collapses=True)
    return True


def _tell(turn: Turn, to: list[int], remark: Remark, order: WorkOrder, text: str) -> None:
    facts = {"number": order.number, "by_id": remark.person, "words": remark.text or {"text": f"word.{remark.kind}"}}
    body = said(text, facts)
    if remark.sha256:
        body[f"{remark.kind}s"] = [remark.sha256]
    for person in to:
        turn.unit.say(person, body, priority=MUST, subject=f"order:{order.id}:note", order=order.id)


def _which(turn: Turn) -> tuple[WorkOrder | None, list[WorkOrder]]:
    """The order that is meant, or those among which to choose."""
    about = living_cards.subject_of(turn.connection, turn.account.channel, turn.account.chat, turn.event.message)
    if about.startswith("order:"):
        found = orders.by_id(turn.connection, int(about.split(":")[1]))
        if found is not None and may(turn.person, Deed.REMARK, found.ties):
            return found, []
    number = order_number(turn.event.quoted)
    quoted = orders.by_number(turn.connection, number) if number else None
    if quoted is not None and may(turn.person, Deed.REMARK, quoted.ties):
        return quoted, []
    known = known_orders(turn)
    in_hand = [one for one in known if one.is_emergency] or [one for one in known if is_under_way(one)]
    if len(known) == 1 or len(in_hand) == 1:
        return (in_hand or known)[0], []
    return None, known[:8]


def _nowhere(turn: Turn, text: str) -> None:
    """No open order: a customer begins a report with what he sent, staff hear what they can do."""
    event = turn.event
    if turn.person.is_staff and turn.person.standing is not Standing.ACTIVE:
        menu.welcome(turn)
        return
    if turn.person.is_staff:
        turn.reply("remark.nowhere", rows=in_rows([button(f"menu.{one}", f"m.{one}") for one in menu.offered(turn)[:4]]))
        return
    answers, note = dict[str, object](), None
    if event.kind is Kind.TEXT and text:
        answers["fault"], note = text, said("report.heard", {"fault": text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"})
    elif event.kind is Kind.VOICE and event.media:
        answers["fault"] = {"voice": event.media.sha256, "seconds": event.media.seconds}
    elif event.kind is Kind.PHOTO and event.media:
        answers["photos~"] = [event.media.sha256]
        if text:
            answers["fault"] = text
        else:
            note = said("ask.n-photos", {"n": 1})
    ENGINE.start(turn, "report", answers=answers, note=note)
