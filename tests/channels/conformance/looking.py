"""What the tests of all messengers look at and say."""

from bot.channels.base import Later, Never, Sent
from handlers.bubbles import Bubble, Button
from handlers.events import Event, Kind
from tests.channels.conformance.rigs.base import Rig, nth

HOSTILE = "<b>粗</b> *星* _底_ [連](http://x.example) & \"引\" 'x' `程式` \\n {name} 冷氣🥶"
YES_NO = Bubble("修好了嗎？", rows=((Button("是", "q.1.1.0", tone="primary"), Button("否", "q.1.1.1")),))
PHOTO = "a" * 64


async def sent(rig: Rig, bubble: Bubble) -> Sent:
    result = await rig.channel.send(rig.address, bubble)
    assert isinstance(result, Sent), result
    return result


async def until_sent(rig: Rig, bubble: Bubble) -> object:
    """Try again, as Delivery does; a connection may first have to be made anew."""
    for _ in range(200):
        result = await rig.channel.send(rig.address, bubble)
        if isinstance(result, Sent | Never):
            return result
        await rig.inbox.pause(min(result.seconds, 0.05) if isinstance(result, Later) else 0.05)
    return result


async def everything(rig: Rig) -> str:
    """All that the person can read, without breaks."""
    return "".join("\n".join(one.text for one in await rig.shown()).split())


async def event_at(rig: Rig, n: int) -> Event:
    """The event in the n-th update, which must have one."""
    event = await nth(rig, n)
    assert event is not None
    return event


async def newest(rig: Rig) -> Event:
    return await event_at(rig, len(rig.inbox.stored))


def pressed(event: Event, result: Sent) -> str:
    """The token of a button, or of the line whose number was typed."""
    return event.token if event.kind is Kind.PRESS else result.numbered[int(event.text) - 1]
