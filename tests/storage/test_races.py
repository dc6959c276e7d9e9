"""Two processes on one PostgreSQL get in each other's way, and nothing goes wrong."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, text, update

from rules.decisions import Entry
from rules.people import Role
from storage import conversations, inbox, journal, outbox, people
from storage.engine import open_engine
from storage.errors import Raced
from storage.tables import meta, metadata
from storage.writer import Store
from tests.databases import Postgres
from tests.stage import PATIENCE
from tests.storage.making import NOW, an_order, somebody


@pytest.fixture(scope="module")
def shared_url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    name = postgres.make(postgres_template)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def url(shared_url: str) -> Iterator[str]:
    """A database on which two processes work, empty at the beginning of each test."""
    yield shared_url
    engine = open_engine(shared_url)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} CASCADE"))
    engine.dispose()


@pytest.fixture
def mine(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def other(url: str) -> Iterator[Engine]:
    """The other process's engine."""
    engine = open_engine(url)
    yield engine
    engine.dispose()


class Elsewhere:
    """A piece of work of the other process that runs at the same time; `result` waits for it."""

    def __init__(self, engine: Engine, work: Callable[[Connection], Any]) -> None:
        self._engine, self._work, self._outcome = engine, work, []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def is_waiting(self) -> bool:
        """Whether it got stuck behind a lock, or ended."""
        with suppress(TimeoutError), self._engine.connect() as connection:
            blocked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            while self._thread.is_alive():
                if connection.execute(text(blocked)).scalar_one():
                    return True
                connection.rollback()
        return False

    def result(self) -> Any:
        self._thread.join(20)
        return self._outcome[0]

    def _run(self) -> None:
        try:
            with self._engine.begin() as connection:
                self._outcome.append(self._work(connection))
        except Exception as error:
            self._outcome.append(error)


def arrived(connection: Connection, key: str, chat: str = "77") -> int:
    stored = inbox.put(connection, "telegram", chat, key, {}, now=NOW)
    assert stored is not None
    return stored.id


def test_the_updates_of_a_chat_are_finished_in_their_order_whoever_holds_them(mine: Engine, other: Engine):
    with mine.begin() as connection:
        first, second = arrived(connection, "1001"), arrived(connection, "1002")

    with other.begin() as connection:
        assert not inbox.finish(connection, second, now=NOW)
        assert not inbox.is_over(connection, second)
    with mine.begin() as connection:
        assert inbox.finish(connection, first, now=NOW)
    with other.begin() as connection:
        assert inbox.finish(connection, second, now=NOW)
        assert not inbox.finish(connection, second, now=NOW)
        assert inbox.is_over(connection, second)


def test_an_update_that_two_processes_handle_has_its_effect_once(mine: Engine, other: Engine):
    with mine.begin() as connection:
        update = arrived(connection, "1001")

    with mine.begin() as connection:
        assert inbox.finish(connection, update, now=NOW)
        elsewhere = Elsewhere(other, lambda c: inbox.finish(c, update, now=NOW))
        assert elsewhere.is_waiting()

    assert elsewhere.result() is False


def test_the_turns_of_one_person_wait_for_each_other_whichever_the_chat(mine: Engine, other: Engine):
    with mine.begin() as connection:
        wang = somebody(connection, "王師傅", Role.TECHNICIAN)
        for channel in ("telegram", "web"):
            people.add_account(connection, wang.id, channel=channel, address="7", chat="7", now=NOW)
        talk = conversations.begin(connection, wang.id, "report", subject="", args={}, answers={}, now=NOW)

    def answers(connection: Connection) -> int:
        people.who(connection, "web", "7", NOW)
        live = conversations.live(connection, wang.id)
        assert live is not None
        conversations.keep(connection, replace(live, turn=live.turn + 1), now=NOW)
        return live.turn

    with mine.begin() as connection:
        people.who(connection, "telegram", "7", NOW)
        elsewhere = Elsewhere(other, answers)
        assert elsewhere.is_waiting()
        conversations.keep(connection, replace(talk, turn=5), now=NOW)

    assert elsewhere.result() == 5


def test_a_turn_may_write_to_people_whose_own_turn_is_running(mine: Engine, other: Engine):
    with mine.begin() as connection:
        wang, li = somebody(connection, "王師傅", Role.TECHNICIAN), somebody(connection, "李主任", Role.SUPERVISOR)
        for one in (wang, li):
            people.add_account(connection, one.id, channel="web", address=one.name, chat=one.name, now=NOW)

    def tells(connection: Connection, author: str, reader: int) -> str:
        people.who(connection, "web", author, NOW)
        outbox.post(connection, channel="web", chat="x", kind="say", body={}, now=NOW, person=reader)
        return author

    with mine.begin() as connection:
        tells(connection, "王師傅", li.id)
        assert Elsewhere(other, lambda c: tells(c, "李主任", wang.id)).result() == "李主任"


