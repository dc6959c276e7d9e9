"""Designs that lose, miss or double something, to show that the promises' checkers would see it (RELIABILITY, K-mut).

Each is the program with one thing done in the wrong order. They exist in test processes only.
"""

import asyncio
import threading
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from bot.reception import Reception
from scheduler.clock import Clock
from storage import claims, inbox, outbox
from storage.inbox import Arrival
from storage.outbox import Parcel
from storage.tables import outbox as outbox_table
from storage.writer import Store


def confirms_before_it_stores() -> None:
    """The messenger hears "received" while the update is still on its way to the database."""
    inner, under_way = Reception.accept, set[asyncio.Task[None]]()

    async def accept(self: Reception, channel: str, chat: str, key: str, raw: dict[str, Any]) -> None:
        task = asyncio.create_task(inner(self, channel, chat, key, raw))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    Reception.accept = accept  # type: ignore[method-assign]


def marks_before_it_sends() -> None:
    """A message counts as sent from the moment when it is taken out to be sent."""
    claim, sent, put_off, give_back = outbox.claim, outbox.sent, outbox.put_off, outbox.give_back
    claim_chat = claims.claim_chat

    def mark(connection: Connection, parcels: list[int], **values: Any) -> None:
        connection.execute(update(outbox_table).where(outbox_table.c.id.in_(parcels)).values(**values))

    def claimed(connection: Connection, channels: list[str], *, now: datetime, **more: Any) -> list[Parcel]:
        found = claim(connection, channels, now=now, **more)
        mark(connection, [one.id for one in found], state="sent", done_at=now)
        return found

    def chat_claimed(connection: Connection, channel: str, chat: str, *, now: datetime, **more: Any) -> list[Parcel]:
        found = claim_chat(connection, channel, chat, now=now, **more)
        mark(connection, [one.id for one in found], state="sent", done_at=now)
        return found

    def sent_at_last(connection: Connection, parcel: int, *, ref: str, now: datetime) -> None:
        mark(connection, [parcel], state="waiting")
        sent(connection, parcel, ref=ref, now=now)

    def put_off_after_all(connection: Connection, parcel: int, *, until: datetime) -> None:
        mark(connection, [parcel], state="waiting")
        put_off(connection, parcel, until=until)

    def given_back(connection: Connection, parcels: list[int], **more: Any) -> None:
        mark(connection, parcels, state="waiting")
        give_back(connection, parcels, **more)

    outbox.claim, claims.claim_chat, outbox.sent = claimed, chat_claimed, sent_at_last  # type: ignore[assignment]
    outbox.put_off, outbox.give_back = put_off_after_all, given_back


def tells_in_a_second_transaction() -> None:
    """What changed is committed first, what people have to hear of it afterwards."""
    _split(lambda: True)


def marks_the_clock_before_it_tells() -> None:
    """The clock notes that a promise was announced, and announces it then."""
    is_sweeping: ContextVar[bool] = ContextVar("is_sweeping", default=False)
    inner = Clock.tick

    async def tick(self: Clock) -> None:
        token = is_sweeping.set(True)
        try:
            await inner(self)
        finally:
            is_sweeping.reset(token)

    Clock.tick = tick  # type: ignore[method-assign]
    _split(is_sweeping.get)


def _split(applies: Callable[[], bool]) -> None:
    """Where it applies, outbox rows are written in a transaction of their own, after the one that they belong to."""
    write, post, held = Store.write, outbox.post, threading.local()

    def posts(connection: Connection, **row: Any) -> None:
        if getattr(held, "rows", None) is None:
            post(connection, **row)
        else:
            held.rows.append(row)

    async def written(self: Store, work: Callable[[Connection], Any]) -> Any:
        if not applies():
            return await write(self, work)
        rows: list[dict[str, Any]] = []

        def first(connection: Connection) -> Any:
            held.rows = rows
            try:
                return work(connection)
            finally:
                held.rows = None

        result = await write(self, first)
        if rows:
            await write(self, lambda c: [post(c, **row) for row in rows])
        return result

    outbox.post, Store.write = posts, written  # type: ignore[assignment, method-assign]


def takes_everything_for_new() -> None:
    """An update that comes again is stored and handled again."""
    put = inbox.put

    def always(connection: Connection, channel: str, chat: str, key: str, raw: dict[str, Any], **more: Any) -> Arrival | None:
        return put(connection, channel, chat, f"{key}:{uuid.uuid4().hex[:8]}", raw, **more)

    inbox.put = always


DESIGNS: dict[str, Callable[[], None]] = {
    one.__name__: one
    for one in (
        confirms_before_it_stores,
        marks_before_it_sends,
        tells_in_a_second_transaction,
        marks_the_clock_before_it_tells,
        takes_everything_for_new,
    )
}
