"""What is said through 微信客服: each message once, whatever happens on the way, and only while it may be said."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.base import Attempt, Later, Never, Result, Sent, Shut
from handlers.bubbles import Bubble, Button
from tests.channels.kf_desk import AMR_FILE, KfDesk, kf_desk, menu_of
from tests.channels.telegram_desk import JPEG
from tests.stubs.wecom_kf import Fault, Visitor

A, B, OGG_FILE, PDF = "a" * 64, "b" * 64, "c" * 64, "d" * 64
CARD = Bubble("狀態：待派工", title="工單 2611-0001", rows=((Button("詳情", "o.1.details"),),))
KEY = "2a-61f0c2d3e4a5b"


@pytest.fixture
async def at(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[KfDesk]:
    async with kf_desk(sqlite_template, tmp_path) as desk:
        yield desk


@pytest.fixture
async def zhang(at: KfDesk) -> Visitor:
    """Somebody who has just written."""
    zhang = at.stub.customer("張先生")
    await zhang.says("冷氣漏水")
    return zhang


async def test_a_card_is_one_message_with_lines_to_tap(at: KfDesk, zhang: Visitor) -> None:
    assert await at.channel.send(zhang.id, CARD, Attempt(KEY)) == Sent(KEY)

    (message,) = zhang.messages
    assert (message.text, menu_of(message)) == ("工單 2611-0001\n狀態：待派工\n詳情", ["詳情"])
    assert message.id == f"{KEY}_0"


async def test_pictures_voices_and_files_follow_the_words_one_message_each(at: KfDesk, zhang: Visitor) -> None:
    bubble = Bubble("看這裡", photos=(A,), voices=(AMR_FILE, OGG_FILE), files=(PDF,))

    assert at.channel.weight(bubble) == 5
    assert isinstance(await at.channel.send(zhang.id, bubble), Sent)

    assert [one.kind for one in zhang.messages] == ["text", "image", "voice", "file", "file"]
    assert zhang.messages[1].data == JPEG


async def test_a_paper_is_called_what_people_call_it(at: KfDesk, zhang: Visitor) -> None:
    await at.channel.send(zhang.id, Bubble("報告", files=(PDF,), file_names=("服務報告 2611-0001.pdf",)))

    assert [one["files"]["media"][0] for one in at.stub.wecom.calls("media/upload")] == ["服務報告 2611-0001.pdf"]


async def test_a_file_that_is_not_there_leaves_the_words(at: KfDesk, zhang: Visitor) -> None:
    assert isinstance(await at.channel.send(zhang.id, Bubble("看這裡", photos=("0" * 64, A))), Sent)

    assert [one.kind for one in zhang.messages] == ["text", "image"]


async def test_a_file_that_wecom_has_forgotten_is_brought_again(at: KfDesk, zhang: Visitor) -> None:
    await at.channel.send(zhang.id, Bubble("一", photos=(A,)))
    at.stub.world.media.clear()

    await at.channel.send(zhang.id, Bubble("二", photos=(A,)))

    assert [one.kind for one in zhang.messages] == ["text", "image", "text", "image"]
    assert len(at.stub.wecom.calls("media/upload")) == 2


async def test_buttons_that_became_numbers_are_told(at: KfDesk, zhang: Visitor) -> None:
    rows = tuple((Button(f"{n} 號", f"t.{n}"),) for n in range(11))

    assert await at.channel.send(zhang.id, Bubble("選一個", rows=rows), Attempt(KEY)) == Sent(
        KEY, tuple(f"t.{n}" for n in range(11))
    )


# Once each


@pytest.mark.parametrize("fault", [Fault.CLOSE, Fault.GARBAGE])
async def test_what_has_arrived_though_nobody_said_so_is_not_said_again(at: KfDesk, zhang: Visitor, fault: Fault) -> None:
    at.stub.wecom.fails("kf/send_msg", fault)
    first = await at.channel.send(zhang.id, CARD, Attempt(KEY))
    assert isinstance(first, Later)
    assert first.is_unknown

    assert await at.channel.send(zhang.id, CARD, Attempt(KEY, is_repeat=True)) == Sent(KEY)

    assert len(zhang.messages) == 1


async def test_a_bubble_of_several_messages_goes_on_where_it_stopped(at: KfDesk, zhang: Visitor) -> None:
    bubble = Bubble("很長。" * 300, rows=CARD.rows, photos=(A,))
    at.stub.wecom.fails("media/upload", Fault.CUT)
    assert isinstance(await at.channel.send(zhang.id, bubble, Attempt(KEY)), Later)

    assert await at.channel.send(zhang.id, bubble, Attempt(KEY, is_repeat=True)) == Sent(KEY)

    assert [one.kind for one in zhang.messages] == ["text", "msgmenu", "image"]


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        (Fault.TOO_OFTEN, Later(60.0, "too-often")),
        (Fault.BUSY, Later(3.0, "busy")),
        (Fault.ERROR, Later(3.0, "status-500", is_unknown=True)),
        (Fault.CUT, Later(3.0, "RemoteProtocolError", is_unknown=True)),
    ],
)
async def test_every_trouble_says_whether_it_may_have_arrived(at: KfDesk, zhang: Visitor, fault: Fault, result: Result) -> None:
    at.stub.wecom.fails("kf/send_msg", fault)

    assert await at.channel.send(zhang.id, CARD) == result
    assert zhang.messages == []


async def test_a_message_that_was_never_good_is_refused_at_its_first_attempt(at: KfDesk, zhang: Visitor) -> None:
    assert await at.channel.send(zhang.id, CARD, Attempt("k" * 40)) == Never("refused-40058")


# While it may be said


async def test_five_messages_follow_a_word_and_no_sixth(at: KfDesk, zhang: Visitor) -> None:
    for n in range(5):
        assert isinstance(await at.channel.send(zhang.id, Bubble(f"第 {n} 則")), Sent)

    assert await at.channel.send(zhang.id, Bubble("第 6 則")) == Shut("spent")

    await zhang.says("好")
    assert isinstance(await at.channel.send(zhang.id, Bubble("第 6 則")), Sent)


async def test_after_two_days_of_silence_nothing_can_be_said(at: KfDesk, zhang: Visitor) -> None:
    at.stub.wecom.passes(48 * 3600)

    assert await at.channel.send(zhang.id, CARD) == Shut("session")


async def test_before_the_first_word_nothing_can_be_said_but_a_greeting(at: KfDesk) -> None:
    quiet = at.stub.customer("林太太")

    assert await at.channel.send(quiet.id, CARD) == Shut("session")


async def test_while_a_colleague_has_the_session_we_are_silent(at: KfDesk, zhang: Visitor) -> None:
    await at.stub.takes_over(zhang)
    assert await at.channel.send(zhang.id, CARD) == Shut("session")

    await at.stub.ends(zhang)
    assert await at.channel.send(zhang.id, CARD) == Shut("session")

    await zhang.says("又壞了")
    assert isinstance(await at.channel.send(zhang.id, CARD), Sent)


async def test_a_picture_that_finds_no_room_leaves_the_words(at: KfDesk, zhang: Visitor) -> None:
    for n in range(4):
        await at.channel.send(zhang.id, Bubble(f"第 {n} 則"))

    assert isinstance(await at.channel.send(zhang.id, Bubble("看這裡", photos=(A,))), Sent)
    assert zhang.messages[-1].text == "看這裡"


async def test_who_does_not_exist_is_out_of_reach(at: KfDesk, zhang: Visitor) -> None:
    assert await at.channel.send("wmNobody", CARD) == Never("unknown-address")


async def test_an_account_that_is_set_up_wrongly_keeps_what_is_to_be_said(at: KfDesk, zhang: Visitor) -> None:
    other = at.open(open_kfid="wkOther")

    assert await other.send(zhang.id, CARD) == Later(60.0, "set-up-95000")


async def test_nothing_can_be_changed(at: KfDesk, zhang: Visitor) -> None:
    assert await at.channel.edit(zhang.id, KEY, CARD) == Never("cannot-edit")


async def test_halves_of_characters_do_not_stop_a_message(at: KfDesk, zhang: Visitor) -> None:
    bubble = Bubble("壞\ud83d字", rows=((Button("\ud83d\ude00", "ok"),),))

    assert isinstance(await at.channel.send(zhang.id, bubble), Sent)
    assert menu_of(zhang.messages[0]) == ["😀"]
