"""How long a message waits for its next attempt, and when nobody tries any more."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.base import Later
from bot.limits import PACE
from bot.parcels import is_tried_again, pause_after
from storage.outbox import Parcel

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


def parcel(age: timedelta, attempts: int) -> Parcel:
    return Parcel(1, 1, "telegram", "1", "say", True, None, "", {}, attempts, NOW - age)


def test_the_pauses_grow_to_a_minute_while_nobody_answers() -> None:
    seconds = [pause_after(Later(2.0, "ConnectError"), n).total_seconds() for n in range(1, 12)]

    assert seconds == sorted(seconds)
    assert seconds[0] == 2.0
    assert seconds[-1] == 60.0


@pytest.mark.parametrize("attempts", [1, 5, 500])
def test_what_the_messenger_asks_for_is_the_least(attempts: int) -> None:
    assert pause_after(Later(300.0, "too-many"), attempts) == timedelta(minutes=5)


def test_our_own_pace_is_exact_however_often_it_was_asked() -> None:
    assert pause_after(Later(7.5, PACE), 40) == timedelta(seconds=7.5)


def test_a_messenger_that_is_out_of_reach_over_a_weekend_loses_nothing() -> None:
    """RULEBOOK story 12 from the other side: sixty hours, tried again every minute."""
    assert is_tried_again(parcel(timedelta(hours=60), 3600), NOW)
    assert not is_tried_again(parcel(timedelta(hours=73), 4300), NOW)
