"""微信客服 is pulled with a cursor, of which neither the loss nor a fault costs or doubles a message."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.channels.base import MediaGone, Sent
from handlers.events import Event, Kind, Media
from storage import notes
from storage.tables import channel_notes
from tests.channels.kf_desk import KfDesk, called
from tests.channels.telegram_desk import JPEG
from tests.stage import PATIENCE
from tests.stubs.wecom import AMR, Fault
from tests.stubs.wecom_kf import OPEN_KFID, Visitor
from tests.stubs.wecom_kf_world import SYSTEM


async def test_what_customers_send_comes_in_its_order_with_their_names(at: KfDesk, zhang: Visitor) -> None:
    await at.start()
    async with called(at):
        await at.start()
        await zhang.says("冷氣漏水")
        await zhang.sends_photo(JPEG)
        await zhang.sends_voice()
        await zhang.shares_place(39.910126, 116.403743, address="北京市东城区")
        await zhang.presses_token("q.1.2.0", "就這些")

        kinds = [(await at.nth(n)).kind for n in range(1, 6)]

    assert kinds == [Kind.TEXT, Kind.PHOTO, Kind.VOICE, Kind.LOCATION, Kind.PRESS]
    first = await at.nth(1)
    assert (first.text, first.address, first.name) == ("冷氣漏水", zhang.id, "張先生")


async def test_without_a_callback_a_start_finds_what_is_there(at: KfDesk, zhang: Visitor) -> None:
    await zhang.says("一")
    await at.start()

    assert (await at.nth(1)).text == "一"
    assert at.channel.routes() == []


async def test_pages_are_read_to_their_end_also_over_empty_ones(at: KfDesk, zhang: Visitor) -> None:
    for n in range(7):
        await zhang.says(f"第 {n} 句")
    at.stub.kf.page, at.stub.kf.gaps = 2, 1
    await at.start()

    assert [one["text"]["content"] for one in await at.inbox.has(7)] == [f"第 {n} 句" for n in range(7)]


async def test_the_cursor_goes_on_where_the_last_program_ended(at: KfDesk, zhang: Visitor) -> None:
    await zhang.says("一")
    await at.start()
    await at.inbox.has(1)
    await at.channel.stop()
    await zhang.says("二")
    n_before = at.inbox.n_offered

    at.channel = at.open()
    await at.start()
    await at.inbox.has(2)

    assert at.inbox.n_offered == n_before + 1
    assert at.stub.wecom.calls("kf/sync_msg")[-1]["cursor"] == "4gw7Mep1"


@pytest.mark.parametrize("is_refused", [False, True])
async def test_a_lost_cursor_loses_nothing_and_doubles_nothing(at: KfDesk, zhang: Visitor, is_refused: bool) -> None:
    await zhang.says("一")
    await at.start()
    await at.inbox.has(1)
    await at.channel.stop()
    await zhang.says("二")
    note = {"cursor": "of another account"}
    if is_refused:
        at.store.write_now(lambda c: notes.put(c, "kf", f"cursor:{OPEN_KFID}", note))
    else:
        at.store.write_now(lambda c: notes.drop(c, "kf", f"cursor:{OPEN_KFID}"))

    at.channel = at.open()
    await at.start()
    await at.inbox.has(2)

    assert [raw["text"]["content"] for _channel, _chat, raw in at.inbox.stored.values()] == ["一", "二"]


async def test_what_can_not_be_stored_now_is_stored_before_the_cursor_moves(at: KfDesk, zhang: Visitor) -> None:
    await zhang.says("一")
    await zhang.says("二")
    at.inbox.n_refusals = 1
    await at.start()

    await at.inbox.has(2)

    assert "cursor" not in at.stub.wecom.calls("kf/sync_msg")[1]


async def test_at_the_very_first_start_old_messages_have_had_their_answer(at: KfDesk, zhang: Visitor) -> None:
    await zhang.says("昨天的事")
    at.stub.kf.log[0].message["send_time"] -= 3600
    await zhang.says("現在的事")
    await at.start()

    (only,) = await at.inbox.has(1)
    assert only["text"]["content"] == "現在的事"


async def test_what_came_while_we_were_away_is_never_old(at: KfDesk, zhang: Visitor) -> None:
    at.stub.wecom.fails("kf/sync_msg", Fault.ERROR)
    await at.start()
    await at.stub.wecom.asked("kf/sync_msg")
    await at.channel.stop()
    begun = datetime.now(UTC) - timedelta(hours=5)
    at.store.write_now(lambda c: notes.put(c, "kf", f"begun:{OPEN_KFID}", {"at": begun.isoformat()}))
    await zhang.says("四小時前的事")
    at.stub.kf.log[0].message["send_time"] -= 4 * 3600

    at.channel = at.open()
    await at.start()

    assert (await at.nth(1)).text == "四小時前的事"


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.ERROR, Fault.CUT, Fault.GARBAGE])
async def test_a_pull_that_fails_is_tried_again(at: KfDesk, zhang: Visitor, fault: Fault) -> None:
    await zhang.says("一")
    at.stub.wecom.fails("kf/sync_msg", fault)
    async with called(at):
        await at.start()
        await at.stub.wecom.asked("kf/sync_msg")
        await at.stub.calls_back()

        await at.inbox.has(1)


async def test_colleagues_words_and_system_news_of_no_customer_are_left_alone(at: KfDesk, zhang: Visitor) -> None:
    await at.stub.takes_over(zhang)
    at.stub.kf.log.append(at.stub.kf.log[0].__class__(at.stub.kf.now(), {"msgtype": "event", "origin": SYSTEM, "event": {}}))
    await zhang.says("好")
    await at.start()

    raws = await at.inbox.has(3)
    events = [at.channel.read(raw) for raw in raws]
    assert [event and event.kind for event in events] == [Kind.SHUT, None, Kind.TEXT]


async def test_files_come_whole_or_are_too_large_or_gone(at: KfDesk, zhang: Visitor) -> None:
    await zhang.sends_voice(AMR)
    await at.start()
    media = (await at.nth(1)).media
    assert media is not None

    assert await at.channel.fetch(media, 10_000) == AMR
    with pytest.raises(MediaGone, match="too-large"):
        await at.channel.fetch(media, 10)
    at.stub.wecom.passes(4 * 86_400)
    with pytest.raises(MediaGone, match="gone"):
        await at.channel.fetch(Media(media.handle), 10_000)


async def test_nothing_that_people_said_is_noted(at: KfDesk, zhang: Visitor) -> None:
    async with called(at):
        await at.start()
        await zhang.enters()
        await zhang.says("我家冷氣漏水")
        await at.inbox.has(2)

    kept = str(at.store.read_now(lambda c: c.execute(select(channel_notes)).all()))
    assert "漏水" not in kept
    assert "張先生" not in kept


def event_of(chat: str) -> Event:
    return Event("kf", chat, chat, "k", Kind.PRESS, datetime.now(UTC))


async def test_a_press_needs_no_answer_of_the_channel_s_own(at: KfDesk, zhang: Visitor) -> None:
    await asyncio.wait_for(at.channel.acknowledge(event_of(zhang.id), "好"), PATIENCE)
    assert await at.channel.settle(zhang.id, "2a") == Sent("2a")
    assert at.stub.wecom.calls("kf/send_msg") == []
