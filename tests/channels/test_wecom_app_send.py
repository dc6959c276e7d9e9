"""Sending by the WeCom app: what members see, what can be changed, what is repeated and what is not."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.base import Later, Never, Result, Sent
from handlers.bubbles import Bubble, Button
from storage.writer import Store
from tests.channels.telegram_desk import JPEG
from tests.channels.wecom_desk import NOTE, SHELF, Desk, desk
from tests.stubs.wecom import AMR, Fault, Member

A, B, VOICE, PAPER, _NOTE = SHELF
ASK = Bubble("保固期內嗎？", rows=((Button("保固內", "q.1.1.a"), Button("過保", "q.1.1.b")),))
MANY = Bubble("哪一類？", rows=tuple((Button(f"第 {n} 類", f"t{n}"),) for n in range(1, 9)))
HOUR = 3600


@pytest.fixture
async def at(store: Store) -> AsyncIterator[Desk]:
    async with desk(store) as found:
        await found.start()
        yield found


@pytest.fixture
def wang(at: Desk) -> Member:
    return at.stub.member("王師傅")


def ref_of(result: Result) -> str:
    assert isinstance(result, Sent), result
    return result.ref


def shown(member: Member) -> list[tuple[str, list[str]]]:
    return [(one.shown, one.labels) for one in member.messages]


async def test_a_question_is_a_card_and_an_answer_is_a_text(at: Desk, wang: Member) -> None:
    ref = ref_of(await at.channel.send(wang.id, ASK))
    assert ref_of(await at.channel.send(wang.id, Bubble("存好了", title="看"))) == ""

    assert shown(wang) == [("保固期內嗎？", ["保固內", "過保"]), ("看\n存好了", [])]
    assert len(ref) == 16


async def test_a_press_comes_back_with_its_token_and_the_bubbles_name(at: Desk, wang: Member) -> None:
    ref = ref_of(await at.channel.send(wang.id, ASK))
    await wang.presses("過保")

    event = await at.nth(1)
    assert (event.token, event.message) == ("q.1.1.b", ref)


async def test_a_settled_card_shows_a_tick_and_can_not_be_pressed(at: Desk, wang: Member) -> None:
    ref = ref_of(await at.channel.send(wang.id, ASK))

    assert await at.channel.settle(wang.id, ref) == Sent(ref)

    assert shown(wang) == [("保固期內嗎？\n✓", [])]
    assert await at.channel.settle(wang.id, ref) == Never("cannot-edit")
    assert len(at.stub.calls("message/update_template_card")) == 1


async def test_a_card_can_be_changed_once_and_once_more_after_each_press(at: Desk, wang: Member) -> None:
    ref = ref_of(await at.channel.send(wang.id, ASK))

    for n, words in enumerate(("一", "二", "三")):
        assert await at.channel.edit(wang.id, ref, Bubble(words, rows=ASK.rows)) == Sent(ref)
        assert await at.channel.edit(wang.id, ref, Bubble("又", rows=ASK.rows)) == Never("cannot-edit")
        await wang.presses("過保")
        assert (await at.nth(n + 1)).message == ref

    assert shown(wang) == [("三", ["保固內", "過保"])]


async def test_after_three_days_a_card_stays_as_it_is(at: Desk, wang: Member) -> None:
    ref = ref_of(await at.channel.send(wang.id, ASK))
    at.stub.passes(72 * HOUR + 1)

    assert await at.channel.settle(wang.id, ref) == Never("cannot-edit")
    assert shown(wang) == [("保固期內嗎？", ["保固內", "過保"])]


async def test_a_card_without_next_buttons_loses_the_old_ones(at: Desk, wang: Member) -> None:
    ref = ref_of(await at.channel.send(wang.id, ASK))

    assert await at.channel.edit(wang.id, ref, Bubble("已結案")) == Never("cannot-edit")
    assert shown(wang) == [("保固期內嗎？\n✓", [])]


async def test_what_does_not_fit_on_one_card_is_not_changed(at: Desk, wang: Member) -> None:
    one, two = ref_of(await at.channel.send(wang.id, ASK)), ref_of(await at.channel.send(wang.id, MANY))

    assert await at.channel.edit(wang.id, one, Bubble("很長" * 200, rows=ASK.rows)) == Never("cannot-edit")
    assert await at.channel.edit(wang.id, one, MANY) == Never("cannot-edit")
    assert await at.channel.edit(wang.id, two, ASK) == Never("cannot-edit")
    assert await at.channel.edit(wang.id, "", ASK) == Never("cannot-edit")
    assert await at.channel.edit(wang.id, "unknown", ASK) == Never("cannot-edit")
    assert at.stub.calls("message/update_template_card") == []


async def test_eight_choices_stand_on_two_cards_and_go_together(at: Desk, wang: Member) -> None:
    ref = ref_of(await at.channel.send(wang.id, MANY))
    await wang.presses("第 7 類")

    assert (await at.nth(1)).message == ref
    assert await at.channel.settle(wang.id, ref) == Sent(ref)
    assert shown(wang) == [("哪一類？\n✓", []), ("哪一類？ 2/2\n✓", [])]
    assert at.channel.weight(MANY) == 2


async def test_pictures_voices_and_papers_go_before_the_words(at: Desk, wang: Member) -> None:
    bubble = Bubble("報告", photos=(A, B), voices=(NOTE, VOICE), files=(PAPER,), rows=ASK.rows)

    assert await at.channel.send(wang.id, bubble)

    assert [one.kind for one in wang.messages] == ["image", "image", "voice", "file", "file", "template_card"]
    assert [one.data for one in wang.messages][:3] == [JPEG, SHELF[B], AMR]
    assert at.channel.weight(bubble) == 6


async def test_a_paper_is_called_what_people_call_it(at: Desk, wang: Member) -> None:
    await at.channel.send(wang.id, Bubble("報告", files=(PAPER,), file_names=("服務報告 2611-0001.pdf",)))

    assert [one["files"]["media"][0] for one in at.stub.calls("media/upload")] == ["服務報告 2611-0001.pdf"]


async def test_a_file_that_wecom_has_forgotten_is_uploaded_again(at: Desk, wang: Member) -> None:
    await at.channel.send(wang.id, Bubble("", photos=(A,)))
    at.stub.world.media.clear()

    await at.channel.send(wang.id, Bubble("", photos=(A,)))

    assert [one.data for one in wang.messages] == [JPEG, JPEG]
    assert len(at.stub.calls("media/upload")) == 2


async def test_what_can_not_be_sent_as_a_file_does_not_hold_up_the_words(at: Desk, wang: Member) -> None:
    SHELF["f" * 64] = b"tiny"
    result = await at.channel.send(wang.id, Bubble("報告", photos=("f" * 64, "0" * 64)))

    assert result == Sent("")
    assert shown(wang) == [("報告", [])]


async def test_long_words_come_in_parts_that_are_never_cut(at: Desk, wang: Member) -> None:
    text = "\n\n".join(f"第{n}段 " + "😀冷" * 150 for n in range(6))

    await at.channel.send(wang.id, Bubble(text, rows=ASK.rows))

    parts = [one.text for one in wang.messages if one.kind == "text"]
    assert "\n\n".join(parts) == text
    assert wang.messages[-1].labels == ["保固內", "過保"]


async def test_nobody_there_is_never(at: Desk) -> None:
    assert await at.channel.send("nobody", ASK) == Never("unknown-address")
    wang = at.stub.member("王師傅")
    at.stub.app.visible = set()
    assert await at.channel.send(wang.id, ASK) == Never("unknown-address")


async def test_after_no_answer_a_repeat_is_seen_once(at: Desk, wang: Member) -> None:
    for n, fault in enumerate((Fault.CLOSE, Fault.GARBAGE, Fault.ERROR, Fault.CUT)):
        for bubble in (Bubble(f"第 {n} 題", rows=ASK.rows), Bubble(f"第 {n} 句")):
            at.stub.fails("message/send", fault)
            first = await at.channel.send(wang.id, bubble)
            assert isinstance(first, Later) and not first.is_unknown  # a repeat does no harm
            assert isinstance(await at.channel.send(wang.id, bubble), Sent)

    assert [one.shown for one in wang.messages] == [f"第 {n} {what}" for n in range(4) for what in "題句"]


async def test_an_answer_that_is_asked_for_twice_is_given_twice(at: Desk, wang: Member) -> None:
    words = Bubble("那個已經過去了")
    for _ in range(3):
        assert await at.channel.send(wang.id, words) == Sent("")

    assert len(wang.messages) == 3
    at.channel = at.open()  # as after a restart
    await at.channel.send(wang.id, words)
    assert len(wang.messages) == 4


async def test_a_second_giving_that_got_no_answer_may_be_seen_twice_and_is_not_lost(at: Desk, wang: Member) -> None:
    words = Bubble("那個已經過去了")
    await at.channel.send(wang.id, words)
    at.stub.fails("message/send", Fault.CUT)

    second = await at.channel.send(wang.id, words)
    assert isinstance(second, Later) and second.is_unknown
    await at.channel.send(wang.id, words)

    assert len(wang.messages) == 2


async def test_an_interrupted_bubble_goes_on_where_it_stopped(at: Desk, wang: Member) -> None:
    bubble = Bubble("報告", photos=(A, B), rows=ASK.rows)
    at.stub.fails("message/send", Fault.BUSY, after=1)

    assert isinstance(await at.channel.send(wang.id, bubble), Later)
    assert len(wang.messages) == 1
    assert isinstance(await at.channel.send(wang.id, bubble), Sent)

    assert [one.data for one in wang.messages] == [JPEG, SHELF[B], b""]


async def test_what_stands_in_the_way_for_everybody_is_later(at: Desk, wang: Member) -> None:
    at.stub.fails("message/send", Fault.TOO_OFTEN)
    assert await at.channel.send(wang.id, ASK) == Later(60.0, "too-often")
    at.stub.world.is_trusted = False
    li = at.stub.member("李主任")
    assert isinstance(await at.channel.send(li.id, ASK), Later)


async def test_a_change_that_was_surely_not_seen_may_be_tried_again(at: Desk, wang: Member) -> None:
    ref = ref_of(await at.channel.send(wang.id, ASK))
    at.stub.fails("message/update_template_card", Fault.BUSY)

    assert isinstance(await at.channel.settle(wang.id, ref), Later)
    assert await at.channel.settle(wang.id, ref) == Sent(ref)


@pytest.mark.parametrize("fault", [Fault.CLOSE, Fault.CUT])
async def test_a_change_without_an_answer_uses_the_code_up(at: Desk, wang: Member, fault: Fault) -> None:
    ref = ref_of(await at.channel.send(wang.id, ASK))
    at.stub.fails("message/update_template_card", fault)

    first = await at.channel.settle(wang.id, ref)
    assert isinstance(first, Later) and first.is_unknown
    assert await at.channel.settle(wang.id, ref) == Never("cannot-edit")


async def test_the_limits_that_delivery_keeps_to_lie_below_those_at_which_wecom_drops(at: Desk, wang: Member) -> None:
    minute, hour = at.channel.abilities.paces
    wang.chat.sent_at.extend([at.stub.clock()] * 29)
    for n in range(2):
        assert await at.channel.send(wang.id, Bubble(f"第 {n} 句")) == Sent("")

    assert (len(wang.messages), wang.chat.n_dropped) == (1, 1)  # nobody is told
    assert (minute.most < 30, minute.seconds) == (True, 60)
    assert (hour.most < 1000, hour.seconds) == (True, 3600)