def test_whoever_adds_to_a_chain_at_the_same_time_is_told_to_begin_again(mine: Engine, other: Engine):
    def adds(connection: Connection) -> None:
        journal.append(connection, "order:1", (Entry("noted", {}),), by=None, at=NOW)

    with mine.begin() as connection:
        adds(connection)
        elsewhere = Elsewhere(other, adds)
        assert elsewhere.is_waiting()

    assert isinstance(elsewhere.result(), Raced)
    with other.begin() as connection:
        adds(connection)
        assert [line.seq for line in journal.lines(connection, "order:1")] == [1, 2]
        assert list(journal.flaws(connection)) == []


def test_a_conversation_that_was_ended_elsewhere_stays_ended(mine: Engine, other: Engine):
    with mine.begin() as connection:
        order = an_order(connection)
        talk = conversations.begin(connection, order.customer, "visit", subject=order.subject, args={}, answers={}, now=NOW)

    with other.begin() as connection:
        conversations.drop_about(connection, order.subject)

    with pytest.raises(Raced), mine.begin() as connection:
        conversations.keep(connection, replace(talk, turn=1), now=NOW)


def test_a_card_that_another_process_is_claiming_will_show_an_older_state(mine: Engine, other: Engine):
    with mine.begin() as connection:
        zhang = somebody(connection)
        outbox.post(connection, channel="web", chat="7", kind="card", body={}, now=NOW, person=zhang.id, subject="order:5")

    with mine.begin() as connection, other.begin() as elsewhere:
        assert outbox.claim(elsewhere, ["web"], holder="other", now=NOW)

        assert not outbox.refresh_waits(connection, zhang.id, "order:5", channel="web", chat="7")


def test_a_card_that_will_show_the_newest_state_is_not_claimed_before_that_is_stored(mine: Engine, other: Engine):
    with mine.begin() as connection:
        zhang = somebody(connection)
        outbox.post(connection, channel="web", chat="7", kind="card", body={}, now=NOW, person=zhang.id, subject="order:5")

    with mine.begin() as connection:
        assert outbox.refresh_waits(connection, zhang.id, "order:5", channel="web", chat="7")
        elsewhere = Elsewhere(other, lambda c: outbox.claim(c, ["web"], holder="other", now=NOW))
        assert elsewhere.is_waiting()

    assert len(elsewhere.result()) == 1


def test_the_chats_of_a_channel_are_shared_out_whole(mine: Engine, other: Engine):
    with mine.begin() as connection:
        for n in range(60):
            outbox.post(connection, channel="web", chat=f"{n % 30}", kind="say", body={"n": n}, now=NOW)

    with mine.begin() as connection, other.begin() as elsewhere:  # neither keeps the other from claiming
        mine_, others = (
            outbox.claim(c, ["web"], holder=holder, now=NOW, parts={"web": parts})
            for c, holder, parts in ((connection, "me", range(3)), (elsewhere, "other", range(3, outbox.PARTS)))
        )

    assert sorted(parcel.body["n"] for parcel in (*mine_, *others)) == list(range(60))
    assert mine_
    assert others
    assert {parcel.chat for parcel in mine_}.isdisjoint(parcel.chat for parcel in others)


async def test_two_processes_that_lock_each_other_out_both_get_through(url: str):
    mine, other = Store(url), Store(url)
    mine.write_now(lambda c: c.execute(meta.insert(), [{"key": key, "value": "0"} for key in "ab"]))
    together = threading.Barrier(2, timeout=PATIENCE)

    def counts(first: str, second: str) -> Callable[[Connection], None]:
        def work(connection: Connection) -> None:
            _count(connection, first)
            with suppress(threading.BrokenBarrierError):  # it is passed once; who has to begin again comes alone
                together.wait()
                together.abort()
            _count(connection, second)

        return work

    await asyncio.gather(mine.write(counts("a", "b")), other.write(counts("b", "a")))

    assert mine.read_now(lambda c: {row.key: row.value for row in c.execute(select(meta))}) == {"a": "2", "b": "2"}
    mine.close()
    other.close()


def _count(connection: Connection, key: str) -> None:
    so_far = connection.execute(select(meta.c.value).where(meta.c.key == key).with_for_update()).scalar_one()
    connection.execute(update(meta).where(meta.c.key == key).values(value=str(int(so_far) + 1)))
