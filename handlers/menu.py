"""Commands that stand apart from any order: help, lists, language (DESIGN 3)."""

from collections.abc import Callable

from handlers import (
    agendas,
    alarms,
    caselists,
    contracts,
    customers,
    dailies,
    documents,
    duty,
    expensing,
    figures,
    filing,
    goods,
    handovers,
    hazards,
    hours,
    linking,
    listing,
    money_lists,
    news,
    records,
    returning,
    stock_lists,
)
from handlers.flowbook import ENGINE
from handlers.said import Row, button, in_rows, literal_button
from handlers.turn import Turn
from rules import customer_files
from rules.people import Deed, Role, may, require
from rules.sheets import kinds_for
from storage import conversations, people
from texts import catalog

EVERYDAY = (
    "mine", "queue", "find", "register", "daily", "cases", "van", "stock", "hours", "figures", "invite", "roster", "hazard",
)  # fmt: skip
"""What is on the first page of a menu, in this order, as far as there is room."""

AT_ONCE = 8
"""Buttons on one page: a thumb finds them without reading."""

_NEEDED: dict[str, tuple[Deed, ...]] = {
    "mine": (), "queue": (Deed.SEE_BRANCH,), "find": (Deed.SEARCH,), "register": (Deed.REGISTER_CALL,),
    "hours": (Deed.PUNCH,), "roster": (Deed.PUNCH,), "absence": (Deed.PUNCH,), "hazard": (Deed.REPORT_HAZARD,),
    "daily": (Deed.DAILY_REPORT, Deed.REVIEW_DAILY), "stock": (Deed.SEE_STOCK,), "van": (Deed.ASK_PARTS,),
    "contracts": (Deed.KEEP_CONTRACTS,), "rounds": (Deed.WALK_ROUND,), "sheets": (),
    "goods": (Deed.REGISTER_GOODS, Deed.REPAIR_GOODS), "money": (Deed.SEE_MONEY,),
    "expenses": (Deed.CLAIM_EXPENSE, Deed.PAY_EXPENSE), "returns": (Deed.TAKE_BACK_GOODS,), "cases": (Deed.SEE_CASES,),
    "complain": (Deed.FILE_COMPLAINT,), "ratings": (Deed.SEE_RATINGS,), "handover": (Deed.SET_LEAVING,),
    "aging": (), "agenda": (Deed.SIGN_BRANCH_REPORT,), "customer": (Deed.SEE_CASES,),
    "figures": (Deed.SEE_FIGURES, Deed.SEE_OWN_SHEET), "volume": (Deed.SEE_FIGURES, Deed.ENGINEER), "invite": (Deed.INVITE,),
}  # fmt: skip
"""Command of the staff's menu -> the rights of which one is enough; their order is the menu's."""

_SUITS: dict[str, Callable[[Turn], object]] = {
    "mine": lambda turn: turn.person.holds(Role.TECHNICIAN),
    "van": lambda turn: not may(turn.person, Deed.SEE_STOCK),  # who sees the store finds his own things there
    "rounds": lambda turn: turn.terms.policy.rounds.checklists,
    "sheets": lambda turn: kinds_for(turn.person, turn.terms),
    "customer": lambda turn: turn.terms.policy.customers.fields,
    "returns": lambda turn: turn.terms.policy.profile in returning.SHOPS,
}

_LANGUAGE_NAMES = {"zh-Hant": "繁體中文", "zh-Hans": "简体中文", "en": "English"}


def run(turn: Turn, command: str, arg: str = "") -> None:
    """Do a menu command."""
    COMMANDS[command](turn, arg)


def offered(turn: Turn) -> list[str]:
    """Which commands a person's menu shows: those he has a right to, as far as they suit him and the line of business."""
    if not turn.person.is_staff:
        return ["report", "mine", "talk", "complain", "language", "help"]
    rights = [name for name, deeds in _NEEDED.items() if not deeds or any(may(turn.person, one) for one in deeds)]
    return [*[name for name in rights if name not in _SUITS or _SUITS[name](turn)], "language", "help"]


def welcome(turn: Turn) -> None:
    """What somebody sees first."""
    text = "start.customer"
    if turn.person.is_staff:
        text = {"pending": "start.pending", "left": "start.left"}.get(turn.person.standing, "start.staff")
    facts = {"company": turn.company.name, "name": turn.person.name}
    turn.reply(text, facts, rows=_rows(turn))


def _rows(turn: Turn) -> list[Row]:
    commands = _first_page(offered(turn))
    first = button(f"menu.{commands[0]}", f"m.{commands[0]}", tone="primary")
    kinds = [one for one in turn.terms.policy.emergency.kinds if one != "other"]
    alarms_row = [button(f"alarm.button.{one}", f"m.alarm.{one}", tone="danger") for one in kinds]
    rows = [[first], *in_rows([button(f"menu.{one}", f"m.{one}") for one in commands[1:]])]
    return [alarms_row, *rows] if alarms_row and may(turn.person, Deed.REPORT_FAULT) else rows


def _first_page(commands: list[str]) -> list[str]:
    """All, or the everyday ones and a button for the others."""
    if len(commands) <= AT_ONCE:
        return commands
    return [*[one for one in EVERYDAY if one in commands][: AT_ONCE - 1], "more"]


def _more(turn: Turn, _arg: str) -> None:
    commands = offered(turn)
    first = _first_page(commands)
    others = [one for one in commands if one not in first] or commands
    turn.reply("menu.others", rows=in_rows([button(f"menu.{one}", f"m.{one}") for one in others]))


