"""The process is killed without warning, again and again, while people work: nothing that was acknowledged is lost."""

import asyncio
import random
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import Connection, func, select

from storage.engine import open_engine
from storage.tables import inbox, outbox, web_messages
from tests import story
from tests.stage import PATIENCE, Program, WebPhone

KILLS = 50
MOST_WAIT = 0.25  # seconds of life between two kills, at most


class Mortal:
    """A program that somebody kills at random moments and starts again at the same address."""

    def __init__(self, desk: Program, seed: int) -> None:
        self.desk, self.random = desk, random.Random(seed)
        self.is_up = asyncio.Event()
        self.is_up.set()
        self.n_kills = 0

    async def live(self) -> None:
        """Until cancelled, or the kills are used up."""
        while self.n_kills < KILLS:
            await asyncio.sleep(self.random.uniform(0, MOST_WAIT))  # the moment of the fault, not a wait for anything
            self.is_up.clear()
            await self.desk.kill()
            self.n_kills += 1
            await self.desk.start()
            self.is_up.set()


class StubbornPhone(WebPhone):
    """As the page does: what got no 200 is sent again with the same key; a cut line is taken up again."""

    def __init__(self, mortal: Mortal, seat: str) -> None:
        super().__init__(mortal.desk.address, seat=seat)
        self.mortal = mortal
        self.acknowledged: list[str] = []

    async def _post(self, plain: dict[str, Any], *, key: str = "") -> httpx.Response:
        key = key or uuid4().hex
        mark = self.rev
        while True:
            await self.mortal.is_up.wait()
            with suppress(httpx.TransportError):
                sent = await super()._post(plain, key=key)
                self._mark = mark
                if sent.status_code < 500:
                    sent.raise_for_status()
                    self.acknowledged.append(key)
                    return sent
            await asyncio.sleep(0)

    async def sends_photo(self, content: bytes, *, album: str = "") -> None:
        mark, key = self.rev, uuid4().hex
        while True:
            await self.mortal.is_up.wait()
            with suppress(httpx.TransportError, httpx.HTTPStatusError):
                await self._upload("photo", content, key=key)
                self._mark = mark
                self.acknowledged.append(key)
                return
            await asyncio.sleep(0)

    async def _until(self, look: Any, what: str) -> Any:
        async with asyncio.timeout(PATIENCE * 3):
            while True:
                with suppress(httpx.TransportError, httpx.HTTPStatusError):
                    return await super()._until(look, what)
                await self.mortal.is_up.wait()
                await asyncio.sleep(0)


async def test_fifty_kills_lose_no_acknowledged_answer(disk: Path) -> None:
    desk = await Program(disk).start()
    desk.settings = {"HTTP_PORT": desk.address.rsplit(":", 1)[1]}
    mortal = Mortal(desk, seed=20261124)
    phones = [StubbornPhone(mortal, seat) for seat in ("customer", "supervisor", "technician")]
    for phone in phones:
        await phone.opens()
    killing = asyncio.create_task(mortal.live())

    n_jobs = 0
    while mortal.n_kills < KILLS or not n_jobs:
        await story.the_whole_job(*phones, picture=f"簽名 {n_jobs}")
        n_jobs += 1
    await killing
    await desk.stop()

    assert mortal.n_kills == KILLS
    engine = open_engine(desk.environment()["DATABASE_URL"])
    with engine.connect() as connection:
        _check(connection, [key for phone in phones for key in phone.acknowledged], n_jobs)
    engine.dispose()
    assert await desk.run("audit") == (0, "all is well\n")


def _check(connection: Connection, acknowledged: list[str], n_jobs: int) -> None:
    """RELIABILITY's promises, as far as one messenger shows them."""
    kept = [key.rpartition(":")[2] for key in connection.execute(select(inbox.c.event_key)).scalars()]
    assert sorted(set(acknowledged) - set(kept)) == [], "an acknowledged message is not in the inbox"
    assert len(kept) == len(set(kept)), "a message is there twice"
    assert set(connection.execute(select(inbox.c.state)).scalars()) == {"done"}, "a message was not handled"

    states = {
        row.state: row.n for row in connection.execute(select(outbox.c.state, func.count().label("n")).group_by(outbox.c.state))
    }
    assert not states.get("waiting") and not states.get("dead"), states
    own = [
        body["text"] for body in connection.execute(select(web_messages.c.body).where(web_messages.c.side == "bot")).scalars()
    ]
    n_archived = sum("已結案。之後" in text for text in own)
    assert n_jobs <= n_archived <= n_jobs + KILLS
    n_sent = connection.execute(
        select(func.count()).select_from(outbox).where(outbox.c.state == "sent", outbox.c.kind != "settle")
    ).scalar_one()
    assert len(own) <= n_sent + KILLS, "more than one extra copy a kill"
