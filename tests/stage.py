"""The stage: the program as a process of its own, a clock that a test may turn, and a phone that speaks with its web chat."""

import asyncio
import atexit
import io
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO, Any, ClassVar
from uuid import uuid4

import httpx
import libfaketime
from PIL import Image, ImageDraw

from tests.children import Child, born
from tests.scratch import scratch

ROOT = Path(__file__).parent.parent
PATIENCE = 40.0  # seconds until something that ought to happen counts as missing


class TurnableClock:
    """The time of day of running programs; `turn_to` jumps it, and it goes on from there. A test has one at most."""

    begins_with_program = False

    def __init__(self, start: datetime) -> None:
        self._file = _clock_folder() / "clock"
        self.turn_to(start)

    def turn_to(self, moment: datetime) -> None:
        """Jump. The file is replaced at once, so that nobody reads half a line.

        It holds how far that moment is from ours: a moment itself would count from when the nursery was opened.
        """
        self._ahead = moment - datetime.now(UTC)
        partial = self._file.with_suffix(".new")
        partial.write_text(f"{self._ahead.total_seconds():+.3f}\n", encoding="ascii")
        partial.replace(self._file)

    def now(self) -> datetime:
        """What the program's clock shows."""
        return datetime.now(UTC) + self._ahead

    @property
    def environment(self) -> dict[str, str]:
        library = next(Path(libfaketime.__file__).parent.rglob("libfaketime.so.1"))
        return {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # else whoever waits for the interpreter lock does not wait but spins
            "DONT_FAKE_MONOTONIC": "1",
            "TZ": "UTC",
        }


@cache
def _clock_folder() -> Path:
    """Where this test worker's clock hangs: always in the same place, for the library that turns it looks up the place once."""
    folder = tempfile.mkdtemp(prefix="fieldhand-clock-", dir=scratch())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@dataclass
class Program:
    """Fieldhand in a process of its own, with a data folder that outlives it. What a failed test leaves is in `running`."""

    running: ClassVar[list[asyncio.subprocess.Process | Child]] = []

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    clock: TurnableClock | None = None
    process: asyncio.subprocess.Process | Child | None = None
    address: str = ""
    owner_code: str = ""
    lines: list[str] = field(default_factory=list)
    command: tuple[str, ...] = ()  # arguments of Python, to execute it as people do, or another program

    def environment(self) -> dict[str, str]:
        own = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(ROOT),
            "DATA_DIR": str(self.folder / "data"),
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.folder}/data/fieldhand.db",
            "POLICY_FILE": str(ROOT / "policies" / "appliance.toml"),
            "HTTP_PORT": "0",
        }
        return own | dict(self.settings) | (self.clock.environment if self.clock else {})

    async def start(self) -> "Program":
        """Start it and wait until it says where it is."""
        with (self.folder / "log").open("ab") as log:
            self.process = await self._begins("run", log=log)
        self.running.append(self.process)
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE * 2):
            while line := (await self.process.stdout.readline()).decode():
                self.lines.append(line)
                if found := re.search(r"/start (\S+)", line):
                    self.owner_code = found[1]
                if found := re.search(r"(http://[^/]+)/", line):
                    self.address = found[1]
                if line.strip().startswith("✓"):
                    return self
        raise AssertionError("the program did not start:\n" + self.log())

    async def run(self, *arguments: str) -> tuple[int, str]:
        """A command of the command line: (status, everything it printed)."""
        process = await self._begins(*arguments)
        out, _ = await asyncio.wait_for(process.communicate(), PATIENCE * 2)
        return process.returncode or 0, out.decode()

    async def _begins(self, *arguments: str, log: IO[bytes] | None = None) -> asyncio.subprocess.Process | Child:
        """A new process: born in the nursery, or executed where a command is given or the clock begins with the program."""
        if not self.command and not (self.clock and self.clock.begins_with_program):
            loaded = self.clock.environment if self.clock else {}
            return await born(arguments, cwd=self.folder, env=self.environment(), loaded=loaded, stderr=log)
        return await asyncio.create_subprocess_exec(
            sys.executable, *(self.command or ("-m", "bot")), *arguments, cwd=self.folder, env=self.environment(),
            stdout=asyncio.subprocess.PIPE, stderr=log or asyncio.subprocess.STDOUT,
        )  # fmt: skip

    async def stop(self) -> int:
        """Ask it to end, as a service manager does; returns its exit status."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self.process.communicate(), PATIENCE)
        return self.process.returncode or 0

    async def kill(self) -> None:
        """No warning at all."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.kill()
        await self.process.communicate()

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")


