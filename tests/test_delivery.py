"""Delivery under a messenger's limit: whoever is answered does not wait behind the notices to everybody."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.channels.base import Abilities, Attempt, Edits, Sent
from bot.delivery import Delivery
from bot.leases import Leases
from handlers.bubbles import Bubble
from handlers.turn import Company
from storage import claims, outbox
from storage.outbox import COURTESY, PARTS, REPLY, Parcel
from storage.writer import Store
from tests.databases import with_schema
from tests.room import terms_of
from tests.stage import PATIENCE

COMPANY = Company("測試家電", "Asia/Taipei", "TW", "zh-Hant", "main", terms_of("appliance"))
N_NOTICES, PER_SECOND = 400, 100


class Mouth:
    """A channel that only speaks, a hundred times a second."""

    name = "mouth"
    is_sending = True
    abilities = Abilities(
        text_chars=4096, label_chars=60, buttons=100, edits=Edits.ANY, can_ask_location=False, can_ask_contact=False,
        per_second=PER_SECOND,
    )  # fmt: skip

    def __init__(self) -> None:
        self.told: list[str] = []
        self.has_begun, self.has_answered = asyncio.Event(), asyncio.Event()

    def weight(self, bubble: Bubble) -> int:
        return 1

    async def send(self, address: str, bubble: Bubble, attempt: Attempt) -> Sent:
        self.told.append(address)
        self.has_begun.set()
        if address == "wang":
            self.has_answered.set()
        return Sent(f"{len(self.told)}")


class Desk:
    """A delivery with a great deal to say."""

    def __init__(self, store: Store) -> None:
        self.store, self.mouth, leases = store, Mouth(), Leases(store)
        self.holder = leases.holder
        self.delivery = Delivery(store, {"mouth": self.mouth}, lambda: COMPANY, leases)  # type: ignore[dict-item]

    def announce(self) -> None:
        self.store.write_now(lambda c: [_say(c, f"{n}", COURTESY, datetime.now(UTC)) for n in range(N_NOTICES)])

    async def answers(self, chat: str) -> None:
        """As at the end of a turn: what is said is claimed in its transaction."""
        now = datetime.now(UTC)
        own: dict[str, Any] = {"holder": self.holder, "now": now, "parts": range(PARTS), "at_hand": ()}

        def turn(connection: Connection) -> list[Parcel]:
            _say(connection, chat, REPLY, now)
            return claims.claim_chat(connection, "mouth", chat, **own)

        self.delivery.hand_out(await self.store.write(turn))


def _say(connection: Connection, chat: str, priority: int, now: datetime) -> None:
    body = {"text": "talk.passed", "facts": {}, "rows": [], "lines": []}
    outbox.post(connection, channel="mouth", chat=chat, kind="say", body=body, now=now, priority=priority)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    store = Store(with_schema(f"sqlite:///{tmp_path}/fieldhand.db"))
    desk = Desk(store)
    yield desk
    store.close()


async def test_an_answer_goes_out_ahead_of_hundreds_of_notices(desk: Desk):
    desk.announce()
    running = asyncio.create_task(desk.delivery.run())
    await asyncio.wait_for(desk.mouth.has_begun.wait(), PATIENCE)

    await desk.answers("wang")
    await asyncio.wait_for(desk.mouth.has_answered.wait(), PATIENCE)

    running.cancel()
    assert desk.mouth.told.index("wang") < N_NOTICES / 4


async def test_nothing_is_said_any_more_after_the_end(desk: Desk):
    desk.announce()
    running = asyncio.create_task(desk.delivery.run())
    await desk.mouth.has_begun.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    await desk.delivery.finish(0.01)
    await desk.delivery.end()

    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert 0 < len(desk.mouth.told) < N_NOTICES
