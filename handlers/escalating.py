"""Answering an escalation: taken by whom, quiet for everybody (DESIGN 10.5, ESC-17)."""

from handlers.said import said
from handlers.turn import Turn
from rules.cases import Case, shown_number
from rules.decisions import Audience, Entry
from rules.escalation import acknowledge as taken
from rules.escalation import next_moment
from rules.holds import is_paused
from rules.orders import WorkOrder
from storage import deadlines, journal
from storage.outbox import COURTESY
from storage.unit import whom


def acknowledge(turn: Turn, subject: WorkOrder | Case, clock: str) -> None:
    """Take an escalation on, for whoever may: the ladder pauses, everybody who heard of it hears who has it."""
    turn = turn.under(subject)
    number, running = shown_number(subject), deadlines.of(turn.connection, subject.subject).get(clock)
    if running is None:
        turn.reply("escalation.over", {"number": number})
        return
    if running.watch.acknowledged_by not in (None, turn.person.id):
        turn.reply("escalation.has-it", {"number": number, "holder_id": running.watch.acknowledged_by})
        return
    watch = taken(running.watch, by=turn.person.id, now=turn.now, policy=turn.terms.policy)
    stands_still = isinstance(subject, WorkOrder) and is_paused(subject, clock)  # nobody asks back while the clock is held
    deadlines.keep(turn.connection, running, watch, next_at=None if stands_still else next_moment(watch, turn.terms.policy))
    entry = Entry("escalation.acknowledged", {"clock": clock, "rung": watch.rung}, "ESC-17")
    journal.append(turn.connection, subject.subject, (entry,), by=turn.person.id, at=turn.now)
    facts = {"number": number, "holder_id": turn.person.id}
    for person in _others(turn, subject, is_breach=watch.breach_at is not None):
        order = subject.id if isinstance(subject, WorkOrder) else None
        turn.unit.say(person, said("escalation.taken", facts), priority=COURTESY, order=order)
    turn.reply("escalation.yours", {"number": number, "pause": watch.snoozed_until and watch.snoozed_until - turn.now})


def _others(turn: Turn, subject: WorkOrder | Case, *, is_breach: bool) -> list[int]:
    """Who else heard of it: whose turn it is, the supervisor of an order, after a breach the manager."""
    to: list[Audience | int] = [*subject.owners]
    to += [Audience.SUPERVISOR] if isinstance(subject, WorkOrder) else []
    to += [Audience.MANAGER] if is_breach else []
    return sorted(set(whom(turn.connection, subject, to, turn.now)) - {turn.person.id})
