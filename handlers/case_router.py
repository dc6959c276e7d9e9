"""Where a button of a complaint, survey, task or statement goes, and a number that somebody typed (DESIGN 3, 10.2)."""

from handlers import case_actions, surveying
from handlers.escalating import acknowledge
from handlers.turn import Turn
from rules.complaints import Complaint
from rules.people import Deed, require
from rules.refusals import Refused
from rules.statements import Statement
from rules.surveys import Survey
from rules.tasks import Task
from storage import cases

LETTERS = ("c", "v", "t", "h")
"""Complaints, surveys (opinion cards), tasks, statements."""


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
    """The complaint of a number such as 261101."""
    found = cases.by_number(turn.connection, Complaint, number)
    if found is None:
        raise Refused("no-such-case", rule="ROL-1")
    turn.show(turn.case(Complaint, found.id).subject)
