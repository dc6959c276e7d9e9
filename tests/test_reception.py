"""Reception among other processes: whose turn it is, and whose updates nobody looks after."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.delivery import Delivery
from bot.leases import Leases
from bot.reception import Reception
from handlers.events import Event, Kind, Media
from handlers.turn import Company
from rules.people import Role, Standing
from rules.stock import Part
from storage import conversations, inbox, people, stock
from storage.files import Shelf
from storage.tables import inbox as rows
from storage.tables import outbox
from storage.writer import Store
from tests.databases import Postgres
from tests.labelled import bars, photographed
from tests.room import terms_of

COMPANY = Company("測試家電", "Asia/Taipei", "TW", "zh-Hant", "main", terms_of("appliance"))
ME, OTHER = "me", "other"


class Ear:
    """A channel that only hears."""

    name = "ear"

    photo = b""

    def read(self, raw: dict[str, Any]) -> Event | None:
        if raw["words"] == "無法處理":
            raise ValueError("poisoned")
        if raw["words"] == "照片":
            return Event("ear", raw["who"], raw["who"], raw["key"], Kind.PHOTO, datetime.now(UTC), media=Media("photo"))
        return Event("ear", raw["who"], raw["who"], raw["key"], Kind.TEXT, datetime.now(UTC), text=raw["words"])

    async def fetch(self, media: Media, limit: int) -> bytes:
        return self.photo


@pytest.fixture
def url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    name = postgres.make(postgres_template)
    yield postgres.url(name)
    postgres.drop(name)


class Desk:
    """One process's reception."""

    def __init__(self, url: str, folder: Path) -> None:
        self.store, self.changed = Store(url), asyncio.Event()
        delivery = Delivery(self.store, {}, lambda: COMPANY, Leases(self.store))
        told: dict[str, Any] = {"holder": ME, "delivery": delivery, "on_committed": self.changed.set}
        self.ear = Ear()
        self.reception = Reception(self.store, Shelf(folder), {"ear": self.ear}, lambda: COMPANY, **told)  # type: ignore[dict-item]

    async def hears(self, key: str, words: str, who: str = "77") -> None:
        await self.reception.accept("ear", who, key, {"who": who, "key": key, "words": words})

    def stored_by(self, holder: str, key: str, words: str = "冷氣漏水", who: str = "77") -> int:
        """An update that a process has stored, and not handled yet."""
        raw = {"who": who, "key": key, "words": words}
        put = lambda c: inbox.put(c, "ear", who, key, raw, now=datetime.now(UTC), holder=holder)  # noqa: E731
        stored = self.store.write_now(put)
        assert stored is not None
        return stored.id

    def states(self) -> dict[str, str]:
        found = select(rows.c.event_key, rows.c.state)
        return {row.event_key: row.state for row in self.store.read_now(lambda c: c.execute(found).all())}

    def n_attempts(self, key: str) -> int:
        return self.store.read_now(lambda c: c.execute(select(rows.c.attempts).where(rows.c.event_key == key)).scalar_one())

    async def until(self, states: dict[str, str]) -> None:
        async with asyncio.timeout(20):
            while self.states() != states:
                self.changed.clear()
                await asyncio.wait_for(self.changed.wait(), 20)


@pytest.fixture
async def desk(url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(url, tmp_path)
    yield desk
    await desk.reception.finish(5)
    desk.store.close()


async def test_an_update_waits_for_an_earlier_one_of_its_chat_that_another_process_has(desk: Desk):
    earlier = desk.stored_by(OTHER, "1")
    await desk.hears("2", "大金")
    await desk.hears("3", "冷氣", who="88")
    await desk.until({"1": "waiting", "2": "waiting", "3": "done"})

    desk.store.write_now(lambda c: inbox.finish(c, earlier, now=datetime.now(UTC)))

    await desk.until({"1": "done", "2": "done", "3": "done"})
    assert desk.n_attempts("2") == 1


async def test_what_a_dead_process_left_goes_before_what_came_later(desk: Desk):
    desk.stored_by(OTHER, "1", "冷氣漏水")
    await desk.hears("2", "就這些")

    assert await desk.reception.adopt([ME]) == 1

    await desk.until({"1": "done", "2": "done"})
    said = desk.store.read_now(lambda c: c.execute(select(outbox.c.body).where(outbox.c.kind == "say")).scalars().all())
    assert [body["text"] for body in said] == ["report.photos", "report.model"]


async def test_what_a_living_process_has_is_left_to_it(desk: Desk):
    desk.stored_by(OTHER, "1")

    assert await desk.reception.adopt([ME, OTHER]) == 0


async def test_an_update_that_was_stored_while_its_answer_was_cut_off_is_found_at_the_second_look(desk: Desk):
    desk.stored_by(ME, "1")

    assert [await desk.reception.adopt([ME]) for _ in range(2)] == [0, 1]

    await desk.until({"1": "done"})


async def test_who_kills_each_process_is_set_aside_and_nobody_who_only_stood_in_the_same_queue(desk: Desk):
    for n in range(5):
        desk.stored_by("dead", f"{n}", who=f"{n}")
    for process in ("killed", "killed too"):  # they adopt, begin with the first one, and are gone
        desk.store.write_now(lambda c, p=process: inbox.adopt(c, inbox.waiting(c), holder=p, living=[p]))  # type: ignore[misc]
        desk.store.write_now(lambda c: inbox.count_try(c, min(inbox.waiting(c))))

    await desk.reception.adopt([ME])

    await desk.until({"0": "set_aside", "1": "done", "2": "done", "3": "done", "4": "done"})
    assert [desk.n_attempts(f"{n}") for n in range(5)] == [4, 2, 2, 2, 2]


async def test_an_update_that_keeps_failing_is_set_aside_and_the_next_one_is_handled(desk: Desk):
    await desk.hears("1", "無法處理")
    await desk.hears("2", "冷氣漏水")

    await desk.until({"1": "set_aside", "2": "done"})


async def test_a_photo_is_read_for_its_codes_when_the_question_that_waits_takes_them(desk: Desk):
    def enter(connection: Connection) -> None:
        now = datetime.now(UTC)
        lin = people.add_person(
            connection, name="林倉管", roles=[Role.WAREHOUSE], branch="main", now=now, standing=Standing.ACTIVE
        )
        people.add_account(connection, lin.id, channel="ear", address="77", chat="77", now=now)
        stock.keep_part(connection, Part(0, "P-100", "泵浦"), now=now)
        conversations.begin(connection, lin.id, "stock_find", subject="", args={}, answers={}, now=now)

    desk.store.write_now(enter)
    desk.ear.photo = photographed(bars("P-100"))

    await desk.hears("1", "照片")

    await desk.until({"1": "done"})
    said = desk.store.read_now(lambda c: c.execute(select(outbox.c.body).where(outbox.c.kind == "say")).scalars().all())
    assert [(body["text"], body["facts"]) for body in said] == [("pick.name", {"code": "P-100"})]
