"""Sales and budgets from lists, and what they are compared with (KPI-10, KPI-11, DLY-9)."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.books import BookProblem, Taken, export_ratios, keep, read_book
from rules.books import Book
from rules.expenses import Expense, ExpenseKind, OutStage, Voucher
from rules.money import Money
from rules.statements import Statement
from storage import books, cases
from storage.erasure import erase
from tests import affairs, plays
from tests.cast import terms_of

TERMS = terms_of("factory")


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    with affairs.factory() as cast:
        yield cast


def reads(tmp_path: Path, text: str, encoding: str = "utf-8") -> Taken:
    file = tmp_path / "list.csv"
    file.write_bytes(text.encode(encoding))
    return read_book(file, TERMS, branch="main")


@pytest.mark.parametrize("encoding", ["utf-8", "big5"])
def test_sales_are_read_by_month_and_customer_and_lines_of_one_are_added_up(tmp_path: Path, encoding: str) -> None:
    taken = reads(tmp_path, '月份,客戶,銷售額\n2026-11,張先生,"1,000"\n2026/11,張先生,500.50\n2026年12月,大同,7\n', encoding)

    assert taken == Taken(Book.SALES, {"2026-11": {"張先生": Money(150050, "TWD")}, "2026-12": {"大同": Money(700, "TWD")}})


def test_a_budget_without_a_branch_is_the_company_s_own(tmp_path: Path) -> None:
    taken = reads(tmp_path, "month,branch,budget\n2026-11,,8000\n2026-11,高雄,100\n")

    assert taken.months == {"2026-11": {"main": Money(800000, "TWD"), "高雄": Money(10000, "TWD")}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,amount\n", "line 1 has to name the columns"),
        ("month,customer,sales\n2026-13,大同,5\n2026-11,,5\n2026-11,大同,x\n2026-11,大同,-5\n", "line 2: the month"),
        ("month,customer,sales\n2026-11,大同,5.001\n", "line 2: the amount has to be a number of TWD"),
    ],
)
def test_a_list_with_a_wrong_line_is_not_taken_and_the_line_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BookProblem, match=told):
        reads(tmp_path, text)


def test_the_month_s_table_sets_what_was_credited_against_what_was_sold(cast: SimpleNamespace, tmp_path: Path) -> None:
    """DLY-9, KPI-10: 8,000 of 100,000; before the sales are known it says so."""
    affairs.to_decision(cast)
    cast.guo.presses("核決")
    affairs.day_begins(cast, "下週二 08:00")
    table = cases.by_number(cast.room.connection, Statement, "2026-11")
    assert table is not None

    cast.fang.presses_token(f"h.{table.id}.card").sees("張先生：退貨折讓 8,000 TWD（1 件）", "沒有銷售記錄")
    keep(cast.room.connection, reads(tmp_path, "month,customer,sales\n2026-11,張先生,100000\n2026-11,大同,60000\n"))
    export_ratios(cast.room.connection, tmp_path, cast.room.company.terms)

    cast.fang.presses_token(f"h.{table.id}.card").sees("退貨折讓 8,000／銷售 100,000 TWD ＝ 8.0%（1 件）", "全部客戶", "5.0%")
    with (tmp_path / "ratios.csv").open(encoding="utf-8-sig") as file:
        assert [(one["customer"], one["percent"]) for one in csv.DictReader(file)] == [("張先生", "8.00"), ("", "5.00")]


def test_a_new_list_of_a_month_takes_the_place_of_the_old_one_and_a_customer_can_be_forgotten(cast: SimpleNamespace) -> None:
    """REC-6: the amount stays, the name goes."""
    connection = cast.room.connection
    for lines in ({"張先生": Money(500, "TWD"), "大同": Money(1, "TWD")}, {"張先生": Money(700, "TWD"), "—": Money(5, "TWD")}):
        keep(connection, Taken(Book.SALES, {"2026-11": lines}))
    assert books.of_month(connection, Book.SALES, "2026-11") == {"張先生": Money(700, "TWD"), "—": Money(5, "TWD")}

    erase(connection, cast.zhang.id, now=cast.room.now)

    assert books.of_month(connection, Book.SALES, "2026-11") == {"—": Money(705, "TWD")}


def test_a_department_s_costs_stand_beside_its_budget_in_the_month_s_figures() -> None:
    """KPI-11."""
    with affairs.dealer(start="週五 10:00") as cast:
        connection = cast.room.connection
        plays.reports(cast.zhang)
        spent = Expense(
            number="EX26-001", branch="main", opened_at=cast.room.now, closed_at=cast.room.now, by=cast.wang.id,
            currency="TWD", purpose="高雄出差", stage=OutStage.SETTLED, vouchers=(Voucher(ExpenseKind.TRAVEL, 90000, "a"),),
        )  # fmt: skip
        cases.add(connection, spent)
        cases.add(connection, replace(spent, number="EX26-002", stage=OutStage.RETURNED))
        cast.he.says("報表").sees("支出 900 TWD（報銷 900 TWD", "沒有預算可以比較")

        keep(connection, Taken(Book.BUDGET, {"2026-11": {"main": Money(80000, "TWD"), "高雄": Money(1, "TWD")}}))

        cast.he.says("報表").sees("收費 0 TWD", "預算 800 TWD，已用 112.5%，超支 100 TWD")
