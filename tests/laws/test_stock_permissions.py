"""Every button of the store asks for its right when it is pressed, and what is not allowed changes nothing."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from handlers.stock_lists import PRESSES
from handlers.stock_router import ACTIONS
from rules.cases import Case
from rules.counts import Count
from rules.part_uses import PartUse
from rules.people import Deed, Role, may
from rules.requisitions import Requisition
from storage.cases import KINDS
from tests import depot, plays
from tests.laws.test_rights_of_buttons import EVERY_ROLE, NO_ORDER, heard

NEEDS: dict[str, dict[str, Deed]] = {
    "requisition": {
        "approve": Deed.APPROVE_PARTS, "reject": Deed.APPROVE_PARTS, "release": Deed.RELEASE_PARTS, "issue": Deed.ISSUE_PARTS,
        "issue_some": Deed.ISSUE_PARTS, "give_up": Deed.ISSUE_PARTS, "agree": Deed.APPROVE_PARTS, "back": Deed.KEEP_STOCK,
        "loss": Deed.KEEP_STOCK,
    },
    "part_use": {
        "agree": Deed.APPROVE_PARTS, "number": Deed.KEEP_STOCK, "dispose": Deed.KEEP_STOCK, "write_off": Deed.WRITE_OFF,
        "old": Deed.KEEP_STOCK,
    },
    "count": {
        "note": Deed.COUNT_STOCK, "explain": Deed.COUNT_STOCK, "adjust": Deed.ADJUST_STOCK, "again": Deed.ADJUST_STOCK,
    },
}  # fmt: skip
NEEDS |= {
    "transfer": {"came": Deed.CONFIRM_ARRIVAL, "some": Deed.CONFIRM_ARRIVAL},
    "shipment": {"approve": Deed.APPROVE_PARTS, "write_off": Deed.WRITE_OFF},
    "claim": dict.fromkeys(("fill", "examine", "submit", "parts", "answer", "credit"), Deed.KEEP_CLAIMS),
    "backorder": dict.fromkeys(("find", "sure", "confirm", "move", "arrive", "tell", "collected", "off"), Deed.KEEP_BACKORDERS),
}
OWN = {("requisition", "withdraw"), ("requisition", "paper"), ("goods_receipt", "paper")}  # whoever asked or sees it
PRESSES_NEED = {
    "find": Deed.SEE_STOCK, "shelf": Deed.SEE_STOCK, "receive": Deed.KEEP_STOCK, "count": Deed.COUNT_STOCK,
    "ask": Deed.ASK_PARTS, "send": Deed.KEEP_STOCK, "stations": Deed.SEE_STOCK, "lend": Deed.KEEP_STOCK,
    "loans": Deed.KEEP_STOCK, "back": Deed.KEEP_STOCK, "wait": Deed.KEEP_BACKORDERS, "old_parts": Deed.SEE_STOCK,
    "labels": Deed.KEEP_STOCK,
}  # fmt: skip
EITHER = {"ship": {Deed.KEEP_STOCK, Deed.ASK_PARTS}}


@pytest.fixture(scope="module")
def cast() -> Iterator[SimpleNamespace]:
    """A requisition, the parts of an order and a stocktake, each under way."""
    with depot.branch() as cast:
        depot.has(cast, "P-100", 3)
        depot.diagnosed(cast)
        depot.drawn(cast)
        plays.acts(cast.wang, parts=True)
        cast.wang.presses("＋ 用料").presses("P-100").presses("磨損").presses("帶回公司")
        cast.lin.says("倉庫").presses("🔢 盤點").presses("倉庫")
        depot.sends(cast)
        depot.ships(cast)
        depot.waits(cast)
        depot.claims_something(cast)
        yield cast


def test_every_button_of_the_store_has_its_right() -> None:
    known = {(kind, action) for kind, actions in ACTIONS.items() for action in actions}

    assert {(kind, action) for kind, actions in NEEDS.items() for action in actions} | OWN == known
    assert set(PRESSES_NEED) | set(EITHER) == set(PRESSES)


@EVERY_ROLE
def test_every_button_of_a_paper_asks_for_its_right_when_it_is_pressed(cast: SimpleNamespace, role: Role) -> None:
    phone = cast.room.person(f"庫{role}", role)
    for kind, actions in NEEDS.items():
        paper: Case = depot.newest(cast, KINDS[kind])
        for action, deed in actions.items():
            texts, lines = heard(cast.room, phone, f"j.{paper.id}.{action}" + (".0" if action == "old" else ""))
            if not paper.seen_by(phone.who()):
                assert (texts, lines) == (["refused.no-such-case"], ["refused"]), action
                assert heard(cast.room, phone, f"j.{NO_ORDER}.{action}") == (texts, lines), action
            elif not may(phone.who(), deed, paper.ties):
                assert (texts, lines) == (["refused.not-yours"], ["refused"]), action
            else:
                assert not {"refused.no-such-case", "refused.not-yours"} & set(texts), action


@EVERY_ROLE
def test_every_button_of_the_store_s_list_asks_for_its_right(cast: SimpleNamespace, role: Role) -> None:
    phone = cast.room.person(f"單{role}", role)
    for name, deeds in ({name: {deed} for name, deed in PRESSES_NEED.items()} | EITHER).items():
        texts, _lines = heard(cast.room, phone, f"i.{name}" + (".1-1" if name == "back" else ""))
        assert ("refused.not-yours" in texts) == (not any(may(phone.who(), one) for one in deeds)), name


def test_who_asked_can_neither_approve_nor_issue_nor_write_off_what_is_his(cast: SimpleNamespace) -> None:
    """PRT-3, PRT-4: a technician sees his own papers, and has no right to the stock."""
    for kind, actions in NEEDS.items():
        paper = depot.newest(cast, KINDS[kind])
        for action in actions:
            expected = "refused.not-yours" if paper.seen_by(cast.wang.who()) else "refused.no-such-case"
            if (kind, action) != ("requisition", "loss"):
                assert heard(cast.room, cast.wang, f"j.{paper.id}.{action}" + (".0" if action == "old" else ""))[0] == [
                    expected
                ]


def test_papers_of_another_branch_do_not_exist_for_a_storekeeper(cast: SimpleNamespace) -> None:
    elsewhere = cast.room.person("別處倉管", Role.WAREHOUSE, branch="elsewhere")
    for kind in (Requisition, PartUse, Count):
        assert heard(cast.room, elsewhere, f"j.{depot.newest(cast, kind).id}.card")[0] == ["refused.no-such-case"]
