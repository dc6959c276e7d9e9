"""The database itself says no: to less than nothing, and to a balance that its movements don't add up to (PRT-8, PRT-12)."""

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.audit import audit
from rules.refusals import Refused
from rules.stock import Move, MoveKind, Part, Quality, move
from storage import stock
from storage.engine import is_conflict, open_engine
from storage.errors import Raced
from storage.files import Shelf
from storage.tables import stock_balances, stock_lines, stock_movements, stock_places
from tests.storage.making import NOW, somebody

PUMP = Part(0, "P-100", "泵浦", "24V")


@dataclass(frozen=True)
class Stocked:
    """One part, a store with some of it, and a van."""

    connection: Connection
    part: int
    store: int
    van: int

    def books(self, kind: MoveKind, n: int, *, source: int | None = None, target: int | None = None) -> None:
        book(self.connection, move(kind, self.part, n, source=source, target=target))

    def has(self, place: int) -> int:
        return stock.balance(self.connection, place, self.part)


def book(connection: Connection, *moves: Move) -> None:
    stock.book(connection, moves, subject="requisition:1", by=1, at=NOW)


def with_stock(connection: Connection, n: int = 3) -> Stocked:
    stock.keep_part(connection, PUMP, now=NOW)
    part = stock.by_number(connection, "p－100")
    assert part is not None
    store = stock.store_of(connection, "main", now=NOW)
    van = stock.van_of(connection, somebody(connection).id, "main", now=NOW)
    stocked = Stocked(connection, part.id, store.id, van.id)
    stocked.books(MoveKind.RECEIVED, n, target=store.id)
    return stocked


@pytest.fixture
def stocked(connection: Connection) -> Stocked:
    return with_stock(connection)


def numbers(parts: list[Part]) -> list[str]:
    return [one.number for one in parts]


def test_a_part_is_found_by_whatever_number_stands_on_its_label(connection: Connection) -> None:
    stock.keep_part(connection, replace(PUMP, codes=("4711234567899", "OEM-77")), now=NOW)
    stock.keep_part(connection, Part(0, "H-16", "排水管"), now=NOW)

    assert numbers(stock.by_numbers(connection, ["oem － 77", "H-16", "p-100", "4711234567899"])) == ["P-100", "H-16"]
    assert numbers(stock.by_numbers(connection, ["", " ", "沒有"])) == []
    assert numbers(stock.search(connection, "4711234567899")) == ["P-100"]


def test_its_codes_are_those_that_the_catalogue_has_now(connection: Connection) -> None:
    stock.keep_part(connection, replace(PUMP, codes=("4711234567899",)), now=NOW)
    stock.keep_part(connection, replace(PUMP, codes=("OEM-77", "4719999999999")), now=NOW)
    stock.keep_part(connection, Part(0, "H-16", "排水管", codes=("4719999999999",)), now=NOW)

    found = {code: numbers(stock.by_numbers(connection, [code])) for code in ("4711234567899", "OEM-77", "4719999999999")}
    assert found == {"4711234567899": [], "OEM-77": ["P-100"], "4719999999999": ["H-16"]}


def test_a_movement_takes_from_one_account_what_it_gives_to_the_other(stocked: Stocked) -> None:
    stocked.books(MoveKind.ISSUED, 2, source=stocked.store, target=stocked.van)

    assert (stocked.has(stocked.store), stocked.has(stocked.van)) == (1, 2)
    assert [(line.kind, line.change, line.balance) for line in stock.card(stocked.connection, stocked.store, stocked.part)] == [
        (MoveKind.ISSUED, -2, 1), (MoveKind.RECEIVED, 3, 3),
    ]  # fmt: skip
    assert stock.flaws(stocked.connection) == []


def test_what_is_not_there_is_refused_in_clear_words(stocked: Stocked) -> None:
    with pytest.raises(Refused) as refused:
        stocked.books(MoveKind.ISSUED, 4, source=stocked.store, target=stocked.van)

    assert (refused.value.code, refused.value.facts["has"], refused.value.facts["part"]) == ("stock-short", 3, "P-100 泵浦")


