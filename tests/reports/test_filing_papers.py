"""Papers of the store and of a month when it did not go smoothly: rejected, lost, cancelled, missing, changed (PRT, CLS-7)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from bot.reports.printer import Printer
from rules.filing import CASH, GOODS_IN, OLD_PARTS, REQUISITION, of_month, parts_of, volumes_of
from rules.months import read_period
from rules.part_uses import PartUse, Used
from rules.people import Role
from rules.receipts import Arrival, GoodsReceipt
from rules.requisitions import Requisition
from scheduler import month_end
from storage import cases, orders
from tests import depot, plays
from tests.depot import has, newest
from tests.flows.test_story_4 import looks, quotes
from tests.reports.test_samples import words
from tests.room import at

NOVEMBER = read_period("2026-11")


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    """A branch with a store, its accountant, and what was printed last."""
    with depot.branch(start="週五 10:00") as cast:
        cast.zhou = cast.room.person("周會計", Role.ACCOUNTANT)
        cast.now = datetime(2026, 12, 1, 1, tzinfo=UTC)
        yield cast


def told(cast: SimpleNamespace, paper: str, language: str = "zh-Hant") -> str:
    """What stands on a paper, without blanks. No photo can be had here."""
    kept: list[bytes] = []

    def keep(content: bytes) -> str:
        kept.append(content)
        return "0" * 64

    printer = Printer(lambda: cast.room.company, keep=keep, load_file=_gone, now=lambda: cast.now)
    assert printer(cast.room.connection, paper, 0, language) is not None
    return words(kept[0])


def _gone(_sha256: str) -> bytes:
    raise FileNotFoundError


def of(cast: SimpleNamespace) -> str:
    return told(cast, f"{REQUISITION}{newest(cast, Requisition).id}")


def test_a_requisition_shows_how_far_it_is_and_leaves_room_for_whoever_is_to_sign(cast: SimpleNamespace) -> None:
    has(cast, "P-100", 5)
    depot.asks(cast, "3 個 P-100", at_order=False)
    assert "待核准" in of(cast) and "李主任" not in of(cast)

    cast.li.presses("核准")
    cast.lin.presses("部分發料").says("2")
    cast.wang.presses_token(f"j.{newest(cast, Requisition).id}.loss").says("1").says("掉進水溝")

    for one in ("發了一部分", "核准李主任", "發料林倉管", "領料王師傅", "P-100泵浦×2", "報遺失，等主管同意", "掉進水溝"):
        assert one in of(cast), one
    cast.li.presses("同意遺失")
    assert "遺失P-100泵浦×1李主任" in of(cast)


def test_a_rejected_requisition_says_by_whom_and_why_and_asks_for_no_more_signatures(cast: SimpleNamespace) -> None:
    depot.asks(cast, at_order=False)
    cast.li.presses("不核准").says("先試著清洗")

    assert all(one in of(cast) for one in ("不核准李主任", "先試著清洗"))
    assert "領料王師傅" not in of(cast)


def test_a_goods_receipt_tells_what_was_announced_and_says_so_where_a_photo_is_gone(cast: SimpleNamespace) -> None:
    lines = (Arrival(1, "P-100 泵浦", 2, ordered=5, refused=3, reason="軸心鏽蝕", photo="a" * 64),)
    came = cases.add(
        cast.room.connection,
        GoodsReceipt(
            number="GR26-009", branch="main", opened_at=at("週五 10:00"), source="claim", lines=lines, received_by=cast.lin.id
        ),
    )

    printed = told(cast, f"{GOODS_IN}{came.id}")

    assert [one for one in ("索賠補件", "應收", "5", "軸心鏽蝕", "照片無法顯示", "林倉管") if one not in printed] == []


def test_old_parts_are_listed_where_they_wait_where_they_are_owed_and_as_they_were_decided(cast: SimpleNamespace) -> None:
    has(cast, "P-100", 5)
    depot.diagnosed(cast)
    depot.drawn(cast)
    plays.acts(cast.wang, parts=True)
    cast.wang.presses("＋ 用料").says("P-100").presses("磨損").presses("帶回公司")
    assert "還沒交回1" in told(cast, of_month(OLD_PARTS, NOVEMBER, "main"))

    cast.lin.says("倉庫").presses("2611-0001-P").presses("收到舊件")
    assert "2026-11-27林倉管" in told(cast, of_month(OLD_PARTS, NOVEMBER, "main"))
    cast.lin.says("倉庫").presses("2611-0001-P").presses("處置舊件").presses("報廢")

    assert "報廢2026-11-27林倉管" in told(cast, of_month(OLD_PARTS, NOVEMBER, "main"))
    assert "報廢" not in told(cast, of_month(OLD_PARTS, NOVEMBER.before, "main"))
    settled = newest(cast, PartUse)
    cases.add(
        cast.room.connection, replace(settled, id=0, number="2610-0009-P", branch="elsewhere", lines=(Used("別處的", 1),))
    )
    assert "別處的" not in told(cast, of_month(OLD_PARTS, NOVEMBER, "main"))


def paid(cast: SimpleNamespace, amount: str = "180") -> None:
    plays.on_site(cast)
    plays.listens(cast.wang)
    looks(cast.wang, "已過保固")
    plays.checks(cast.wang)
    quotes(cast.wang)
    cast.li.presses("核准報價")
    cast.zhang.presses("接受報價")
    cast.wang.says("收款").says(amount).presses("現金")


def test_cash_is_open_until_it_is_counted_and_a_cancelled_receipt_counts_for_nothing(cast: SimpleNamespace) -> None:
    paid(cast, "100")
    assert all(one in told(cast, of_month(CASH, NOVEMBER)) for one in ("現金待繳回", "未繳回100.00TWD", "合計100.00TWD"))

    cast.zhou.says("款項").presses("點收 王師傅").says("100")
    assert all(one in told(cast, of_month(CASH, NOVEMBER)) for one in ("周會計", "未繳回0.00TWD", "合計100.00TWD"))
    cast.wang.says("收款").presses("80 TWD").presses("現金")
    cast.zhou.says("RC26-002").presses("作廢收據").says("金額打錯了")

    printed = told(cast, of_month(CASH, NOVEMBER))
    assert all(one in printed for one in ("RC26-002", "已作廢", "合計100.00TWD"))
    assert "這個月沒有收款" in told(cast, of_month(CASH, NOVEMBER.before))


def test_a_month_that_runs_says_so(cast: SimpleNamespace) -> None:
    cast.now = at("週五 18:00")

    assert "本月未結束" in told(cast, of_month(CASH, NOVEMBER))
    assert "本月未結束" not in told(cast, of_month(CASH, NOVEMBER.before))


def test_a_volume_tells_whether_a_record_was_signed_anew_since_it_was_filed(cast: SimpleNamespace) -> None:
    """CLS-7: what was filed is known by its seal."""
    plays.signed(cast)
    cast.wang.presses("離場簡報").presses("就這樣回報")
    (volume,) = volumes_of(NOVEMBER, None, 1)
    assert "存檔" not in told(cast, volume).replace("裝訂存檔", "")
    cast.room.now = at("下週二 09:00")
    month_end.daily(cast.room.connection, cast.room.company.terms, cast.room.now.date(), now=cast.room.now)
    assert "2026年12月1日09:00存檔，之後沒有改過" in told(cast, volume)

    order = cast.room.order()
    orders.change(cast.room.connection, order, replace(order, seals=(replace(order.seals[-1], is_void=True),)))

    assert "之後有記錄重簽或補簽" in told(cast, volume)


def test_a_large_month_has_several_files() -> None:
    assert [parts_of(n) for n in (0, 1, 100, 101, 1000)] == [1, 1, 1, 2, 10]
    assert volumes_of(NOVEMBER, None, 101) == ["volume:2026-11:a:1", "volume:2026-11:a:2"]


@pytest.mark.parametrize("paper", ["requisition:99", "goods-in:99"])
def test_nothing_is_printed_of_what_is_not_there(cast: SimpleNamespace, paper: str) -> None:
    printer = Printer(lambda: cast.room.company, keep=lambda _: "", load_file=_gone)

    assert printer(cast.room.connection, paper, 0, "en") is None


@pytest.mark.parametrize("paper", ["requisition:x", "old-parts:2026-11", "volume:2026-13:a:1", "cash-month:2026-11:bffffffff"])
def test_a_name_that_names_nothing_leaves_the_words_alone(cast: SimpleNamespace, paper: str) -> None:
    printer = Printer(lambda: cast.room.company, keep=lambda _: "", load_file=_gone)

    assert printer(cast.room.connection, paper, 0, "en") is None
