"""A database of an earlier release, with what people had done in it by then, is brought up to this one with nothing lost.

The dumps under `releases/` were made by that release itself; nothing in them is about real people.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, Engine, func, select

from rules.clocks import Clock
from rules.orders import Stage, Step
from rules.people import Role
from storage import (
    conversations,
    deadlines,
    inbox,
    invitations,
    journal,
    living_cards,
    orders,
    outbox,
    people,
    remarks,
    seals,
    webchat,
)
from storage.engine import open_engine
from storage.migrate import migrate, newest, revision
from storage.tables import metadata
from storage.tables import people as people_table
from tests.databases import ENGINES, Postgres

RELEASES = Path(__file__).parent / "releases"
FIRST = "0001"
LATER = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(scope="module", params=ENGINES)
def old(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The first release's database, brought up to this one."""
    words = (RELEASES / f"{FIRST}.{request.param}.sql").read_text(encoding="utf-8")
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("old") / "fieldhand.db"
        with sqlite3.connect(file) as database:
            database.executescript(words)
        engine = open_engine(f"sqlite:///{file}")
    else:
        server: Postgres = request.getfixturevalue("postgres")
        url = server.url(server.make())
        with psycopg.connect(url, autocommit=True) as database:
            database.execute(words)  # type: ignore[call-overload]
        engine = open_engine(url)
    assert revision(engine) == FIRST
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(old: Engine) -> Iterator[Connection]:
    with old.connect() as connection:
        yield connection
        connection.rollback()


def test_it_is_at_this_release_and_every_table_can_be_read(old: Engine, connection: Connection):
    assert revision(old) == newest() > FIRST
    for table in metadata.sorted_tables:
        connection.execute(select(table).limit(1)).all()


def test_orders_are_as_they_were_with_everything_that_was_found_and_signed(connection: Connection):
    first, second = (orders.by_number(connection, number) for number in ("2611-0001", "2611-0002"))

    assert first is not None
    assert second is not None
    assert (first.stage, second.stage) == (Stage.SIGNED, Stage.NEEDS_CLARIFICATION)
    assert first.report.fault == "客廳冷氣漏水"
    assert first.report.phone == "+886912345678"
    assert first.found(Step.CHECK)["root_cause"] == "排水管堵塞"
    assert [(seal.version, seal.signer, seal.is_void) for seal in first.seals] == [(1, "張先生", False)]
    assert seals.order_of(connection, first.seals[0].digest) == first


def test_the_chains_of_the_journal_still_hold(connection: Connection):
    assert list(journal.flaws(connection)) == []
    kinds = [line.kind for line in journal.lines(connection, "order:1")]
    assert kinds[0] == "order.registered"
    assert "order.signed" in kinds
    assert journal.signed_facts(connection).keys() == {(1, 1)}


def test_promises_run_on(connection: Connection):
    running = deadlines.of(connection, "order:2")[Clock.ARRIVAL]

    assert running.next_at == datetime(2026, 11, 28, 2, 1, tzinfo=UTC)
    assert running in deadlines.due(connection, LATER)
    assert deadlines.of(connection, "order:1") == {}


def test_people_their_accounts_and_codes_are_known(connection: Connection):
    known = people.who(connection, "test", "王師傅", datetime(2026, 11, 28, tzinfo=UTC))

    assert known is not None
    assert known[0].roles == {Role.TECHNICIAN}
    assert people.has_administrator(connection)
    invitation = invitations.redeem(connection, "an-old-code", now=datetime(2026, 11, 27, 9, tzinfo=UTC))
    assert invitation is not None
    assert (invitation.role, invitation.person) == (Role.TECHNICIAN, None)


def test_a_conversation_goes_on_at_its_question(connection: Connection):
    wang = people.account_of(connection, "test", "王師傅")
    assert wang is not None

    live = conversations.live(connection, wang.person)

    assert live is not None
    assert (live.flow, live.order, live.turn) == ("leave", 1, 1)
    conversations.keep(connection, replace(live, answers={"text": "修好了"}), now=LATER)
    assert conversations.live(connection, wang.person) == replace(live, answers={"text": "修好了"})


def test_what_waited_to_be_handled_is_handled_and_what_was_handled_is_not(connection: Connection):
    waiting = inbox.waiting(connection)

    (left,) = inbox.adopt(connection, waiting, holder="me", living=["me"])

    assert left.raw == {"update": {"text": "還沒處理 🛠️", "half": "\ud83d"}}
    assert inbox.finish(connection, left.id, now=datetime.now(UTC))
    assert inbox.put(connection, "telegram", "77", "1000:aa", {}, now=datetime.now(UTC)) is None


def test_what_waited_to_be_sent_is_sent_in_its_order(connection: Connection):
    n_waiting = outbox.n_waiting(connection)

    claimed = outbox.claim(connection, ["test"], holder="me", now=LATER, limit=1000)

    assert n_waiting > 50
    by_chat: dict[str, list[int]] = {}
    for parcel in claimed:
        by_chat.setdefault(parcel.chat, []).append(parcel.id)
    assert set(by_chat) == {"張先生", "外人", "李主任", "王師傅"}
    assert all(ids == sorted(ids) for ids in by_chat.values())


def test_what_was_added_to_an_order_stays_with_it(connection: Connection):
    assert [one.text for one in remarks.of_order(connection, 1)] == ["洗衣機異音"]


def test_living_cards_and_web_chats_are_where_they_were(connection: Connection):
    assert living_cards.holders(connection, "order:1") == [(1, "test", "張先生")]
    assert [one.body for one in webchat.last_messages(connection, "web-1")] == [{"text": "您好"}]


def test_new_rows_go_on_counting(connection: Connection):
    highest = connection.execute(select(func.max(people_table.c.id))).scalar_one()

    assert people.add_person(connection, name="新客人", roles=[Role.CUSTOMER], now=LATER).id > highest
