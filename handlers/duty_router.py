"""Where a button of a contract, a route or a report goes (DESIGN 3)."""

from handlers import dailies, handovers
from handlers.flowbook import ENGINE
from handlers.turn import Turn
from rules import rounds
from rules.branch_reports import BranchReport
from rules.cases import require_open
from rules.contracts import Contract
from rules.dailies import DailyReport
from rules.handovers import Handover
from rules.hazards import Hazard
from rules.people import Deed, require
from rules.rounds import Route
from storage.cases import KINDS

LETTERS = {"k": "contract", "n": "route", "y": "daily", "b": "branch_report", "z": "handover", "x": "hazard"}
_FLOWS = {"renew": "renewal_yes", "no": "renewal_no", "talk": "renewal_talk"}


def pressed(turn: Turn, letter: str, case_id: int, action: str, arg: str) -> None:
    """A button of a case; what it names is looked up and every right checked again (story 11)."""
    found = turn.case(KINDS[LETTERS[letter]], case_id)
    if action == "card":
        turn.show(found.subject)
    elif isinstance(found, Contract):
        _contract(turn, found, action)
    elif isinstance(found, Route):
        _route(turn, found, action)
    elif isinstance(found, DailyReport | BranchReport):
        dailies.pressed(turn, found, action)
    elif isinstance(found, Handover):
        handovers.pressed(turn, found, action)
    elif isinstance(found, Hazard):
        _hazard(turn, found, action)


def _contract(turn: Turn, contract: Contract, action: str) -> None:
    if action not in _FLOWS:
        turn.reply("talk.passed")
        return
    if turn.person.id != contract.seller:
        require(turn.person, Deed.KEEP_CONTRACTS, contract.ties)
    require_open(contract)
    ENGINE.start(turn, _FLOWS[action], about=contract.subject)


def _route(turn: Turn, route: Route, action: str) -> None:
    if action == "walk":
        if turn.person.id != route.person:
            require(turn.person, Deed.WALK_ROUND)
        require_open(route)
        ENGINE.start(turn, "round", about=route.subject)
    elif action == "close":
        closed = turn.unit.record(route, rounds.close_route(route, **turn.deed), by=turn.person.id)
        turn.show(closed.subject, "done.route-closed")
    else:
        turn.reply("talk.passed")


def _hazard(turn: Turn, hazard: Hazard, action: str) -> None:
    if action != "removed":
        turn.reply("talk.passed")
        return
    require(turn.person, Deed.CLEAR_HAZARD, hazard.ties)
    require_open(hazard)
    ENGINE.start(turn, "hazard_removed", about=hazard.subject)
