"""Roster, leave, licences, standing in, things on loan: the short conversations about people at work (STF, ROL-6)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from handlers.ask import Ask
from handlers.desk import Desk
from rules.people import Role
from rules.roster import ROLES

DAY = timedelta(days=1)
REPEATS = {"once": 0, "week": 7, "four_weeks": 4}


@dataclass(frozen=True)
class Turns:
    """One person's duty, or several people's by turns: who, in which post, from when to when, how often."""

    people: tuple[int, ...]
    role: Role
    start: datetime
    end: datetime
    repeat: str = "once"
    weeks: int = 0


@dataclass(frozen=True)
class Spell:
    """A stretch of time with words, and whom it concerns."""

    start: datetime
    end: datetime
    words: str = ""
    person: int = 0
    other: int = 0


@dataclass(frozen=True)
class Kept:
    """Something that somebody has from now on: a licence, a tool, an amount."""

    person: int
    kind: str
    label: str
    quantity: str = ""
    until: date | None = None


async def duty(ask: Ask, desk: Desk) -> Turns:
    """Plan duty for one person (STF-5)."""
    role = Role(await ask.choice("role", [str(one) for one in ROLES]))
    who = await ask.choice("who", list(desk.names()), labels=desk.names())
    start, end = await _from_to(ask)
    repeat = await ask.choice("repeat", list(REPEATS))
    await ask.confirm()
    return Turns((int(who),), role, start, end, repeat)


async def rotation(ask: Ask, desk: Desk) -> Turns:
    """Plan duty that changes weekly (STF-4)."""
    role = Role(await ask.choice("role", [str(one) for one in ROLES]))
    names = desk.names()
    chosen: list[str] = []
    for n in range(1, 9):
        left = [one for one in names if one not in chosen]
        picked = await ask.choice(f"who{n}", left, labels=names, optional=n > 2) if left else None
        if picked is None:
            break
        chosen.append(picked)
    start, end = await _from_to(ask)
    weeks = await ask.number("weeks", at_least=1, at_most=26, is_whole=True)
    await ask.confirm()
    return Turns(tuple(int(one) for one in chosen), role, start, end, weeks=int(weeks or 1))


async def absence(ask: Ask, desk: Desk) -> Spell:
    """Ask for leave (STF-6)."""
    start = datetime.fromisoformat(await ask.moment("start"))
    end = datetime.fromisoformat(await ask.moment("end"))
    words = await ask.text("reason", at_most=300)
    await ask.confirm()
    if (end.hour, end.minute) == (0, 0):
        end += DAY  # a day alone means that day too
    return Spell(start, end, words)


async def deputy(ask: Ask, desk: Desk) -> Spell:
    """Who stands in, for whom, how long (ROL-6)."""
    names = desk.names()
    whom = str(desk.person.id)
    if desk.person.holds(Role.MANAGER):
        whom = await ask.choice("whom", list(names), labels=names)
    others = [one for one in names if one != whom]
    who = await ask.choice("who", others, labels=names)
    start = datetime.fromisoformat(await ask.moment("start"))
    end = datetime.fromisoformat(await ask.moment("end"))
    await ask.confirm()
    if (end.hour, end.minute) == (0, 0):
        end += DAY
    return Spell(start, end, person=int(whom), other=int(who))


async def licence(ask: Ask, desk: Desk) -> Kept:
    """Register a licence (DSP-14)."""
    names = desk.names()
    who = await ask.choice("who", list(names), labels=names)
    kind = await ask.choice("kind", desk.licence_kinds())
    number = await ask.text("number", at_most=60)
    until = datetime.fromisoformat(await ask.moment("until"))
    await ask.confirm()
    return Kept(int(who), kind, number, until=until.date())


async def lend(ask: Ask, desk: Desk) -> Kept:
    """Put a tool, parts or money into somebody's hands (STF-12)."""
    names = desk.names()
    who = await ask.choice("who", list(names), labels=names)
    kind = await ask.choice("kind", ["tool", "part", "advance", "cash", "file"])
    label = await ask.text("label", at_most=100)
    quantity = await ask.number("quantity", at_least=1)
    await ask.confirm()
    return Kept(int(who), kind, label, format(quantity or 1, "f"))


async def _from_to(ask: Ask) -> tuple[datetime, datetime]:
    """A turn's times; an end that is earlier in the day belongs to the next one."""
    start: Any = datetime.fromisoformat(await ask.moment("start"))
    end: Any = datetime.fromisoformat(await ask.moment("end"))
    return start, end + DAY if end <= start and end + DAY > start else end
