"""What is asked for at the same time is done in one go."""

import asyncio

import pytest

from bot.batches import Batch


class Oracle:
    """Doubles numbers and remembers how they came."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    async def __call__(self, numbers: list[int]) -> list[int]:
        self.asked.append(numbers)
        await asyncio.sleep(0)
        if 13 in numbers:
            raise ValueError("unlucky")
        return [2 * one for one in numbers]


async def test_what_is_asked_for_together_is_done_together_and_each_gets_his_own_answer():
    oracle = Oracle()
    batch: Batch[int, int] = Batch(oracle)

    answers = await asyncio.gather(*(batch.ask(n) for n in range(5)))

    assert answers == [0, 2, 4, 6, 8]
    assert oracle.asked == [[0, 1, 2, 3, 4]]


async def test_what_is_asked_for_later_does_not_wait_for_what_is_under_way():
    oracle = Oracle()
    batch: Batch[int, int] = Batch(oracle)

    assert await batch.ask(1) == 2
    assert await batch.ask(2) == 4
    assert oracle.asked == [[1], [2]]


async def test_everybody_who_asked_hears_what_went_wrong_and_the_next_are_answered():
    batch: Batch[int, int] = Batch(Oracle())

    failed = await asyncio.gather(batch.ask(1), batch.ask(13), return_exceptions=True)

    assert [type(one) for one in failed] == [ValueError, ValueError]
    assert await batch.ask(3) == 6


async def test_whoever_goes_away_takes_nobody_elses_answer_with_him():
    batch: Batch[int, int] = Batch(Oracle())
    gone, stays = asyncio.create_task(batch.ask(1)), asyncio.create_task(batch.ask(2))
    await asyncio.sleep(0)

    gone.cancel()

    assert await stays == 4
    with pytest.raises(asyncio.CancelledError):
        await gone
