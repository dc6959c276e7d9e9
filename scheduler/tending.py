"""Once a day, when people are up: contracts, licences that end, leavers after their last day (MNT-1, MNT-3, DSP-14, STF-9)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from rules.attendance import missed
from rules.decisions import Audience
from rules.handovers import Handover, HandoverStage
from rules.hours import day_bounds
from rules.licences import expiring
from rules.policies import quiet_hours
from rules.refusals import Refused
from rules.terms import Terms
from scheduler import campaigns, promised
from scheduler.digests import first_time
from scheduler.telling import post
from storage import attendance, cases, openings, people, roster, staffing
from storage.tending import tend_contracts, tend_quotes

_USUAL = time(9)
_A_FORTNIGHT = timedelta(days=14)


def opening(day: date, terms: Terms) -> datetime:
    """When a day begins for customers and staff: with the working hours, on a day off at nine, never in the quiet hours."""
    here = ZoneInfo(terms.calendar.zone)
    begins = terms.calendar.day_start(day) or datetime.combine(day, _USUAL, here)
    return max(begins, datetime.combine(day, quiet_hours(terms.policy)[1], here))


def daily(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """Whatever the calendar asks for today, caught up with whenever somebody looks; returns how much was done."""
    day = terms.calendar.local_day(now)
    if now < opening(day, terms) or not first_time(connection, "tending", day.isoformat(), 0, now):
        return 0
    n_done = tend_contracts(connection, terms, now=now) + tend_quotes(connection, terms, now=now)
    n_done += _licences(connection, terms, day, now)
    n_done += promised.daily(connection, terms, day, now=now)
    n_done += campaigns.daily(connection, terms, day, now=now)
    return n_done + _leavers(connection, day, now) + _absent(connection, terms, day, now)


def _absent(connection: Connection, terms: Terms, day: date, now: datetime) -> int:
    """HR hears of whoever missed yesterday too much without leave (STF-7); of nobody who does not sign in."""
    yesterday, n_told = day - timedelta(days=1), 0
    first = min(yesterday.replace(month=1, day=1), yesterday - _A_FORTNIGHT)  # days in a row go on over the new year
    since = day_bounds(yesterday, terms.calendar.zone)[0] - attendance.USES
    for who in attendance.who_signs_in(connection, since=since):
        person = people.person(connection, who)
        found = missed(attendance.days_of(connection, who, first, yesterday, terms), terms.policy.hours)
        if found is None or found.last != yesterday or not person.holds_any_post:
            continue
        facts = {"person_id": who, "row": found.in_a_row, "year": found.in_the_year, "day": found.last}
        body = {"text": "notice.absent", "facts": facts, "lines": [], "rows": []}
        for reader in people.audience(connection, Audience.HR, person.branch, but_not=(who,), now=now):
            post(connection, reader, body, now=now, dedup=f"absent:{who}:{found.last}:{reader}")
            n_told += 1
    return n_told


def _leavers(connection: Connection, day: date, now: datetime) -> int:
    """After his last day, all being handed over, a leaver's rights end; what has come up since is told (STF-9, STF-11)."""
    n_done = 0
    for one in cases.every(connection, Handover):
        gone = roster.leaves_on(connection, one.person) if one.stage == HandoverStage.DONE and one.last_day < day else None
        leaver = people.person(connection, one.person)
        if gone is None or gone > now or not leaver.holds_any_post:
            continue
        try:
            openings.end_service(connection, leaver, by=None, now=now)
        except Refused as refused:
            _still_open(connection, one, refused.facts.get("numbers", ()), now)
        n_done += 1
    return n_done


def _still_open(connection: Connection, handover: Handover, numbers: Sequence[str], now: datetime) -> None:
    facts = {"person_id": handover.person, "numbers": list(numbers) or "—"}
    body = {"text": "notice.still-open", "facts": facts, "lines": [], "rows": []}
    for reader in people.audience(connection, Audience.SUPERVISOR, handover.branch, but_not=(handover.person,), now=now):
        post(connection, reader, body, now=now, dedup=f"still-open:{handover.id}:{now:%y%m%d}:{reader}")


def _licences(connection: Connection, terms: Terms, day: date, now: datetime) -> int:
    """Each licence that ends soon is told once, to its holder and his supervisor (DSP-14)."""
    n_told = 0
    for one in expiring(staffing.every_licence(connection), terms.policy, today=day):
        holder = people.person(connection, one.person)
        facts = {"person_id": one.person, "kind": {"text": f"licence.{one.kind}"}, "until": one.expires_on}
        body = {"text": "licence.expires", "facts": facts, "lines": [], "rows": []}
        readers = [holder.id, *people.audience(connection, Audience.SUPERVISOR, holder.branch, now=now)]
        for reader in dict.fromkeys(readers):
            if first_time(connection, "licence", f"{one.id}:{one.expires_on:%y%m%d}", reader, now):
                post(connection, reader, body, now=now, dedup=f"licence:{one.id}:{one.expires_on}:{reader}")
                n_told += 1
    return n_told
