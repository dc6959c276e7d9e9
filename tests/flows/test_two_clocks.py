"""Two processes look at the same clock: what falls due is told once, digests go out once, and nobody's gap is another's."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select

from rules.clocks import Clock as Kind
from rules.orders import Stage
from rules.people import Role
from rules.terms import Terms
from scheduler.clock import Clock
from storage import deadlines, people
from storage.tables import deadlines as promises
from storage.tables import digests, journal, meta, outbox
from storage.tables import people as people_table
from storage.writer import Store
from tests.databases import Postgres
from tests.room import terms_of
from tests.storage.making import a_watch, an_order, somebody

N_ORDERS = 5  # more at once would come together in one message
TERMS = terms_of("appliance", week="Mon-Sun 00:00-23:59")


@dataclass
class Pair:
    """Two processes' stores on one database, each with a clock."""

    stores: tuple[Store, Store]
    clocks: tuple[Clock, Clock]

    async def tick(self) -> None:
        await asyncio.gather(*(clock.tick() for clock in self.clocks))

    def n_posted(self, dedup: str) -> int:
        """How many messages of a sort were put into the outbox."""
        return self.count(select(func.count()).select_from(outbox).where(outbox.c.dedup.startswith(dedup)))

    def count(self, statement: object) -> int:
        return int(self.stores[0].read_now(lambda c: c.execute(statement).scalar_one()))  # type: ignore[call-overload]


@pytest.fixture
async def pair(postgres: Postgres, postgres_template: str) -> AsyncIterator[Pair]:
    name = postgres.make(postgres_template)
    stores = Store(postgres.url(name)), Store(postgres.url(name))
    stores[0].write_now(people_and_orders)
    yield Pair(stores, tuple(Clock(store, terms, on_committed=lambda: None) for store in stores))
    for store in stores:
        store.close()
    postgres.drop(name)


def terms() -> Terms:
    return TERMS


def people_and_orders(connection: Connection) -> None:
    """李主任, and five promises that fell due a minute ago."""
    now = datetime.now(UTC)
    li = somebody(connection, "李主任", Role.SUPERVISOR, branch="north")
    people.add_account(connection, li.id, channel="web", address="li", chat="li", now=now)
    for n in range(N_ORDERS):
        order = an_order(connection, f"2611-{n:04}")
        watch = a_watch((now - timedelta(minutes=1) - a_watch(0).promise.started_at).total_seconds() / 60)
        deadlines.start(connection, order.subject, Kind.DISPATCH, watch, next_at=now - timedelta(minutes=1))
    connection.execute(meta.insert().values(key="clock.last", value=now.isoformat()))


async def test_what_falls_due_is_told_once_by_whichever_is_first(pair: Pair):
    for _ in range(5):
        await pair.tick()

    climbed = select(journal.c.subject, journal.c.facts["rung"].as_integer()).where(journal.c.kind.startswith("escalation"))
    rungs = pair.stores[0].read_now(lambda c: c.execute(climbed).all())
    assert len(rungs) == len(set(rungs)) >= N_ORDERS
    assert pair.n_posted("esc:") == len(rungs)
    assert pair.count(select(func.count()).select_from(promises).where(promises.c.next_at <= datetime.now(UTC))) == 0


async def test_the_morning_digest_goes_to_each_once(pair: Pair):
    for _ in range(5):  # while one of the two looks, the other may find nothing to do
        await pair.tick()

    assert pair.count(select(func.count()).select_from(digests).where(digests.c.kind == "morning")) == 1
    assert pair.n_posted("morning:") == 1


async def test_last_month_s_figures_go_to_each_once(pair: Pair):
    """KPI-15: whichever of the two looks first."""
    long_ago = datetime.now(UTC) - timedelta(days=70)

    def begin_long_ago(connection: Connection) -> None:
        connection.execute(people_table.update().values(created_at=long_ago))
        an_order(connection, "2608-0001", reported_at=long_ago, stage=Stage.ARCHIVED)

    pair.stores[0].write_now(begin_long_ago)

    for _ in range(5):
        await pair.tick()

    assert pair.count(select(func.count()).select_from(digests).where(digests.c.kind == "figures")) == 1
    assert pair.n_posted("figures:") == 1


async def test_after_a_long_gap_two_that_start_together_catch_up_once(pair: Pair):
    long_ago = (datetime.now(UTC) - timedelta(hours=10)).isoformat()
    pair.stores[0].write_now(lambda c: c.execute(meta.update().values(value=long_ago)))

    for _ in range(5):  # each may find the other looking
        await pair.tick()

    assert pair.n_posted("catch-up:") == 1
    assert pair.n_posted("esc:") == 0


async def test_one_that_starts_while_another_looks_finds_no_gap(pair: Pair):
    await pair.clocks[0].tick()
    n_before = pair.n_posted("esc:")
    for _ in range(2):
        an_order_due_now(pair.stores[0])

    await pair.clocks[1].tick()

    assert pair.n_posted("esc:") >= n_before + 2
    assert pair.n_posted("catch-up:") == 0


def an_order_due_now(store: Store) -> int:
    now = datetime.now(UTC)

    def work(connection: Connection) -> int:
        order = an_order(connection, f"2612-{connection.execute(select(func.count()).select_from(promises)).scalar_one():04}")
        minutes = (now - a_watch(0).promise.started_at).total_seconds() / 60
        deadlines.start(connection, order.subject, Kind.DISPATCH, a_watch(minutes), next_at=now)
        return order.id

    return store.write_now(work)
