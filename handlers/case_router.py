"""Where a button of a complaint, survey, task or statement goes, and a number that somebody typed (DESIGN 3, 10.2)."""

from handlers import case_actions, surveying
from handlers.escalating import acknowledge
from handlers.turn import Turn
from rules.cases import Case
from rules.charges import Receipt
from rules.complaints import Complaint
from rules.people import Deed, require
from rules.quotes import Quote
from rules.receipts import GoodsReceipt
from rules.refusals import Refused
from rules.requisitions import Requisition
from rules.statements import Statement
from rules.surveys import Survey
from rules.tasks import Task
from storage import cases

LETTERS = ("c", "v", "t", "h")
"""Complaints, surveys (opinion cards), tasks, statements."""
_SERIES: dict[str, type[Case]] = {"L": Requisition, "GR": GoodsReceipt, "Q": Quote, "RC": Receipt}
"""How the numbers of papers that people look for begin."""


def pressed(turn: Turn, letter: str, case_id: int, action: str, arg: str) -> None:
    """A button of a case; what it names is looked up and every right checked again (story 11)."""
    if letter == "c":
        case = turn.case(Complaint, case_id)
        case_actions.run(turn.under(case), case, action, arg)
    elif letter == "v":
        survey = turn.case(Survey, case_id)
        surveying.press(turn.under(survey), survey, action, arg)
    elif letter == "t":
        task = turn.case(Task, case_id)
        case_actions.run_task(turn.under(task), task, action)
    else:
        statement = turn.case(Statement, case_id)
        case_actions.run_statement(turn.under(statement), statement, action, arg)


def acknowledged(turn: Turn, about: str, clock: str) -> None:
    """An escalation is taken on: of an order by its number alone, of a case by its name. Raises ValueError for neither."""
    kind, _, number = about.rpartition(":")
    if not kind:
        acknowledge(turn, turn.order(int(number), Deed.ACKNOWLEDGE), clock)
        return
    found = cases.by_id(turn.connection, cases.KINDS[kind], int(number)) if kind in cases.KINDS else None
    if found is None:
        raise Refused("no-such-case", rule="ROL-1")
    require(turn.person, Deed.ACKNOWLEDGE_CASE, found.ties)
    acknowledge(turn, found, clock)


def show_number(turn: Turn, number: str) -> None:
    """The complaint of a number such as 261101, or the paper of a number such as L26-001 (PRT-18, REC-1)."""
    kind = _SERIES.get(number.rstrip("0123456789-"), Complaint)
    found = cases.by_number(turn.connection, kind, number)
    if found is None:
        raise Refused("no-such-case", rule="ROL-1")
    turn.show(turn.case(kind, found.id).subject)
