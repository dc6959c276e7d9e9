"""What does not arrive: another messenger is tried, what can wait is held, and the supervisor hears of it (DESIGN 4)."""

from collections.abc import Collection, Sequence
from typing import Any

from handlers.events import Event
from handlers.said import Body, literal_button, said
from handlers.turn import Company
from rules.decisions import Audience
from storage import orders, outbox, people, windows
from storage.outbox import COURTESY, MUST, Parcel
from storage.unit import Unit
from storage.windows import Window


def never(unit: Unit, company: Company, parcel: Parcel, reason: str) -> None:
    """It will not arrive there, ever: try the person's other messenger; where there is none, tell the supervisor of a must."""
    outbox.dead(unit.connection, parcel.id, reason=reason, now=unit.now)
    if parcel.kind == "settle" or reason in ("cannot-edit", "no-such-message"):
        return
    people.mark_unreachable(unit.connection, parcel.channel, parcel.chat, unit.now)
    if parcel.person is None:
        return
    other = people.account_for(unit.connection, parcel.person)
    if other is not None:
        _post_again(unit, parcel, other.channel, other.chat)
    elif parcel.is_must:
        number = _number(unit, parcel)
        facts = {"person_id": parcel.person, "number": number or "—"}
        dedup = f"unreachable:{parcel.person}:{parcel.order}:{unit.now:%Y%m%d%H}"
        _alarm(unit, company, parcel, said("trouble.unreachable", facts), dedup)


def hold(
    unit: Unit, company: Company, parcels: Sequence[Parcel], window: Window, *, elsewhere: Collection[str], is_refused: bool
) -> None:
    """Nothing more may be said there until the person writes. A must goes by one of the channels `elsewhere` if it can.

    What stays is held, and once a window the supervisor hears what waits and that somebody should telephone.
    """
    left = [one for one in parcels if not _goes_elsewhere(unit, one, elsewhere)]
    windows.hold(unit.connection, left, is_refused=is_refused)
    told = next((one for one in left if one.priority == MUST and one.person is not None), None)
    if told is None:
        return
    number = _number(unit, told)
    facts = {"person_id": told.person, "number": number or "—", "what": gist(told)}
    rows = [[literal_button(number, f"o.{told.order}.card")]] if number else []
    dedup = f"window:{told.person}:{window.heard_at or unit.now:%Y%m%d%H%M%S}"
    _alarm(unit, company, told, said("trouble.window-closed", facts, rows=rows), dedup)


def told(unit: Unit, company: Company, event: Event) -> None:
    """The messenger says that a message did not arrive after all, or that it takes no more until the person writes."""
    if event.problem in ("", "window"):
        windows.shut(unit.connection, event.channel, event.chat, event.n_said or 0)
    for parcel in windows.sent_as(unit.connection, event.channel, event.chat, event.message):
        windows.again(unit.connection, parcel, now=unit.now)
        if event.problem != "window":
            never(unit, company, parcel, event.problem)


def gist(parcel: Parcel) -> dict[str, Any]:
    """What a message says, in one line that is rendered for whoever reads of it."""
    line = parcel.body.get("headline") or parcel.body
    return {"text": line["text"], "facts": line.get("facts", {})} if line.get("text") else {"text": "window.card"}


def _goes_elsewhere(unit: Unit, parcel: Parcel, elsewhere: Collection[str]) -> bool:
    if parcel.priority != MUST or parcel.person is None:
        return False
    found = people.accounts_of(unit.connection, parcel.person)
    other = next((one for one in found if one.is_reachable and one.channel in elsewhere), None)
    if other is None:
        return False
    _post_again(unit, parcel, other.channel, other.chat)
    outbox.dropped(unit.connection, parcel.id, reason="elsewhere", now=unit.now)
    return True


def _post_again(unit: Unit, parcel: Parcel, channel: str, chat: str) -> None:
    priority = MUST if parcel.is_must else COURTESY
    outbox.post(unit.connection, channel=channel, chat=chat, kind=parcel.kind, body=parcel.body, now=unit.now,
                person=parcel.person, priority=priority, order=parcel.order, subject=parcel.subject)  # fmt: skip


def _number(unit: Unit, parcel: Parcel) -> str:
    order = orders.by_id(unit.connection, parcel.order) if parcel.order else None
    return order.number if order else ""


def _alarm(unit: Unit, company: Company, parcel: Parcel, body: Body, dedup: str) -> None:
    order = orders.by_id(unit.connection, parcel.order) if parcel.order else None
    for one in people.audience(unit.connection, Audience.SUPERVISOR, order.branch if order else company.branch):
        if one != parcel.person:
            unit.say(one, body, priority=MUST, order=parcel.order, dedup=f"{dedup}:{one}")
