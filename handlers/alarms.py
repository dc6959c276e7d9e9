"""Emergencies in chat: raised with one tap, one word or one voice note, and the steps that follow (SAF-4, ESC-13, DSP-11)."""

from dataclasses import replace
from functools import cache

from handlers import fitness, outcomes
from handlers.events import Kind
from handlers.questions import clean
from handlers.turn import Turn
from rules import emergencies
from rules.orders import FaultReport, WorkOrder
from storage import conversations, orders
from texts import catalog


def hears(turn: Turn) -> bool:
    """Whether what a customer just said is an emergency, by its words or by being a voice note; if so, it is raised (SAF-4)."""
    if turn.person.is_staff:
        return False
    policy, event = turn.terms.policy.emergency, turn.event
    kind = meant(clean(event.text), policy.kinds) if event.kind is Kind.TEXT else ""
    if not kind and event.kind is Kind.VOICE and policy.by_voice and event.media and not event.media.problem:
        live = conversations.live(turn.connection, turn.person.id)
        kind = policy.kinds[0] if live is None or live.flow in ("report", "talk") else ""
    if not kind or running(turn) is not None:
        return False
    sound(turn, kind)
    return True


@cache
def _words(kind: str) -> tuple[str, ...]:
    return tuple(catalog.words(f"emergency.{kind}.words"))


def meant(text: str, kinds: tuple[str, ...]) -> str:
    """The kind of emergency that words speak of, empty for none."""
    told = catalog.fold(text)
    return next((kind for kind in kinds if any(word in told for word in _words(kind))), "")


def running(turn: Turn) -> WorkOrder | None:
    """The emergency that this person has reported already."""
    return next((one for one in orders.open_for(turn.connection, turn.person) if is_own(one, turn.person.id)), None)


def is_own(order: WorkOrder, person: int) -> bool:
    return order.is_emergency and order.emergency is not None and order.emergency.by == person


def sound(turn: Turn, kind: str) -> None:
    """Raise the alarm; what is being asked meanwhile is put aside. Raised twice, it shows what is under way."""
    already = running(turn)
    if already is not None:
        turn.show_card(already.id, "alarm.on", number=already.number)
        return
    live = conversations.live(turn.connection, turn.person.id)
    if live is not None:
        conversations.end(turn.connection, live.id, now=turn.now)
    branch = turn.person.branch or turn.company.branch
    decision = emergencies.raise_alarm(
        _told(turn),
        kind,
        fitness.on_call(turn.connection, branch, terms=turn.terms, now=turn.now),
        number=outcomes.number_for(turn),
        branch=branch,
        customer=turn.person.id,
        **turn.deed,
    )
    turn.unit.record(None, decision, by=turn.person.id)


def _told(turn: Turn) -> FaultReport:
    """What is known without a question: these words, and where this person was helped last."""
    event = turn.event
    last = orders.history(turn.connection, customer=turn.person.id, limit=1)
    known = last[0].report if last else FaultReport(phone=turn.person.phone)
    media = event.media.sha256 if event.media and not event.media.problem else ""
    return replace(
        FaultReport(customer_name=known.customer_name or turn.person.name, address=known.address, phone=known.phone),
        latitude=known.latitude,
        longitude=known.longitude,
        model=known.model,
        contact=known.contact,
        zone=known.zone,
        fault=clean(event.text)[:500] if event.kind is Kind.TEXT and not event.text.startswith("/") else "",
        voices=(media,) if media and event.kind is Kind.VOICE else (),
    )
