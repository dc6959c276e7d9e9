"""What is done with planned duty, leave, licences, deputies and loans: load, decide, record (STF, DSP-14, ROL-6)."""

from zoneinfo import ZoneInfo

from handlers.flows.duty import REPEATS, Kept, Spell, Turns
from handlers.said import button, said
from handlers.turn import Turn
from rules.absences import Absence, require_askable
from rules.decisions import Audience, Entry
from rules.licences import Licence
from rules.people import Deed, require
from rules.refusals import Refused
from rules.roster import DAY, Duty, by_turns, require_sound, turn_of, without_rest
from rules.standins import require_deputy
from storage import journal, people, roster, staffing
from storage.outbox import MUST


def planned(turn: Turn, _subject: object, outcome: Turns) -> None:
    """Turns are planned if they can stand; whoever has them hears, and a missing day of rest is pointed out (STF-2, STF-5)."""
    require(turn.person, Deed.PLAN_DUTY)
    branch = turn.person.branch or turn.company.branch
    plan(turn, _turns(turn, outcome, branch))
    facts = {"start": outcome.start, "end": outcome.end}
    for person in outcome.people:
        if person != turn.person.id:
            turn.unit.say(person, said("notice.duty", facts), priority=MUST)
    tired = without_rest(roster.of(turn.connection, outcome.people, since=turn.now), turn.company.zone)
    lines = [{"text": "duty.no-rest", "facts": {"person_id": person, "day": day}} for person, day in tired.items()]
    turn.reply("done.duty", lines=lines)


def plan(turn: Turn, turns: list[Duty]) -> None:
    """Put turns into the roster. Raises Refused."""
    known = roster.of(turn.connection, {one.person for one in turns}, since=turn.now)
    require_sound(turns, known, now=turn.now)
    roster.add(turn.connection, turns, by=turn.person.id)
    entry = Entry("duty.planned", {"n": len(turns)}, "STF-5")
    for person in dict.fromkeys(one.person for one in turns):
        journal.append(turn.connection, f"person:{person}", (entry,), by=turn.person.id, at=turn.now)


def _turns(turn: Turn, outcome: Turns, branch: str) -> list[Duty]:
    here = ZoneInfo(turn.company.zone)
    start, end = outcome.start.astimezone(here), outcome.end.astimezone(here)
    if outcome.weeks:
        return list(
            by_turns(
                outcome.people, outcome.role, branch, first=start.date(), weeks=outcome.weeks, start=start.time(),
                end=end.time(), zone=turn.company.zone,
            )
        )  # fmt: skip
    times, step = (max(REPEATS[outcome.repeat], 1), 7 if outcome.repeat == "four_weeks" else 1)
    if times == 1:
        return [Duty(outcome.people[0], outcome.role, branch, outcome.start, outcome.end)]
    return [
        turn_of(outcome.people[0], outcome.role, branch, start.date() + DAY * step * n, start.time(), end.time(), str(here))
        for n in range(times)
    ]


def leave_asked(turn: Turn, _subject: object, outcome: Spell) -> None:
    """A request goes to the superior, never to oneself (STF-6)."""
    require(turn.person, Deed.ASK_LEAVE)
    new = Absence(turn.person.id, outcome.start, outcome.end, outcome.words)
    require_askable(new, roster.leave_of(turn.connection, turn.person.id, since=turn.now), now=turn.now)
    kept = roster.ask_leave(turn.connection, new, now=turn.now)
    entry = Entry("leave.asked", {"days": (new.end - new.start).days}, "STF-6")
    journal.append(turn.connection, f"person:{turn.person.id}", (entry,), by=turn.person.id, at=turn.now)
    facts = {"person_id": turn.person.id, "start": new.start, "end": new.end, "reason": new.reason}
    yes = button("leave.grant", f"w.grant.{kept.id}", tone="primary")
    rows = [[yes, button("leave.refuse", f"w.deny.{kept.id}", tone="danger")]]
    for one in _superiors(turn):
        turn.unit.say(one, said("notice.leave-asked", facts, rows=rows), priority=MUST)
    turn.reply("done.absence")


def _superiors(turn: Turn) -> list[int]:
    """The supervisors of one's branch, or the manager for one of them."""
    branch = turn.person.branch or turn.company.branch
    for post in (Audience.SUPERVISOR, Audience.MANAGER, Audience.SERVICE_DEPT, Audience.ADMINISTRATOR):
        found = [one for one in people.audience(turn.connection, post, branch, now=turn.now) if one != turn.person.id]
        if found:
            return found
    return []


def deputy_named(turn: Turn, _subject: object, outcome: Spell) -> None:
    """Both hear of it, and the time is limited (ROL-6)."""
    person, deputy = people.person(turn.connection, outcome.person), people.person(turn.connection, outcome.other)
    known = roster.stand_ins(turn.connection, since=turn.now)
    one = require_deputy(person, deputy, outcome.start, outcome.end, known=known, by=turn.person, now=turn.now)
    roster.stand_in(turn.connection, one, now=turn.now)
    entry = Entry("deputy.named", {"deputy": deputy.id}, "ROL-6")
    journal.append(turn.connection, f"person:{person.id}", (entry,), by=turn.person.id, at=turn.now)
    facts = {"person_id": person.id, "deputy_id": deputy.id, "start": one.start, "end": one.end}
    for reader in {person.id, deputy.id} - {turn.person.id}:
        turn.unit.say(reader, said("notice.deputy", facts), priority=MUST)
    turn.reply("done.deputy", facts)


def licensed(turn: Turn, _subject: object, outcome: Kept) -> None:
    """A licence is registered; one that is over already is refused (DSP-14)."""
    require(turn.person, Deed.KEEP_LICENCES)
    assert outcome.until is not None  # the flow asks for it
    if outcome.until < turn.terms.calendar.local_day(turn.now):
        raise Refused("licence-over", rule="DSP-14", date=outcome.until)
    new = Licence(outcome.person, outcome.kind, outcome.label, outcome.until)
    staffing.keep_licence(turn.connection, new, by=turn.person.id, now=turn.now)
    entry = Entry("licence.kept", {"kind": new.kind, "until": new.expires_on}, "DSP-14")
    journal.append(turn.connection, f"person:{new.person}", (entry,), by=turn.person.id, at=turn.now)
    turn.reply("done.licence", {"person_id": new.person, "kind": {"text": f"licence.{new.kind}"}, "until": new.expires_on})


def lent(turn: Turn, _subject: object, outcome: Kept) -> None:
    """Somebody answers for something from now on, and hears so; nobody lends to himself (STF-12)."""
    require(turn.person, Deed.LEND)
    if outcome.person == turn.person.id:
        raise Refused("not-your-own", rule="STF-12")
    one = staffing.lend(
        turn.connection, outcome.person, outcome.kind, outcome.label, outcome.quantity, by=turn.person.id, now=turn.now
    )
    entry = Entry("holding.lent", {"holding": one.id, "kind": one.kind}, "STF-12")
    journal.append(turn.connection, f"person:{one.person}", (entry,), by=turn.person.id, at=turn.now)
    facts = {"label": one.label, "quantity": one.quantity, "person_id": one.person}
    turn.unit.say(one.person, said("notice.lent", facts), priority=MUST)
    turn.reply("done.lend", facts)
