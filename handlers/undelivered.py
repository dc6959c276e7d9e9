"""What does not arrive: another messenger is tried, what can wait is held, and the supervisor hears of it (DESIGN 4)."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from handlers.events import Event
from handlers.said import Body, Row, literal_button, said
from handlers.turn import Company
from rules.cases import shown_number
from rules.decisions import Audience
from storage import notes, outbox, people, staffing, subjects, windows
from storage.outbox import COURTESY, MUST, REPLY, Parcel
from storage.unit import Unit
from storage.windows import Window

_UNTIL_SENT = timedelta(minutes=10)
"""A messenger may say that a message failed before we have written down that it was sent."""


def never(unit: Unit, company: Company, parcel: Parcel, reason: str) -> None:
    """It will not arrive there, ever: try the person's other messenger; where there is none, tell the supervisor of a must."""
    outbox.dead(unit.connection, parcel.id, reason=reason, now=unit.now)
    if parcel.kind == "settle" or reason in ("cannot-edit", "no-such-message"):
        return
    people.mark_unreachable(unit.connection, parcel.channel, parcel.chat, unit.now)
    if parcel.person is None:
        staffing.unbind_group(unit.connection, parcel.channel, parcel.chat)  # a group that we were sent out of
        return
    other = people.account_for(unit.connection, parcel.person)
    is_greeting = reason == "never-wrote" and parcel.priority == REPLY  # who only looked in is not missed
    if other is not None:
        _post_again(unit, parcel, other.channel, other.chat)
    elif parcel.is_must and not is_greeting:
        about = subjects.of_parcel(unit.connection, parcel)
        facts = {"person_id": parcel.person, "number": shown_number(about) if about else "—"}
        dedup = f"unreachable:{parcel.person}:{about.subject if about else ''}:{unit.now:%Y%m%d%H}"
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
    about = subjects.of_parcel(unit.connection, told)
    number = shown_number(about) if about else "—"
    facts = {"person_id": told.person, "number": number, "what": gist(told)}
    rows: list[Row] = [[literal_button(number, subjects.token(about, "card"))]] if about else []
    dedup = f"window:{told.person}:{window.heard_at or unit.now:%Y%m%d%H%M%S}"
    _alarm(unit, company, told, said("trouble.window-closed", facts, rows=rows), dedup)


def told(unit: Unit, company: Company, event: Event) -> None:
    """The messenger says that a message did not arrive after all, or that it takes no more until the person writes."""
    if event.problem in ("", "window"):
        windows.shut(unit.connection, event.channel, event.chat, event.n_said or 0)
    if event.message and not _failed(unit, company, event.channel, event.chat, event.message, event.problem):
        note, until = {"problem": event.problem}, unit.now + _UNTIL_SENT
        notes.put(unit.connection, event.channel, f"failed:{event.message}", note, until=until)


def was_sent(unit: Unit, company: Company, channel: str, chat: str, ref: str) -> None:
    """Whoever has just written down that a message was sent asks whether it was said meanwhile that it did not arrive."""
    known = notes.take(unit.connection, channel, f"failed:{ref}", now=unit.now)
    if known is not None:
        _failed(unit, company, channel, chat, ref, str(known["problem"]))


def _failed(unit: Unit, company: Company, channel: str, chat: str, ref: str, problem: str) -> bool:
    """What went out as the message `ref` is said anew, or never; False when nothing did."""
    parcels = windows.sent_as(unit.connection, channel, chat, ref)
    for parcel in parcels:
        windows.again(unit.connection, parcel, now=unit.now)
        if problem == "window":
            unit.lines.add((channel, chat))
        else:
            never(unit, company, parcel, problem)
    return bool(parcels)


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
    unit.lines.add((channel, chat))
    outbox.post(unit.connection, channel=channel, chat=chat, kind=parcel.kind, body=parcel.body, now=unit.now,
                person=parcel.person, priority=priority, order=parcel.order, subject=parcel.subject)  # fmt: skip


def _alarm(unit: Unit, company: Company, parcel: Parcel, body: Body, dedup: str) -> None:
    about = subjects.of_parcel(unit.connection, parcel)
    branch, barred = (about.ties.branch, about.ties.barred) if about else (company.branch, frozenset[int]())
    for one in people.audience(unit.connection, Audience.SUPERVISOR, branch, but_not=barred, now=unit.now):
        if one != parcel.person:
            unit.say(one, body, priority=MUST, order=parcel.order, dedup=f"{dedup}:{one}")
