"""Sending by the smart bot: to whom, how much, and what may be changed for five seconds."""

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.base import Attempt, Later, MediaGone, MediaLater, Never, Sent
from handlers.bubbles import Bubble, Button
from handlers.events import Kind, Media
from tests.channels.telegram_desk import FILES, JPEG
from tests.channels.wecom_bot_desk import YES_NO, Desk, desk, menu
from tests.stubs.wecom_bot import Fault

A, B, OGG, PDF = ("a" * 64, "b" * 64, "c" * 64, "d" * 64)
BIG = "e" * 64
FILES[BIG] = JPEG * 1200  # more than two chunks


@pytest.fixture
async def at(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    shutil.copy(sqlite_template, tmp_path / "fieldhand.db")
    async with desk(f"sqlite:///{tmp_path / 'fieldhand.db'}") as found:
        await found.start()
        yield found


# Words and cards


async def test_words_arrive_as_words_whatever_is_in_them(at: Desk) -> None:
    wang = await at.known()

    assert await at.channel.send(wang.id, Bubble("2*3 號機\n[壞了](x)")) == Sent("")

    assert wang.messages[0].text == "2＊3 號機  \n［壞了］(x)"


async def test_buttons_arrive_on_a_card_whose_number_is_kept(at: Desk) -> None:
    wang = await at.known()

    sent = await at.channel.send(wang.id, YES_NO)

    assert isinstance(sent, Sent)
    assert (wang.messages[0].buttons, wang.messages[0].card["task_id"]) == (["是", "否"], sent.ref)


async def test_a_press_comes_in_with_its_card(at: Desk) -> None:
    wang = await at.known()
    sent = await at.channel.send(wang.id, YES_NO)

    await wang.presses("否")

    press = await at.nth(2)
    assert isinstance(sent, Sent)
    assert (press.kind, press.token, press.message) == (Kind.PRESS, "q.1.1.1", sent.ref)


async def test_a_handled_press_is_ticked_on_its_card(at: Desk) -> None:
    wang = await at.known()
    await at.channel.send(wang.id, YES_NO)
    await wang.presses("否")

    await at.acknowledges(2)

    assert (await wang.sees("修好了嗎", since=1)).buttons == ("是", "✓ 否")


async def test_a_question_that_is_over_keeps_only_its_answer_and_is_not_ticked_again(at: Desk) -> None:
    wang = await at.known()
    sent = await at.channel.send(wang.id, YES_NO)
    await wang.presses("否")
    await at.acknowledges(2)
    assert isinstance(sent, Sent)

    assert await at.channel.settle(wang.id, sent.ref) == sent

    assert wang.messages[0].buttons == ["✓ 否"]
    await at.stub.was_asked("aibot_respond_update_msg")
    assert await at.channel.settle(wang.id, sent.ref) == Never("cannot-edit")
    assert not at.stub.world.refusals


async def test_a_card_takes_other_contents_within_five_seconds_of_a_press(at: Desk) -> None:
    wang = await at.known()
    sent = await at.channel.send(wang.id, YES_NO)
    await wang.presses("否")
    await at.inbox.has(2)
    assert isinstance(sent, Sent)

    changed = await at.channel.edit(wang.id, sent.ref, Bubble("還差一項", rows=((Button("出發", "o.1.depart"),),)))

    assert changed == sent
    assert (wang.messages[0].shown, wang.messages[0].buttons) == ("還差一項", ["出發"])
    await wang.presses("出發")
    assert (await at.nth(3)).token == "o.1.depart"
    assert await at.channel.settle(wang.id, sent.ref) == sent
    assert wang.messages[0].buttons == ["✓ 出發"]


async def test_without_a_press_or_after_its_time_a_card_stands(at: Desk) -> None:
    wang = await at.known()
    sent = await at.channel.send(wang.id, YES_NO)
    assert isinstance(sent, Sent)
    assert await at.channel.edit(wang.id, sent.ref, YES_NO) == Never("cannot-edit")
    assert not at.stub.asked("aibot_respond_update_msg")

    await wang.presses("否")
    await at.inbox.has(2)
    at.stub.runs_late()

    assert await at.channel.edit(wang.id, sent.ref, YES_NO) == Never("cannot-edit")
    assert at.stub.world.refusals == ["aibot_respond_update_msg: 846605 too late"]


async def test_what_does_not_fit_on_one_card_is_no_change_of_one(at: Desk) -> None:
    wang = await at.known()
    sent = await at.channel.send(wang.id, YES_NO)
    await wang.presses("否")
    await at.inbox.has(2)
    assert isinstance(sent, Sent)

    for other in (Bubble("好"), Bubble("長" * 200, rows=YES_NO.rows), Bubble("好", rows=YES_NO.rows, photos=(A,))):
        assert await at.channel.edit(wang.id, sent.ref, other) == Never("cannot-edit")

    assert await at.channel.settle(wang.id, sent.ref) == sent


async def test_more_buttons_are_turned_to_in_place_without_anybody_being_asked(at: Desk) -> None:
    wang = await at.known()
    await at.channel.send(wang.id, menu(8))

    await wang.presses("更多")
    assert (await wang.sees("要做什麼", since=1)).buttons == ("選項 6", "選項 7", "選項 8", "更多 2/2")
    await wang.presses("選項 7")

    assert (await at.nth(2)).token == "o.1.7"


async def test_a_page_of_a_card_that_nobody_remembers_is_a_press_like_any_other(at: Desk) -> None:
    wang = await at.known()
    await wang.presses_key("fh-from-long-ago", "more.1")

    assert (await at.nth(2)).token == "more.1"


async def test_a_card_is_remembered_by_the_next_program(at: Desk) -> None:
    wang = await at.known()
    await at.channel.send(wang.id, menu(8))
    await at.channel.stop()
    at.channel = at.open()
    await at.start()

    await wang.presses("更多")

    assert (await wang.sees("要做什麼", since=1)).buttons[:1] == ("選項 6",)


# Coming in


async def test_who_comes_in_is_welcomed_though_he_never_wrote(at: Desk) -> None:
    wang = at.stub.member("王師傅")
    await wang.enters()
    assert (await at.nth(1)).kind is Kind.START

    assert isinstance(await at.channel.send(wang.id, YES_NO), Sent)

    assert wang.messages[0].buttons == ["是", "否"]
    assert not at.stub.asked("aibot_send_msg")


async def test_a_welcome_in_words_is_no_markdown(at: Desk) -> None:
    wang = at.stub.member("王師傅")
    await wang.enters()
    await at.inbox.has(1)

    await at.channel.send(wang.id, Bubble("您好，*請* 傳邀請碼"))

    assert (wang.messages[0].sort, wang.messages[0].text) == ("text", "您好，*請* 傳邀請碼")


async def test_a_late_welcome_reaches_only_who_has_written(at: Desk) -> None:
    wang, li = await at.known(), at.stub.member("李主任")
    for one in (wang, li):
        await one.enters()
    await at.inbox.has(3)
    at.stub.runs_late()

    assert await at.channel.send(wang.id, Bubble("您好")) == Sent("")
    assert await at.channel.send(li.id, Bubble("您好")) == Never("never-wrote")


# Limits and faults


async def test_too_much_in_a_minute_is_put_off(at: Desk) -> None:
    wang = await at.known()
    for n in range(30):
        assert await at.channel.send(wang.id, Bubble(f"第 {n} 則")) == Sent("")

    assert await at.channel.send(wang.id, Bubble("再一則")) == Later(30.0, "too-many")
    at.stub.fails("aibot_send_msg", Fault.REFUSE, code=846607)
    assert await at.channel.send(wang.id, Bubble("再一則")) == Later(30.0, "too-many")


@pytest.mark.parametrize("code", [93006, 40058, 40003])
async def test_a_refusal_is_for_ever(at: Desk, code: int) -> None:
    wang = await at.known()
    at.stub.fails("aibot_send_msg", Fault.REFUSE, code=code)

    assert await at.channel.send(wang.id, Bubble("好")) == Never(f"refused: {code}")


@pytest.mark.parametrize("code", [-1, 846699])
async def test_a_trouble_of_the_moment_is_waited_for(at: Desk, code: int) -> None:
    wang = await at.known()
    at.stub.fails("aibot_send_msg", Fault.REFUSE, code=code)

    assert isinstance(await at.channel.send(wang.id, Bubble("好")), Later)


async def test_a_connection_of_which_wecom_knows_nothing_is_given_up(at: Desk) -> None:
    wang = await at.known()
    at.stub.fails("aibot_send_msg", Fault.REFUSE, code=846609)

    assert isinstance(await at.channel.send(wang.id, Bubble("好")), Later)

    await at.stub.connected(2)


async def test_without_a_connection_nothing_is_lost_and_nothing_unclear(at: Desk) -> None:
    wang = await at.known()
    await at.channel.stop()

    assert not at.channel.is_sending
    assert await at.channel.send(wang.id, Bubble("好")) == Later(2.0, "NotConnected")


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.CLOSE, Fault.SILENT, Fault.GARBAGE])
async def test_no_answer_leaves_it_open_whether_words_arrived(at: Desk, fault: Fault) -> None:
    wang = await at.known()
    await at.channel.stop()
    at.channel = at.open(answer=0.5)
    await at.start()
    at.stub.fails("aibot_send_msg", fault)

    result = await at.channel.send(wang.id, Bubble("好"))

    assert result == Later(2.0, "Unanswered", is_unknown=True)


