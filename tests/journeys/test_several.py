"""Two and three programs on one PostgreSQL are one desk: order is kept, everything happens once, whoever dies is replaced."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from rules.orders import Stage
from rules.people import Role
from storage.tables import inbox, orders
from tests import story
from tests.databases import Postgres, running_postgres, with_schema
from tests.journeys.several import Several, as_told, everybody_reports, hooked, n_times, reported
from tests.stage import Program, WebPhone
from tests.stubs.telegram import TelegramStub


@pytest.fixture
def url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    name = postgres.make(postgres_template)
    yield postgres.url(name)
    postgres.drop(name)


async def test_two_programs_that_are_called_keep_everybodys_order_and_do_everything_once(
    stub: TelegramStub, url: str, tmp_path: Path
) -> None:
    async with hooked(stub, url, tmp_path) as several:
        li = several.staff("李主任", Role.ADMINISTRATOR, Role.SUPERVISOR)
        await several.start(2)
        customers = [stub.user(f"客人{n}") for n in range(5)]

        await everybody_reports(customers)
        await several.all_is_handled()

        assert reported(several) == as_told(customers)
        handled = several.looks(select(inbox.c.state, inbox.c.holder, func.count()).group_by(inbox.c.state, inbox.c.holder))
        assert {row.state for row in handled} == {"done"}
        assert len(handled) == 2, "one of them did all the work"
        assert sum(row.count for row in handled) == 8 * len(customers)
        assert n_times(li, "新報修") == len(customers)
        assert [n_times(user, "已收到您的報修") for user in customers] == [1] * len(customers)
        assert await several.stop() == [0, 0]
        assert await several.desks[0].run("audit") == (0, "all is well\n")


async def test_what_a_killed_program_had_taken_in_is_handled_by_another(stub: TelegramStub, url: str, tmp_path: Path) -> None:
    async with hooked(stub, url, tmp_path) as several:
        li = several.staff("李主任", Role.ADMINISTRATOR, Role.SUPERVISOR)
        await several.start(2)
        customers = [stub.user(f"客人{n}") for n in range(5)]

        await everybody_reports(customers)
        await stub.asked("sendMessage", times=10)
        await several.desks[0].kill()
        await several.all_is_handled()

        assert reported(several) == as_told(customers)
        assert {row.state for row in several.looks(select(inbox.c.state))} == {"done"}
        assert len(customers) <= n_times(li, "新報修") <= len(customers) + 1  # at most one copy more, for one kill
        assert await several.stop() == [0]


async def test_of_a_hundred_taps_at_two_programs_one_wins(stub: TelegramStub, url: str, tmp_path: Path) -> None:
    async with hooked(stub, url, tmp_path) as several:
        li = several.staff("李主任", Role.ADMINISTRATOR, Role.SUPERVISOR)
        crew = [several.staff(f"{n} 師傅", Role.TECHNICIAN) for n in range(20)]
        await several.start(2)
        zhang = stub.user("張先生")
        await everybody_reports([zhang])
        await li.presses("開放搶單")
        await several.all_is_handled()
        (order,) = several.looks(select(orders.c.id))

        await asyncio.gather(*(several.taps(crew[n % 20], f"o.{order.id}.take", at_desk=n % 2) for n in range(100)))
        await several.all_is_handled()

        (taken,) = several.looks(select(orders.c.stage, orders.c.order))
        assert taken.stage == Stage.ACCEPTED
        assert len(taken.order["crew"]) == 1
        assert n_times(li, "師傅 接單") == n_times(zhang, "為您服務") == 1  # the morning digest says 已接單 too
        assert sum(n_times(one, "接單了") for one in crew) == 1
        assert await several.stop() == [0, 0]


async def test_one_of_three_polls_and_another_takes_over_from_a_killed_one(
    stub: TelegramStub, url: str, tmp_path: Path
) -> None:
    several = Several(stub, url, tmp_path)
    several.staff("李主任", Role.ADMINISTRATOR, Role.SUPERVISOR)
    await several.start(3)
    customers = [stub.user(f"客人{n}") for n in range(2)]
    await stub.connected()
    (polling,) = [desk for desk in several.desks if "telegram.polls" in desk.log()]

    await customers[0].starts()
    await customers[0].sees("機器壞了嗎")
    await polling.kill()
    await everybody_reports(customers)
    await several.all_is_handled()

    assert reported(several) == as_told(customers)
    assert sum("telegram.polls" in desk.log() for desk in several.desks) == 2
    assert all('telegram.poll"' not in desk.log() for desk in several.desks), "two polled at once, and Telegram said no"
    assert await several.stop() == [0, 0]


@pytest.fixture
def mortal_postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


async def test_a_server_that_is_restarted_under_two_programs_loses_nothing(
    stub: TelegramStub, mortal_postgres: Postgres, tmp_path: Path
) -> None:
    async with hooked(stub, with_schema(mortal_postgres.url(mortal_postgres.make())), tmp_path) as several:
        li = several.staff("李主任", Role.ADMINISTRATOR, Role.SUPERVISOR)
        await several.start(2)
        customers = [stub.user(f"客人{n}") for n in range(5)]

        await everybody_reports(customers)
        for n_sent in (5, 20):
            await stub.asked("sendMessage", times=n_sent)
            await asyncio.to_thread(mortal_postgres.stop)
            await asyncio.to_thread(mortal_postgres.start)
        await several.all_is_handled()

        assert reported(several) == as_told(customers)
        assert n_times(li, "新報修") == len(customers)
        handled = several.looks(select(func.count()).where(inbox.c.state == "done"))
        assert handled == [(8 * len(customers),)]
        assert await several.stop() == [0, 0]


async def test_pages_that_two_programs_serve_are_one_desk(url: str, tmp_path: Path) -> None:
    own = {"DATABASE_URL": url, "DATA_DIR": str(tmp_path / "data")}
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    one, other = await asyncio.gather(*(Program(folder, own).start() for folder in folders))
    zhang = await WebPhone(one.address, seat="customer").opens()
    li = await WebPhone(other.address, seat="supervisor").opens()
    wang = await WebPhone(one.address, seat="technician").opens()
    wang_elsewhere = await WebPhone(other.address, seat="technician").opens()

    await story.reports(zhang)
    await li.sees("新報修", "客廳冷氣漏水")
    await li.presses("派 王師傅")
    await wang.sees("派給您")
    await wang_elsewhere.presses("接單")
    await wang_elsewhere.sees("接單了")
    await wang.sees("接單了")
    await zhang.sees("王師傅")

    assert [await desk.stop() for desk in (one, other)] == [0, 0]


@pytest.mark.soak
async def test_a_program_on_another_machine_that_stands_still_is_replaced_within_its_lease_and_may_go_on(
    stub: TelegramStub, url: str, tmp_path: Path
) -> None:
    async with hooked(stub, url, tmp_path) as several:
        li = several.staff("李主任", Role.ADMINISTRATOR, Role.SUPERVISOR)
        await several.start(2, on_machines=True)
        customers = [stub.user(f"客人{n}") for n in range(5)]
        still = several.desks[0].process
        assert still is not None

        await everybody_reports(customers[:3])
        await stub.asked("sendMessage", times=5)
        still.send_signal(signal.SIGSTOP)
        await several.all_is_handled(timeout=60)
        still.send_signal(signal.SIGCONT)
        await everybody_reports(customers[3:])
        await several.all_is_handled()

        assert {name for name, _ in sorted(reported(several).items())} == {one.name for one in customers}
        assert len(customers) <= n_times(li, "新報修") <= len(customers) + 1
        assert await several.stop() == [0, 0]
