"""Receiving by the smart bot: stored before anything else, over one connection that is held, lost and had again."""

import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.base import ChannelRefused
from bot.channels.wecom_bot_wire import SUBSCRIBE, Wire
from handlers.events import Kind
from storage.writer import Store
from tests.channels.wecom_bot_desk import Desk, desk
from tests.databases import Postgres
from tests.stage import PATIENCE
from tests.stubs.wecom_bot import BOT_ID, SECRET, Fault, WecomBotStub


@pytest.fixture
async def at(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    shutil.copy(sqlite_template, tmp_path / "fieldhand.db")
    async with desk(f"sqlite:///{tmp_path / 'fieldhand.db'}") as found:
        yield found


async def test_what_is_said_is_stored_as_it_came(at: Desk) -> None:
    await at.start()
    wang = at.stub.member("王師傅")

    frame = await wang.says("到了")

    assert await at.inbox.has(1) == [{"frame": frame, "part": 0}]
    assert next(iter(at.inbox.stored.values()))[:2] == ("wecom-bot", wang.id)
    assert (await at.nth(1)).kind is Kind.TEXT


async def test_what_could_not_be_stored_waits_until_it_can(at: Desk) -> None:
    await at.start()
    at.inbox.n_refusals = 1
    wang = at.stub.member("王師傅")

    for words in ("一", "二"):
        await wang.says(words)

    await at.inbox.has(2)
    assert [(await at.nth(n)).text for n in (1, 2)] == ["一", "二"]
    assert at.inbox.n_offered == 3


async def test_a_repeat_is_the_same_update(at: Desk) -> None:
    await at.start()
    wang = at.stub.member("王師傅")
    frame = await wang.says("到了")
    await wang.repeats(frame)
    await wang.says("好了")

    await at.inbox.until(lambda: at.inbox.n_offered == 3)

    assert len(at.inbox.stored) == 2


async def test_garbage_and_unknown_frames_harm_nothing(at: Desk) -> None:
    await at.start()
    for garbage in (
        "{",
        "[]",
        "null",
        '"x"',
        "[" * 50_000,
        b"\xff\xfe",
        "NaN",
        '{"cmd":"aibot_msg_callback"}',
        '{"headers":7}',
    ):
        await at.stub.sends(garbage)
    await at.stub.sends('{"cmd":"aibot_event_callback","headers":{"req_id":"1"},"body":{"event":{"eventtype":"new_event"}}}')
    wang = at.stub.member("王師傅")
    await wang.likes()

    await wang.says("到了")

    assert (await at.nth(1)).text == "到了"
    assert len(at.inbox.stored) == 1
    assert at.stub.n_subscribed == 1


async def test_a_connection_that_is_cut_is_had_again(at: Desk) -> None:
    await at.start()

    await at.stub.cuts()
    await at.stub.connected(2)
    await at.stub.member("王師傅").says("到了")

    await at.inbox.has(1)
    assert not at.inbox.fatal


async def test_two_pings_without_an_answer_end_a_dead_connection(at: Desk) -> None:
    at.channel = at.open(ping=0.05, answer=0.1)
    await at.start()
    at.stub.is_mute = True

    await at.stub.connected(2)

    assert len(at.stub.asked("ping")) >= 2


async def test_a_connection_of_which_wecom_knows_nothing_is_had_again(at: Desk) -> None:
    at.channel = at.open(ping=0.05)
    await at.start()
    at.stub.fails("ping", Fault.REFUSE, code=846609)

    await at.stub.connected(2)


async def test_who_is_displaced_stands_aside_for_a_while(at: Desk) -> None:
    at.stub.closes_displaced = False  # WeCom may take minutes for it
    at.channel = at.open(displaced=0.3)
    await at.start()
    rival = await Wire.open(at.stub.url, patience=1, on_callback=lambda _frame: None)
    await rival.ask(SUBSCRIBE, {"bot_id": BOT_ID, "secret": SECRET})

    await at.stub.connected(3)

    _first, displaced_at, again_at = at.stub.subscribed_at
    assert again_at - displaced_at >= 0.3
    assert not at.inbox.fatal
    await rival.close()


async def test_a_wrong_secret_is_refused_by_the_name_of_its_setting(at: Desk) -> None:
    at.channel = at.open(secret="wrong-secret")

    with pytest.raises(ChannelRefused, match="WECOM_BOT_SECRET") as refused:
        await at.start()

    assert "wrong-secret" not in str(refused.value)


async def test_a_secret_that_is_taken_back_ends_the_process_after_five_refusals(at: Desk) -> None:
    await at.start()

    at.stub.world.secret = "another"
    await at.stub.cuts()

    await at.inbox.until(lambda: bool(at.inbox.fatal))
    assert "WECOM_BOT_SECRET" in at.inbox.fatal[0]
    assert SECRET not in at.inbox.fatal[0]
    assert len(at.stub.asked("aibot_subscribe")) == 1 + 5


async def test_a_busy_wecom_is_no_wrong_secret(at: Desk) -> None:
    at.stub.fails("aibot_subscribe", Fault.REFUSE, times=7, code=45009)

    await at.start()

    await at.stub.connected()
    assert not at.inbox.fatal


async def test_a_network_that_comes_later_is_waited_for(at: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    at.channel = at.open(url=f"ws://127.0.0.1:{port}")
    await at.start()
    assert not at.channel.is_sending

    late = await WecomBotStub.start(port=port)
    await late.connected()
    await late.member("王師傅").says("到了")

    await at.inbox.has(1)
    await late.stop()


async def test_an_intake_that_breaks_ends_the_process(at: Desk) -> None:
    async def broken(*_told: object) -> None:
        raise ZeroDivisionError

    await at.channel.start(broken)
    await at.stub.member("王師傅").says("到了")

    await at.inbox.until(lambda: bool(at.inbox.fatal))
    assert at.inbox.fatal == ["wecom-bot: receiving ended with ZeroDivisionError"]


async def test_what_came_before_the_end_is_stored(at: Desk) -> None:
    await at.start()
    at.inbox.n_refusals = 1
    await at.stub.member("王師傅").says("到了")
    await at.inbox.until(lambda: at.inbox.n_offered == 1)

    await at.channel.stop()

    assert len(at.inbox.stored) == 1


# Several processes


@pytest.fixture
async def shared(postgres: Postgres, postgres_template: str) -> AsyncIterator[Desk]:
    name = postgres.make(postgres_template)
    async with desk(postgres.url(name)) as found:
        yield found
    postgres.drop(name)


async def test_one_process_holds_the_connection_and_the_next_takes_over_at_once(shared: Desk) -> None:
    second_store = Store(shared.url)
    second = shared.open(store=second_store)
    await shared.start()
    await second.start(shared.inbox.accept)
    assert (shared.channel.is_sending, second.is_sending) == (True, False)

    await shared.channel.stop()
    await shared.stub.connected(2)

    assert await shared.stub.world.wait_for(lambda: second.is_sending, PATIENCE)
    await second.stop()
    second_store.close()


async def test_a_lease_that_is_not_renewed_goes_to_another_process(shared: Desk) -> None:
    second_store = Store(shared.url)
    second = shared.open(store=second_store)
    shared.channel = shared.open(lease=0.6)
    await shared.start()
    await second.start(shared.inbox.accept)
    shared.store.close()  # the first process can't reach the database any more

    await shared.stub.connected(2)

    assert (await shared.stub.world.wait_for(lambda: second.is_sending, PATIENCE), shared.channel.is_sending) == (True, False)
    await second.stop()
    second_store.close()


async def test_the_lease_of_a_killed_program_is_no_hindrance_where_there_is_only_one(at: Desk) -> None:
    await at.start()
    await at.stub.cuts()  # as if the process were gone, its lease still written down

    again = at.open(store=at.store)
    await again.start(at.inbox.accept)

    assert again.is_sending
    await again.stop()


# The look at the settings


async def test_the_look_at_the_settings_says_what_is_right(at: Desk) -> None:
    assert await at.channel.check() == [(True, "WECOM_BOT_ID: good, WeCom takes the long connection")]


async def test_the_look_at_the_settings_says_what_is_wrong(at: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nowhere = f"ws://127.0.0.1:{closed.getsockname()[1]}"

    wrong = [await at.open(secret="x").check(), await at.open(url=nowhere).check()]

    assert [[is_well for is_well, _ in lines] for lines in wrong] == [[False], [False]]
    assert "WECOM_BOT_SECRET" in wrong[0][0][1]
    assert "WECOM_BOT_URL" in wrong[1][0][1]


async def test_the_look_at_the_settings_does_not_disturb_the_running_desk(at: Desk) -> None:
    await at.start()

    assert await at.open(store=at.store).check() == [(True, "WECOM_BOT_ID: good, WeCom takes the long connection")]

    assert at.stub.n_subscribed == 1
    assert at.channel.is_sending