async def test_a_card_whose_arrival_was_unclear_arrives_once(at: Desk) -> None:
    wang = await at.known()
    at.stub.fails("aibot_send_msg", Fault.CLOSE)
    assert isinstance(await at.channel.send(wang.id, YES_NO, Attempt("12-abc")), Later)
    await at.channel.stop()
    at.channel = at.open()  # the program was killed, and begins anew
    await at.start()

    sent = await at.channel.send(wang.id, YES_NO, Attempt("12-abc", is_repeat=True))

    assert sent == Sent("fh-12-abc")
    assert [one.card["task_id"] for one in wang.messages] == ["fh-12-abc"]


async def test_a_bubble_that_was_cut_in_the_middle_goes_on_there(at: Desk) -> None:
    wang = await at.known()
    bubble = Bubble("長" * 200, rows=YES_NO.rows, photos=(A, B))
    for _ in range(27):
        await at.channel.send(wang.id, Bubble("好"))

    assert isinstance(await at.channel.send(wang.id, bubble), Later)
    wang.chat.sent_at.clear()
    assert isinstance(await at.channel.send(wang.id, bubble), Sent)

    assert [one.sort for one in wang.messages[27:]] == ["image", "image", "markdown", "card"]


# Files


async def test_photos_and_papers_are_brought_and_shown_before_the_words(at: Desk) -> None:
    wang = await at.known()

    await at.channel.send(wang.id, Bubble("請看", photos=(A,), voices=(OGG,), files=(PDF,), file_names=("報告.pdf",)))

    assert [one.sort for one in wang.messages] == ["image", "file", "file", "markdown"]
    assert [one.content for one in wang.messages[:3]] == [FILES[A], FILES[OGG], FILES[PDF]]
    names = [one["filename"] for one in at.stub.asked("aibot_upload_media_init")]
    assert names == [f"{A[:12]}.jpg", f"{OGG[:12]}.ogg", "報告.pdf"]


