"""Every kind of subject by its name, `order:12` or `complaint:3`: one way to store and to find them."""

from collections.abc import Collection
from typing import TypeVar, cast

from sqlalchemy import Connection

from rules.cases import Case
from rules.decisions import Subject
from rules.orders import WorkOrder
from storage import cases, deadlines, orders
from storage.outbox import Parcel

S = TypeVar("S", bound=Subject)
_LETTER = {"order": "o", "complaint": "c", "survey": "v", "task": "t", "statement": "h", "contract": "k", "route": "n",
           "daily": "y", "branch_report": "b", "handover": "z", "hazard": "x"}  # fmt: skip
_LETTER |= {"sheet": "g", "pickup": "e", "document": "l"}
_LETTER |= {"goods": "wk"}
_LETTER |= dict.fromkeys(cases.STOCK_KINDS, "j")
_LETTER |= {
    "quote": "u",
    "receipt": "rc",
    "invoice": "iv",
    "advance": "a",
    "expense": "ex",
    "return": "rt",
    "compensation": "cp",
}


def token(subject: Subject, action: str) -> str:
    """What a button about a subject carries, such as `c.3.card`."""
    return f"{_LETTER[subject.ties.kind]}.{subject.id}.{action}"


def by_name(connection: Connection, name: str) -> WorkOrder | Case | None:
    """What a name stands for; words behind it, as in `order:12:note`, say which message it was. None for anything else."""
    kind, _, rest = name.partition(":")
    number = rest.partition(":")[0]
    if not number.isdecimal():
        return None
    if kind == "order":
        return orders.by_id(connection, int(number))
    return cases.by_id(connection, cases.KINDS[kind], int(number)) if kind in cases.KINDS else None


def by_names(connection: Connection, names: Collection[str]) -> dict[str, WorkOrder | Case]:
    """The same for many, orders in one statement; names that stand for nothing are left out."""
    ids = {name: int(name[6:]) for name in names if name.startswith("order:") and name[6:].isdecimal()}
    known = orders.by_ids(connection, ids.values()) if ids else {}
    found = {name: known.get(ids[name]) if name in ids else by_name(connection, name) for name in names}
    return {name: one for name, one in found.items() if one is not None}


def of_parcel(connection: Connection, parcel: Parcel) -> WorkOrder | Case | None:
    """What a message is about."""
    return by_name(connection, f"order:{parcel.order}" if parcel.order else parcel.subject)


def put(connection: Connection, before: S | None, after: S) -> S:
    """Store a subject as new, or in the place of what it was. Raises StaleOrder when it was changed in between."""
    if before == after:
        return after
    if isinstance(after, WorkOrder):
        old = cast("WorkOrder | None", before)
        stored: object = orders.add(connection, after) if old is None else orders.change(connection, old, after)
    else:
        case, old_case = cast("Case", after), cast("Case | None", before)
        stored = cases.add(connection, case) if old_case is None else cases.change(connection, old_case, case)
    return cast("S", stored)


def refresh_next_due(connection: Connection, subject: Subject) -> None:
    """Keep a subject's place in its queue: by the first promise that is running (DSP-1)."""
    first = deadlines.first_due(connection, subject.subject)
    keep = orders.set_next_due if isinstance(subject, WorkOrder) else cases.set_next_due
    keep(connection, subject.id, first)
