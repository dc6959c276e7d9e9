"""Where a button of a complaint, survey, task or statement goes, and a number that somebody typed (DESIGN 3, 10.2)."""

from handlers import case_actions, surveying
from handlers.escalating import acknowledge
from handlers.turn import Turn
from rules.complaint_nexts import is_in_sight
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


def shows_number(turn: Turn, number: str) -> bool:
    """Show the case of a number such as 261101, L26-001 or 2611-0003-W1 (PRT-18, REC-1); False when it may be a model's name.

    Raises Refused("no-such-case") where it can only be a number of ours, or is one that this person may not see.
    """
    found = cases.named(turn.connection, number)
    shown = next((one for one in found if is_in_sight(one, turn.person)), None)
    if shown is not None:
        turn.show(shown.subject)
    elif found or number[:2].isdecimal() or turn.person.is_staff:
        raise Refused("no-such-case", rule="ROL-1")
    return shown is not None
