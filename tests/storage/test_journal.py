"""The journal can be added to and nothing else: whoever changes it is found out."""

from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from rules.decisions import Entry
from storage import journal
from storage.codec import unpack
from storage.tables import journal as rows
from tests.storage.making import NOW, after


def tell(connection: Connection, subject: str = "order:1", *kinds: str, at: datetime = NOW) -> None:
    entries = tuple(
        Entry(kind, {"minutes": n}, "SLA-1") for n, kind in enumerate(kinds or ("reported", "assigned", "accepted", "closed"))
    )
    journal.append(connection, subject, entries, by=7, at=at, message="telegram:1001")


def flaws(connection: Connection) -> list[tuple[str, int, str]]:
    return list(journal.flaws(connection))


def at(subject: str, seq: int) -> object:
    return (rows.c.subject == subject) & (rows.c.seq == seq)


@pytest.fixture
def told(connection: Connection) -> Connection:
    """Two subjects, told in turns."""
    tell(connection, "order:1", "reported", "assigned")
    tell(connection, "order:2")
    tell(connection, "order:1", "accepted", "closed", at=after(30))
    return connection


def test_lines_come_back_in_order_with_all_that_was_said(told: Connection):
    lines = journal.lines(told, "order:1")

    assert [line.kind for line in lines] == ["reported", "assigned", "accepted", "closed"]
    assert [line.seq for line in lines] == [1, 2, 3, 4]
    assert (lines[0].by, lines[0].at, lines[0].rule, lines[0].message) == (7, NOW, "SLA-1", "telegram:1001")
    assert lines[3].at == after(30)
    assert lines[1].facts == {"minutes": 1}


def test_an_untouched_journal_has_no_flaw(told: Connection):
    assert flaws(told) == []


def test_facts_of_every_kind_are_sealed_as_they_are_read_again(connection: Connection):
    facts = {"due": after(0.5), "fee": Decimal("120.50"), "share": 0.1, "photos": ("a", "b"), "words": "電動機", "none": None}
    facts |= {"on": NOW.date()}

    journal.append(connection, "order:1", (Entry("facts", facts),), by=None, at=after(0.001))

    assert flaws(connection) == []
    assert unpack(journal.lines(connection, "order:1")[0].facts) == facts | {"photos": ["a", "b"]}


@pytest.mark.parametrize(
    "change",
    [
        {"facts": {"minutes": 0}},
        {"kind": "arrived"},
        {"by": 8},
        {"at": after(-5)},
        {"rule": "SLA-2"},
        {"message": "telegram:1"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_line_is_found(told: Connection, change: dict[str, object]):
    told.execute(update(rows).where(at("order:1", 2)).values(**change))

    assert flaws(told) == [("order:1", 2, "altered")]


def test_a_changed_line_with_a_hash_that_fits_it_breaks_the_link_behind(told: Connection):
    line = told.execute(select(rows).where(at("order:1", 2))).mappings().one()
    forged = dict(line) | {"by": 8}
    told.execute(update(rows).where(at("order:1", 2)).values(by=8, hash=journal._seal(forged)))

    assert flaws(told) == [("order:1", 3, "link")]


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_a_removed_line_is_found(told: Connection, seq: int):
    told.execute(delete(rows).where(at("order:1", seq)))

    assert flaws(told)[0] == ("order:1", seq, "gap")


def test_a_removed_line_is_found_even_when_the_rest_moves_up(told: Connection):
    told.execute(delete(rows).where(at("order:1", 2)))
    for seq in (3, 4):
        told.execute(update(rows).where(at("order:1", seq)).values(seq=seq - 1))

    assert flaws(told)[0] == ("order:1", 2, "link")


def test_two_lines_that_changed_places_are_found(told: Connection):
    for before, now in ((2, 99), (3, 2), (99, 3)):
        told.execute(update(rows).where(at("order:1", before)).values(seq=now))

    assert flaws(told)[0] == ("order:1", 2, "link")


def test_a_line_put_in_between_is_found(told: Connection):
    line = dict(told.execute(select(rows).where(at("order:1", 4))).mappings().one())
    told.execute(insert(rows).values(line | {"id": None, "seq": 5} | {"id": 987654}))

    assert flaws(told) == [("order:1", 5, "link")]


def test_a_line_moved_to_another_order_is_found(told: Connection):
    told.execute(update(rows).where(at("order:2", 4)).values(subject="order:3", seq=1))

    assert flaws(told) == [("order:3", 1, "link")]


def test_a_flaw_in_one_subject_is_no_flaw_of_another(told: Connection):
    told.execute(update(rows).where(at("order:1", 4)).values(by=8))

    assert flaws(told) == [("order:1", 4, "altered")]


def test_two_lines_can_never_have_the_same_place(engine: Engine):
    with engine.begin() as connection:
        tell(connection, "order:1", "reported")
        line = dict(connection.execute(select(rows)).mappings().one())

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(rows).values(line | {"id": 2}))


def test_nothing_said_adds_nothing(connection: Connection):
    journal.append(connection, "order:1", (), by=None, at=NOW)

    assert journal.lines(connection, "order:1") == []
