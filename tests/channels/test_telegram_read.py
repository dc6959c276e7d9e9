"""What people do in Telegram, as events; and what means nothing, whatever is in it."""

import copy
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram_read import chat_of, key_of, read_update
from handlers.bubbles import Bubble, Button
from handlers.events import ContactCard, Event, Kind, Place
from tests.channels.telegram_desk import JPEG, OGG, Desk, desk

MESSAGE = {
    "message_id": 4,
    "date": 1_790_000_000,
    "chat": {"id": 7, "type": "private", "first_name": "張"},
    "from": {"id": 7, "is_bot": False, "first_name": "張", "last_name": "先生", "language_code": "zh-hant"},
}
PHOTO = [{"file_id": "s", "width": 90, "height": 60}, {"file_id": "l", "width": 900, "height": 600, "file_size": 5}]
MEMBER = {"user": {"id": 1}, "status": "kicked"}
SAMPLES: list[dict[str, Any]] = [
    {"message": MESSAGE | {"text": "/start abc"}},
    {"message": MESSAGE | {"text": "好", "reply_to_message": MESSAGE}},
    {"message": MESSAGE | {"photo": PHOTO, "caption": "看", "media_group_id": "9"}},
    {"message": MESSAGE | {"voice": {"file_id": "v", "duration": 3, "mime_type": "audio/ogg"}}},
    {"message": MESSAGE | {"document": {"file_id": "d", "file_name": "a.pdf", "mime_type": "application/pdf"}}},
    {"message": MESSAGE | {"location": {"latitude": 25.03, "longitude": 121.5}, "venue": {"title": "廠", "address": "路"}}},
    {"message": MESSAGE | {"contact": {"phone_number": "0912345678", "first_name": "張", "user_id": 7}}},
    {"message": MESSAGE | {"sticker": {"file_id": "st"}}},
    {"edited_message": MESSAGE | {"text": "改", "edit_date": 1_790_000_009}},
    {"callback_query": {"id": "c", "from": MESSAGE["from"], "data": "q.1.2.ok", "message": MESSAGE}},
    {"my_chat_member": {"chat": MESSAGE["chat"], "from": MESSAGE["from"], "date": 5, "new_chat_member": MEMBER}},
    {"channel_post": MESSAGE | {"chat": {"id": -1, "type": "channel"}, "text": "/help"}},
]


def read(update: Any) -> Event | None:
    return read_update({"update": {"update_id": 1} | update}, "telegram")


@pytest.fixture
async def at() -> AsyncIterator[Desk]:
    async with desk() as found:
        await found.start()
        yield found


# Through the wire


async def test_words_come_with_who_when_and_in_which_language(at: Desk) -> None:
    at.stub.clock = lambda: 1_790_000_000
    zhang = at.stub.user("張", last_name="先生", language_code="zh-hant")
    await zhang.says("冷氣不冷 ❄️")

    event = await at.nth(1)

    assert (event.kind, event.text, event.channel) == (Kind.TEXT, "冷氣不冷 ❄️", "telegram")
    assert (event.address, event.chat) == (str(zhang.id), str(zhang.id))
    assert (event.name, event.language) == ("張 先生", "zh-hant")
    assert event.at == datetime.fromtimestamp(1_790_000_000, UTC)
    assert event.key == next(iter(at.inbox.stored))


@pytest.mark.parametrize(
    ("said", "kind", "text"),
    [
        ("/start", Kind.START, ""),
        ("/start A1-b_2", Kind.START, "A1-b_2"),
        ("/start@fieldhand_test_bot x", Kind.START, "x"),
        ("/starting", Kind.TEXT, "/starting"),
        ("/help", Kind.TEXT, "/help"),
        ("please /start", Kind.TEXT, "please /start"),
    ],
)
async def test_start_carries_its_code(at: Desk, said: str, kind: Kind, text: str) -> None:
    await at.stub.user("張先生").says(said)
    event = await at.nth(1)
    assert (event.kind, event.text) == (kind, text)


