"""A repair in the workshop takes its parts from the store as a visit does: asked for, issued, used, answered for (WKS-4)."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from rules.goods import Goods
from rules.part_uses import PartUse
from rules.requisitions import Requisition
from storage import journal, stock
from tests import depot, plays
from tests.depot import has, in_store, in_van, newest


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    """Something of 張先生's is in the workshop, and 王師傅 works on it."""
    with depot.branch() as cast:
        plays.on_site(cast)
        plays.listens(cast.wang)
        plays.looks(cast.wang)
        plays.takes_back(cast.wang)
        cast.chen.says("登記簿").presses("-W1").presses("收到，登記入庫")
        cast.wang.says("登記簿").presses("-W1").presses("開始修")
        yield cast
        assert stock.flaws(cast.room.connection) == []
        assert list(journal.flaws(cast.room.connection)) == []


def drawn(cast: SimpleNamespace, words: str = "2 個 P-100") -> None:
    cast.wang.presses("申請零件").says(words).presses("否").says("換泵浦").presses("沒問題，送出").sees("領料單 L26-001")
    cast.li.sees("2611-0001-W1").presses("核准")
    cast.lin.presses("全部發料")


def test_parts_for_the_workshop_leave_the_store_on_a_requisition_and_the_van_when_they_are_fitted(
    cast: SimpleNamespace,
) -> None:
    has(cast, "P-100", 5)
    drawn(cast)
    assert (in_store(cast, "P-100"), in_van(cast, "P-100")) == (3, 2)

    cast.wang.says("登記簿").presses("-W1").presses("記換件").presses("P-100 泵浦（2）").presses("磨損").presses("帶回公司")

    cast.wang.sees("換件記好了", "換件：P-100 泵浦 × 1")
    assert in_van(cast, "P-100") == 1
    assert [(line.used, line.open) for line in newest(cast, Requisition).lines] == [(1, 1)]
    assert [line.label for line in newest(cast, PartUse).lines] == ["P-100 泵浦 × 1"]


def test_it_is_not_passed_before_its_parts_are_answered_for(cast: SimpleNamespace) -> None:
    has(cast, "P-100", 5)
    drawn(cast)
    cast.wang.says("登記簿").presses("-W1").presses("記換件").presses("P-100 泵浦（2）").presses("磨損").presses("帶回公司")
    cast.room.later(minutes=30)
    cast.wang.says("登記簿").presses("-W1").presses("修好了").says("換泵浦")
    cast.li.says("登記簿").presses("-W1").presses("驗訖").sees("P-100 泵浦 × 1", "PRT-6")
    assert newest(cast, Goods).stage == "repaired"

    cast.lin.presses_token(f"j.{newest(cast, Requisition).id}.back")
    cast.lin.says("1").sees("P-100")
    cast.li.says("登記簿").presses("-W1").presses("驗訖")

    assert (newest(cast, Goods).stage, in_store(cast, "P-100")) == ("ready", 4)


def test_the_write_off_waits_for_inspection_return_and_old_part(cast: SimpleNamespace) -> None:
    has(cast, "P-100", 5)
    drawn(cast, "1 個 P-100")
    cast.wang.says("登記簿").presses("-W1").presses("記換件").presses("P-100 泵浦（1）").presses("磨損").presses("帶回公司")
    use = newest(cast, PartUse)
    cast.lin.presses_token(f"j.{use.id}.write_off").sees("PRT-4")
    cast.room.later(minutes=30)
    cast.wang.says("登記簿").presses("-W1").presses("修好了").says("換泵浦")
    cast.li.says("登記簿").presses("-W1").presses("驗訖")
    cast.chen.says("登記簿").presses("-W1").presses("交還客戶")
    plays.gives_back(cast.chen)
    cast.lin.presses_token(f"j.{use.id}.old.0").presses_token(f"j.{use.id}.write_off")

    assert newest(cast, PartUse).stage == "written_off"


def test_what_nobody_drew_is_on_the_card_and_the_storekeeper_hears_of_it(cast: SimpleNamespace) -> None:
    cast.wang.presses("記換件").says("電容 35μF").presses("燒毀").presses("帶回公司").sees("換件：電容 35μF × 1")

    cast.lin.sees("2611-0001-W1", "電容 35μF × 1")


def test_where_the_old_part_counts_it_is_answered_for_at_once(cast: SimpleNamespace) -> None:
    cast.wang.presses("記換件").says("電容 35μF").presses("燒毀").sees("舊件去向")

    assert all(one.label != "跳過" for one in cast.wang.last().rows[-1])
