"""One person, several messengers: a code from one chat, sent in another, joins the two (ROL-5)."""

from dataclasses import replace

from handlers.said import said
from handlers.turn import Turn
from rules.decisions import Entry
from rules.people import Role, Standing
from rules.refusals import Refused
from storage import cases, conversations, invitations, journal, orders, people
from storage.outbox import MUST
from texts import catalog


def show_code(turn: Turn) -> None:
    """A code for this person's other messengers; each serves once."""
    code = invitations.invite_account(turn.connection, turn.person.id, now=turn.now)
    known = dict.fromkeys(one.channel for one in people.accounts_of(turn.connection, turn.person.id))
    turn.reply("link.code", {"code": code, "channels": [_called(channel) for channel in known]})


def join(turn: Turn, person_id: int) -> None:
    """This account belongs to that person from now on. Raises Refused for somebody who is staff here already."""
    target, own = people.person(turn.connection, person_id), turn.person
    if target.standing is Standing.LEFT:
        raise Refused("link-over", rule="ROL-5")
    if target.id == own.id:
        turn.reply("link.same")
        return
    if own.is_staff:
        raise Refused("link-is-staff", rule="ROL-5", name=own.name)
    _carry_over(turn, target.id, is_customer=Role.CUSTOMER in target.roles)
    earlier = people.account_for(turn.connection, target.id)
    at, now = turn.account, turn.now
    people.add_account(turn.connection, target.id, channel=at.channel, address=at.address, chat=at.chat, now=now)
    entry = Entry("person.linked", {"channel": at.channel, "from": own.id}, "ROL-5")
    journal.append(turn.connection, f"person:{target.id}", (entry,), by=target.id, at=now)
    facts = {"name": target.name, "channel": _called(at.channel)}
    turn.with_person(target).reply("link.done", facts)
    if earlier is not None:
        told = said("link.notice", facts)
        turn.unit.say(target.id, told, channel=earlier.channel, chat=earlier.chat, priority=MUST)


def _carry_over(turn: Turn, target: int, *, is_customer: bool) -> None:
    """What was reported from this account before goes along. Raises Refused where it would change hands."""
    live = conversations.live(turn.connection, turn.person.id)
    if live is not None:
        conversations.end(turn.connection, live.id, now=turn.now)
    reported = orders.of_customer(turn.connection, turn.person.id)
    if reported and not is_customer:
        raise Refused("link-has-orders", rule="ROL-5", numbers=[one.number for one in reported[:5]])
    for order in reported:
        orders.change(turn.connection, order, replace(order, customer=target))
        entry = Entry("order.customer-joined", {"from": order.customer, "to": target}, "ROL-5")
        journal.append(turn.connection, order.subject, (entry,), by=target, at=turn.now)
    for kind in cases.KINDS.values():
        for case in cases.of_customer(turn.connection, kind, turn.person.id, limit=1000):
            cases.change(turn.connection, case, replace(case, customer=target))
            entry = Entry("case.customer-joined", {"from": case.customer, "to": target}, "ROL-5")
            journal.append(turn.connection, case.subject, (entry,), by=target, at=turn.now)


def _called(channel: str) -> dict[str, str] | str:
    """A messenger's name in the reader's language, its own where the catalog has none."""
    return {"text": f"channel.{channel}"} if catalog.has(f"channel.{channel}") else channel
