"""What every messenger's channel has to do, whichever it is; over real sockets against stubs that behave as the platforms do.

Where a messenger can't do a thing, its abilities say so and the test asks for the agreed way round instead (CHANNELS 5).
"""

import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.base import Abilities, Channel, Edits, Later, MediaGone, Never, Sent
from handlers.bubbles import Bubble, Button
from handlers.events import Event, Kind, Media
from tests.channels.conformance.rigs import RIGS, Rig, Trouble, nth
from tests.channels.telegram_desk import JPEG
from tests.stage import photo
from tests.stubs.wecom import AMR

HOSTILE = "<b>粗</b> *星* _底_ [連](http://x.example) & \"引\" 'x' `程式` \\n {name} 冷氣🥶"
YES_NO = Bubble("修好了嗎？", rows=((Button("是", "q.1.1.0", tone="primary"), Button("否", "q.1.1.1")),))
MANY = Bubble(
    "選一個", rows=tuple((Button(f"第 {n:02} 項", f"o.7.pick.{n}"),) for n in range(25)), pick="回覆號碼即可", more="更多"
)
PHOTO = "a" * 64


@pytest.fixture(params=RIGS)
async def rig(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Rig]:
    async with RIGS[request.param](sqlite_template, tmp_path) as opened:
        await opened.begin()
        yield opened


async def sent(rig: Rig, bubble: Bubble) -> Sent:
    result = await rig.channel.send(rig.address, bubble)
    assert isinstance(result, Sent), result
    return result


async def everything(rig: Rig) -> str:
    """All that the person can read, without breaks."""
    return "".join("\n".join(one.text for one in await rig.shown()).split())


async def newest(rig: Rig) -> Event:
    event = await nth(rig, len(rig.inbox.stored))
    assert event is not None
    return event


# What people send


async def test_words_arrive_as_they_were_written(rig: Rig) -> None:
    await rig.says(HOSTILE)

    event = await nth(rig, 2)
    assert event is not None
    assert (event.kind, event.text, event.address, event.channel) == (Kind.TEXT, HOSTILE, rig.address, rig.channel.name)
    assert event.at.tzinfo is not None


async def test_several_messages_keep_their_order(rig: Rig) -> None:
    for n in range(4):
        await rig.says(f"第 {n} 句")

    await rig.inbox.has(5)
    assert [(await nth(rig, n)).text for n in range(2, 6)] == [f"第 {n} 句" for n in range(4)]  # type: ignore[union-attr]


async def test_a_photo_arrives_with_the_bytes_that_were_sent(rig: Rig) -> None:
    picture = photo("銘牌")
    await rig.sends_photo(picture)

    event = await nth(rig, 2)
    assert event is not None
    assert event.media is not None
    assert event.kind is Kind.PHOTO
    assert await rig.channel.fetch(event.media, 5_000_000) == picture


async def test_a_voice_arrives_as_sound_or_in_words(rig: Rig) -> None:
    await rig.sends_voice(AMR)

    event = await nth(rig, 2)
    assert event is not None
    if rig.has_sound:
        assert event.media is not None
        assert (event.kind, await rig.channel.fetch(event.media, 5_000_000)) == (Kind.VOICE, AMR)
    else:
        assert (event.kind, event.text) == (Kind.TEXT, "冷氣在滴水")


async def test_a_place_arrives_where_it_is_or_nobody_is_asked_for_one(rig: Rig) -> None:
    if not rig.channel.abilities.takes_location:
        assert not rig.channel.abilities.can_ask_location
        return
    await rig.shares_place(25.0266, 121.5434)

    event = await nth(rig, 2)
    assert event is not None
    assert event.place is not None
    assert (event.place.latitude, event.place.longitude) == pytest.approx((25.0266, 121.5434), abs=0.001)


async def test_what_nobody_has_heard_of_does_no_harm(rig: Rig) -> None:
    await rig.sends_something_odd()
    await rig.says("還在嗎")

    await rig.inbox.has(3)
    odd = await nth(rig, 2)
    assert odd is None or odd.kind in (Kind.UNSUPPORTED, Kind.FILE)
    assert (await nth(rig, 3)).text == "還在嗎"  # type: ignore[union-attr]


async def test_a_repeat_is_stored_once(rig: Rig) -> None:
    await rig.says("只說一次")
    await rig.inbox.has(2)
    n_stored = len(rig.inbox.stored)

    await rig.repeats()
    await rig.repeats()

    texts = [event.text for n in range(n_stored) if (event := await nth(rig, n + 1))]
    assert texts.count("只說一次") == 1
    assert len(set(rig.inbox.stored)) == len(rig.inbox.stored) <= n_stored + 1


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


