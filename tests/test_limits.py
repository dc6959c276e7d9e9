"""How fast a chat is spoken to."""

from datetime import UTC, datetime, timedelta

import time_machine

from bot.channels.base import Abilities, Edits, Pace
from bot.limits import PATIENCE, Bucket

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
