"""Papers of the store and of a month, asked for in chat (PRT-1, PRT-7, PRT-9, FEE-7, CLS-7)."""

from handlers.said import Row, button, literal_button, said
from handlers.turn import Turn
from rules.figure_scopes import widest
from rules.filing import CASH, OLD_PARTS, of_month, volumes_of
from rules.months import Period, month_of, months_to, read_period
from rules.people import Deed, may, require
from storage import volumes

_MONTHS = 3


def send(turn: Turn, text: str, papers: list[str], *, rows: list[Row] | None = None, **facts: object) -> None:
    """Papers as files, made when the message goes out."""
    turn.reply_body(said(text, facts, rows=rows or [], papers=papers))


def show_old_parts(turn: Turn, key: str = "") -> None:
    """The branch's old parts and what became of them in a month (PRT-7)."""
    require(turn.person, Deed.SEE_STOCK)
    period, branch = _period(turn, key), turn.person.branch or turn.company.branch
    rows = [_months(turn, "i.old_parts.")]
    send(turn, "filing.old-parts", [of_month(OLD_PARTS, period, branch)], rows=rows, month=period.key)


def show_cash(turn: Turn, key: str) -> None:
    """Who took what in a month, handed in or open (FEE-7). Whoever calls it has seen to the right."""
    period = _period(turn, key)
    send(turn, "filing.cash", [of_month(CASH, period, cash_reach(turn))], rows=[cash_row(turn)], month=period.key)


def cash_row(turn: Turn) -> Row:
    """The reconciliation on paper: last month's, and that of the month that runs."""
    now = _period(turn, "")
    return [button("filing.cash-of", f"m.money.paper.{one.key}", month=one.key) for one in (now.before, now)]


def cash_reach(turn: Turn) -> str | None:
    """Whose money somebody sees: who counts it that of all branches (None), others their own branch's."""
    return None if not turn.person.branch or may(turn.person, Deed.COUNT_CASH) else turn.person.branch


def show_volume(turn: Turn, key: str = "") -> None:
    """A month's service records, bound; without a month it is asked which (CLS-7)."""
    if not may(turn.person, Deed.SEE_FIGURES):
        require(turn.person, Deed.ENGINEER)
    branch = widest(turn.person).branch if may(turn.person, Deed.SEE_FIGURES) else None
    if not key:
        turn.reply("filing.which-volume", rows=[_months(turn, "m.volume.")])
        return
    period, terms = _period(turn, key), turn.terms
    n = len(volumes.orders_in(turn.connection, period.first, period.last, terms, branch=branch))
    papers = volumes_of(period, branch, n) if n else []
    send(turn, "filing.volume" if n else "filing.volume-none", papers, rows=[_months(turn, "m.volume.")], month=period.key, n=n)


def _period(turn: Turn, key: str) -> Period:
    """The month of a key, this one without; it has to be a month that has begun. Raises ValueError."""
    now = month_of(turn.terms.calendar.local_day(turn.now))
    asked = read_period(key) if key else now
    if not asked.is_month or asked.first > now.first:
        raise ValueError(f"{key} is no month that has begun")
    return asked


def _months(turn: Turn, stem: str) -> Row:
    """A button for each of the last months."""
    return [literal_button(one.key, f"{stem}{one.key}") for one in reversed(months_to(_period(turn, ""), _MONTHS))]