async def test_whoever_is_not_the_messenger_is_turned_away_and_leaves_no_trace(rig: Rig) -> None:
    n_stored = len(rig.inbox.stored)

    statuses = await rig.forges()

    assert all(400 <= status < 500 for status in statuses), statuses
    assert rig.is_pulled == (statuses == [])
    assert len(rig.inbox.stored) == n_stored


async def test_a_file_that_is_gone_is_said_to_be_gone(rig: Rig) -> None:
    with pytest.raises(MediaGone):
        await rig.channel.fetch(Media("no-such-file", "image/jpeg"), 1000)


async def test_a_file_over_the_limit_is_not_taken(rig: Rig) -> None:
    await rig.sends_photo(photo("很大"))
    event = await nth(rig, 2)
    assert event is not None
    assert event.media is not None

    with pytest.raises(MediaGone, match="too-large"):
        await rig.channel.fetch(event.media, 100)


async def test_somebody_who_left_is_known_to_have_left_where_the_messenger_tells(rig: Rig) -> None:
    if await rig.leaves():
        event = await nth(rig, 2)
        assert event is not None
        assert event.kind is Kind.BLOCKED


# What is said to them


async def test_people_s_words_are_shown_as_they_are(rig: Rig) -> None:
    await sent(rig, Bubble(f"客戶說：{HOSTILE}", title="2611-0001"))

    shown = unicodedata.normalize("NFKC", await everything(rig)).replace(
        "\\", ""
    )  # a wide sign where a narrow one would be markup
    for part in ("2611-0001", "<b>", "*星*", "_底_", "http://x.example", "`程式`", "{name}", "🥶"):
        assert part in shown, part


async def test_a_long_text_arrives_whole(rig: Rig) -> None:
    text = "\n".join(f"第 {n} 行：冷氣漏水，更換排水管後試機三十分鐘正常。" for n in range(200))

    await sent(rig, Bubble(text))

    shown = await everything(rig)
    if rig.channel.abilities.allowance:  # each message counts: so much as can be borne, and a sign where it was cut
        assert len(await rig.shown()) <= rig.channel.weight(Bubble(text)) <= 3
        assert "".join(text[:1500].split()) in shown
        assert shown.endswith("…")
    else:
        assert "".join(text.split()) in shown


async def test_a_button_comes_back_with_its_token(rig: Rig) -> None:
    result = await sent(rig, YES_NO)

    await rig.presses("否")

    await rig.inbox.has(2)
    event = await newest(rig)
    assert event.address == rig.address
    assert pressed(event, result) == "q.1.1.1"
    await rig.channel.acknowledge(event)


def pressed(event: Event, result: Sent) -> str:
    """The token of a button, or of the line whose number was typed."""
    return event.token if event.kind is Kind.PRESS else result.numbered[int(event.text) - 1]


@pytest.mark.parametrize("wanted", [0, 6, 24])
async def test_of_many_buttons_each_is_within_reach(rig: Rig, wanted: int) -> None:
    result = await sent(rig, MANY)

    await rig.presses(f"第 {wanted:02} 項")

    await rig.inbox.has(2)
    assert pressed(await newest(rig), result) == f"o.7.pick.{wanted}"


async def test_a_long_label_can_be_read_whole_and_pressed(rig: Rig) -> None:
    label = "派 王師傅（手上三件，最近的在和平東路）"
    result = await sent(
        rig, Bubble("派誰？", rows=((Button(label, "o.7.send.3"), Button("其他人", "o.7.other")),), pick="回覆號碼")
    )

    shown = await rig.shown()
    assert any(label in one.text or label in one.labels for one in shown), shown
    await rig.presses("王師傅")
    await rig.inbox.has(2)
    assert pressed(await newest(rig), result) == "o.7.send.3"


async def test_a_photo_goes_out_with_its_words(rig: Rig) -> None:
    await sent(rig, Bubble("現場照片", photos=(PHOTO,)))

    assert JPEG in await rig.pictures()
    assert "現場照片" in await everything(rig)


async def test_a_picture_that_is_lost_does_not_keep_back_the_words(rig: Rig) -> None:
    await sent(rig, Bubble("照片在後面", photos=("f" * 64,)))

    assert "照片在後面" in await everything(rig)


