"""Money for the company's books, and balances out of them (FEE-10, FEE-11)."""

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import balances, tools
from rules.receipts import Arrival, GoodsReceipt
from rules.tasks import Task
from storage import balances as kept_balances
from storage import cases
from tests import plays
from tests.flows.test_story_4 import looks, of_room, quotes
from tests.room import Room, at


@pytest.fixture
def desk() -> Iterator[SimpleNamespace]:
    room = Room.open("appliance", start="週五 10:00")
    yield of_room(room)
    room.close()


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_movement_of_money_is_written_out_exactly(desk: SimpleNamespace, tmp_path: Path) -> None:
    plays.on_site(desk)
    plays.listens(desk.wang)
    looks(desk.wang, "已過保固")
    plays.checks(desk.wang)
    quotes(desk.wang, "180.50")
    desk.li.presses("核准報價")
    desk.zhang.presses("接受報價")
    for step in (plays.acts, plays.tries_it):
        step(desk.wang)
    desk.wang.presses("💵 收款").presses("180.50 TWD").presses("現金")
    desk.wang.says("報銷").presses("＋ 借款").says("500").says("高雄出差").presses("跳過").presses("沒問題，送出")
    desk.li.presses("核准")
    desk.zhou.presses("已付款")
    receipt = GoodsReceipt(
        number="GR26-001", branch="main", opened_at=at("週五 11:00"), closed_at=at("週五 11:00"), source="supplier",
        supplier="=大同泵業", lines=(Arrival(1, "P-100 泵浦", 5, refused=1, reason="裂"),),
    )  # fmt: skip
    cases.add(desk.room.connection, receipt)

    tools.export(desk.room.connection, tmp_path)

    money = {(one["kind"], one["amount"], one["currency"]) for one in table(tmp_path, "money")}
    assert {("receipt", "180.50", "TWD"), ("advance_paid", "-500.00", "TWD")} <= money
    (bought,) = table(tmp_path, "purchases")
    assert (bought["supplier"], bought["part"], bought["taken"], bought["refused"]) == ("'=大同泵業", "P-100 泵浦", "5", "1")
    whole = [json.loads(line) for line in (tmp_path / "money.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sum(Decimal(one["amount"]) for one in whole) == Decimal("-319.50")


def takes(desk: SimpleNamespace, tmp_path: Path, lines: str) -> int:
    file = tmp_path / "balances.csv"
    file.write_text(f"phone,name,overdue,since\n{lines}", encoding="utf-8")
    return balances.import_balances(
        desk.room.connection, file, desk.room.company.terms, region="TW", branch="main", now=desk.room.now
    )


def test_an_overdue_balance_shows_on_the_card_and_somebody_reminds_the_customer(desk: SimpleNamespace, tmp_path: Path) -> None:
    plays.reports(desk.zhang)
    assert takes(desk, tmp_path, '0912-345-678,張先生,"12,800",2026-09-30\n') == 1

    desk.chen.sees("逾期款項", "12,800 TWD").presses("完成，回報").says("客戶說月底匯款")
    desk.li.presses_token(f"o.{desk.room.order().id}.card").sees("逾期未付 12,800 TWD")
    desk.wang.sees_nothing_new()
    desk.zhang.presses_token(f"o.{desk.room.order().id}.card")
    assert "逾期" not in desk.zhang.last().text
    assert takes(desk, tmp_path, '0912-345-678,張先生,"12,800",2026-09-30\n') == 1  # the same list again asks nobody again
    assert [one.is_open for one in cases.every(desk.room.connection, Task)] == [False]


def test_who_is_not_on_the_list_any_more_owes_nothing_and_is_not_reminded(desk: SimpleNamespace, tmp_path: Path) -> None:
    takes(desk, tmp_path, "0912-345-678,張先生,500,2026-09-30\n0987-654-321,林太太,700,2026-10-31\n")

    assert takes(desk, tmp_path, "0987-654-321,林太太,700,2026-10-31\n") == 1

    assert len(kept_balances.every(desk.room.connection)) == 1
    assert [one.stage for one in cases.every(desk.room.connection, Task)] == ["dropped", "open"]


def test_who_owes_since_another_day_is_reminded_of_that_alone(desk: SimpleNamespace, tmp_path: Path) -> None:
    takes(desk, tmp_path, "0912-345-678,張先生,500,2026-09-30\n")

    takes(desk, tmp_path, "0912-345-678,張先生,300,2026-10-31\n")

    assert [one.stage for one in cases.every(desk.room.connection, Task)] == ["dropped", "open"]


def test_several_lines_of_one_customer_are_one_balance_since_the_first_day(desk: SimpleNamespace, tmp_path: Path) -> None:
    assert takes(desk, tmp_path, "0912-345-678,張先生,500,2026-10-31\n0912345678,張先生,700,2026-09-30\n") == 1

    assert [str(one.money) for one in kept_balances.every(desk.room.connection).values()] == ["1,200 TWD"]
    assert [one.words for one in cases.every(desk.room.connection, Task)] == ["張先生 1,200 TWD (2026-09-30)"]


@pytest.mark.parametrize(
    "wrong",
    ["x,張先生,500,2026-09-30", "0912-345-678,張先生,0,2026-09-30", "0912-345-678,張先生,5,soon",
     "0912-345-678,張先生,Infinity,2026-09-30", "0912-345-678,張先生,5,2026-12-31"],
)  # fmt: skip
def test_a_line_that_can_not_be_read_is_named_and_nothing_is_taken(desk: SimpleNamespace, tmp_path: Path, wrong: str) -> None:
    with pytest.raises(balances.BalanceProblem, match="line 3"):
        takes(desk, tmp_path, f"0987-654-321,林太太,700,2026-10-31\n{wrong}\n")

    assert kept_balances.every(desk.room.connection) == {}