async def test_a_large_file_comes_whole_out_of_its_pieces_and_is_brought_once(at: Desk) -> None:
    wang, li = await at.known("王師傅"), await at.known("李主任")

    for one in (wang, li):
        await at.channel.send(one.id, Bubble("", photos=(BIG,)))

    about = at.stub.asked("aibot_upload_media_init")
    assert (len(about), about[0]["total_chunks"]) == (1, 3)
    assert about[0]["md5"] == hashlib.md5(FILES[BIG]).hexdigest()
    assert wang.messages[0].content == li.messages[0].content == FILES[BIG]


@pytest.mark.parametrize("step", ["init", "chunk", "finish"])
async def test_an_upload_that_is_cut_begins_anew_and_nothing_is_unclear(at: Desk, step: str) -> None:
    wang = await at.known()
    at.stub.fails(f"aibot_upload_media_{step}", Fault.CUT)

    assert await at.channel.send(wang.id, Bubble("請看", photos=(BIG,))) == Later(2.0, "NotConnected")
    await at.stub.connected(2)
    assert await at.channel.send(wang.id, Bubble("請看", photos=(BIG,))) == Sent("")

    assert [one.sort for one in wang.messages] == ["image", "markdown"]


async def test_a_file_that_is_missing_or_refused_does_not_hold_up_the_words(at: Desk) -> None:
    wang = await at.known()
    at.stub.fails("aibot_upload_media_init", Fault.REFUSE, code=40006)

    await at.channel.send(wang.id, Bubble("請看", photos=(A, "0" * 64)))

    assert [one.sort for one in wang.messages] == ["markdown"]


