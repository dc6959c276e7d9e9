"""Who may do what, written out whole: the golden file for tests, the table for administrators.

`python -m tests.laws.permissions` writes both anew; read the difference before it is committed.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from rules.people import DEPARTMENTS, MAY, Deed, Person, Role, Standing, Ties, may
from tests.cast import BRANCH, OTHER_BRANCH
from tests.stage import ROOT

GOLDEN = ROOT / "tests" / "laws" / "permissions.golden.txt"
TABLE = ROOT / "docs" / "permissions.md"
COMMAND = "python -m tests.laws.permissions"

ME, SOMEBODY = 1, 2

TIES: dict[str, Ties | None] = {
    "no order": None,
    "branch": Ties(BRANCH, SOMEBODY),
    "branch, in crew": Ties(BRANCH, SOMEBODY, crew=(ME,)),
    "branch, offered": Ties(BRANCH, SOMEBODY, offered_to=(ME,)),
    "elsewhere": Ties(OTHER_BRANCH, SOMEBODY),
    "elsewhere, in crew": Ties(OTHER_BRANCH, SOMEBODY, crew=(ME,)),
    "elsewhere, offered": Ties(OTHER_BRANCH, SOMEBODY, offered_to=(ME,)),
    "customer of it": Ties(OTHER_BRANCH, ME),
    "branch, about oneself": Ties(BRANCH, SOMEBODY, barred=frozenset({ME})),
}
"""How somebody of the branch can be related to an order, or to a complaint that follows from one."""

OUT = {"pending": Standing.PENDING, "left": Standing.LEFT}

WORKING = {
    Role.CUSTOMER, Role.CLERK, Role.TECHNICIAN, Role.SUPERVISOR, Role.MANAGER, Role.SERVICE_DEPT, Role.DEPUTY_GM, Role.GM,
    Role.ADMINISTRATOR, *DEPARTMENTS, Role.WAREHOUSE, Role.ADVISER, Role.HR, Role.ALLOCATOR,
    Role.PLANNER, Role.BUYER, Role.PARTS_MANAGER, Role.CLAIMS, Role.STATION,
    Role.STORE_STAFF, Role.AREA_SUPERVISOR, Role.OPS_MANAGER,
}  # fmt: skip
"""Roles whose work the desk does."""

ABOUT_NO_ORDER = frozenset(
    {Deed.REPORT_FAULT, Deed.SEE_BRANCH, Deed.SEARCH, Deed.INVITE, Deed.CONFIRM_STAFF, Deed.CHANGE_STAFF}
    | {Deed.PUNCH, Deed.SEE_ROSTER, Deed.PLAN_DUTY, Deed.ASK_LEAVE, Deed.DECIDE_LEAVE, Deed.KEEP_LICENCES}
    | {Deed.NAME_DEPUTY, Deed.BIND_GROUP, Deed.LEND, Deed.SEE_CONTRACTS, Deed.KEEP_CONTRACTS, Deed.KEEP_ROUTES}
    | {Deed.WALK_ROUND, Deed.DAILY_REPORT, Deed.REVIEW_DAILY, Deed.SIGN_BRANCH_REPORT, Deed.COUNTERSIGN}
    | {Deed.READ_BRANCH_REPORT, Deed.SET_LEAVING, Deed.NAME_SUCCESSOR, Deed.REPORT_HAZARD, Deed.CLEAR_HAZARD}
    | {Deed.REGISTER_BACKORDER, Deed.ASK_ABOVE, Deed.SETTLE_ABOVE, Deed.HAND_OVER_SHIFT, Deed.REPORT_ACCIDENT}
    | {Deed.CLOSE_ACCIDENT, Deed.ORDER_RECTIFICATION, Deed.ORDER_OVERHAUL, Deed.WARN_STORES, Deed.READ_WARNING}
    | {Deed.FILE_PLAN, Deed.APPROVE_PLAN, Deed.PLAN_CUSTOMER_VISIT, Deed.BORROW_DOCUMENT, Deed.KEEP_DOCUMENTS}
    | {Deed.SEND_NEWS, Deed.REGISTER_GOODS, Deed.REPAIR_GOODS, Deed.INSPECT_GOODS, Deed.SETTLE_GOODS, Deed.HAND_BACK_GOODS}
    | {Deed.SEE_RATINGS, Deed.SEE_CASES, Deed.FILE_COMPLAINT, Deed.COMPLAIN, Deed.SEE_FIGURES, Deed.SEE_OWN_SHEET}
    | {Deed.ASK_PARTS}
    | {Deed.TAKE_BACK_GOODS, Deed.DECIDE_RETURN}
    | {Deed.SEE_MONEY, Deed.CLAIM_EXPENSE, Deed.APPROVE_EXPENSE, Deed.PAY_EXPENSE}
)
"""Deeds that name no order; what a list or a search shows is narrowed to what its reader may see."""

_BETWEEN = list(Deed)[list(Deed).index(Deed.SEE_COMPLAINT) : list(Deed).index(Deed.SEE_STOCK)]
IN_A_CASE = frozenset(_BETWEEN) - ABOUT_NO_ORDER
"""What is done to a complaint, survey, task or statement; an order gives no right to it, nor it to an order."""

IN_THE_STORE = frozenset(list(Deed)[list(Deed).index(Deed.SEE_STOCK) : list(Deed).index(Deed.INVITE)])
"""What is done with parts and stock."""

IN_WORDS: dict[Deed, str] = {
    Deed.REPORT_FAULT: "report a fault of one's own",
    Deed.REGISTER_CALL: "register a call for a customer who telephoned or wrote",
    Deed.SEE_ORDER: "see an order: card, details, promises, signed copy",
    Deed.SEE_CONTACT: "see address and telephone while the order is open",
    Deed.SEE_BRANCH: "see the queue",
    Deed.SEARCH: "search by name, telephone, serial number or day",
    Deed.CLARIFY: "add or mend the facts of a call",
    Deed.ASK_BACK: "put questions to the customer",
    Deed.ANSWER_CUSTOMER: "answer the customer, which stops the reply clock",
    Deed.WRITE_CONTACT: "file the written contact with the maker",
    Deed.DISPATCH: "send a technician, or another one",
    Deed.OFFER: "offer an order to the technicians of the branch",
    Deed.TAKE_OFFER: "take or decline what was offered",
    Deed.ACCEPT: "accept an assignment",
    Deed.DECLINE: "decline an assignment, with a reason",
    Deed.OBJECT: "object to an assignment, which stays in force",
    Deed.PREPARE: "work through the list before leaving, or skip it with a reason",
    Deed.DEPART: "set off",
    Deed.ARRIVE: "arrive",
    Deed.RECORD_FINDINGS: "record and correct what was found and done; wait for parts, take back, resume, give a new date",
    Deed.RAISE_PROBLEM: "report a larger problem",
    Deed.DECIDE_PROBLEM: "decide a larger problem",
    Deed.COLLECT_SIGNATURE: "show the report and collect the customer's signature",
    Deed.CLOSE_UNSIGNED: "close unsigned, with a reason and a picture",
    Deed.APPROVE_UNSIGNED: "let an unsigned closing stand (never one's own)",
    Deed.DISPUTE: "say that a signed report is not right",
    Deed.BRIEF_REPORT: "give the brief report and leave",
    Deed.GIVE_NEXT: "say where the technician goes next",
    Deed.CANCEL_IN_REGISTER: "strike the line off the call register and file the voucher",
    Deed.APPROVE_REPORT: "approve a report (never one's own)",
    Deed.RETURN_REPORT: "send a report back with remarks",
    Deed.CANCEL_ORDER: "call an order off (customers: until somebody is sent)",
    Deed.SOLVE_REMOTELY: "close a call that was solved without a visit",
    Deed.HOLD: "stop the clocks for a reason with evidence, and let them go on",
    Deed.RELAY: "pass a colleague's note on to the customer",
    Deed.REMARK: "add words, photos and voice notes to an order",
    Deed.ACKNOWLEDGE: "take an escalation on",
    Deed.CHECK_SAFETY: "go through the safety checklists",
    Deed.REFUSE_UNSAFE: "refuse an order that is unsafe",
    Deed.DECLARE_EMERGENCY: "declare an emergency",
    Deed.STEP_EMERGENCY: "report the steps of a rescue",
    Deed.STAND_DOWN: "say that it is no emergency",
    Deed.PUNCH: "sign in and out, see one's own hours",
    Deed.SEE_ROSTER: "see who is on duty",
    Deed.PLAN_DUTY: "plan duty",
    Deed.ASK_LEAVE: "ask for leave",
    Deed.DECIDE_LEAVE: "grant or refuse leave (never one's own)",
    Deed.KEEP_LICENCES: "register licences",
    Deed.NAME_DEPUTY: "name who stands in for oneself (the manager: for anybody)",
    Deed.BIND_GROUP: "bind a group chat to the branch",
    Deed.REPORT_HAZARD: "report a danger, an offence or a dispute",
    Deed.CLEAR_HAZARD: "say that it is removed",
    Deed.ORDER_CLEAN_UP: "have a team clean up what it left",
    Deed.SET_LEAVING: "register that somebody leaves, end his account when all is handed over (never one's own)",
    Deed.NAME_SUCCESSOR: "see what a leaver has in hand, and name who gets it",
    Deed.SEE_CONTRACTS: "see contracts",
    Deed.KEEP_CONTRACTS: "register contracts, answer their renewal (also whoever is to win it)",
    Deed.KEEP_ROUTES: "set and end routes of rounds",
    Deed.WALK_ROUND: "walk rounds of one's branch",
    Deed.MARK_READY: "say that a thing is ready for its owner, fetched, excused or mailed",
    Deed.CHASE: "chase a branch about an order or a task",
    Deed.REGISTER_GOODS: "take goods in over the counter, enter what was brought back (never what one brought oneself)",
    Deed.REPAIR_GOODS: "work on goods taken in: time, parts, a new date, repaired or not to be",
    Deed.INSPECT_GOODS: "inspect what was repaired (never one's own work)",
    Deed.SETTLE_GOODS: "settle what can't be repaired",
    Deed.HAND_BACK_GOODS: "give goods back against signature and receipt",
    Deed.REGISTER_BACKORDER: "register a backorder and answer it",
    Deed.ASK_ABOVE: "ask those above where there is no agreement with a customer",
    Deed.SETTLE_ABOVE: "decide what was asked (never one's own question)",
    Deed.HAND_OVER_SHIFT: "hand a shift over, and take one over",
    Deed.REPORT_ACCIDENT: "report an accident",
    Deed.CLOSE_ACCIDENT: "close an accident with its four parts",
    Deed.ORDER_RECTIFICATION: "issue a rectification notice and check it",
    Deed.ORDER_OVERHAUL: "plan an overhaul and accept one's own",
    Deed.WARN_STORES: "warn every store of an article",
    Deed.READ_WARNING: "acknowledge a warning",
    Deed.FILE_PLAN: "hand in a work plan",
    Deed.APPROVE_PLAN: "approve a work plan (never one's own)",
    Deed.PLAN_CUSTOMER_VISIT: "plan visits to customers and record them (also whoever is sent)",
    Deed.BORROW_DOCUMENT: "ask for the loan of a document",
    Deed.KEEP_DOCUMENTS: "keep documents, lend them and take them back (never one's own loan)",
    Deed.SEND_NEWS: "write to customers who asked for news",
    Deed.DAILY_REPORT: "hand in one's own daily report",
    Deed.REVIEW_DAILY: "file daily reports or send them back (never one's own)",
    Deed.SIGN_BRANCH_REPORT: "sign the branch's report of the day or week",
    Deed.COUNTERSIGN: "countersign it (never what one signed oneself), or send it back",
    Deed.READ_BRANCH_REPORT: "read it once it was sent",
    Deed.LEND: "put tools, parts and money into somebody's hands (never one's own)",
    Deed.CLASSIFY: "say which class of service an order is, and when the product was bought",
    Deed.DECIDE_CLASS: "grant a class that differs from the proposal (never one's own request), change it after approval",
    Deed.QUOTE: "draw up a quote, keep the consent signed on paper, take a quote back",
    Deed.CONSENT_TO_CHARGE: "consent to a charge (never one's own), send somebody to collect",
    Deed.ANSWER_QUOTE: "accept or decline a quote",
    Deed.COLLECT: "take money and give the receipt",
    Deed.ASK_INVOICE: "pass the voucher on for an invoice",
    Deed.ISSUE_INVOICE: "issue invoices, confirm what was paid",
    Deed.COUNT_CASH: "count cash in, cancel a receipt (never one's own)",
    Deed.SEE_MONEY: "see cash in hand, invoices and each day's money",
    Deed.CLAIM_EXPENSE: "ask for an advance, claim expenses",
    Deed.APPROVE_EXPENSE: "approve advances and expenses (never one's own)",
    Deed.PAY_EXPENSE: "pay them out and settle them (never one's own)",
    Deed.TAKE_BACK_GOODS: "take goods back in the shop and say what the regulations give",
    Deed.DECIDE_RETURN: "decide where there is no agreement or no proof of purchase (never one's own)",
    Deed.COMPLAIN: "complain",
    Deed.FILE_COMPLAINT: "write a customer's complaint down",
    Deed.SEE_COMPLAINT: "see a complaint (customers: its number, state and answer, never the form)",
    Deed.SEE_CASES: "see the list of complaints and tasks",
    Deed.COMPLETE_FORM: "fill in the complaint form",
    Deed.CHECK_FORM: "class a complaint and pass it on",
    Deed.INSPECT: "arrange, hold and report a joint inspection",
    Deed.NAME_INSPECTOR: "name who goes in quality's place",
    Deed.INVESTIGATE: "write quality's findings",
    Deed.ANALYSE: "write manufacturing's analysis",
    Deed.ENGINEER: "write research's opinion",
    Deed.SKIP_STAGE: "leave research out, with a reason",
    Deed.NEGOTIATE: "write what came of talking to the customer",
    Deed.SYNTHESISE: "write the synthesis that goes up for decision",
    Deed.VISIT_COMPLAINER: "visit who complains, or send somebody (never whom it is about)",
    Deed.HANDLE_COMPLAINT: "propose how a complaint about service is handled",
    Deed.DECIDE_COMPLAINT: "decide a complaint, within one's authority",
    Deed.ANSWER_COMPLAINT: "answer the customer, after the decision and not before",
    Deed.ACCEPT_RESULT: "accept a result, or not",
    Deed.OBJECT_TO_DECISION: "object to a decision by memo",
    Deed.MARK_SERIOUS: "mark a complaint as serious",
    Deed.READ_SERIOUS: "read what is serious, or pass it on",
    Deed.SEND_SLIP: "send a query slip about a late stage",
    Deed.ANSWER_SLIP: "answer a query slip",
    Deed.ACKNOWLEDGE_COPY: "acknowledge a copy of the closed form",
    Deed.WRITE_PAPER: "write a return slip or an allowance certificate, and attach the proof",
    Deed.RECEIVE_GOODS: "count what comes back",
    Deed.PROPOSE_SANCTION: "propose a sanction",
    Deed.DECIDE_SANCTION: "decide a proposal (never one's own)",
    Deed.CONFIRM_STATISTICS: "confirm the month's complaints for one's department",
    Deed.ANSWER_SURVEY: "answer an opinion card",
    Deed.ENTER_SURVEY: "fill in an opinion card for a customer on the telephone",
    Deed.SEE_RATINGS: "see ratings (technicians: their own means)",
    Deed.SEE_FIGURES: "see the figures of a month or week, and the orders behind them (headquarters: of every branch)",
    Deed.SEE_OWN_SHEET: "see one's own monthly sheet",
    Deed.DO_TASK: "do a task that is one's own",
    Deed.ACKNOWLEDGE_CASE: "take an escalation of a case on",
    Deed.SEE_STOCK: "see stock, stock cards and the papers of the store",
    Deed.ASK_PARTS: "ask for parts, see what one has with one",
    Deed.APPROVE_PARTS: "approve requisitions, losses and old parts that don't come back (never one's own)",
    Deed.RELEASE_PARTS: "release an approved requisition, where the profile has an allocator",
    Deed.ISSUE_PARTS: "issue on an approved requisition",
    Deed.KEEP_STOCK: "take in goods, unused and old parts, give a catalogue number, transfer, dispose",
    Deed.COUNT_STOCK: "count",
    Deed.ADJUST_STOCK: "agree to the differences of a count (never one's own)",
    Deed.WRITE_OFF: "write the parts of an order off (never one's own)",
    Deed.CONFIRM_ARRIVAL: "confirm what was sent to a station (also who keeps it)",
    Deed.KEEP_CLAIMS: "claim from suppliers",
    Deed.KEEP_BACKORDERS: "register and follow back-orders",
    Deed.INVITE: "make a code for a colleague",
    Deed.CONFIRM_STAFF: "confirm or refuse a newcomer",
    Deed.CHANGE_STAFF: "invite administrators and headquarters",
}


def person(*roles: Role, standing: Standing = Standing.ACTIVE) -> Person:
    """Somebody of the branch with these roles; the ties above are his."""
    return Person(ME, "本人", frozenset(roles), BRANCH, standing=standing)


def matrix() -> dict[tuple[Role, Deed], tuple[str, ...]]:
    """For each role and deed the ties under which it may be done; `pending` and `left` mean under any tie at all."""
    return {(role, deed): tuple(_ties_for(role, deed)) for role in Role for deed in Deed}


def _ties_for(role: Role, deed: Deed) -> Iterable[str]:
    by = person(role)
    yield from (name for name, ties in TIES.items() if may(by, deed, ties))
    for name, standing in OUT.items():
        if any(may(replace(by, standing=standing), deed, ties) for ties in TIES.values()):
            yield name


def golden() -> str:
    """One line for each role, deed and the ties under which it is allowed."""
    found = matrix()
    lines = [f"{role} {deed}: {'; '.join(found[role, deed]) or 'no'}" for role in Role for deed in Deed]
    return "\n".join(lines) + "\n"


def table() -> str:
    """The same for people, in three parts; only roles that may do something of a part have a column."""
    beside = IN_A_CASE | {Deed.SEE_RATINGS, Deed.SEE_CASES, Deed.FILE_COMPLAINT, Deed.COMPLAIN}
    beside |= {Deed.SEE_FIGURES, Deed.SEE_OWN_SHEET}
    parts = [
        [deed for deed in Deed if deed not in beside | IN_THE_STORE],
        [deed for deed in Deed if deed in beside - IN_THE_STORE],
        [deed for deed in Deed if deed in IN_THE_STORE],
    ]
    found = matrix()
    idle = ", ".join(_title(role).lower() for role in Role if not MAY[role])
    orders, cases, stock = ("\n".join(_rows(deeds, found)) for deeds in parts)
    return _PAGE.format(command=COMMAND, orders=orders, cases=cases, stock=stock, idle=idle)


def _rows(deeds: list[Deed], found: dict[tuple[Role, Deed], tuple[str, ...]]) -> list[str]:
    columns = [role for role in Role if MAY[role] & set(deeds)]
    rows = [f"| | {' | '.join(_title(role) for role in columns)} |", f"|---|{'---|' * len(columns)}"]
    return rows + [f"| {IN_WORDS[deed]} | {' | '.join(_cell(deed, found[role, deed]) for role in columns)} |" for deed in deeds]


def _title(role: Role) -> str:
    return {Role.GM: "GM", Role.DEPUTY_GM: "Deputy GM", Role.HR: "HR", Role.RND: "R&D"}.get(
        role, str(role).replace("_", " ").capitalize()
    )


_REACHES: tuple[tuple[str, Callable[[frozenset[str]], bool]], ...] = (
    ("everywhere", lambda ties: "elsewhere" in ties),
    ("branch", lambda ties: "branch" in ties),
    ("own job or offer", lambda ties: {"branch, in crew", "branch, offered"} <= ties),
    ("offer", lambda ties: "branch, offered" in ties),
    ("own job", lambda ties: "branch, in crew" in ties),
    ("own call", lambda ties: "customer of it" in ties),
)


def _cell(deed: Deed, allowed: tuple[str, ...]) -> str:
    if deed in ABOUT_NO_ORDER:
        return "✓" if "no order" in allowed else ""
    return next((f"✓ {word}" for word, reaches in _REACHES if reaches(frozenset(allowed))), "")


_PAGE = """# Who may do what

