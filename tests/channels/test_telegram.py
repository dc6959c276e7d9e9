"""Receiving from Telegram: stored before it is confirmed, and clear words when it can't go on."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.base import ChannelRefused
from handlers.events import Kind
from tests.channels.telegram_desk import SECRET, Desk, desk, hooked, post
from tests.stubs.telegram import Fault, TelegramStub

MESSAGE = {
    "message_id": 1,
    "date": 1,
    "chat": {"id": 7, "type": "private"},
    "from": {"id": 7, "first_name": "張"},
    "text": "好",
}
HEADERS = {"x-telegram-bot-api-secret-token": SECRET}


@pytest.fixture
async def at() -> AsyncIterator[Desk]:
    async with desk() as found:
        yield found


async def test_the_bot_knows_its_name_and_offers_its_commands_in_three_languages(at: Desk) -> None:
    await at.start()

    assert at.channel.username == "fieldhand_test_bot"
    assert at.stub.world.commands[""] == [{"command": "report", "description": "報修"}]
    assert at.stub.world.commands["zh"] == [{"command": "report", "description": "報修"}]
    assert at.stub.world.commands["en"] == [{"command": "report", "description": "Report a fault"}]


async def test_what_was_written_while_nobody_polled_comes_as_it_was(at: Desk) -> None:
    zhang = at.stub.user("張先生")
    await zhang.says("冷氣不冷")

    await at.start()

    assert await at.inbox.has(1) == [{"update": at.stub.world.history[0]}]
    channel, chat, _raw = next(iter(at.inbox.stored.values()))
    assert (channel, chat) == ("telegram", str(zhang.id))


async def test_an_update_that_could_not_be_stored_comes_again(at: Desk) -> None:
    zhang = at.stub.user("張先生")
    at.inbox.n_refusals = 1
    await at.start()

    await zhang.says("冷氣不冷")
    await at.inbox.until(lambda: at.inbox.n_offered == 1)
    assert at.stub.world.pending, "nothing may be confirmed before it is stored"

    await at.inbox.has(1)
    assert at.inbox.n_offered == 2
    await at.stub.confirmed()


async def test_the_stored_part_of_a_batch_is_confirmed_and_the_rest_comes_again(at: Desk) -> None:
    zhang = at.stub.user("張先生")
    await zhang.says("一")
    await at.start()
    await at.stub.confirmed()
    at.inbox.n_refusals = 1

    for word in ("二", "三"):
        await zhang.says(word)

    texts = [raw["update"]["message"]["text"] for raw in await at.inbox.has(3)]
    assert texts == ["一", "二", "三"]


async def test_repeats_and_a_wrong_order_harm_nothing(at: Desk) -> None:
    zhang = at.stub.user("張先生")
    for word in ("一", "二", "三"):
        await zhang.says(word)
    at.stub.reorders()
    await at.start()
    await at.inbox.has(3)
    await at.stub.confirmed()

    await at.stub.repeats()
    await at.inbox.until(lambda: at.inbox.n_offered == 6)

    assert len(at.inbox.stored) == 3


async def test_more_than_one_poll_brings_come_all_in_whatever_order(at: Desk) -> None:
    zhang = at.stub.user("張先生")
    for n in range(130):
        await zhang.says(f"第 {n} 句")
    at.stub.reorders()

    await at.start()
    await at.inbox.has(130)

    await at.stub.confirmed()


async def test_numbers_that_begin_anew_are_still_heard(at: Desk) -> None:
    zhang = at.stub.user("張先生")
    at.channel = at.open(poll_seconds=0)
    await at.start()
    await zhang.says("一")
    await at.inbox.has(1)
    await at.stub.asked("getUpdates", len(at.stub.calls("getUpdates")) + 3)

    at.stub.begins_anew(5)
    await zhang.says("二")

    assert (await at.inbox.has(2))[1]["update"]["update_id"] == 5


async def test_the_same_number_with_other_contents_is_another_update(at: Desk) -> None:
    at.channel = at.open(poll_seconds=1)
    await at.stub.pushes({"update_id": 9, "message": MESSAGE})
    await at.start()
    await at.stub.confirmed()

    await at.stub.pushes({"update_id": 9, "message": MESSAGE | {"text": "不好"}})

    await at.inbox.has(2)


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.CLOSE, Fault.CUT, Fault.GARBAGE, Fault.TOO_MANY])
async def test_a_poll_that_fails_is_tried_again(at: Desk, fault: Fault) -> None:
    at.stub.fails("getUpdates", fault)
    await at.stub.user("張先生").says("冷氣不冷")

    await at.start()

    await at.inbox.has(1)
    assert not at.inbox.fatal


async def test_another_program_that_polls_with_the_token_ends_ours_with_clear_words(at: Desk) -> None:
    await at.start()
    rival = at.open()

    async def nowhere(*_told: Any) -> None:
        pass

    await rival.start(nowhere)
    await at.inbox.until(lambda: bool(at.inbox.fatal), timeout=30)
    await rival.stop()

    assert "another program receives with this token" in at.inbox.fatal[0]
    assert at.stub.token not in at.inbox.fatal[0]


@pytest.mark.parametrize("token", ["8000000001:wrong", "two words", "", "8000000001:a\nb"])
async def test_a_wrong_token_is_refused_by_the_name_of_its_setting(at: Desk, token: str) -> None:
    channel = at.open(token or " ")

    with pytest.raises(ChannelRefused, match="TELEGRAM_BOT_TOKEN") as refused:
        await channel.start(at.inbox.accept)

    assert not token or token not in str(refused.value)
    await channel.stop()


async def test_a_token_that_is_taken_back_ends_the_process(at: Desk) -> None:
    await at.start()
    await at.stub.connected()

    at.stub.world.token = "8000000001:another"
    await at.stub.pushes({"message": MESSAGE})

    await at.inbox.until(lambda: bool(at.inbox.fatal))
    assert "TELEGRAM_BOT_TOKEN" in at.inbox.fatal[0]


async def test_a_network_that_comes_later_is_waited_for(at: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    at.channel = at.open(origin=f"http://127.0.0.1:{port}")
    await at.start()
    assert at.channel.username == ""

    relay = await asyncio.start_server(_to(at.stub), "127.0.0.1", port)
    await at.stub.user("張先生").says("冷氣不冷")
    await at.inbox.has(1)

    assert at.channel.username == "fieldhand_test_bot"
    relay.close()


async def test_an_intake_that_breaks_ends_the_process(at: Desk) -> None:
    async def broken(*_told: Any) -> None:
        raise ZeroDivisionError

    await at.channel.start(broken)
    await at.stub.user("張先生").says("冷氣不冷")

    await at.inbox.until(lambda: bool(at.inbox.fatal))
    assert at.inbox.fatal == ["telegram: receiving ended with ZeroDivisionError"]


# The webhook


async def test_a_webhook_brings_updates_and_polling_is_off(at: Desk) -> None:
    async with hooked(at) as url:
        await at.start()
        await at.stub.user("張先生").says("冷氣不冷")
        await at.inbox.has(1)
        await at.stub.confirmed()

        assert at.stub.world.webhook == {"url": url, "secret": SECRET}
        assert not at.stub.calls("getUpdates")


async def test_a_webhook_update_that_could_not_be_stored_comes_again(at: Desk) -> None:
    async with hooked(at):
        at.inbox.n_refusals = 1
        await at.start()
        await at.stub.user("張先生").says("冷氣不冷")

        await at.inbox.has(1)
        await at.stub.confirmed()
        assert at.inbox.n_offered == 2


async def test_who_does_not_know_the_secret_is_sent_away(at: Desk) -> None:
    body = json.dumps({"update_id": 1, "message": MESSAGE}).encode()
    async with hooked(at) as url:
        await at.start()

        assert await post(url, body, {}) == 403
        assert await post(url, body, {"x-telegram-bot-api-secret-token": SECRET[:-1]}) == 403
        assert await post(url, body, {"x-telegram-bot-api-secret-token": "密".encode().decode("latin-1")}) == 403
        assert not at.inbox.stored
        assert await post(url, body, HEADERS) == 200
        assert len(at.inbox.stored) == 1


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"{}", b'{"update_id":true}', b'{"update_id":NaN}', b"[" * 100_000, b"\xff\xfe"]
)
async def test_garbage_at_the_webhook_is_refused(at: Desk, body: bytes) -> None:
    async with hooked(at) as url:
        await at.start()
        assert await post(url, body, HEADERS) == 400
    assert not at.inbox.stored


async def test_more_than_a_megabyte_is_not_read(at: Desk) -> None:
    async with hooked(at) as url:
        await at.start()
        assert await post(url, b" " * (1024 * 1024 + 1), HEADERS) == 413


async def test_before_the_start_nothing_is_taken(at: Desk) -> None:
    async with hooked(at) as url:
        assert await post(url, json.dumps({"update_id": 1, "message": MESSAGE}).encode(), HEADERS) == 503


async def test_an_address_that_telegram_does_not_take_is_refused_by_name(at: Desk) -> None:
    channel = at.open(webhook_secret=SECRET, public_url="http://desk.example")

    with pytest.raises(ChannelRefused, match="PUBLIC_URL"):
        await channel.start(at.inbox.accept)
    with pytest.raises(ChannelRefused, match="TELEGRAM_WEBHOOK_SECRET"):
        await at.open(webhook_secret="密碼", public_url="https://desk.example").start(at.inbox.accept)
    await channel.stop()


async def test_who_polls_takes_an_old_webhook_off_and_loses_nothing(at: Desk) -> None:
    at.stub.world.webhook = {"url": "http://127.0.0.1:9/old", "secret": ""}
    await at.stub.user("張先生").says("冷氣不冷")

    await at.start()

    assert (await at.nth(1)).kind is Kind.TEXT


def _to(stub: TelegramStub) -> Any:
    """A relay to the stub."""
    port = int(stub.origin.rsplit(":", 1)[1])

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_stub, to_stub = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(carry(reader, to_stub), carry(from_stub, writer), return_exceptions=True)

    return relay