def test_states_are_accounts_of_their_own(stocked: Stocked) -> None:
    """PRT-16: what was set aside can't be issued."""
    stocked.books(MoveKind.SET_ASIDE, 2, source=stocked.store, target=stocked.store)

    with pytest.raises(Refused, match="stock-short"):
        stocked.books(MoveKind.ISSUED, 2, source=stocked.store, target=stocked.van)
    assert stock.balance(stocked.connection, stocked.store, stocked.part, Quality.QUARANTINE) == 2


@pytest.mark.parametrize(
    "falsely",
    [
        lambda: update(stock_balances).values(quantity=stock_balances.c.quantity + 1),
        lambda: update(stock_balances).values(quantity=-1),
        lambda: update(stock_lines).where(stock_lines.c.seq == 1).values(balance=9, change=9),
        lambda: update(stock_lines).where(stock_lines.c.seq == 2).values(change=1),
        lambda: delete(stock_lines).where(stock_lines.c.seq == 1),
        lambda: delete(stock_lines).where(stock_lines.c.seq == 2),
        lambda: delete(stock_movements),
        lambda: update(stock_movements).values(quantity=7),
        lambda: delete(stock_places),
    ],
    ids=["balance", "negative", "first-line", "change", "drop-first", "drop-last", "movement", "nothing", "place"],
)
def test_the_database_itself_refuses_whatever_makes_the_book_untrue(stocked: Stocked, falsely: Callable[[], object]) -> None:
    stocked.books(MoveKind.ISSUED, 2, source=stocked.store, target=stocked.van)

    with pytest.raises(IntegrityError):
        stocked.connection.execute(falsely())  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("seq", "change", "balance", "last"),
    [
        (2, -3, -1, (1, 2)), (2, -3, 3, (1, 3)), (3, -3, 0, (1, 3)), (2, -3, 2, (1, 5)), (2, 3, 3, (None, None)),
        (1, 3, 3, (None, None)),
    ],
    ids=["below-zero", "wrong-sum", "gap", "other-past", "no-past", "twice"],
)  # fmt: skip
def test_the_database_itself_refuses_a_line_that_does_not_follow_the_last(
    stocked: Stocked, seq: int, change: int, balance: int, last: tuple[int | None, int | None]
) -> None:
    movement = stocked.connection.execute(select(func.max(stock_movements.c.id))).scalar_one()
    line = {"place_id": stocked.store, "part_id": stocked.part, "quality": "good", "seq": seq, "movement_id": movement}
    line |= {"quantity": 3, "change": change, "balance": balance, "last_seq": last[0], "last_balance": last[1]}

    with pytest.raises(IntegrityError):
        stocked.connection.execute(insert(stock_lines).values(line))


def test_search_finds_by_part_of_a_number_or_name_and_an_exact_one_alone(connection: Connection) -> None:
    for number, name in (("P-100", "泵浦"), ("P-1000", "大泵浦"), ("H_16", "水管 100%")):
        stock.keep_part(connection, Part(0, number, name), now=NOW)

    def numbers(words: str) -> list[str]:
        return [part.number for part in stock.search(connection, words)]

    assert (numbers("p-100"), numbers("泵"), numbers("大泵浦")) == (["P-100"], ["P-100", "P-1000"], ["P-1000"])
    assert (numbers("_"), numbers("0%"), numbers("沒有的"), numbers(" ")) == (["H_16"], ["H_16"], [], [])


def test_a_known_part_is_brought_up_to_date_and_not_doubled(connection: Connection) -> None:
    assert stock.keep_part(connection, PUMP, now=NOW)
    assert not stock.keep_part(connection, Part(0, "ｐ-100", "泵浦 新", least=2), now=NOW)

    (found,) = stock.search(connection, "P-100")
    assert (found.name, found.least) == ("泵浦 新", 2)


