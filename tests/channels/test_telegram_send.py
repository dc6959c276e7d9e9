"""Sending to Telegram: what people see, and what every sort of refusal means."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.channels.base import Later, MediaGone, MediaLater, Never, Result, Sent
from bot.channels.telegram_say import split, units
from handlers.bubbles import Bubble, Button
from handlers.events import Event, Kind, Media
from tests.channels.telegram_desk import FILES, JPEG, Desk, desk
from tests.stubs.telegram import Fault, TelegramStub, User

A, B, VOICE, PAPER = FILES
CARD = Bubble(
    "狀態：待派工", title="工單 #1001", rows=((Button("接單", "o.1.take"), Button("地圖", url="https://maps.example/x")),)
)


@pytest.fixture
async def at() -> AsyncIterator[Desk]:
    async with desk() as found:
        yield found


@pytest.fixture
async def zhang(at: Desk) -> User:
    user = at.stub.user("張先生")
    await user.starts()
    return user


def ref_of(result: Result) -> str:
    assert isinstance(result, Sent), result
    return result.ref


async def test_a_card_has_a_strong_title_and_its_buttons(at: Desk, zhang: User) -> None:
    ref = ref_of(await at.channel.send(str(zhang.id), CARD))

    card = await zhang.sees("工單 #1001\n狀態：待派工")
    assert ref == str(card.id)
    assert card.bold == ["工單 #1001"]
    assert card.keyboard == [
        [{"text": "接單", "callback_data": "o.1.take"}, {"text": "地圖", "url": "https://maps.example/x"}],
    ]
    assert at.stub.calls("sendMessage")[0]["link_preview_options"] == {"is_disabled": True}


async def test_strong_words_are_counted_as_telegram_counts(at: Desk, zhang: User) -> None:
    await at.channel.send(str(zhang.id), Bubble("*不是* <b>粗體</b>", title="🔥 緊急 👨‍🔧 #7"))

    assert (await zhang.sees("*不是* <b>粗體</b>")).bold == ["🔥 緊急 👨‍🔧 #7"]


async def test_long_words_come_in_parts_with_the_buttons_on_the_last(at: Desk, zhang: User) -> None:
    text = "\n\n".join(f"第{n}段 " + "😀冷" * 300 for n in range(9))

    ref = ref_of(await at.channel.send(str(zhang.id), Bubble(text, title="長", rows=((Button("好", "ok"),),))))

    parts = [one for one in zhang.messages if one.is_bots]
    assert len(parts) == 3
    assert "\n\n".join(one.text for one in parts) == f"長\n{text}"
    assert [one.buttons for one in parts] == [[], [], ["好"]]
    assert [one.bold for one in parts] == [["長"], [], []]
    assert ref == str(parts[-1].id)


@pytest.mark.parametrize("text", ["字" * 9000, "😀" * 5000, "a b " * 3000, "行\n" * 5000, "。" * 4097, "x" * 4096, ""])
def test_parts_are_never_too_long_and_nothing_is_lost(text: str) -> None:
    parts = split(text)

    assert all(0 < units(one) <= 4096 for one in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


async def test_buttons_are_wrapped_cut_and_counted(at: Desk, zhang: User) -> None:
    rows = (tuple(Button("選項" * 40, f"t{n}") for n in range(20)), tuple(Button("x", f"u{n}") for n in range(100)))

    await at.channel.send(str(zhang.id), Bubble("選一個", rows=rows))

    keyboard = (await zhang.sees("選一個")).keyboard
    assert max(map(len, keyboard)) == 8
    assert sum(map(len, keyboard)) == 100
    assert len(keyboard[0][0]["text"]) == 60


async def test_an_address_that_no_button_can_carry_is_written_out(at: Desk, zhang: User) -> None:
    rows = ((Button("撥打", url="tel:+886223456789"), Button("網頁", url="http://localhost:8080/x")),)

    await at.channel.send(str(zhang.id), Bubble("聯絡", rows=rows))

    assert (await zhang.sees("撥打：tel:+886223456789\n網頁：http://localhost:8080/x")).keyboard == []


async def test_photos_voices_and_files_go_before_the_words(at: Desk, zhang: User) -> None:
    ref = ref_of(await at.channel.send(str(zhang.id), Bubble("看", photos=(A, B), voices=(VOICE,), files=(PAPER, "missing"))))

    got = [one for one in zhang.messages if one.is_bots]
    assert [one.kind for one in got] == ["photo", "photo", "voice", "document", "text"]
    assert [one.data for one in got[:4]] == [FILES[A], FILES[B], FILES[VOICE], FILES[PAPER]]
    assert got[0].album and got[0].album == got[1].album
    assert ref == str(got[4].id)


async def test_one_photo_is_no_album_and_eleven_are_two(at: Desk, zhang: User) -> None:
    await at.channel.send(str(zhang.id), Bubble("一張", photos=(A,)))
    await at.channel.send(str(zhang.id), Bubble("十一張", photos=(A,) * 11))

    albums = [one.album for one in zhang.messages if one.kind == "photo"]
    assert len(albums) == 12
    assert [albums[0], albums[-1]] == ["", ""]
    assert len(set(albums)) == 2


async def test_a_bubble_that_was_interrupted_goes_on_where_it_stopped(at: Desk, zhang: User) -> None:
    bubble = Bubble("看", photos=(A,))
    at.stub.fails("sendMessage", Fault.TOO_MANY, retry_after=7)

    assert await at.channel.send(str(zhang.id), bubble) == Later(7.0, "too-many")
    ref_of(await at.channel.send(str(zhang.id), bubble))

    assert [one.kind for one in zhang.messages if one.is_bots] == ["photo", "text"]
    ref_of(await at.channel.send(str(zhang.id), bubble))
    assert [one.kind for one in zhang.messages if one.is_bots] == ["photo", "text", "photo", "text"]


async def test_a_card_changes_in_place(at: Desk, zhang: User) -> None:
    ref = ref_of(await at.channel.send(str(zhang.id), CARD))

    assert await at.channel.edit(str(zhang.id), ref, Bubble("狀態：已派工", title="工單 #1001")) == Sent(ref)

    card = await zhang.sees("已派工")
    assert (str(card.id), card.keyboard, card.bold) == (ref, [], ["工單 #1001"])
    assert await at.channel.edit(str(zhang.id), ref, Bubble("狀態：已派工", title="工單 #1001")) == Sent(ref)


async def test_a_settled_message_keeps_its_words(at: Desk, zhang: User) -> None:
    ref = ref_of(await at.channel.send(str(zhang.id), CARD))

    assert await at.channel.settle(str(zhang.id), ref) == Sent(ref)
    assert await at.channel.settle(str(zhang.id), ref) == Sent(ref)

    assert (zhang.messages[-1].keyboard, zhang.messages[-1].bold) == ([], ["工單 #1001"])


async def test_what_is_gone_can_not_be_edited(at: Desk, zhang: User) -> None:
    photo_only = ref_of(await at.channel.send(str(zhang.id), Bubble("", photos=(A,))))
    own_words = str(zhang.messages[0].id)

    for ref in ("99999", own_words, photo_only, "", "x"):
        assert await at.channel.edit(str(zhang.id), ref, Bubble("好")) == Never("cannot-edit")
    assert await at.channel.edit(str(zhang.id), own_words, Bubble("字" * 4097)) == Never("cannot-edit")
    assert await at.channel.settle(str(zhang.id), "99999") == Never("cannot-edit")


# What refusals mean


async def test_who_blocked_us_never_started_or_does_not_exist_is_out_of_reach(at: Desk, zhang: User) -> None:
    stranger = at.stub.user("外人")
    await zhang.blocks()

    for address in (str(zhang.id), str(stranger.id), "123456"):
        assert await at.channel.send(address, CARD) == Never("blocked")
    assert await at.channel.send("w123", CARD) == Never("unknown-address")


@pytest.mark.parametrize(
    ("fault", "result", "n_arrived"),
    [
        (Fault.TOO_MANY, Later(9.0, "too-many"), 0),
        (Fault.ERROR, Later(2.0, "status-500"), 0),
        (Fault.HANG, Later(2.0, "SocketTimeoutError", is_unknown=True), 0),
        (Fault.CUT, Later(2.0, "ClientPayloadError", is_unknown=True), 0),
        (Fault.CLOSE, Later(2.0, "ClientPayloadError", is_unknown=True), 1),
        (Fault.GARBAGE, Later(2.0, "Garbled", is_unknown=True), 1),
    ],
)
async def test_every_trouble_says_whether_it_may_have_arrived(
    at: Desk, zhang: User, fault: Fault, result: Result, n_arrived: int
) -> None:
    at.stub.fails("sendMessage", fault, retry_after=9)

    assert await at.channel.send(str(zhang.id), CARD) == result

    assert sum(one.is_bots for one in zhang.messages) == n_arrived


async def test_nothing_was_sent_where_nobody_listens(at: Desk) -> None:
    nowhere = at.open(origin="http://127.0.0.1:9")

    assert await nowhere.send("5", CARD) == Later(2.0, "ClientConnectorError")
    await nowhere.stop()


async def test_a_refused_message_says_why(at: Desk, zhang: User) -> None:
    too_long = Bubble("好", rows=((Button("x", "t" * 65),),))
    assert await at.channel.send(str(zhang.id), too_long) == Never("refused: Bad Request: BUTTON_DATA_INVALID")


async def test_a_token_taken_back_keeps_what_is_to_be_sent(at: Desk, zhang: User) -> None:
    revoked = at.open("8000000001:revoked")

    assert await revoked.send(str(zhang.id), CARD) == Later(30.0, "status-401")
    await revoked.stop()


async def test_a_group_that_moved_is_found(at: Desk) -> None:
    group = at.stub.group("三號廠")
    new = at.stub.migrate(group)

    ref_of(await at.channel.send(str(group.id), CARD))

    assert [one.text for one in new.messages] == ["工單 #1001\n狀態：待派工"]


async def test_halves_of_characters_do_not_stop_a_message(at: Desk, zhang: User) -> None:
    ref_of(await at.channel.send(str(zhang.id), Bubble("壞\ud83d字", title="\udc00", rows=((Button("\ud83d\ude00", "ok"),),))))

    assert (await zhang.sees("壞\ufffd字")).buttons == ["😀"]


# Files


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("getFile", Fault.ERROR),
        ("getFile", Fault.HANG),
        ("getFile", Fault.TOO_MANY),
        ("file", Fault.CLOSE),
        ("file", Fault.ERROR),
    ],
)
async def test_a_file_that_does_not_come_now_may_come_later(at: Desk, zhang: User, method: str, fault: Fault) -> None:
    await zhang.sends_photo(JPEG)
    handle = zhang.messages[-1].content["photo"][-1]["file_id"]
    at.stub.fails(method, fault)

    with pytest.raises(MediaLater):
        await at.channel.fetch(Media(handle), 10_000)
    assert await at.channel.fetch(Media(handle), 10_000) == JPEG


async def test_a_file_that_telegram_may_find_again_is_asked_for_again(at: Desk) -> None:
    with pytest.raises(MediaLater):  # "wrong file_id or the file is temporarily unavailable"
        await at.channel.fetch(Media("file999"), 10_000)


async def test_a_file_may_be_too_large_or_gone(at: Desk, zhang: User) -> None:
    await zhang.sends_document(b"x" * 5000, "a.bin", "application/octet-stream")
    handle = zhang.messages[-1].content["document"]["file_id"]
    huge = at.stub.world.keep(bytes(20 * 1024 * 1024 + 1))["file_id"]

    for handle_, problem in ((handle, "too-large"), (huge, "too-large"), ("nothing", "gone")):
        with pytest.raises(MediaGone, match=problem):
            await at.channel.fetch(Media(handle_), 4999)


async def test_the_token_is_in_no_log(
    at: Desk, zhang: User, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    at.channel = at.open()
    await _goes_wrong(at.stub, at, zhang)

    out = capsys.readouterr()
    everything = caplog.text + out.out + out.err
    assert "telegram.connected" in everything
    assert at.stub.token not in everything
    assert at.stub.token.split(":")[1] not in everything


async def _goes_wrong(stub: TelegramStub, at: Desk, zhang: User) -> None:
    """Everything that can be logged."""
    press = Event("telegram", "1", "1", "k", Kind.PRESS, datetime.now(UTC), press="old")
    for fault in Fault:
        for method in ("getMe", "getUpdates", "setMyCommands", "sendMessage", "getFile", "answerCallbackQuery"):
            stub.fails(method, fault)

    async def fetches() -> None:
        with pytest.raises(MediaLater):
            await at.channel.fetch(Media("file99"), 10)

    for _ in Fault:
        await asyncio.gather(at.channel.send(str(zhang.id), CARD), at.channel.acknowledge(press), fetches())
    stub.heals()
    stub.fails("getUpdates", Fault.ERROR)
    await at.start()
    await at.inbox.has(1)
