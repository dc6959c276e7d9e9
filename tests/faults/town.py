"""A town for the program to live and die in: Telegram, people who work the job, a database, one or several processes."""

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError

from rules.people import Role
from rules.policies import read_policy, to_calendar
from rules.terms import Terms
from storage.engine import open_engine
from storage.migrate import migrate
from storage.tables import deadlines, inbox, outbox, web_messages
from tests.faults.beginnings import Beginning
from tests.faults.crowd import Crowd, Somebody
from tests.faults.mortal import Mortal
from tests.faults.points import POINTS
from tests.faults.web_customer import WebCustomer
from tests.laws.promises.evidence import Evidence, Received, confirmed, gather, telegram_chats
from tests.laws.promises.overlaps import keep_notes
from tests.stage import PATIENCE
from tests.stubs.telegram import TelegramStub, User

MOST_PASSAGES = 9
APART = timedelta(seconds=0.7)
T = TypeVar("T")
POLICY = Path(__file__).parent / "quick.toml"
CAST = (
    ("李主任", (Role.SUPERVISOR, Role.ADMINISTRATOR)),
    ("陳小姐", (Role.CLERK,)),
    ("王師傅", (Role.TECHNICIAN,)),
    ("趙師傅", (Role.TECHNICIAN,)),
    ("錢師傅", (Role.TECHNICIAN,)),
    ("張先生", ()),
    ("林太太", ()),
    ("吳小姐", ()),
)


@dataclass(frozen=True)
class Plan:
    """How often and how to die. `design` names a worse design; empty: the program as it is."""

    n_kills: int
    seed: int
    n_processes: int = 1
    design: str = ""
    n_jobs: int = 9  # under way at the beginning, as many that wait, and one on site for each technician
    longest_life: float = 0.5  # seconds
    at_points: float = 0.7  # share of deaths at a named point
    points: tuple[str, ...] = POINTS  # deaths go round them, at the first passage of each, then at the second and so on
    first: int = 0  # which of these deaths comes first


