"""An office whose clock can be turned: a supervisor, a manager, eight technicians, and as many open orders as a test wants."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from rules.people import Person, Role
from rules.terms import Terms
from storage.engine import open_engine
from storage.migrate import migrate
from storage.tables import deadlines, digests, inbox, outbox
from tests.faults.beginnings import Beginning
from tests.faults.mortal import Mortal
from tests.laws.promises.evidence import Evidence, Received, confirmed, gather, telegram_chats
from tests.room import terms_of
from tests.stage import PATIENCE, ROOT, TurnableClock
from tests.stubs.telegram import TelegramStub, User

TECHNICIANS = 8
CUSTOMERS = 20


class Office:
    """Everybody is there and the program is started by `opens`, at the moment at which the clock stands."""

    def __init__(self, folder: Path, clock: TurnableClock, stub: TelegramStub, terms: Terms) -> None:
        self.folder, self.clock, self.stub, self.terms = folder, clock, stub, terms
        self.database_url = f"sqlite:///{folder}/data/fieldhand.db"
        self.engine = open_engine(self.database_url, is_writer=False)
        settings = {
            "TELEGRAM_BOT_TOKEN": stub.token,
            "TELEGRAM_API_BASE": stub.origin,
            "DATABASE_URL": self.database_url,
            "DATA_DIR": str(folder / "data"),
            "POLICY_FILE": str(ROOT / "policies" / "appliance.toml"),
            "TIMEZONE": terms.calendar.zone,
        }
        self.program = Mortal(folder, settings)
        self.program.clock = clock
        self.users: dict[str, User] = {}
        self._people: dict[str, Person] = {}

    @property
    def staff(self) -> list[User]:
        return [user for name, user in self.users.items() if not name.startswith("客戶")]

    def is_filled(self, n_orders: int) -> None:
        """Staff and customers join; a third of the orders waits for somebody, a third for an acceptance, a third is on site."""
        engine = open_engine(self.database_url)
        migrate(engine)
        with engine.begin() as connection:
            begin = Beginning(connection, self.terms, self.clock.now())
            self._joins(begin, "李主任", Role.SUPERVISOR, Role.ADMINISTRATOR)
            self._joins(begin, "何經理", Role.MANAGER)
            technicians = [self._joins(begin, f"師傅{n}", Role.TECHNICIAN) for n in range(TECHNICIANS)]
            customers = [self._joins(begin, f"客戶{n}") for n in range(CUSTOMERS)]
            for n in range(n_orders):
                customer, technician = customers[n % CUSTOMERS], technicians[n % TECHNICIANS]
                if n % 3 == 0:
                    begin.reported(customer)
                elif n % 3 == 1:
                    begin.dispatched(customer, self._people["李主任"], technician)
                else:
                    begin.on_site(customer, self._people["李主任"], technician)
            connection.execute(update(outbox).values(state="dropped", done_at=begin.now))  # all that was told long ago
        engine.dispose()

    def _joins(self, begin: Beginning, name: str, *roles: Role) -> Person:
        user = self.users[name] = self.stub.user(name)
        user.chat.is_open = True
        self._people[name] = begin.joins(name, str(user.id), roles)
        return self._people[name]

    async def opens(self) -> None:
        await self.program.start()
        await self.rests()

    async def closes(self) -> None:
        assert await self.program.stop() == 0

    async def rests(self) -> None:
        """Wait until nothing waits and nothing is due."""
        async with asyncio.timeout(PATIENCE * 4):
            while self.stub.world.pending or self._n_waiting():
                await asyncio.sleep(0.05)  # another process's database tells nobody when it changes

    def _n_waiting(self) -> int:
        now = self.clock.now() + timedelta(seconds=10)  # its clock and ours agree to a few seconds only
        with self.engine.connect() as connection:
            return sum(
                connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one()
                for table, condition in (
                    (inbox, inbox.c.state == "waiting"),
                    (outbox, (outbox.c.state == "waiting") & (outbox.c.not_before <= now)),
                    (deadlines, (deadlines.c.state == "running") & (deadlines.c.next_at <= now)),
                )
            )

    def n_messages(self) -> dict[str, int]:
        """How many messages of the desk each person has."""
        return {name: sum(one.is_bots for one in user.messages) for name, user in self.users.items()}

    def working_day(self, moment: datetime) -> str:
        """The day in whose working hours a moment lies, empty outside of them."""
        calendar = self.terms.calendar
        day = calendar.local_day(moment)
        begin, end = calendar.day_start(day), calendar.day_end(day)
        return day.isoformat() if begin and end and begin <= moment < end else ""

    def mornings(self) -> list[tuple[str, int]]:
        """(day, how many people were greeted) for each morning digest."""
        with self.engine.connect() as connection:
            statement = select(digests.c.period, func.count()).where(digests.c.kind == "morning").group_by(digests.c.period)
            return [(row[0], row[1]) for row in connection.execute(statement.order_by(digests.c.period))]

    def evidence(self) -> Evidence:
        """What is left, for the checkers."""
        received = Received(confirmed=confirmed(self.stub.world), shown=telegram_chats(self.stub.world))
        shelf = self.folder / "data" / "files"
        with self.engine.connect() as connection:
            return gather(connection, shelf=shelf, policy=self.terms.policy, received=received, at=self.clock.now())


@asynccontextmanager
async def office(folder: Path, start: datetime, *, zone: str = "Asia/Taipei") -> AsyncIterator[Office]:
    """An office at a moment; its program lives under its clock."""
    clock = TurnableClock(start)
    stub = await TelegramStub.start(clock=lambda: int(clock.now().timestamp()))
    opened = Office(folder, clock, stub, terms_of("appliance", zone=zone))
    try:
        yield opened
    finally:
        await opened.program.kill()
        opened.engine.dispose()
        await stub.stop()


def utc(text: str) -> datetime:
    """`2026-11-23 08:30` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
