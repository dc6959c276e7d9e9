"""Group chats: bound to a branch by an entitled person, they get notices with buttons; nothing is talked over there (CND-2)."""

from handlers.events import Event
from handlers.said import said
from handlers.turn import Company
from rules.decisions import Entry
from rules.people import Deed, may
from storage import journal, people, staffing
from storage.staffing import Group
from storage.unit import Unit


def hears(unit: Unit, company: Company, event: Event) -> None:
    """`/bind` and `/unbind`; another command or a word to the desk is answered with where to go, all the rest not at all."""
    if not event.text.startswith("/"):
        if event.extra.get("addressed"):
            unit.say(0, said("misread.group"), channel=event.channel, chat=event.chat)
        return
    command = event.text[1:].split()[0].split("@")[0].casefold() if event.text[1:].strip() else ""
    text = _BINDING[command](unit, company, event) if command in _BINDING else "misread.group"
    unit.say(0, said(text, {"company": company.name}), channel=event.channel, chat=event.chat)


def _bind(unit: Unit, company: Company, event: Event) -> str:
    known = people.who(unit.connection, event.channel, event.address, unit.now)
    if known is None or not may(known[0], Deed.BIND_GROUP):
        return "group.not-yours"
    person = known[0]
    group = Group(event.channel, event.chat, person.branch or company.branch)
    staffing.bind_group(unit.connection, group, by=person.id, now=unit.now)
    _write_down(unit, "group.bound", person.id)
    return "group.bound"


def _unbind(unit: Unit, company: Company, event: Event) -> str:
    known = people.who(unit.connection, event.channel, event.address, unit.now)
    if known is None or not may(known[0], Deed.BIND_GROUP):
        return "group.not-yours"
    if not staffing.unbind_group(unit.connection, event.channel, event.chat):
        return "group.not-bound"
    _write_down(unit, "group.unbound", known[0].id)
    return "group.unbound"


def _write_down(unit: Unit, kind: str, by: int) -> None:
    journal.append(unit.connection, f"person:{by}", (Entry(kind, {}, "CND-2"),), by=by, at=unit.now, message=unit.message)


def is_stranger(unit: Unit, event: Event) -> bool:
    """Whether somebody whom the desk has never met presses a button in a group; he is told to write to us alone."""
    if not event.is_group or people.account_of(unit.connection, event.channel, event.address) is not None:
        return False
    unit.say(0, said("misread.group"), channel=event.channel, chat=event.chat)
    return True


_BINDING = {"bind": _bind, "unbind": _unbind}