async def test_a_picture_that_was_sent_is_fetched_and_deciphered(at: Desk) -> None:
    wang = at.stub.member("王師傅")
    for picture in (JPEG, JPEG + b"x" * 7, b"x" * 32):
        await wang.sends_photo(picture)

    found = [(await at.nth(n)).media for n in (1, 2, 3)]

    assert [await at.channel.fetch(one, 10_000) for one in found if one] == [JPEG, JPEG + b"x" * 7, b"x" * 32]


async def test_a_picture_is_gone_after_five_minutes_and_comes_later_after_a_trouble(at: Desk) -> None:
    wang = at.stub.member("王師傅")
    await wang.sends_photo(JPEG)
    media = (await at.nth(1)).media
    assert media is not None

    at.stub.fails("media", Fault.REFUSE, code=503)
    with pytest.raises(MediaLater):
        await at.channel.fetch(media, 10_000)
    with pytest.raises(MediaGone, match="too-large"):
        await at.channel.fetch(media, 100)
    now = at.stub.world.clock()
    at.stub.world.clock = lambda: now + 300
    with pytest.raises(MediaGone, match="gone"):
        await at.channel.fetch(media, 10_000)


@pytest.mark.parametrize("key", ["a2V5", "", "!", "A" * 43])
async def test_a_picture_that_its_key_does_not_open_is_gone(at: Desk, key: str) -> None:
    wang = at.stub.member("王師傅")
    url = wang.enciphered(JPEG)["url"]

    with pytest.raises(MediaGone):
        await at.channel.fetch(Media(f'{{"url": "{url}", "key": "{key}"}}'), 10_000)


async def test_the_group_hears_where_to_go(at: Desk) -> None:
    wang, group = at.stub.member("王師傅"), at.stub.group()
    await wang.says("派工了嗎", group=group)
    event = await at.nth(1)

    assert await at.channel.send(event.chat, Bubble("請私訊我")) == Sent("")

    assert [one.text for one in group.messages if one.is_bots] == ["請私訊我"]


async def test_thirty_people_at_once_lose_nothing(at: Desk) -> None:
    members = [await at.known(f"{n} 號") for n in range(30)]

    sent = await asyncio.gather(*(at.channel.send(one.id, YES_NO) for one in members))

    assert all(isinstance(one, Sent) for one in sent)
    assert [len(one.messages) for one in members] == [1] * 30
