"""The roster: who is on duty, who hears of something now, and whether a plan can stand (STF-2, STF-4, STF-5, ESC-17)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from rules.people import Role
from rules.refusals import Refused

DAY = timedelta(days=1)
LONGEST = timedelta(hours=24)
ROLES = (Role.TECHNICIAN, Role.SUPERVISOR, Role.CLERK, Role.MANAGER)
"""Whose duty can be planned."""
WITHOUT_REST = 6
"""Days in a row after which a day off is due: at least one in seven (STF-2)."""


@dataclass(frozen=True)
class Duty:
    """One person's turn in a post of a branch, from `start` to before `end` (aware UTC)."""

    person: int
    role: Role
    branch: str
    start: datetime
    end: datetime
    id: int = 0

    def covers(self, at: datetime) -> bool:
        return self.start <= at < self.end


def on_duty(duties: Iterable[Duty], at: datetime) -> tuple[int, ...]:
    """Who has duty at a moment, each once, in the order of the roster."""
    return tuple(dict.fromkeys(one.person for one in duties if one.covers(at)))


def hearers(post: Sequence[int], duties: Iterable[Duty], away: Collection[int], at: datetime) -> tuple[int, ...]:
    """Who of the holders of a post hears of something now (STF-5, ESC-17).

    Whoever is on duty; where the roster says nothing, everybody who is not away; where all are away, everybody: somebody must.
    """
    present = tuple(one for one in post if one not in away)
    turn = [one for one in on_duty(duties, at) if one in present]
    return tuple(turn) or present or tuple(post)


def require_sound(new: Sequence[Duty], known: Iterable[Duty], *, now: datetime) -> None:
    """Raise Refused for turns that can't be: backwards, too long, over already, or twice at once (STF-4, STF-5)."""
    for one in new:
        if one.end <= one.start:
            raise Refused("duty-backwards", rule="STF-5", start=one.start, end=one.end)
        if one.end - one.start > LONGEST:
            raise Refused("duty-too-long", rule="STF-5", hours=LONGEST)
        if one.end <= now:
            raise Refused("duty-over", rule="STF-4", end=one.end)
    for person in {one.person for one in new}:
        every = sorted({one for one in (*known, *new) if one.person == person}, key=lambda one: (one.start, one.end))
        for earlier, later in pairwise(every):
            if later.start < earlier.end and (earlier in new or later in new):
                raise Refused("duty-overlaps", rule="STF-5", person_id=person, start=later.start, end=earlier.end)


def without_rest(duties: Iterable[Duty], zone: str) -> dict[int, date]:
    """People who are planned on more than six days in a row, each with the day on which rest was due (STF-2)."""
    days: dict[int, set[date]] = {}
    for one in duties:
        days.setdefault(one.person, set()).add(one.start.astimezone(ZoneInfo(zone)).date())
    found: dict[int, date] = {}
    for person, planned in days.items():
        for day in sorted(planned):
            if all(day - DAY * n in planned for n in range(WITHOUT_REST + 1)):
                found[person] = day
                break
    return found


def turn_of(person: int, role: Role, branch: str, day: date, start: time, end: time, zone: str) -> Duty:
    """One turn by local times; an end that is not after the start is on the next day."""
    here = ZoneInfo(zone)
    last = day if end > start else day + DAY
    return Duty(person, role, branch, datetime.combine(day, start, here), datetime.combine(last, end, here))


def by_turns(
    people: Sequence[int], role: Role, branch: str, *, first: date, weeks: int, start: time, end: time, zone: str
) -> tuple[Duty, ...]:
    """Duty every day, changing weekly from one person to the next (STF-4)."""
    return tuple(
        turn_of(people[week % len(people)], role, branch, first + DAY * (7 * week + n), start, end, zone)
        for week in range(weeks)
        for n in range(7)
    )
