"""Several programs on one PostgreSQL, before them a balancer, and people who write faster than anybody answers."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection, select

from rules.people import Role
from storage import people
from storage.engine import open_engine
from storage.tables import inbox, orders, outbox
from tests.journeys.conftest import desk_for
from tests.stage import Program
from tests.stubs.balancer import Balancer
from tests.stubs.telegram import TelegramStub, User

SECRET = "several-processes"
STEPS = ("客廳冷氣漏水", "就這些", "大金 FTXV50", "台北市和平東路 {n} 號", "{name}", "0912-345-{n:03}", "市區", "沒問題，送出")


class Several:
    """The programs, numbered from 0, on one data folder."""

    def __init__(self, stub: TelegramStub, url: str, folder: Path, balancer: Balancer | None = None) -> None:
        self.stub, self.url, self._folder, self._balancer = stub, url, folder, balancer
        self.desks: list[Program] = []
        self._n_taps = 0

    async def start(self, n_desks: int, *, on_machines: bool = False) -> None:
        """Start so many together, on one data folder, or each on one of its own as on several machines."""
        hook = {"PUBLIC_URL": self._balancer.origin, "TELEGRAM_WEBHOOK_SECRET": SECRET} if self._balancer else {}
        for n in range(len(self.desks), len(self.desks) + n_desks):
            folder = self._folder / f"desk{n}"
            folder.mkdir()
            data = (folder if on_machines else self._folder) / "data"
            own = {"DATABASE_URL": self.url, "DATA_DIR": str(data), "HTTP_PORT": str(free_port())}
            desk = desk_for(self.stub, folder, **own, **hook)
            self.desks.append(desk)
        await asyncio.gather(*(desk.start() for desk in self.desks[-n_desks:]))
        if self._balancer:
            self._balancer.behind = [f"http://127.0.0.1:{desk.settings['HTTP_PORT']}" for desk in self.desks]

    async def stop(self) -> list[int]:
        living = [desk for desk in self.desks if desk.process and desk.process.returncode is None]
        return list(await asyncio.gather(*(desk.stop() for desk in living)))

    def looks(self, statement: Any) -> list[Any]:
        """What the database holds."""
        engine = open_engine(self.url)
        with engine.connect() as connection:
            found = connection.execute(statement).all()
        engine.dispose()
        return found

    def staff(self, name: str, *roles: Role) -> User:
        """Somebody who is staff already."""
        user = self.stub.user(name)
        user.chat.is_open = True
        engine = open_engine(self.url)
        with engine.begin() as connection:
            _add(connection, user, roles)
        engine.dispose()
        return user

    async def taps(self, user: User, token: str, *, at_desk: int) -> None:
        """A press that reaches one program directly, at the same time as others."""
        self._n_taps += 1
        body = {"id": f"tap{self._n_taps}", "from": user.account, "chat_instance": "1", "data": token}
        update = {"update_id": 900_000 + self._n_taps, "callback_query": body | {"message": self._under(user)}}
        address = f"http://127.0.0.1:{self.desks[at_desk].settings['HTTP_PORT']}/telegram"
        async with httpx.AsyncClient(timeout=30, trust_env=False, verify=False) as client:
            sent = await client.post(address, json=update, headers={"x-telegram-bot-api-secret-token": SECRET})
        assert sent.status_code == 200

    def _under(self, user: User) -> dict[str, Any]:
        """The message under which somebody taps."""
        return self.stub.world.shown(user.messages[-1])

    async def all_is_handled(self, timeout: float = 40) -> None:
        """Wait until nothing is on its way any more."""
        await self.stub.confirmed(timeout=timeout)
        async with asyncio.timeout(timeout):
            while any(self.looks(select(box.c.id).where(box.c.state == "waiting").limit(1)) for box in (inbox, outbox)):
                await asyncio.sleep(0.05)  # another process's work shows nowhere but there


@asynccontextmanager
async def hooked(stub: TelegramStub, url: str, folder: Path) -> AsyncIterator[Several]:
    """Programs that Telegram calls, through a balancer."""
    async with Balancer() as balancer:
        several = Several(stub, url, folder, balancer)
        yield several
        stub.world.webhook = {}


async def everybody_reports(users: Iterable[User]) -> None:
    """All their answers at once, step by step, without waiting for a question."""
    numbered = list(enumerate(users))
    for step in STEPS:
        for n, user in numbered:
            await user.says(step.format(n=n, name=user.name))


def reported(several: Several) -> dict[str, tuple[str, str, str]]:
    """Fault, address and telephone of each order, by the name of the contact."""
    found = [row.order["report"] for row in several.looks(select(orders.c.order))]
    return {one["contact"]: (one["fault"], one["address"], one["phone"]) for one in found}


def as_told(users: Iterable[User]) -> dict[str, tuple[str, str, str]]:
    """What `reported` has to find when nobody's words were lost or mixed up."""
    return {user.name: ("客廳冷氣漏水", f"台北市和平東路 {n} 號", f"+886912345{n:03}") for n, user in enumerate(users)}


def n_times(user: User, words: str) -> int:
    """How many messages of a chat say this."""
    return sum(words in message.text for message in user.messages if message.is_bots)


def _add(connection: Connection, user: User, roles: Iterable[Role]) -> None:
    now = datetime.now(UTC)
    added = people.add_person(connection, name=user.name, roles=roles, branch="main", language="zh-Hant", now=now)
    people.add_account(connection, added.id, channel="telegram", address=str(user.id), chat=str(user.id), now=now)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