class Town:
    """Everything around the program; `async with Town(...)` opens and closes it."""

    def __init__(self, plan: Plan, folder: Path, database_url: str) -> None:
        self.plan, self.folder, self.database_url = plan, folder, database_url
        self.random = random.Random(plan.seed)
        self.engine = open_engine(database_url, is_writer=False)
        policy = read_policy(POLICY.read_text(encoding="utf-8"), POLICY.name)
        self.terms = Terms(policy, to_calendar(policy, "Asia/Taipei"))
        self.crashes: list[Mapping[str, int]] = []
        self.n_kills = 0
        self._open = AsyncExitStack()

    async def __aenter__(self) -> "Town":
        self.stub = await TelegramStub.start()
        self._open.push_async_callback(self.stub.stop)
        self._open.callback(self.engine.dispose)
        users = [(self.stub.user(name), roles) for name, roles in CAST]
        self._settle(users)
        self.web = WebCustomer(self.plan.seed)
        self._open.push_async_callback(self.web.stop)
        living = [
            Somebody(self.stub, user, str(roles[0]) if roles else "customer", self.plan.seed * 100 + n)
            for n, (user, roles) in enumerate(users)
        ]
        self.crowd = Crowd(living)
        self._open.push_async_callback(self.crowd.stop)
        self.programs = [Mortal(self._home(n), self._settings(n)) for n in range(self.plan.n_processes)]
        for one in self.programs:
            one.on_death = one.on_birth = self._notes_what_was_sent
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._open.aclose()

    def _home(self, n: int) -> Path:
        home = self.folder / f"process{n}"
        home.mkdir(exist_ok=True)
        return home

    def _settings(self, n: int) -> dict[str, str]:
        return {
            "TELEGRAM_BOT_TOKEN": self.stub.token,
            "TELEGRAM_API_BASE": self.stub.origin,
            "DATABASE_URL": self.database_url,
            "DATA_DIR": str(self.folder / "data"),
            "POLICY_FILE": str(POLICY),
            "HTTP_PORT": str(self.web.port) if n == 0 else "0",
        }

    def _settle(self, everybody: list[tuple[User, tuple[Role, ...]]]) -> None:
        """Everybody has joined already, and jobs are under way, begun so that something falls due all the time."""
        engine = open_engine(self.database_url)
        migrate(engine)
        with engine.begin() as connection:
            keep_notes(connection)
            begin = Beginning(connection, self.terms, datetime.now(UTC))
            joined = [begin.joins(user.name, str(user.id), roles) for user, roles in everybody]
            technicians = [one for one in joined if Role.TECHNICIAN in one.roles]
            customers = [one for one in joined if not one.is_staff]
            for n, (customer, technician) in enumerate(list(product(customers, technicians))[: self.plan.n_jobs]):
                earlier = replace(begin, now=begin.now - n * APART)
                earlier.dispatched(customer, joined[0], technician)
                earlier.reported(customer)
            for customer, technician in zip(customers, technicians, strict=True):
                begin.on_site(customer, joined[0], technician)
        engine.dispose()
        for user, _roles in everybody:
            user.chat.is_open = True

    async def lives_through_it(self, *, before_it_rests: Callable[[], object] = lambda: None) -> None:
        """People work while the processes die and are started again, so often as the plan says; then all comes to rest."""
        self.crowd.start()
        self.web.start()
        await asyncio.gather(*(self._dies_and_dies_again(one) for one in self.programs))
        await self.web.stop()
        await self.crowd.stop()
        before_it_rests()
        for one in self.programs:
            await one.start(design=self.plan.design)
        assert await self.rests_or_dies()
        for one in self.programs:
            assert await one.stop() == 0

    async def _dies_and_dies_again(self, program: Mortal) -> None:
        while self.n_kills < self.plan.n_kills:
            point = self._point() if self.random.random() < self.plan.at_points else ""
            self.n_kills += 1
            await program.start(dies_at=point, design=self.plan.design)
            await program.dies(self.random.uniform(0, self.plan.longest_life))

    def _notes_what_was_sent(self) -> None:
        """At a death, and once more when what the dead process had on the line has been taken from it."""
        self.crashes.append(self._newest())

    def _point(self) -> str:
        lap, place = divmod(self.plan.first + self.n_kills, len(self.plan.points))
        return f"{self.plan.points[place]}:{lap % MOST_PASSAGES + 1}"

    def _newest(self) -> dict[str, int]:
        """The newest message of each messenger."""
        newest = max((chat.messages[-1].id for chat in self.stub.world.chats.values() if chat.messages), default=0)
        web = self._looks(lambda connection: connection.execute(select(func.max(web_messages.c.id))).scalar_one())
        return {"telegram": newest, "web": web or 0}

    def _looks(self, look: Callable[[Connection], T]) -> T:
        """Read the database as soon as it is there."""
        while True:
            with suppress(OperationalError), self.engine.connect() as connection:
                return look(connection)
            time.sleep(0.1)  # its server is being restarted

    async def rests_or_dies(self, patience: float = PATIENCE * 4) -> bool:
        """Wait until nothing waits: no update, no row of the inbox or outbox, no promise that is due. False: all are dead."""
        async with asyncio.timeout(patience):
            while self.stub.world.pending or self.n_waiting():
                if not any(one.is_alive for one in self.programs):
                    return False
                await asyncio.sleep(0.05)  # another process's database tells nobody when it changes
        return True

    def n_waiting(self) -> int:
        now = datetime.now(UTC)
        counts: list[Callable[[Connection], int]] = [
            lambda c: _count(c, inbox, inbox.c.state == "waiting"),
            lambda c: _count(c, outbox, (outbox.c.state == "waiting") & (outbox.c.not_before <= now + timedelta(hours=1))),
            lambda c: _count(c, deadlines, (deadlines.c.state == "running") & (deadlines.c.next_at <= now)),
        ]
        return self._looks(lambda connection: sum(one(connection) for one in counts))

    def evidence(self) -> Evidence:
        """What is left, for the checkers."""
        lives = [life for one in self.programs for life in one.lives]
        received = Received(
            confirmed=confirmed(self.stub.world),
            acknowledged=self.web.acknowledged,
            shown=telegram_chats(self.stub.world),
            unclear=frozenset(self.stub.world.unclear),
            crashes=self.crashes,
            lives=lives,
        )
        shelf = self.folder / "data" / "files"
        with self.engine.connect() as connection:
            return gather(connection, shelf=shelf, policy=self.terms.policy, received=received, at=datetime.now(UTC))


def _count(connection: Connection, table: object, where: object) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(where)).scalar_one())  # type: ignore[arg-type]
