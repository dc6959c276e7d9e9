"""Where a button of the store's papers goes, and those that stand apart from any (DESIGN 3, PRT)."""

from collections.abc import Callable
from typing import Any

from handlers import dealing_outcomes as dealt
from handlers import filing
from handlers import stock_outcomes as done
from handlers.flowbook import ENGINE
from handlers.turn import Turn
from rules import backorders, claims, counts, part_uses, requisitions, shipments
from rules.backorders import Backorder
from rules.cases import Case, require_for, require_open
from rules.claims import Claim
from rules.counts import Count
from rules.filing import GOODS_IN, REQUISITION
from rules.part_uses import PartUse
from rules.people import Deed
from rules.receipts import GoodsReceipt
from rules.refusals import Refused
from rules.requisitions import Requisition, RequisitionStage
from rules.shipments import Shipment
from rules.transfers import Transfer
from storage import cases

Press = Callable[[Turn, Any, str], None]


def _starts(flow: str, deed: Deed, guard: Callable[..., None] | None = None, *at: str) -> Press:
    """A button that asks something first; whoever may not do it, or comes too late, hears so before he types."""

    def start(turn: Turn, case: Case, _arg: str) -> None:
        require_for(case, turn.person, deed)
        require_open(case)
        if guard is not None:
            guard(case, *at)
        ENGINE.start(turn, flow, about=case.subject)

    return start


def _decides(decide: Callable[..., Any], text: str) -> Press:
    act = done.simply(decide, text)
    return lambda turn, case, _arg: act(turn, case)


def _issue(turn: Turn, requisition: Requisition, _arg: str) -> None:
    """All that is still owed, with one tap."""
    require_for(requisition, turn.person, Deed.ISSUE_PARTS)
    requisitions.require_issuable(requisition, turn.terms)
    done.issue(turn, requisition, {line.part: line.owed for line in requisition.lines})


def _issue_some(turn: Turn, requisition: Requisition, _arg: str) -> None:
    require_for(requisition, turn.person, Deed.ISSUE_PARTS)
    requisitions.require_issuable(requisition, turn.terms)
    ENGINE.start(turn, "req_issue", about=requisition.subject)


def _out(flow: str) -> Press:
    """About pieces that are out: somebody has to have some."""

    def start(turn: Turn, requisition: Requisition, _arg: str) -> None:
        if flow == "req_back" or turn.person.id != requisition.requester:
            require_for(requisition, turn.person, Deed.KEEP_STOCK)
        if not any(line.open for line in requisition.lines):
            raise Refused("nothing-out", rule="PRT-6", number=requisition.number)
        ENGINE.start(turn, flow, about=requisition.subject)

    return start


def _old(turn: Turn, use: PartUse, arg: str) -> None:
    done.receive_old(turn, use, int(arg))


def _dispose(turn: Turn, use: PartUse, _arg: str) -> None:
    require_for(use, turn.person, Deed.KEEP_STOCK)
    if not any(one.received_by is not None and not one.disposal for one in use.lines):
        raise Refused("old-part-not-here", rule="PRT-7", part=use.about_number)
    ENGINE.start(turn, "use_dispose", about=use.subject)


def _some(turn: Turn, transfer: Transfer, _arg: str) -> None:
    if turn.person.id != transfer.keeper:
        require_for(transfer, turn.person, Deed.CONFIRM_ARRIVAL if transfer.target_name else Deed.KEEP_STOCK)
    require_open(transfer)
    ENGINE.start(turn, "transfer_some", about=transfer.subject)


def _paper(name: str) -> Press:
    """The paper to print or send on, for whoever sees the card."""
    return lambda turn, case, _arg: filing.send(turn, "filing.paper", [f"{name}{case.id}"], number=case.number)


ACTIONS: dict[str, dict[str, Press]] = {
    GoodsReceipt.kind: {"paper": _paper(GOODS_IN)},
    Requisition.kind: {
        "paper": _paper(REQUISITION),
        "approve": _decides(requisitions.approve, "done.req-approved"),
        "reject": _starts("req_reject", Deed.APPROVE_PARTS, requisitions.require_at, RequisitionStage.REQUESTED),
        "release": _decides(requisitions.release, "done.req-released"),
        "issue": _issue,
        "issue_some": _issue_some,
        "give_up": _decides(requisitions.give_up, "done.req-given-up"),
        "agree": _decides(requisitions.agree_to_losses, "done.req-agreed"),
        "back": _out("req_back"),
        "loss": _out("req_loss"),
        "withdraw": _decides(requisitions.withdraw, "done.req-withdrawn"),
    },
    PartUse.kind: {
        "agree": _decides(part_uses.agree, "done.use-agreed"),
        "old": _old,
        "number": _starts("use_number", Deed.KEEP_STOCK),
        "dispose": _dispose,
        "write_off": lambda turn, use, _arg: done.write_off(turn, use),
    },
    Transfer.kind: {
        "came": lambda turn, transfer, _arg: dealt.all_came(turn, transfer),
        "some": _some,
    },
    Shipment.kind: {
        "approve": _decides(shipments.approve, "done.shipment-approved"),
        "write_off": _decides(shipments.write_off, "done.shipment-written-off"),
    },
    Claim.kind: {
        "fill": _starts("claim_fill", Deed.KEEP_CLAIMS, claims.require_at, "draft"),
        "examine": _starts("claim_examine", Deed.KEEP_CLAIMS, claims.require_at, "draft"),
        "submit": lambda turn, claim, _arg: dealt.submitted(turn, claim),
        "parts": _starts("claim_parts", Deed.KEEP_CLAIMS, claims.require_at, "submitted"),
        "answer": _starts("claim_answer", Deed.KEEP_CLAIMS, claims.require_at, "submitted", "parts_sent"),
        "credit": _decides(claims.credit, "done.claim-credited"),
    },
    Backorder.kind: {
        "find": _starts("backorder_find", Deed.KEEP_BACKORDERS, backorders.require_at, "registered", "found"),
        "sure": _starts("backorder_sure", Deed.KEEP_BACKORDERS, backorders.require_at, "found"),
        "confirm": _decides(backorders.confirm, "done.backorder-sure"),
        "move": _decides(backorders.start_transfer, "done.backorder-moving"),
        "arrive": lambda turn, backorder, _arg: dealt.arrived(turn, backorder),
        "tell": _starts("backorder_words", Deed.KEEP_BACKORDERS),
        "collected": lambda turn, backorder, _arg: dealt.closed(turn, backorder),
        "off": lambda turn, backorder, _arg: dealt.closed(turn, backorder),
    },
    Count.kind: {
        "note": _starts("count_note", Deed.COUNT_STOCK, counts.require_at, "counting"),
        "explain": _starts("count_reason", Deed.COUNT_STOCK, counts.require_at, "counting"),
        "adjust": _decides(counts.adjust, "done.count-booked"),
        "again": _decides(counts.count_again, "done.count-again"),
    },
}


def pressed(turn: Turn, case_id: int, action: str, arg: str) -> None:
    """A button of a paper; what it names is looked up and every right checked again (story 11)."""
    kind = cases.kind_of(turn.connection, case_id)
    if kind not in cases.STOCK_KINDS:
        raise Refused("no-such-case", rule="ROL-1")
    case = turn.case(cases.KINDS[kind], case_id)
    if action == "card":
        turn.show(case.subject)
        return
    found = ACTIONS.get(kind, {}).get(action)
    if found is None:
        turn.reply("talk.passed")
        return
    found(turn.under(case), case, arg)
