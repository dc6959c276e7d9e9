"""Whatever is posted to our doors: never an error of ours, and what is acknowledged is answered (RELIABILITY, F)."""

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.faults.conftest import Figures
from tests.faults.payloads import VALUES, Mutator, real_updates
from tests.faults.soak import POSTS
from tests.faults.town import Plan, Town
from tests.laws.promises import broken
from tests.stage import photo

SHORT = 300
SECRET = "hook_secret-1"
POSTS_A_SESSION = 40  # then the door would ask for patience
SAYINGS: tuple[dict[str, Any], ...] = (
    {"text": "客廳冷氣漏水"},
    {"text": "說明", "reply_to": "1"},
    {"text": "好", "age": 3600},
    {"press": "m.report", "message": "1"},
    {"press": "q.1.1.0", "message": "2"},
    {"location": {"lat": 25.03, "lon": 121.54}},
    {"start": "m_FTXV50_S1"},
    {"start": ""},
)
BODIES = (
    b"",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"\xff\xfe",
    b'{"text": "' + b"x" * 70_000 + b'"}',
    b"[" * 50_000,
    b'{"text": NaN}',
)


class Doors:
    """Telegram's webhook and the web chat of a town, and what they answered."""

    def __init__(self, town: Town, updates: list[dict[str, Any]], seed: int) -> None:
        self.town, self.dice = town, random.Random(seed)
        self.mutator = Mutator(updates, [one.user.id for one in town.crowd.people], seed)
        self.answers: Counter[tuple[str, int]] = Counter()
        self._n_posts = 0
        self._client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{town.web.port}", timeout=20, trust_env=False)

    async def knocks(self, n_times: int) -> None:
        for _ in range(n_times):
            await self.dice.choice((self._an_update, self._some_words, self._some_bytes, self._a_file))()
        await self._client.aclose()

    async def _an_update(self) -> None:
        update = self.mutator.next()
        content = json.dumps(update).encode()
        answer = await self._client.post("/telegram", content=content, headers={"x-telegram-bot-api-secret-token": SECRET})
        self.answers["telegram", answer.status_code] += 1
        if answer.status_code == 200:
            self.town.stub.world.history.append(update)

    async def _some_words(self) -> None:
        key = uuid4().hex
        said = dict(self.dice.choice(SAYINGS)) | {"id": key}
        for _ in range(self.dice.choice((0, 1, 1, 2))):
            said[self.dice.choice(list(said))] = self.dice.choice(VALUES)
        await self._says("/chat/api/send", key if said["id"] == key else "", content=json.dumps(said).encode())

    async def _some_bytes(self) -> None:
        body = self.dice.choice((*BODIES, self.dice.randbytes(self.dice.randrange(2000))))
        answer = await self._client.post("/telegram", content=body, headers={"x-telegram-bot-api-secret-token": SECRET})
        self.answers["telegram", answer.status_code] += 1
        await self._says("/chat/api/send", "", content=body)

    async def _a_file(self) -> None:
        key = uuid4().hex
        kind = self.dice.choice(("photo", "photo", "voice", "file", "nothing", ""))
        content = self.dice.choice((photo("冷氣", size=(80, 60)), b"<svg onload=x>", b"OggS", b"", self.dice.randbytes(5000)))
        await self._says("/chat/api/upload", key, content=content, params={"kind": kind, "id": key, "name": "../../etc/passwd"})

    async def _says(self, path: str, key: str, **told: Any) -> None:
        if self._n_posts % POSTS_A_SESSION == 0:
            self._client.cookies.clear()
            assert (await self._client.get("/chat")).status_code == 200
        self._n_posts += 1
        answer = await self._client.post(path, headers={"x-fieldhand": "1"}, **told)
        self.answers[path, answer.status_code] += 1
        if answer.status_code == 200 and key:
            self.town.web.acknowledged.append(key)


async def fuzzed(folder: Path, n_posts: int, seed: int) -> tuple[Counter[tuple[str, int]], list[str]]:
    """(how often each door gave which status, broken promises)."""
    async with Town(Plan(0, seed, n_jobs=2), folder, f"sqlite:///{folder}/data/fieldhand.db") as town:
        program = town.programs[0]
        hook = {"TELEGRAM_WEBHOOK_SECRET": SECRET, "PUBLIC_URL": f"http://127.0.0.1:{town.web.port}"}
        program.settings = {**program.settings, **hook}
        await program.start()
        town.stub.world.files |= {f"file{n}": b"no picture" for n in range(40)}  # else each is waited for
        doors = Doors(town, await real_updates(), seed)
        await doors.knocks(n_posts)
        assert await town.rests_or_dies()
        assert await program.stop() == 0
        assert "turn.failed" not in program.log()
        return doors.answers, broken(town.evidence())


async def test_mutated_posts_meet_a_polite_no_or_are_answered(tmp_path: Path) -> None:
    answers, found = await fuzzed(tmp_path, SHORT, 51)

    assert found == []
    assert {status for _door, status in answers} <= {200, 400, 401, 404, 413, 422, 429}, answers
    assert answers["telegram", 200] > 20
    assert answers["/chat/api/send", 200] > 20


@pytest.mark.soak
async def test_mutated_posts_again_and_again(tmp_path: Path, figures: Figures) -> None:
    answers, found = await fuzzed(tmp_path, POSTS, 52)

    figures("F", "mutated posts", posts=sum(answers.values()), broken=len(found))
    assert found == []
    assert {status for _door, status in answers} <= {200, 400, 401, 404, 413, 422, 429}, answers
