"""Answering an escalation: taken by whom, quiet for everybody (DESIGN 10.5, ESC-17)."""

from handlers.said import said
from handlers.turn import Turn
from rules.decisions import Audience, Entry
from rules.escalation import acknowledge as taken
from rules.escalation import next_moment
from rules.orders import WorkOrder
from rules.people import Deed, require
from storage import deadlines, journal, people
from storage.outbox import COURTESY


def acknowledge(turn: Turn, order: WorkOrder, clock: str) -> None:
    """Take an escalation on: the ladder pauses, everybody who heard of it hears who has it."""
    require(turn.person, Deed.ACKNOWLEDGE, order.ties)
    turn = turn.under(order)
    running = deadlines.of(turn.connection, order.id).get(clock)
    if running is None:
        turn.reply("escalation.over", {"number": order.number})
        return
    if running.watch.acknowledged_by not in (None, turn.person.id):
        turn.reply("escalation.has-it", {"number": order.number, "holder_id": running.watch.acknowledged_by})
        return
    watch = taken(running.watch, by=turn.person.id, now=turn.now, policy=turn.terms.policy)
    deadlines.keep(turn.connection, running, watch, next_at=next_moment(watch, turn.terms.policy))
    entry = Entry("escalation.acknowledged", {"clock": clock, "rung": watch.rung}, "ESC-17")
    journal.append(turn.connection, f"order:{order.id}", (entry,), by=turn.person.id, at=turn.now)
    facts = {"number": order.number, "holder_id": turn.person.id}
    others = {*people.audience(turn.connection, Audience.SUPERVISOR, order.branch, now=turn.now), *order.crew}
    if watch.breach_at:
        others |= set(people.audience(turn.connection, Audience.MANAGER, order.branch, now=turn.now))
    for person in sorted(others - {turn.person.id}):
        turn.unit.say(person, said("escalation.taken", facts), priority=COURTESY, order=order.id)
    turn.reply("escalation.yours", {"number": order.number, "pause": watch.snoozed_until and watch.snoozed_until - turn.now})
