"""When the codes on a photo are wanted: reading them takes its time, and most photos show none (PRT-1)."""

from handlers.events import Event, Kind
from handlers.flowbook import ENGINE
from handlers.questions import Setting
from handlers.turn import Company, Turn
from rules.refusals import Refused
from storage import conversations, people
from storage.unit import Unit


def wants_codes(unit: Unit, company: Company, event: Event) -> bool:
    """Whether a photo answers the question that waits for its sender by what stands on it in bars; writes nothing."""
    account = people.account_of(unit.connection, event.channel, event.address)
    live = conversations.live(unit.connection, account.person) if account and event.kind is Kind.PHOTO else None
    if account is None or live is None:
        return False
    person = people.person(unit.connection, account.person, now=unit.now)
    turn = Turn(unit, company, event, person, account, Setting(company.zone, company.region))
    try:
        pending = ENGINE.replayed(turn, live).pending
    except Refused:
        return False
    return pending is not None and pending.takes_label()