async def test_a_press_knows_its_button_and_its_message(at: Desk) -> None:
    zhang = at.stub.user("張先生")
    await zhang.starts()
    await at.channel.send(str(zhang.id), Bubble("哪一種？", rows=((Button("冷氣", "q.1.1.ac"),),)))

    message = await zhang.presses("冷氣")
    event = await at.nth(2)

    assert (event.kind, event.token, event.message) == (Kind.PRESS, "q.1.1.ac", str(message.id))
    await at.channel.acknowledge(event, "收到")
    assert at.stub.world.answers == {event.press: "收到"}
    await at.channel.acknowledge(event, "太晚了")


async def test_an_album_comes_in_its_largest_size_and_can_be_fetched(at: Desk) -> None:
    zhang = at.stub.user("張先生")
    await zhang.sends_photo(JPEG, "壞掉的地方", album="77")
    await zhang.sends_photo(JPEG + b"2", album="77")

    first, second = await at.nth(1), await at.nth(2)

    assert (first.kind, first.text, first.album, second.album) == (Kind.PHOTO, "壞掉的地方", "77", "77")
    assert first.media and second.media
    assert (first.media.mime, first.media.size) == ("image/jpeg", len(JPEG))
    assert await at.channel.fetch(first.media, 10_000) == JPEG
    assert await at.channel.fetch(second.media, 10_000) == JPEG + b"2"


async def test_voices_files_and_pictures_sent_as_files(at: Desk) -> None:
    zhang = at.stub.user("張先生")
    await zhang.sends_voice(OGG, seconds=12)
    await zhang.sends_document(JPEG, "銘牌.jpg", "image/jpeg")
    await zhang.sends_document(b"%PDF", "保固.pdf", "application/pdf", "保固卡")
    await zhang.sends_document(b"<svg/>", "logo.svg", "image/svg+xml")
    await zhang.sends_video(b"mp4!")

    events = [await at.nth(n) for n in range(1, 6)]

    assert [one.kind for one in events] == [Kind.VOICE, Kind.PHOTO, Kind.FILE, Kind.FILE, Kind.FILE]
    media = [one.media for one in events if one.media]
    assert (media[0].mime, media[0].seconds) == ("audio/ogg", 12)
    assert (media[2].name, events[2].text) == ("保固.pdf", "保固卡")
    assert await at.channel.fetch(media[0], 10_000) == OGG


async def test_places_and_contacts(at: Desk) -> None:
    zhang = at.stub.user("張先生")
    await zhang.shares_location(25.0330, 121.5654)
    await zhang.shares_location(25.0330, 121.5654, title="台北101", address="信義路五段7號")
    await zhang.shares_contact("+886912345678")
    await zhang.shares_contact("0223456789", name="林經理", is_own=False)

    events = [await at.nth(n) for n in range(1, 5)]

    assert events[0].place == Place(25.0330, 121.5654)
    assert events[1].place == Place(25.0330, 121.5654, "台北101 信義路五段7號")
    assert events[2].contact == ContactCard("張先生", "+886912345678", is_own=True)
    assert events[3].contact == ContactCard("林經理", "0223456789", is_own=False)


async def test_changed_words_are_said_again_and_a_moving_place_is_not(at: Desk) -> None:
    zhang = at.stub.user("張先生")
    said = await zhang.says("三樓")
    await zhang.edits(said, "四樓")
    place = await zhang.shares_location(25, 121, live=True)
    await zhang.moves(place, 25.1, 121)

    raws = await at.inbox.has(4)
    second = await at.nth(2)

    assert (second.kind, second.text, second.is_edit) == (Kind.TEXT, "四樓", True)
    assert at.channel.read(raws[3]) is None


async def test_a_reply_names_the_message_that_it_answers(at: Desk) -> None:
    zhang = at.stub.user("張先生")
    await zhang.starts()
    sent = await at.channel.send(str(zhang.id), Bubble("師傅已出發"))

    await zhang.says("謝謝", reply_to=zhang.messages[-1])

    event = await at.nth(2)
    assert event.message == getattr(sent, "ref", "") == str(zhang.messages[1].id)
    assert event.quoted == "師傅已出發"


async def test_stickers_are_not_understood_and_blocking_is(at: Desk) -> None:
    zhang = at.stub.user("張先生")
    await zhang.sends_sticker()
    await zhang.blocks()
    await zhang.unblocks()

    raws = await at.inbox.has(3)

    assert (await at.nth(1)).kind is Kind.UNSUPPORTED
    assert (await at.nth(2)).kind is Kind.BLOCKED
    assert at.channel.read(raws[2]) is None