def test_the_audit_names_a_movement_without_its_lines(stocked: Stocked) -> None:
    values = {"kind": "received", "part_id": stocked.part, "quantity": 1, "subject": "goods_receipt:1", "at": NOW}
    stocked.connection.execute(insert(stock_movements).values(values))

    (flaw,) = stock.flaws(stocked.connection)

    assert "its lines don't agree" in flaw


# Several people at once.


@pytest.fixture
def engines(database_url: str) -> Iterator[list[Engine]]:
    """One engine for each of four people."""
    found = [open_engine(database_url) for _ in range(4)]
    yield found
    for one in found:
        one.dispose()


def tries(engine: Engine, kind: MoveKind, part: int, n: int, source: int | None, target: int | None) -> bool:
    """Book one movement, as often as another one gets in between; False when the rules refuse it."""
    while True:
        try:
            with engine.begin() as connection:
                book(connection, move(kind, part, n, source=source, target=target))
            return True
        except Refused:
            return False
        except Raced:
            continue
        except DBAPIError as error:
            if not is_conflict(error):
                raise


def at_once(work: list[Callable[[], None]]) -> None:
    start = threading.Barrier(len(work))

    def run(one: Callable[[], None]) -> None:
        start.wait(20)
        one()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)


def test_two_people_issue_the_last_piece_and_one_of_them_has_it(engines: list[Engine]) -> None:
    with engines[0].begin() as connection:
        stocked = with_stock(connection, 1)
    issued: list[bool] = []

    def issues(engine: Engine) -> Callable[[], None]:
        return lambda: issued.append(tries(engine, MoveKind.ISSUED, stocked.part, 1, stocked.store, stocked.van))

    at_once([issues(engine) for engine in engines])

    assert sorted(issued) == [False, False, False, True]
    with engines[0].connect() as connection:
        assert stock.held(connection, [stocked.store, stocked.van]) == {(stocked.van, stocked.part): 1}


def test_whatever_four_people_do_at_once_every_balance_is_what_its_movements_add_up_to(
    engines: list[Engine], tmp_path: Path
) -> None:
    """A random walk: goods in, issue, use, return, set aside and count, on the same few accounts."""
    with engines[0].begin() as connection:
        stocked = with_stock(connection, 5)
        stock.keep_part(connection, Part(0, "H-16", "排水管"), now=NOW)
        hose = stock.by_number(connection, "H-16")
        assert hose is not None
    store, van = stocked.store, stocked.van
    ways: list[tuple[MoveKind, int | None, int | None]] = [
        (MoveKind.RECEIVED, None, store), (MoveKind.ISSUED, store, van), (MoveKind.ISSUED, store, van),
        (MoveKind.USED, van, None), (MoveKind.RETURNED, van, store), (MoveKind.SET_ASIDE, store, store),
        (MoveKind.CLEARED, store, None), (MoveKind.MISSED, store, None), (MoveKind.FOUND, None, store),
    ]  # fmt: skip
    outcomes: list[bool] = []

    def walks(seed: int, engine: Engine) -> Callable[[], None]:
        def walk() -> None:
            choose = random.Random(seed)
            for _ in range(25):
                kind, source, target = choose.choice(ways)
                outcomes.append(
                    tries(engine, kind, choose.choice((stocked.part, hose.id)), choose.randint(1, 4), source, target)
                )

        return walk

    at_once([walks(seed, engine) for seed, engine in enumerate(engines)])

    with engines[0].connect() as connection:
        assert stock.flaws(connection) == []
        assert connection.execute(select(func.min(stock_balances.c.quantity))).scalar_one() >= 0
        assert connection.execute(select(func.count()).select_from(stock_movements)).scalar_one() == sum(outcomes) + 1
    assert {True, False} == set(outcomes), "a walk in which nothing is ever short shows nothing"
    assert list(audit(engines[0], Shelf(tmp_path))) == []
