"""What people send arrives: each thing once, as it was sent, from nobody else (CHANNELS 5)."""

import pytest

from bot.channels.base import MediaGone
from handlers.events import Event, Kind, Media
from tests.channels.conformance.choosing import others, those
from tests.channels.conformance.looking import HOSTILE, event_at
from tests.channels.conformance.rigs.base import MINUTE, Able, Rig, nth
from tests.stage import photo
from tests.stubs.wecom import AMR


async def test_words_arrive_as_they_were_written(rig: Rig) -> None:
    await rig.says(HOSTILE)

    event = await event_at(rig, 2)
    assert (event.kind, event.text, event.address, event.channel) == (Kind.TEXT, HOSTILE, rig.address, rig.channel.name)
    assert event.at.tzinfo is not None


async def test_several_messages_keep_their_order(rig: Rig) -> None:
    for n in range(4):
        await rig.says(f"第 {n} 句")

    await rig.inbox.has(5)
    assert [(await event_at(rig, n)).text for n in range(2, 6)] == [f"第 {n} 句" for n in range(4)]


async def test_what_overtakes_on_its_way_harms_nothing_and_keeps_the_moment_when_it_was_said(rig: Rig) -> None:
    await rig.says_in_turn_but("先說的", "後說的")

    await rig.inbox.has(3)
    await rig.says("說完了")
    await rig.inbox.has(4)
    events = {event.text: event for event in await events_after(rig, 1)}
    assert set(events) == {"先說的", "後說的", "說完了"}
    assert len(rig.inbox.stored) == 4
    apart = (events["後說的"].at - events["先說的"].at).total_seconds()
    assert apart == pytest.approx(MINUTE, abs=10)


async def events_after(rig: Rig, n: int) -> list[Event]:
    return [await event_at(rig, k) for k in range(n + 1, len(rig.inbox.stored) + 1)]


async def test_a_photo_arrives_with_the_bytes_that_were_sent(rig: Rig) -> None:
    picture = photo("銘牌")
    await rig.sends_photo(picture)

    event = await event_at(rig, 2)
    assert event.media is not None
    assert event.kind is Kind.PHOTO
    assert await rig.channel.fetch(event.media, 5_000_000) == picture


@those(able=Able.SOUND)
async def test_a_voice_arrives_as_sound(rig: Rig) -> None:
    await rig.sends_voice(AMR)

    event = await event_at(rig, 2)
    assert event.media is not None
    assert (event.kind, await rig.channel.fetch(event.media, 5_000_000)) == (Kind.VOICE, AMR)


@others(lacking=Able.SOUND)
async def test_where_no_sound_can_come_a_voice_arrives_in_words(rig: Rig) -> None:
    await rig.sends_voice(AMR)

    event = await event_at(rig, 2)
    assert (event.kind, event.text) == (Kind.TEXT, "冷氣在滴水")


@those(able=Able.PLACE)
async def test_a_place_arrives_where_it_is(rig: Rig) -> None:
    await rig.shares_place(25.0266, 121.5434)

    event = await event_at(rig, 2)
    assert event.place is not None
    assert (event.place.latitude, event.place.longitude) == pytest.approx((25.0266, 121.5434), abs=0.001)


async def test_what_nobody_has_heard_of_does_no_harm(rig: Rig) -> None:
    await rig.sends_something_odd()
    await rig.says("還在嗎")

    await rig.inbox.has(3)
    odd = await nth(rig, 2)
    assert odd is None or odd.kind in (Kind.UNSUPPORTED, Kind.FILE)
    assert (await event_at(rig, 3)).text == "還在嗎"


async def test_a_repeat_is_stored_once(rig: Rig) -> None:
    await rig.says("只說一次")
    await rig.inbox.has(2)

    await rig.repeats()
    await rig.repeats()

    await rig.says("說完了")
    await rig.inbox.until(lambda: any("說完了" in str(raw) for _c, _a, raw in rig.inbox.stored.values()))
    assert [event.text for event in await events_after(rig, 1)] == ["只說一次", "說完了"]


async def test_what_could_not_be_stored_is_not_lost(rig: Rig) -> None:
    rig.inbox.n_refusals = 1

    await say_until_taken(rig, "別弄丟")

    await rig.inbox.until(lambda: any("別弄丟" in str(raw) for _c, _a, raw in rig.inbox.stored.values()), timeout=20)
    assert rig.inbox.n_offered >= len(rig.inbox.stored) + 1


async def say_until_taken(rig: Rig, words: str) -> None:
    """Our own page sends again by itself what got no 200; messengers do it for people."""
    try:
        await rig.says(words)
    except Exception as error:
        assert getattr(getattr(error, "response", None), "status_code", 0) == 503, error
        await rig.says(words)


@those(able=Able.CALLS)
async def test_whoever_is_not_the_messenger_is_turned_away_and_leaves_no_trace(rig: Rig) -> None:
    n_stored = len(rig.inbox.stored)

    statuses = await rig.forges()

    assert len(statuses) >= 3
    assert all(400 <= status < 500 for status in statuses), statuses
    assert len(rig.inbox.stored) == n_stored


async def test_a_file_that_is_gone_is_said_to_be_gone(rig: Rig) -> None:
    with pytest.raises(MediaGone):
        await rig.channel.fetch(Media("no-such-file", "image/jpeg"), 1000)


async def test_a_file_over_the_limit_is_not_taken(rig: Rig) -> None:
    await rig.sends_photo(photo("很大"))
    event = await event_at(rig, 2)
    assert event.media is not None

    with pytest.raises(MediaGone, match="too-large"):
        await rig.channel.fetch(event.media, 100)


@those(able=Able.TELLS_LEAVING)
async def test_somebody_who_left_is_known_to_have_left(rig: Rig) -> None:
    await rig.leaves()

    assert (await event_at(rig, 2)).kind is Kind.BLOCKED
