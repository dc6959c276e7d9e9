"""What somebody may do next with papers of the store: the buttons of their cards (DESIGN 10.1).

The lists only mirror the rulings; each of them checks again when the button is pressed.
"""

from rules.backorders import Backorder
from rules.claims import Claim
from rules.claims import lacking as claim_lacks
from rules.counts import Count
from rules.goods import Goods
from rules.nexts import Next
from rules.orders import WorkOrder
from rules.part_uses import PartUse, lacking, needs_word
from rules.people import Deed, Person, may
from rules.policies import Policy
from rules.requisitions import Requisition, RequisitionStage
from rules.shipments import Shipment
from rules.terms import Terms
from rules.transfers import Transfer

_S = RequisitionStage


def next_of_requisition(requisition: Requisition, person: Person, terms: Terms) -> tuple[Next, ...]:
    """First the one that comes next; whoever asked may take it back."""
    ties, stage, found = requisition.ties, requisition.stage, list[Next]()
    is_own = person.id == requisition.requester
    if stage == _S.REQUESTED and may(person, Deed.APPROVE_PARTS, ties) and not is_own:
        found += [Next("approve", is_primary=True), Next("reject", is_danger=True)]
    if stage == _S.APPROVED and terms.policy.parts.allocator and may(person, Deed.RELEASE_PARTS, ties):
        found.append(Next("release", is_primary=True))
    if _is_issuable(requisition, terms) and may(person, Deed.ISSUE_PARTS, ties):
        found += [Next("issue", is_primary=True), Next("issue_some")]
        found += [Next("give_up")] if stage == _S.PARTIAL else []
    if requisition.losses and may(person, Deed.APPROVE_PARTS, ties) and not is_own:
        found.append(Next("agree", is_primary=not found))
    if any(line.open for line in requisition.lines):
        found += [Next("back")] if may(person, Deed.KEEP_STOCK, ties) else []
        found += [Next("loss")] if is_own else []
    if is_own and stage in (_S.REQUESTED, _S.APPROVED, _S.RELEASED):
        found.append(Next("withdraw", is_danger=True))
    return tuple(found)


def _is_issuable(requisition: Requisition, terms: Terms) -> bool:
    ready = _S.RELEASED if terms.policy.parts.allocator else _S.APPROVED
    return requisition.stage in (ready, _S.PARTIAL)


def next_of_use(use: PartUse, about: WorkOrder | Goods | None, person: Person, terms: Terms) -> tuple[Next, ...]:
    """Old parts one by one, then the write-off, then what becomes of the old ones."""
    ties, found = use.ties, list[Next]()
    if use.is_open and may(person, Deed.APPROVE_PARTS, ties) and any(needs_word(one, terms.policy) for one in use.lines):
        found.append(Next("agree", is_primary=True))
    if may(person, Deed.KEEP_STOCK, ties) and person.id != use.technician:
        waiting = [n for n, one in enumerate(use.lines) if one.received_by is None and one.old_part in _COMES]
        found += [Next(f"old.{n}") for n in waiting[:1] if use.is_open and terms.policy.parts.old_part != "off"]
        if use.is_open and any(one.name not in use.parts for one in use.lines):
            found.append(Next("number"))
        if any(one.received_by is not None and not one.disposal for one in use.lines):
            found.append(Next("dispose"))
    if use.is_open and may(person, Deed.WRITE_OFF, ties) and person.id != use.technician:
        is_ready = about is not None and not lacking(use, about, terms.policy)
        found.append(Next("write_off", is_primary=is_ready))
    return tuple(found)


_COMES = ("", "returned", "to_be_returned")


def next_of_count(count: Count, person: Person) -> tuple[Next, ...]:
    """Count, explain, agree; never the same person for both ends (PRT-13)."""
    if count.stage == "counting" and may(person, Deed.COUNT_STOCK, count.ties):
        return (Next("note" if count.left else "explain", is_primary=True),)
    if count.stage == "explained" and may(person, Deed.ADJUST_STOCK, count.ties) and person.id not in count.counters:
        return (Next("adjust", is_primary=True), Next("again"))
    return ()


def next_of_transfer(transfer: Transfer, person: Person) -> tuple[Next, ...]:
    """The other side says what came (PRT-14)."""
    deed = Deed.CONFIRM_ARRIVAL if transfer.target_name else Deed.KEEP_STOCK
    may_say = person.id == transfer.keeper or may(person, deed, transfer.ties)
    if not transfer.is_open or person.id == transfer.sender or not may_say:
        return ()
    return (Next("came", is_primary=True), Next("some"))


def next_of_shipment(shipment: Shipment, person: Person) -> tuple[Next, ...]:
    """The leader's signature, then the write-off (PRT-15)."""
    ties = shipment.ties
    if shipment.stage == "signed" and may(person, Deed.APPROVE_PARTS, ties) and person.id != shipment.handler:
        return (Next("approve", is_primary=True),)
    if shipment.stage == "approved" and may(person, Deed.WRITE_OFF, ties):
        return (Next("write_off", is_primary=True),)
    return ()


_CLAIM_STEPS: dict[str, tuple[str, ...]] = {
    "draft": ("fill", "examine", "submit"),
    "submitted": ("parts", "answer"),
    "parts_sent": ("answer",),
    "accepted": ("credit",),
    "partial": ("credit",),
}


def next_of_claim(claim: Claim, person: Person, policy: Policy) -> tuple[Next, ...]:
    """Step by step to the credit; what the file lacks is looked at before it goes out (CLM-2, WAR-4)."""
    if not may(person, Deed.KEEP_CLAIMS, claim.ties):
        return ()
    first, *rest = _CLAIM_STEPS.get(claim.stage, ("",))
    if claim.stage == "draft" and claim.supplier:
        first, rest = "submit", ["fill", "examine"]
        if claim_lacks(claim, policy):
            first, rest = "examine", ["fill", "submit"]
    return (Next(first, is_primary=True), *(Next(one) for one in rest)) if first else ()


_BACKORDER_STEPS = {
    "registered": ("find",), "found": ("sure", "find"), "confirmed": ("move",), "moving": ("arrive",), "arrived": (),
}  # fmt: skip


def next_of_backorder(backorder: Backorder, person: Person) -> tuple[Next, ...]:
    """The customer says whether he still wants it; the store finds it, moves it, tells him (BKO)."""
    if not backorder.is_open:
        return ()
    if person.id == backorder.customer and not may(person, Deed.KEEP_BACKORDERS, backorder.ties):
        wanted = (Next("confirm", is_primary=True),) if backorder.stage == "found" else ()
        return (*wanted, Next("off", is_danger=True))
    if not may(person, Deed.KEEP_BACKORDERS, backorder.ties):
        return ()
    steps = [Next(one, is_primary=n == 0) for n, one in enumerate(_BACKORDER_STEPS[backorder.stage])]
    last = Next("collected", is_primary=True) if backorder.stage == "arrived" else Next("off", is_danger=True)
    return (*steps, Next("tell"), last)