def _help(turn: Turn, _arg: str) -> None:
    role = "customer"
    if turn.person.is_staff:
        role = "technician" if turn.person.holds(Role.TECHNICIAN) else "office"
        if role == "office" and not may(turn.person, Deed.SEE_BRANCH):
            role = "department" if may(turn.person, Deed.SEE_CASES) else "staff"
    turn.reply(f"help.{role}", {"company": turn.company.name}, rows=_rows(turn))


def _language(turn: Turn, arg: str) -> None:
    if arg in catalog.LANGUAGES:
        changed = people.change_person(turn.connection, turn.person.id, language=arg)
        turn.with_person(changed).reply("language.done", rows=_rows(turn))
        return
    turn.reply("language.ask", rows=[[literal_button(name, f"m.language.{code}")] for code, name in _LANGUAGE_NAMES.items()])


def _resume(turn: Turn, arg: str) -> None:
    if arg:
        found = conversations.by_id(turn.connection, int(arg))
        if found is None or found.person != turn.person.id:
            turn.reply("talk.passed")
            return
        ENGINE.resume(turn, found)
        return
    live = conversations.live(turn.connection, turn.person.id)
    if live:
        ENGINE.repeat(turn, live)
        return
    parked = conversations.parked(turn.connection, turn.person.id)
    if not parked:
        turn.reply("talk.nothing-parked")
        return
    ENGINE.resume(turn, parked[0])


def _report(turn: Turn, _arg: str) -> None:
    require(turn.person, Deed.REPORT_FAULT)
    ENGINE.start(turn, "register" if turn.person.is_staff and may(turn.person, Deed.REGISTER_CALL) else "report")


def _register(turn: Turn, _arg: str) -> None:
    require(turn.person, Deed.REGISTER_CALL)
    ENGINE.start(turn, "register")


def _find(turn: Turn, arg: str) -> None:
    require(turn.person, Deed.SEARCH)
    if arg:
        listing.show_found(turn, arg)
        return
    ENGINE.start(turn, "find")


def _customer(turn: Turn, arg: str) -> None:
    """A customer's file, found by his telephone where it is not named; perhaps to write in it (INT-12)."""
    customer_files.require_shown(turn.person, turn.terms.policy.customers)
    number, _, what = arg.partition(".")
    if not number.isdigit():
        ENGINE.start(turn, "customer")
    elif what:
        require(turn.person, Deed.FILE_COMPLAINT)
        ENGINE.start(turn, "customer_note", args={"person": int(number)})
    elif int(number) in people.names(turn.connection, [int(number)]):
        customers.show(turn, people.person(turn.connection, int(number)))
    else:
        turn.reply("customer.none")


def _alarm(turn: Turn, kind: str) -> None:
    """An emergency: at once where the kind is named, else with one more tap. Staff say it for others (SAF-4)."""
    require(turn.person, Deed.REPORT_FAULT)
    if kind in turn.terms.policy.emergency.kinds:
        alarms.sound(turn, kind)
        return
    ENGINE.start(turn, "alarm")


def _invite(turn: Turn, _arg: str) -> None:
    require(turn.person, Deed.INVITE)
    ENGINE.start(turn, "invite")


def _complain(turn: Turn, account: str) -> None:
    """A customer tells; staff file, with the form where the company makes goods (CMP-1, CMP-4)."""
    answers = {"account": account} if account else {}
    if not turn.person.is_staff:
        require(turn.person, Deed.COMPLAIN)
        ENGINE.start(turn, "complain", answers=answers)
        return
    require(turn.person, Deed.FILE_COMPLAINT)
    goods = turn.terms.policy.complaint.route == "product"
    ENGINE.start(turn, "file_goods" if goods else "file_service", answers={} if goods else answers)


COMMANDS: dict[str, Callable[[Turn, str], None]] = {
    "report": _report,
    "mine": lambda turn, _arg: listing.show_mine(turn),
    "queue": lambda turn, _arg: listing.show_queue(turn),
    "find": _find,
    "customer": _customer,
    "register": _register,
    "invite": _invite,
    "alarm": _alarm,
    "in": lambda turn, _arg: hours.punch(turn, is_in=True),
    "out": lambda turn, _arg: hours.punch(turn, is_in=False),
    "hours": lambda turn, _arg: hours.show(turn),
    "roster": duty.show_roster,
    "absence": duty.show_leave,
    "licences": duty.show_licences,
    "deputies": duty.show_deputies,
    "holdings": duty.show_holdings,
    "handover": handovers.show,
    "hazard": hazards.show_open,
    "contracts": contracts.show_contracts,
    "rounds": contracts.show_rounds,
    "stock": stock_lists.show,
    "van": stock_lists.show_van,
    "sheets": records.show_sheets,
    "goods": goods.show_register,
    "documents": documents.show_documents,
    "news": news.choose,
    "machine": documents.show_machine,
    "daily": dailies.show,
    "month": dailies.show_month,
    "money": money_lists.show,
    "expenses": expensing.show,
    "returns": returning.show,
    "language": _language,
    "name": lambda turn, _arg: ENGINE.start(turn, "name"),
    "help": _help,
    "more": _more,
    "link": lambda turn, _arg: linking.show_code(turn),
    "talk": lambda turn, _arg: ENGINE.start(turn, "talk"),
    "resume": _resume,
    "complain": _complain,
    "cases": lambda turn, _arg: caselists.show_cases(turn),
    "ratings": lambda turn, _arg: caselists.show_ratings(turn),
    "figures": figures.show,
    "aging": agendas.show_aging,
    "agenda": agendas.show_agenda,
    "base": lambda turn, _arg: records.begin_sheet(turn, "trip"),
    "volume": filing.show_volume,
    "start": lambda turn, _arg: welcome(turn),
}
