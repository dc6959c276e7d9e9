"""What is asked for at the same time is done in one go: a trip to another thread costs more than most of what is done there."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")


class Batch(Generic[A, B]):
    """Gathers what is asked for until the loop comes round."""

    def __init__(self, run: Callable[[list[A]], Awaitable[list[B]]]) -> None:
        """`run` gives an answer to each of some questions, in their order; what it raises, all who asked get."""
        self._run = run
        self._asked: list[tuple[A, asyncio.Future[B]]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, one: A) -> B:
        """The answer to one question."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[B] = loop.create_future()
        self._asked.append((one, future))
        if len(self._asked) == 1:
            loop.call_soon(self._begin)
        return await future

    def _begin(self) -> None:
        asked, self._asked = self._asked, []
        task = asyncio.create_task(self._answer(asked))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, asked: list[tuple[A, asyncio.Future[B]]]) -> None:
        waiting = [future for _, future in asked]
        try:
            answers = await self._run([one for one, _ in asked])
        except BaseException as error:
            for future in waiting:
                if not future.done():
                    future.set_exception(error)
            if not isinstance(error, Exception):
                raise
        else:
            for future, answer in zip(waiting, answers, strict=True):
                if not future.done():
                    future.set_result(answer)
