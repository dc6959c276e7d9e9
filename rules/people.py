"""Who may do what: roles, deeds, relations. The default is no (DESIGN 2, ROL-1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from rules.deeds import DEPARTMENTS, EVERY_BRANCH, MAY, OF_THE_BRANCH, Deed, Role
from rules.refusals import Refused

__all__ = [
    "DEPARTMENTS",
    "EVERY_BRANCH",
    "MAY",
    "OF_THE_BRANCH",
    "SIGHT",
    "Deed",
    "Person",
    "Role",
    "Standing",
    "Ties",
    "may",
    "on_behalf",
    "require",
    "roles_that_may",
]


class Standing(StrEnum):
    """Whether a person's rights count."""

    PENDING = "pending"  # has a code, awaits the administrator's word
    ACTIVE = "active"
    LEFT = "left"


@dataclass(frozen=True)
class Person:
    """Somebody the desk knows. Customers have the role CUSTOMER and no branch of their own."""

    id: int
    name: str
    roles: frozenset[Role]
    branch: str = ""
    language: str = ""
    standing: Standing = Standing.ACTIVE
    phone: str = ""
    acting: Mapping[Role, int] = field(default_factory=dict, hash=False)  # posts held for a colleague at this time (ROL-6)

    @property
    def is_staff(self) -> bool:
        return bool(self.roles - {Role.CUSTOMER})

    @property
    def holds_any_post(self) -> bool:
        """Whether he works here now."""
        return self.is_staff and self.standing is Standing.ACTIVE

    def holds(self, role: Role) -> bool:
        """True when the role counts now: nobody who awaits confirmation or has left holds any staff role."""
        return role in self.every_role and (self.standing is Standing.ACTIVE or role is Role.CUSTOMER)

    @property
    def every_role(self) -> frozenset[Role]:
        """One's own roles and those of whom one stands in for."""
        return self.roles | frozenset(self.acting)


@dataclass(frozen=True)
class Ties:
    """What of an order or case decides who is related to it. `barred` may have no part in it, whatever their role."""

    branch: str
    customer: int
    crew: tuple[int, ...] = ()
    offered_to: tuple[int, ...] = ()
    barred: frozenset[int] = frozenset()
    kind: str = "order"


def may(by: Person, deed: Deed, ties: Ties | None = None) -> bool:
    """Whether `by` may do `deed`, to this order or case if one is named (ROL-1). Default is no."""
    if ties is not None and by.id in ties.barred:
        return False
    return any(by.holds(role) and deed in MAY[role] and _is_related(by, role, deed, ties) for role in by.every_role)


def _is_related(by: Person, role: Role, deed: Deed, ties: Ties | None) -> bool:
    if ties is None or role in EVERY_BRANCH:
        return True
    if role in OF_THE_BRANCH:
        return by.branch == ties.branch
    if role is Role.CUSTOMER:
        return by.id == ties.customer
    if deed in (Deed.TAKE_OFFER, Deed.SEE_ORDER) and by.id in ties.offered_to:
        return True
    return by.id in ties.crew


def on_behalf(by: Person, deed: Deed, ties: Ties | None) -> dict[str, int]:
    """Facts for the journal: for whom somebody acts who may do this only because he stands in (ROL-6); else nothing."""
    if not by.acting or may(replace(by, acting={}), deed, ties):
        return {}
    of = [person for role, person in by.acting.items() if may(replace(by, roles=frozenset({role}), acting={}), deed, ties)]
    return {"for_id": of[0]} if of else {}


def roles_that_may(deed: Deed) -> tuple[Role, ...]:
    """Roles that hold a deed, for the refusal's "who can do it" (ROL-1)."""
    return tuple(role for role in Role if deed in MAY[role])


SIGHT = {
    "order": Deed.SEE_ORDER,
    "complaint": Deed.SEE_COMPLAINT,
    "task": Deed.SEE_CASES,
    "statement": Deed.SEE_CASES,
    "branch_report": Deed.READ_BRANCH_REPORT,
    "quote": Deed.SEE_ORDER,
    "receipt": Deed.SEE_ORDER,
    "invoice": Deed.SEE_ORDER,
    "handover": Deed.NAME_SUCCESSOR,
    "hazard": Deed.CLEAR_HAZARD,
} | dict.fromkeys(
    ("requisition", "part_use", "goods_receipt", "transfer", "count", "shipment", "claim", "backorder"), Deed.SEE_STOCK
)
"""What one has to be able to see before one is told what one may not do; of other cases the deed itself."""


def require(by: Person, deed: Deed, ties: Ties | None = None) -> None:
    """Raise Refused unless `by` may do `deed` (ROL-1). Somebody else's order or case is refused as if it did not exist."""
    if may(by, deed, ties):
        return
    if ties is not None and not may(by, SIGHT.get(ties.kind, deed), ties):
        if ties.kind != "order":
            raise Refused("no-such-case", rule="ROL-1")
        raise Refused("no-such-order", rule="ROL-1")
    raise Refused("not-yours", rule="ROL-1", roles=[str(role) for role in roles_that_may(deed)])
