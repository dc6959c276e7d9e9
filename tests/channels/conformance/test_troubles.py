"""What goes wrong between us and a messenger costs nobody a message, and nobody else's time (RELIABILITY)."""

import asyncio
import contextlib

from bot.channels.base import Later, Never, Sent
from handlers.bubbles import Bubble
from tests.channels.conformance.choosing import meeting, those
from tests.channels.conformance.looking import PHOTO, everything, sent, until_sent
from tests.channels.conformance.rigs.base import Able, Rig, Trouble
from tests.channels.telegram_desk import JPEG
from tests.stage import PATIENCE

TAKE = Bubble("請接單")


@meeting(Trouble.BUSY, Trouble.BROKEN, Trouble.CUT)
async def test_what_was_not_taken_is_put_off_and_then_arrives_once(rig: Rig, trouble: Trouble) -> None:
    rig.meets(trouble)
    first = await rig.channel.send(rig.address, TAKE)
    assert isinstance(first, Later), first
    assert (await everything(rig)).count("請接單") == 0

    assert isinstance(await until_sent(rig, TAKE), Sent)
    assert (await everything(rig)).count("請接單") == 1


@meeting(Trouble.RESTS)
async def test_a_messenger_that_wants_to_be_left_alone_is_left_alone_so_long(rig: Rig, trouble: Trouble) -> None:
    rig.meets(trouble)

    first = await rig.channel.send(rig.address, TAKE)

    assert isinstance(first, Later), first
    assert 30 <= first.seconds <= 60
    assert not first.is_unknown
    assert (await everything(rig)).count("請接單") == 0


@meeting(Trouble.LOST, Trouble.GARBLED, rig="hasty")
async def test_what_may_have_arrived_comes_twice_at_most_and_is_never_called_lost(hasty: Rig, trouble: Trouble) -> None:
    hasty.meets(trouble)
    first = await hasty.channel.send(hasty.address, TAKE)
    if not isinstance(first, Sent):
        await until_sent(hasty, TAKE)

    assert not isinstance(first, Never)
    assert 1 <= (await everything(hasty)).count("請接單") <= 2


@meeting(Trouble.HANGS, rig="hasty")
async def test_what_a_messenger_does_not_answer_is_put_off_in_time_and_then_arrives_once(hasty: Rig, trouble: Trouble) -> None:
    hasty.meets(trouble)

    first = await asyncio.wait_for(hasty.channel.send(hasty.address, TAKE), PATIENCE)

    assert isinstance(first, Later), first
    assert isinstance(await until_sent(hasty, TAKE), Sent)
    assert (await everything(hasty)).count("請接單") == 1


@meeting(Trouble.HANGS)
async def test_while_one_message_hangs_others_are_served(rig: Rig, trouble: Trouble) -> None:
    other = await rig.somebody_else()
    rig.meets(trouble)
    hanging = asyncio.create_task(rig.channel.send(rig.address, TAKE))
    await rig.was_asked()

    result = await asyncio.wait_for(rig.channel.send(other, Bubble("零件到了")), PATIENCE)
    await rig.says("還在嗎")
    await rig.inbox.has(3)

    assert isinstance(result, Sent)
    assert not hanging.done()
    hanging.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await hanging


@those(able=Able.TOKEN)
async def test_a_token_that_runs_out_in_the_middle_is_renewed_and_nobody_notices(rig: Rig) -> None:
    await sent(rig, Bubble("在路上了"))
    n_tokens = rig.n_tokens()
    rig.ends_token()

    await sent(rig, Bubble("現場照片", photos=(PHOTO,)))

    assert rig.n_tokens() == n_tokens + 1
    assert await rig.pictures() == [JPEG]
    assert (await everything(rig)).count("現場照片") == 1


@those(able=Able.SHUTS_OUT)
async def test_who_has_shut_us_out_is_never_reached(rig: Rig) -> None:
    await sent(rig, Bubble("在路上了"))
    await rig.shuts_out()

    assert isinstance(await rig.channel.send(rig.address, TAKE), Never)


async def test_to_somebody_unknown_nothing_can_be_said(rig: Rig) -> None:
    assert isinstance(await rig.channel.send("nobody-by-that-name-0000", Bubble("您好")), Never)
