"""The program as a process of its own against the smart bot's long connection: staff in WeCom, the customer in the web chat."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests import story
from tests.databases import Postgres
from tests.journeys.leaks import TELEPHONE, found
from tests.room import at
from tests.stage import Program, TurnableClock, WebPhone
from tests.stubs.wecom_bot import SECRET, Fault, WecomBotStub
from tests.stubs.wecom_bot_phone import WecomBotPhone

A_MOMENT = timedelta(seconds=9)
"""What a person takes to read and to press; WeCom's thirty messages a minute are reckoned by it."""


class Stage:
    """WeCom, the program, and a clock that goes on with what people do; without one, the machine's."""

    def __init__(self, folder: Path, stub: WecomBotStub, clock: TurnableClock | None = None) -> None:
        self.folder, self.stub, self.clock = folder, stub, clock
        self.desk = self.program(folder)

    def program(self, folder: Path, **more: str) -> Program:
        return Program(folder, self.stub.settings | more, self.clock)

    def phone(self, name: str) -> WecomBotPhone:
        return WecomBotPhone(self.stub, self.stub.member(name), self.takes_time)

    def takes_time(self) -> None:
        if self.clock is not None:
            self.clock.turn_to(self.clock.now() + A_MOMENT)

    async def staffed(self) -> tuple[WecomBotPhone, WecomBotPhone]:
        """李主任 with the owner's code, 王師傅 with an invitation; each says how he is called."""
        li, wang = self.phone("李主任"), self.phone("王師傅")
        await li.says(self.desk.owner_code)
        await story.asked(li, ("怎麼稱呼您", "李主任"))
        await li.sees("李主任 您好，您現在是管理員和主管")
        _status, printed = await self.desk.run("invite", "technician")
        await wang.says(printed.split()[-1])
        await story.asked(wang, ("怎麼稱呼您", "王師傅"))
        await wang.sees("王師傅 您好", "管理員確認後")
        await li.sees("王師傅", "是您的同事嗎")
        await li.presses("是我們的人")
        await wang.sees("王師傅 歡迎加入")
        return li, wang


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    clock = TurnableClock(at("週一 09:00"))
    stub = await WecomBotStub.start(clock=lambda: clock.now().timestamp())
    yield Stage(tmp_path, stub, clock)
    await stub.stop()


async def anybody_is_welcomed(stage: Stage) -> bool:
    """Whoever looks in is greeted within WeCom's five seconds; a machine that is busy with other tests gets more tries."""
    for n in range(12):
        newcomer = stage.phone(f"新人 {n}")
        await newcomer.enters()
        if await stage.stub.world.wait_for(lambda one=newcomer: one.shows("您好"), 5):
            return True
    return False


async def test_the_whole_job_with_staff_on_the_smart_bot_and_the_customer_in_the_web_chat(stage: Stage) -> None:
    desk = await stage.desk.start()
    li, wang = await stage.staffed()
    zhang = await WebPhone(desk.address).opens()

    await story.the_whole_job(zhang, li, wang)
    assert await anybody_is_welcomed(stage)

    assert await desk.stop() == 0
    assert await desk.run("audit") == (0, "all is well\n")
    assert [one for one in stage.stub.world.refusals if "too late" not in one] == []
    assert stage.stub.world.lost == []
    assert found(desk.log(), SECRET, "漏水", *TELEPHONE, "和平東路", "aeskey", wang.member.id) == []


async def test_a_connection_that_is_cut_in_the_middle_of_the_job_loses_no_step(stage: Stage) -> None:
    desk = await stage.desk.start()
    li, wang = await stage.staffed()
    zhang = await WebPhone(desk.address).opens()
    await story.reports(zhang, with_photo=False)
    await li.sees("新報修")

    await stage.stub.cuts()
    await stage.stub.connected(2)
    await li.presses("派 王師傅")
    await wang.sees("派給您")
    stage.stub.fails("aibot_send_msg", Fault.CLOSE)  # it arrives, and nobody hears that it did
    await wang.presses("接單")
    await wang.sees("接單了")
    await stage.stub.connected(3)
    await wang.says("出發前準備")
    await wang.sees("還差 4 項")

    slips = [one for one in wang.member.messages if "接單了" in one.shown]
    assert len(slips) == 1, "a card that had arrived came again"
    assert await desk.stop() == 0


async def test_of_two_processes_one_holds_the_connection_and_both_have_their_say(
    tmp_path: Path, postgres: Postgres, postgres_template: str
) -> None:
    stage = Stage(tmp_path, await WecomBotStub.start())  # a lease runs by the time of day: nobody turns it here
    name = postgres.make(postgres_template)
    (tmp_path / "second").mkdir()
    first = stage.desk = stage.program(tmp_path, DATABASE_URL=postgres.url(name))
    await first.start()
    second = await stage.program(tmp_path / "second", DATABASE_URL=postgres.url(name)).start()
    li, wang = await stage.staffed()
    zhang = await WebPhone(second.address).opens()

    await story.reports(zhang, with_photo=False)  # to the process that can't send by WeCom
    await li.sees("新報修")
    await first.stop()
    await stage.stub.connected(2)
    await li.presses("派 王師傅")
    await wang.sees("派給您")

    assert stage.stub.n_subscribed == 2, "they took it from each other"
    assert await second.stop() == 0
    await stage.stub.stop()
    postgres.drop(name)
