"""Somebody leaves: who, when, to whom; and who gets which of his things (STF-9..11)."""

from dataclasses import dataclass
from datetime import date, datetime

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.papers import Words
from rules.handovers import Handover

ALL = "all"


@dataclass(frozen=True)
class Leaving:
    """Who leaves, his last day, and who gets what nobody else is named for."""

    person: int
    last_day: date
    successor: int | None


async def leaving(ask: Ask, desk: Desk) -> Leaving:
    """Register that somebody leaves (STF-9, STF-10)."""
    staff = desk.staff_in_reach()
    who = await ask.choice("who", list(staff), labels=staff)
    last = datetime.fromisoformat(await ask.moment("last"))
    names = desk.names(desk.branch_of(int(who)))
    others = [one for one in names if one != who]
    successor = await ask.choice("successor", others, labels=names, optional=True)
    await ask.confirm()
    return Leaving(int(who), last.date(), int(successor) if successor else None)


async def successor(ask: Ask, desk: Desk) -> Words:
    """Who gets one of the things, or all of them (STF-11)."""
    handover = desk.about(Handover)
    points = {one.subject: one.label for one in desk.to_hand_over(handover)}
    labels = {ALL: desk.named("successor.which.all"), **points}
    which = await ask.choice("which", [ALL, *points], labels=labels)
    names = {number: name for number, name in desk.names(handover.branch).items() if number != str(handover.person)}
    who = await ask.choice("who", list(names), labels=names)
    return Words(which, picked=int(who))
