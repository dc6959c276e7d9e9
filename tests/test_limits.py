"""How fast a chat is spoken to."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bot.channels.base import Abilities, Edits, Pace
from bot.limits import PATIENCE, Bucket, Turns
from storage.outbox import COURTESY, MUST, REPLY

WECOM = Abilities(
    text_chars=2000, label_chars=10, buttons=6, edits=Edits.SOMETIMES, can_ask_location=False, can_ask_contact=False,
    per_second=1000, paces=(Pace(3, 60.0), Pace(5, 3600.0)),
)  # fmt: skip


def test_a_chat_waits_once_its_pace_is_used_up_and_others_do_not() -> None:
    bucket = Bucket(WECOM)

    assert [bucket.wait("wang") < 1 for _ in range(3)] == [True] * 3
    assert 55 < bucket.wait("wang") <= 60
    assert bucket.wait("li") < 1


def test_who_waits_long_reserves_nothing() -> None:
    bucket = Bucket(WECOM)
    for _ in range(3):
        bucket.wait("wang")

    waits = [bucket.wait("wang") for _ in range(10)]

    assert all(PATIENCE < one <= 60 for one in waits)


def test_the_longer_pace_counts_what_was_sent_before_the_program_began() -> None:
    bucket = Bucket(WECOM)
    for seconds_ago in (1800, 1700, 1600, 1500, 1400):
        bucket.note("wang", seconds_ago)

    assert 1700 < bucket.wait("wang") <= 1800


def test_a_message_that_counts_several_times_takes_several_places() -> None:
    bucket = Bucket(WECOM)

    assert bucket.wait("wang", 2) < 1
    assert bucket.wait("wang", 2) > PATIENCE
    assert bucket.wait("wang", 1) < 1


def test_what_is_heavier_than_the_pace_goes_when_nothing_else_counts() -> None:
    assert Bucket(WECOM).wait("wang", 4) < 1


def test_a_clock_that_is_put_back_holds_nobody_up_for_longer_than_a_pace() -> None:
    bucket = Bucket(WECOM)
    for _ in range(3):
        bucket.wait("wang")

    with time_machine.travel(datetime.now(UTC) - timedelta(hours=9)):
        assert bucket.wait("wang") <= 60 + PATIENCE


def test_a_pace_is_over_when_the_time_of_day_says_so() -> None:
    bucket = Bucket(WECOM)
    for _ in range(3):
        bucket.wait("wang")

    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=61)):
        assert bucket.wait("wang") < 1


class Speakers:
    """Chats that wait for their turns."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.spoke: list[str] = []

    async def speaks(self, chat: str, urgency: int, weight: int = 1) -> None:
        await self._turns.come(chat, urgency, weight)
        self.spoke.append(chat)


async def test_the_more_urgent_goes_first_and_of_equals_who_has_waited_longest():
    speakers = Speakers(turns := Turns(per_second=50))
    await turns.come("before", REPLY, weight=25)

    asked = {"news": COURTESY, "more news": COURTESY, "alarm": MUST, "answer": REPLY}
    await asyncio.gather(*(speakers.speaks(chat, urgency) for chat, urgency in asked.items()))

    assert speakers.spoke == ["answer", "alarm", "news", "more news"]


async def test_an_answer_behind_a_notice_hurries_it_on():
    speakers = Speakers(turns := Turns(per_second=50))
    await turns.come("before", REPLY, weight=25)
    waiting = [asyncio.create_task(speakers.speaks(chat, COURTESY)) for chat in ("li", "wang")]
    await asyncio.sleep(0)

    turns.hurry("wang", REPLY)
    turns.hurry("nobody who waits", REPLY)
    await asyncio.gather(*waiting)

    assert speakers.spoke == ["wang", "li"]


async def test_whoever_goes_away_leaves_his_place_to_the_next():
    speakers = Speakers(turns := Turns(per_second=50))
    await turns.come("before", REPLY, weight=25)
    waiting = [asyncio.create_task(speakers.speaks(chat, COURTESY)) for chat in ("li", "wang")]
    await asyncio.sleep(0)

    waiting[0].cancel()
    await asyncio.gather(*waiting, return_exceptions=True)

    assert speakers.spoke == ["wang"]


@pytest.mark.parametrize(("share", "weight"), [(1.0, 1), (0.5, 1), (1.0, 2)])
async def test_no_more_go_than_the_share_of_the_limit_allows(share: float, weight: int):
    turns = Turns(per_second=200)
    turns.share = share
    speakers, start = Speakers(turns), time.monotonic()

    await asyncio.gather(*(speakers.speaks(f"{n}", COURTESY, weight) for n in range(31)))

    assert time.monotonic() - start >= 30 * weight / (200 * share) - 0.1 - 0.01  # a tenth of a second's worth at once


def test_with_a_smaller_share_fewer_wait_at_a_time():
    turns = Turns(per_second=29)
    whole = turns.most

    turns.share = 1 / 8

    assert whole == 58
    assert turns.most == 7