This page is written by `{command}` from the table that the program asks; a test compares the two.

Rights are looked up when somebody acts, never when a button is shown: an old button gives nobody a right.
What is not allowed here is refused, with the roles that may do it.
An order that is not yours to see is refused in the same words as one that does not exist.

- **everywhere**: orders of every branch (headquarters). **branch**: orders of one's own branch.
- **own job**: orders one is sent to, in whichever branch.
- **offer**: orders put up for whoever takes them first, as long as they are.
- **own call**: orders of which one is the customer, and one's own complaints and opinion cards.
- A complaint about somebody is out of his sight and reach, whatever he is besides.
- Who has joined with a code may do nothing as staff until an administrator has said yes.
  Who has left may do nothing as staff from that moment.

## Orders and people

{orders}

## Complaints, opinion cards and tasks

The manager stands in for a department whose post nobody holds; the two general managers do for the GM office.

{cases}

## Parts and stock

{stock}

Whoever is sent to an order records the parts he used without any right here. Nobody issues what nobody approved.

Commands for oneself need no right:
help, language, name, the list of one's own open orders and of what one would have to hand over,
going on with a conversation, asking for a person.

Roles that may be given already, and may do nothing yet: {idle}.
"""


def main() -> None:
    GOLDEN.write_text(golden(), encoding="utf-8")
    TABLE.write_text(table(), encoding="utf-8")


if __name__ == "__main__":
    main()
