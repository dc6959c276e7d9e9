"""What Telegram sends, and what somebody may send who means us ill: real updates, and others in which something changed."""

import copy
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

from tests.stubs.telegram import TelegramStub
from tests.stubs.telegram_world import World

Update = dict[str, Any]

DEEP: Any = []
for _ in range(100):
    DEEP = [DEEP]
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63), 10**30, 1.5, 1e308, -0.0, [], {}, [None], {"": ""}, DEEP),
    *(
        "",
        " ",
        "字" * 5000,
        "\ud800",
        "\u202e反過來",
        "\x00",
        "<b>",
        "{0.__class__}",
        "' OR 1=1 --",
        "=1+1",
        "../../etc/passwd",
    ),
    *(
        "/start",
        "/start " + "x" * 64,
        "/start@other_bot a",
        "0912-345-678",
        "1970-01-01T00:00:00",
        "kicked",
        "private",
        "file1",
    ),
)
TOKENS = (
    *(
        "q.1.1.0",
        "q.2.1.x",
        "q.3.2.s",
        "q.4.1.b",
        "q.1.1.e9",
        "q..",
        "q.1",
        "o.1.card",
        "o.1.accept",
        "o.2.sign",
        "o.3.approve",
    ),
    *(
        "o.1.tick.task_read",
        "o.1.called.1",
        "o.1.send.5",
        "o.999.card",
        "o.x.card",
        "m.report",
        "m.invite",
        "m.resume.1",
        "m.",
        "r.1.1",
    ),
    *(
        "r.9.0",
        "f.1",
        "f.x",
        "s.1.yes",
        "s.6.no",
        "d.1.arrival",
        "d.2.nothing",
        "p.1.1",
        "p.x.1",
        "x",
        "." * 64,
        "o.1.breach.arrival",
    ),
)


async def real_updates() -> list[Update]:
    """One of everything that people can do, as the stub shows it to the program."""
    stub = TelegramStub("1:stub", None)
    world: World = stub.world
    zhang = stub.user("張先生")
    group = stub.group("師傅群")
    await zhang.starts()
    await zhang.starts("m_FTXV50_S1")
    said = await zhang.says("客廳冷氣漏水")
    await zhang.says("2611-0001")
    await zhang.says("好的", reply_to=said)
    await zhang.edits(said, "客廳冷氣不冷")
    await zhang.says("/help@fieldhand_test_bot", group=group)
    await zhang.says("大家好", group=group)
    await zhang.sends_photo(b"jpeg", "外觀")
    await zhang.sends_photo(b"jpeg2", album="album1")
    await zhang.sends_voice(b"OggS")
    await zhang.sends_document(b"%PDF", "報價.pdf", "application/pdf")
    await zhang.sends_document(b"png", "銘牌.png", "image/png", "銘牌")
    await zhang.sends_video(b"mp4")
    await zhang.sends_sticker()
    moving = await zhang.shares_location(25.03, 121.54, live=True)
    await zhang.moves(moving, 25.04, 121.55)
    await zhang.shares_location(25.03, 121.54, title="大安", address="和平東路")
    await zhang.shares_contact("+886912345678")
    await zhang.presses_token(said, "m.report")
    await zhang.blocks()
    await zhang.unblocks()
    await world.publish("channel_post", {"message_id": 9, "date": 1, "chat": {"id": -5, "type": "channel"}, "text": "/help"})
    return [json.loads(json.dumps(one)) for one in world.history]


class Mutator:
    """Changes real updates; `people` are the ids of those who may be made the sender."""

    def __init__(self, updates: Sequence[Update], people: Sequence[int], seed: int) -> None:
        self._updates, self._people, self.dice = updates, people, random.Random(seed)
        self._n = 0

    def next(self) -> Update:
        """Another update with a number of its own; half of the time it is only somebody else's."""
        self._n += 1
        update = copy.deepcopy(self.dice.choice(self._updates))
        self._becomes(update, self.dice.choice(self._people))
        for _ in range(self.dice.choice((0, 0, 0, 1, 1, 2, 5))):
            self._damage(update)
        update["update_id"] = self._n
        return json.loads(json.dumps(update))

    def _becomes(self, update: Update, person: int) -> None:
        """Everything in it that was the sender's is this person's."""
        for holder, key in list(_places(update)):
            value = holder[key]
            if key == "from" and isinstance(value, dict):
                value["id"] = person
            if key == "chat" and isinstance(value, dict) and value.get("type") == "private":
                value["id"] = person
            if key == "data":
                holder[key] = self.dice.choice(TOKENS)

    def _damage(self, update: Update) -> None:
        """One change somewhere: a value of another sort, a piece left out, or a piece of another update."""
        places = list(_places(update))
        if not places:
            return
        holder, key = self.dice.choice(places)
        roll = self.dice.random()
        if roll < 0.5:
            holder[key] = copy.deepcopy(self.dice.choice(VALUES))
        elif roll < 0.75:
            del holder[key]
        else:
            other, its_key = self.dice.choice(list(_places(self.dice.choice(self._updates))))
            holder[key] = copy.deepcopy(other[its_key])


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """(holder, key) of everything inside a value."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