class WebPhone:
    """Somebody's web chat: speaks HTTP and listens to the live updates as the page does."""

    def __init__(self, address: str, *, seat: str = "", language: str = "zh-Hant") -> None:
        self.seat = seat
        self.messages: dict[str, dict[str, Any]] = {}
        self.rev = 0
        self._mark = 0
        self._language = language
        self._client = httpx.AsyncClient(
            base_url=address, timeout=PATIENCE, headers={"accept-language": language}, verify=False
        )

    async def opens(self, start: str = "") -> "WebPhone":
        """Open the page and say hello, as a first visit does."""
        (await self._client.get("/chat", params=self._query(lang=self._language))).raise_for_status()
        state = (await self._client.get("/chat/api/state", params=self._query())).json()
        self._take(state["messages"])
        if state["fresh"] or start:
            await self._send({"start": start})
        return self

    async def says(self, words: str, *, key: str = "", reply_to: str = "") -> None:
        await self._send({"text": words} | ({"reply_to": reply_to} if reply_to else {}), key=key)

    async def presses(self, label: str) -> None:
        """Press the newest button with this label, or whose label begins with it."""
        message, button = await self._until(lambda: self._button(label), f"a button {label!r}")
        await self._send({"press": button["token"], "message": message["id"]})

    async def presses_token(self, token: str, message: str) -> httpx.Response:
        return await self._post({"press": token, "message": message})

    async def sends_photo(self, content: bytes, *, album: str = "") -> None:
        await self._upload("photo", content, album=album)

    async def sends_voice(self, content: bytes) -> None:
        await self._upload("voice", content, seconds="3")

    async def sends_file(self, content: bytes) -> None:
        await self._upload("file", content)

    async def shares_location(self, latitude: float, longitude: float) -> None:
        await self._send({"location": {"lat": latitude, "lon": longitude}})

    async def sees(self, *words: str) -> dict[str, Any]:
        """Wait for a message since the last own action that shows all these words; returns it."""
        return await self._until(lambda: self._message(words), f"{words!r}")

    async def asks(self, path: str) -> httpx.Response:
        """Any address of the program, with this phone's cookies."""
        return await self._client.get(path)

    async def posts_raw(self, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Any bytes at all, as if the page had sent them; returns the status."""
        own = {"x-fieldhand": "1", "content-type": "application/json"} | dict(headers)
        return (await self._client.post(path, params=self._query(), content=body, headers=own)).status_code

    async def looks(self) -> None:
        """Take in everything that stands in the chat now."""
        self._take((await self._client.get("/chat/api/state", params=self._query())).json()["messages"])

    def shows(self, words: str) -> bool:
        """Whether any message stands in the chat now that has these words."""
        return any(words in _text(one) for one in self.messages.values())

    def transcript(self) -> str:
        ordered = sorted(self.messages.values(), key=lambda one: int(one["id"]))
        return "\n---\n".join(f"[{one.get('side')}] {_text(one)} {_labels(one)}" for one in ordered)

    async def closes(self) -> None:
        await self._client.aclose()

    def follow(self, address: str) -> None:
        """The program has moved to another port; the cookie stays good."""
        self._client.base_url = httpx.URL(address)

    async def _send(self, plain: dict[str, Any], *, key: str = "") -> None:
        (await self._post(plain, key=key)).raise_for_status()

    async def _post(self, plain: dict[str, Any], *, key: str = "") -> httpx.Response:
        self._mark = self.rev
        body = plain | {"id": key or uuid4().hex}
        return await self._goes("send", self._query(), json=body)

    async def _upload(self, kind: str, content: bytes, *, key: str = "", **more: str) -> None:
        self._mark = self.rev
        params = self._query(kind=kind, id=key or uuid4().hex, **{key: value for key, value in more.items() if value})
        (await self._goes("upload", params, content=content)).raise_for_status()

    async def _goes(self, where: str, params: Mapping[str, str], **content: Any) -> httpx.Response:
        return await self._client.post(f"/chat/api/{where}", params=params, headers={"x-fieldhand": "1"}, **content)

    async def _until(self, look: Any, what: str) -> Any:
        """Look now, then at every change, until it is there."""
        if (found := look()) is not None:
            return found
        try:
            async with asyncio.timeout(PATIENCE):
                async for changed in self._news():
                    self._take([changed])
                    if (found := look()) is not None:
                        return found
        except TimeoutError:
            pass
        raise self._in_vain(what)

    def _in_vain(self, what: str) -> AssertionError:
        return AssertionError(f"{self.seat or 'the phone'} waited in vain for {what}; the chat shows:\n{self.transcript()}")

    async def _news(self) -> AsyncIterator[dict[str, Any]]:
        params = self._query(since=str(self.rev))
        async with self._client.stream("GET", "/chat/api/events", params=params) as stream:
            stream.raise_for_status()
            event = ""
            async for line in stream.aiter_lines():
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                elif line.startswith("data: ") and event == "message":
                    yield json.loads(line.removeprefix("data: "))

    def _take(self, messages: list[dict[str, Any]]) -> None:
        for one in messages:
            self.rev = max(self.rev, one["rev"])
            if one.get("removed"):
                self.messages.pop(one["id"], None)
            else:
                self.messages[one["id"]] = one

    def _message(self, words: tuple[str, ...]) -> dict[str, Any] | None:
        fresh = [one for one in self.messages.values() if one["rev"] > self._mark and one["side"] == "bot"]
        return next((one for one in sorted(fresh, key=lambda m: -m["rev"]) if all(w in _text(one) for w in words)), None)

    def _button(self, label: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        for exact in (True, False):
            for one in sorted(self.messages.values(), key=lambda m: -int(m["id"])):
                for button in (b for row in one["body"].get("rows", ()) for b in row):
                    is_it = button["label"] == label if exact else label in button["label"]
                    if is_it and button.get("token") and one["rev"] >= self._mark:
                        return one, button
        return None

    def _query(self, **more: str) -> dict[str, str]:
        return ({"seat": self.seat} if self.seat else {}) | more


def _text(message: dict[str, Any]) -> str:
    body = message.get("body", {})
    return "\n".join(part for part in (body.get("title", ""), body.get("text", "")) if part)


def _labels(message: dict[str, Any]) -> list[str]:
    return [button["label"] for row in message.get("body", {}).get("rows", ()) for button in row]


def photo(words: str, *, size: tuple[int, int] = (640, 480)) -> bytes:
    """A JPEG that is another picture for other words."""
    dice = random.Random(words)
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        box = (x, y, x + dice.randrange(60, 320), y + dice.randrange(40, 240))
        draw.rectangle(box, fill=tuple(dice.randrange(256) for _ in range(3)))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()