async def test_in_a_group_only_commands_are_heard(at: Desk) -> None:
    zhang, group = at.stub.user("張先生"), at.stub.group("三號廠")
    await zhang.says("中午吃什麼", group=group)
    await zhang.says("/report", group=group)

    raws = await at.inbox.has(2)
    event = await at.nth(2)

    assert at.channel.read(raws[0]) is None
    assert (event.kind, event.text, event.chat, event.address) == (Kind.GROUP, "/report", str(group.id), str(zhang.id))


# Without the wire


def test_a_press_is_dated_when_it_came() -> None:
    update = {"update_id": 1} | SAMPLES[9]
    event = read_update({"update": update, "received_at": "2026-11-02T08:00:00+00:00"}, "telegram")
    assert event is not None
    assert event.at == datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "content",
    [
        {"pinned_message": MESSAGE},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 5}},
        {},
        {"text": 5},
        {"text": None},
        {"photo": []},
        {"photo": "x"},
        {"photo": [{"file_id": 1}]},
        {"voice": {"file_id": "v", "duration": "long"}},
        {"document": None},
        {"location": {"latitude": 91, "longitude": 0}},
        {"location": {"latitude": float("nan"), "longitude": 0}},
        {"location": {"latitude": True, "longitude": 0}},
        {"contact": {"first_name": "張"}},
        {"text": "好", "date": 10**30},
        {"text": "好", "date": "today"},
        {"text": "好", "from": None},
        {"text": "好", "from": {"id": True}},
        {"text": "好", "chat": {"id": 7}},
        {"text": "好", "reply_to_message": {}},
    ],
)
def test_what_is_malformed_or_said_by_telegram_itself_means_nothing(content: dict[str, Any]) -> None:
    assert read({"message": MESSAGE | content}) is None


def test_nobody_speaks_in_somebody_else_s_private_chat() -> None:
    stranger = MESSAGE["from"] | {"id": MESSAGE["from"]["id"] + 1}

    assert read({"message": MESSAGE | {"text": "好"}}) is not None
    assert read({"message": MESSAGE | {"text": "好", "from": stranger}}) is None


@pytest.mark.parametrize("update", [{}, {"message": None}, {"poll": {"id": "1"}}, {"callback_query": {"id": "1"}}])
def test_other_updates_mean_nothing(update: dict[str, Any]) -> None:
    assert read(update) is None


def test_a_stored_row_without_an_update_means_nothing() -> None:
    assert read_update({}, "telegram") is None
    assert read_update({"update": 5}, "telegram") is None
    assert read_update({"update": {}}, "telegram") is None


def test_all_samples_are_understood() -> None:
    kinds = [event.kind for event in map(read, SAMPLES) if event]
    assert kinds == [
        *(Kind.START, Kind.TEXT, Kind.PHOTO, Kind.VOICE, Kind.FILE, Kind.LOCATION, Kind.CONTACT, Kind.UNSUPPORTED),
        *(Kind.TEXT, Kind.PRESS, Kind.BLOCKED, Kind.GROUP),
    ]


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(exclude_categories=()), max_size=8),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["id", "file_id", "type", "text", "date"]), st.integers(), max_size=3),
)


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A genuine update with some of its values, at any depth, replaced or taken away."""
    update = {"update_id": 1} | copy.deepcopy(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 3))):
        node: Any = update
        while True:
            key = draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
            if not isinstance(node[key], dict | list) or not node[key] or draw(st.booleans()):
                break
            node = node[key]
        if key == "update_id" or (isinstance(node, dict) and len(node) > 1 and draw(st.booleans())):
            node.pop(key) if key != "update_id" else None
        else:
            node[key] = draw(JUNK)
    return update


@settings(max_examples=500, deadline=None)
@given(mutated())
def test_nothing_that_comes_raises(update: dict[str, Any]) -> None:
    event = read_update({"update": update}, "telegram")

    assert event is None or (event.at.tzinfo is not None and isinstance(event.text, str) and event.address)
    assert len(key_of(update)) <= 160
    assert len(chat_of(update)) <= 64
