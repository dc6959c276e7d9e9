"""The whole table of who may do what, as text: `python -m tests.laws.permissions` writes it anew (ROL-1)."""

from pathlib import Path

from rules.people import EVERY_BRANCH, MAY, OF_THE_BRANCH, Deed, Person, Role, Ties, may

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).with_name("permissions.golden.txt")
DOCUMENT = ROOT / "docs" / "permissions.md"
COMMAND = "python -m tests.laws.permissions"

ME, OTHER, CUSTOMER = 1, 2, 3
CASES: dict[str, Ties | None] = {
    "no order": None,
    "own branch": Ties("north", CUSTOMER, crew=(OTHER,)),
    "own branch, in the crew": Ties("north", CUSTOMER, crew=(OTHER, ME)),
    "own branch, offered": Ties("north", CUSTOMER, offered_to=(ME, OTHER)),
    "other branch": Ties("south", CUSTOMER, crew=(OTHER,)),
    "other branch, in the crew": Ties("south", CUSTOMER, crew=(ME,)),
    "other branch, offered": Ties("south", CUSTOMER, offered_to=(ME,)),
    "reported it": Ties("south", ME, crew=(OTHER,)),
}
"""Every way in which somebody of the north branch can be tied to an order."""

WORDS = {
    Deed.REPORT_FAULT: "Report a fault",
    Deed.REGISTER_CALL: "Register a call for a customer",
    Deed.SEE_ORDER: "See an order",
    Deed.SEE_CONTACT: "See the contact and the telephone",
    Deed.SEE_BRANCH: "See the lists of the branch",
    Deed.SEARCH: "Search by customer, telephone, serial number or date",
    Deed.CLARIFY: "Complete what was reported",
    Deed.ASK_BACK: "Ask the customer back",
    Deed.ANSWER_CUSTOMER: "Answer a customer who wants a person",
    Deed.WRITE_CONTACT: "Write down a contact with the customer",
    Deed.DISPATCH: "Dispatch and re-dispatch",
    Deed.OFFER: "Offer an order to several technicians",
    Deed.TAKE_OFFER: "Take an order that was offered",
    Deed.ACCEPT: "Accept an order",
    Deed.DECLINE: "Decline an order, with a reason",
    Deed.OBJECT: "Object to an assignment",
    Deed.PREPARE: "Work the list before departure",
    Deed.DEPART: "Depart",
    Deed.ARRIVE: "Arrive",
    Deed.RECORD_FINDINGS: "Listen, look, check, act and record the parts",
    Deed.RAISE_PROBLEM: "Raise a problem from the site",
    Deed.DECIDE_PROBLEM: "Decide a problem from the site",
    Deed.COLLECT_SIGNATURE: "Take the customer's signature",
    Deed.CLOSE_UNSIGNED: "Ask to close without a signature",
    Deed.APPROVE_UNSIGNED: "Allow closing without a signature",
    Deed.DISPUTE: "Say that the work is not in order",
    Deed.BRIEF_REPORT: "Report before leaving and ask for the next order",
    Deed.GIVE_NEXT: "Name a technician's next order",
    Deed.CANCEL_IN_REGISTER: "Cancel in the register, with the reason",
    Deed.APPROVE_REPORT: "Approve a report",
    Deed.RETURN_REPORT: "Return a report",
    Deed.CANCEL_ORDER: "Cancel an order",
    Deed.SOLVE_REMOTELY: "Solve an order without a visit",
    Deed.HOLD: "Put on hold and take off hold",
    Deed.RELAY: "Pass words on between customer and technician",
    Deed.REMARK: "Add words, pictures and voice to an order",
    Deed.ACKNOWLEDGE: "Acknowledge a reminder",
    Deed.INVITE: "Invite colleagues",
    Deed.CONFIRM_STAFF: "Confirm a colleague who joined",
    Deed.CHANGE_STAFF: "Change roles and branches, mark somebody as left",
}


def golden() -> str:
    """One line for each role and deed: the ties with which it is allowed, by the very function that the desk asks."""
    lines = []
    for role in Role:
        for deed in Deed:
            me = Person(ME, "", frozenset({role}), branch="north")
            said = [name for name, ties in CASES.items() if may(me, deed, ties)]
            lines.append(f"{role} | {deed} | {'; '.join(said) or '-'}")
    return "\n".join(lines) + "\n"


def document() -> str:
    """The same for people to read."""
    roles = [role for role in Role if MAY[role]]
    head = [
        "# Who may do what",
        "",
        f"This page is written by `{COMMAND}` from `rules/people.py`; a test sees that it is up to date. What has no mark is",
        "refused with a sentence that names who can do it (ROL-1). An order that somebody has nothing to do with is refused as if",
        "it did not exist. Who awaits confirmation or has left may do nothing; nobody approves what is his own (CLS-5).",
        "",
        "- **C** customer: his own orders.",
        "- **T** technician: the orders that he is sent to; an order that is offered to him he sees and can take.",
        "- **B** branch: every order of his branch.",
        "- **A** all: every order of every branch (ROL-4), or a deed that concerns no order.",
        "",
    ]
    table = ["| | " + " | ".join(role.replace("_", " ") for role in roles) + " |", "|---|" + "---|" * len(roles)]
    for deed in Deed:
        marks = [_mark(role) if deed in MAY[role] else "" for role in roles]
        table.append(f"| {WORDS[deed]} | " + " | ".join(marks) + " |")
    idle = ", ".join(role.replace("_", " ") for role in Role if not MAY[role])
    return "\n".join([*head, *table, "", f"These roles can be given already and have no deeds of their own yet: {idle}.", ""])


def _mark(role: Role) -> str:
    if role in EVERY_BRANCH:
        return "A"
    if role in OF_THE_BRANCH:
        return "B"
    return "C" if role is Role.CUSTOMER else "T"


if __name__ == "__main__":
    GOLDEN.write_text(golden(), encoding="utf-8")
    DOCUMENT.write_text(document(), encoding="utf-8")
