"""One's own old work, which nobody else sees, and a branch's agenda for its meeting (CND-7, STF-17)."""

from handlers.turn import Turn
from rules.agendas import aging_lines, body_of, buttons
from rules.months import Period, week_of
from rules.people import Deed, require
from storage import agendas


def show_aging(turn: Turn, _arg: str = "") -> None:
    """What waits for whoever asks, by its age; there is no way to look at somebody else's (CND-7)."""
    found = agendas.own_work(turn.connection, turn.person, now=turn.now) if turn.person.holds_any_post else []
    turn.reply("aging.head" if found else "aging.none", {"n": len(found)}, lines=aging_lines(found), rows=buttons(found))


def show_agenda(turn: Turn, _arg: str = "") -> None:
    """The agenda as it stands now: from last week's Monday until today (STF-17)."""
    require(turn.person, Deed.SIGN_BRANCH_REPORT)
    today = turn.terms.calendar.local_day(turn.now)
    period = Period(week_of(today).before.first, today)
    branch = turn.person.branch or turn.company.branch
    turn.reply_body(body_of(agendas.agenda(turn.connection, branch, period, turn.terms, now=turn.now)))