async def test_a_message_is_changed_in_place_where_that_can_be(rig: Rig) -> None:
    before = Bubble("狀態：待派工", title="2611-0001", rows=YES_NO.rows)
    ref = (await sent(rig, before)).ref

    changed = await rig.channel.edit(rig.address, ref, Bubble("狀態：已派工", title="2611-0001", rows=YES_NO.rows))

    if rig.channel.abilities.edits is Edits.ANY:
        assert isinstance(changed, Sent)
    if isinstance(changed, Sent):
        assert "已派工" in await everything(rig)
        assert "待派工" not in await everything(rig)
    else:
        assert isinstance(changed, Never)
        assert "待派工" in await everything(rig)


async def test_buttons_are_taken_away_where_that_can_be(rig: Rig) -> None:
    ref = (await sent(rig, YES_NO)).ref

    settled = await rig.channel.settle(rig.address, ref)

    labels = [label for one in await rig.shown() for label in one.labels]
    assert isinstance(settled, Sent | Never)
    if rig.channel.abilities.edits is not Edits.NEVER:
        assert ("否" in labels) == isinstance(settled, Never)
    if rig.channel.abilities.edits is Edits.ANY:
        assert isinstance(settled, Sent)


@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.BROKEN, Trouble.CUT])
async def test_what_was_not_taken_is_put_off_and_then_arrives_once(rig: Rig, trouble: Trouble) -> None:
    if not rig.meets(trouble):
        return
    first = await rig.channel.send(rig.address, Bubble("請接單"))
    assert isinstance(first, Later), first
    assert (await everything(rig)).count("請接單") == 0
    if first.seconds > 10:  # the messenger asks for a minute's rest, and Delivery keeps to it
        return

    assert isinstance(await until_sent(rig, Bubble("請接單")), Sent)
    assert (await everything(rig)).count("請接單") == 1


@pytest.mark.parametrize("trouble", [Trouble.LOST, Trouble.GARBLED])
async def test_what_may_have_arrived_comes_twice_at_most_and_is_never_called_lost(rig: Rig, trouble: Trouble) -> None:
    if not rig.meets(trouble):
        return
    first = await rig.channel.send(rig.address, Bubble("請接單"))
    if not isinstance(first, Sent):
        await until_sent(rig, Bubble("請接單"))

    assert not isinstance(first, Never)
    assert 1 <= (await everything(rig)).count("請接單") <= 2


async def until_sent(rig: Rig, bubble: Bubble) -> object:
    """Try again, as Delivery does; a connection may first have to be made anew."""
    for _ in range(200):
        result = await rig.channel.send(rig.address, bubble)
        if isinstance(result, Sent | Never):
            return result
        await rig.inbox.pause(min(result.seconds, 0.05) if isinstance(result, Later) else 0.05)
    return result


async def test_to_somebody_unknown_nothing_can_be_said(rig: Rig) -> None:
    assert isinstance(await rig.channel.send("nobody-by-that-name-0000", Bubble("您好")), Never)


# What it says of itself


async def test_what_a_bubble_weighs_is_what_it_takes(rig: Rig) -> None:
    for bubble in (Bubble("一句"), YES_NO, MANY, Bubble("兩張", photos=(PHOTO, "b" * 64))):
        before = len(await rig.shown()) + len(await rig.pictures())
        await sent(rig, bubble)
        taken = len(await rig.shown()) + len(await rig.pictures()) - before
        assert rig.channel.weight(bubble) >= 1
        if rig.channel.abilities.paces or rig.channel.abilities.allowance:
            assert rig.channel.weight(bubble) >= taken, bubble


async def test_it_has_everything_that_a_channel_has(rig: Rig) -> None:
    wanted = {name for name in (*Channel.__annotations__, *vars(Channel)) if not name.startswith("_")}

    assert len(wanted) >= 14
    assert {name for name in wanted if not hasattr(rig.channel, name)} == set()


async def test_its_abilities_hang_together(rig: Rig) -> None:
    able: Abilities = rig.channel.abilities

    assert able.text_chars or able.text_bytes
    assert able.buttons >= 6
    assert able.takes_location or not able.can_ask_location
    assert all(pace.most > 0 and pace.seconds > 0 for pace in able.paces)


async def test_it_says_what_is_right_with_its_settings_in_words(rig: Rig) -> None:
    lines = await rig.channel.check()

    assert all(words[0].isupper() and ":" in words for _well, words in lines), lines
    assert lines or rig.channel.name == "web"


async def test_ending_twice_does_no_harm(rig: Rig) -> None:
    await rig.says("最後一句")
    await rig.inbox.has(2)

    await rig.channel.stop()
    await rig.channel.stop()

    assert (await newest(rig)).text == "最後一句"
