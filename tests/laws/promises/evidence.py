"""What is left when everything has come to rest: the database, the messenger's record of what it received, the shelf."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from rules.policies import Policy
from storage import tables
from storage.journal import flaws
from tests.laws.promises.overlaps import Overlaps, overlaps
from tests.stubs.telegram_world import World

Chat = tuple[str, str]


@dataclass(frozen=True)
class Shown:
    """A message of the desk that stands in a chat."""

    id: int
    text: str


@dataclass(frozen=True)
class Received:
    """What the messengers' side knows. Messages are numbered over all chats of a messenger, in the order of sending.

    `confirmed`: updates that the messenger was told are received. `acknowledged`: keys of web chat posts that got their 200.
    `unclear`: messages whose answer never reached the program because of the messenger. `crashes`: the newest message of each
    messenger when a process died and was born again. `lives`: from when to when somebody was up; None while it goes on.
    """

    confirmed: Sequence[Mapping[str, Any]] = ()
    acknowledged: Sequence[str] = ()
    shown: Mapping[Chat, Sequence[Shown]] = field(default_factory=dict)
    unclear: frozenset[int] = frozenset()
    crashes: Sequence[Mapping[str, int]] = ()
    lives: Sequence[tuple[datetime, datetime | None]] = ()


@dataclass(frozen=True)
class Evidence:
    """Rows as they stand, by table, and what the messengers' side knows."""

    inbox: Sequence[Row[Any]]
    outbox: Sequence[Row[Any]]
    journal: Sequence[Row[Any]]
    orders: Sequence[Row[Any]]
    cases: Sequence[Row[Any]]
    deadlines: Sequence[Row[Any]]
    files: Sequence[Row[Any]]
    remarks: Sequence[Row[Any]]
    cards: Sequence[Row[Any]]
    flaws: Sequence[tuple[str, int, str]]
    shelf: Path
    policy: Policy
    received: Received
    at: datetime
    overlaps: Overlaps = frozenset()


def gather(connection: Connection, *, shelf: Path, policy: Policy, received: Received, at: datetime) -> Evidence:
    """Read everything. `at` is the moment at which the program was at rest."""
    shown = dict(received.shown) | _web_chats(connection)
    names = ("inbox", "outbox", "journal", "orders", "cases", "deadlines", "files", "remarks", "cards")
    rows = {name: _rows(connection, getattr(tables, name)) for name in names}
    told = Received(
        received.confirmed, received.acknowledged, shown, received.unclear, received.crashes, received.lives
    )  # fmt: skip
    chains, met = tuple(flaws(connection)), overlaps(connection)
    return Evidence(**rows, flaws=chains, shelf=shelf, policy=policy, received=told, at=at, overlaps=met)


def _rows(connection: Connection, table: Table) -> Sequence[Row[Any]]:
    return connection.execute(select(table).order_by(*table.primary_key.columns)).all()


def _web_chats(connection: Connection) -> dict[Chat, list[Shown]]:
    """The built-in chat keeps what it received in the same database."""
    shown: defaultdict[Chat, list[Shown]] = defaultdict(list)
    for row in _rows(connection, tables.web_messages):
        if row.side == "bot":
            shown["web", row.address].append(Shown(row.id, row.body.get("text", "")))
    return dict(shown)


def telegram_chats(world: World) -> dict[Chat, list[Shown]]:
    """Words that the Bot API stub was asked to show; pictures beside them are counted with their words.

    What was sent to a group that has moved stands where it has moved to.
    """
    shown = {}
    for chat in world.chats.values():
        messages = [*chat.messages, *(world.chats[chat.migrated_to].messages if chat.migrated_to else [])]
        shown["telegram", str(chat.id)] = [Shown(one.id, one.text) for one in messages if one.is_bots and one.kind == "text"]
    return {
        (channel, chat): messages
        for (channel, chat), messages in shown.items()
        if not any(str(one.migrated_to) == chat for one in world.chats.values())
    }


def confirmed(world: World) -> list[Mapping[str, Any]]:
    """Updates that Telegram was told are received, each once."""
    waiting = {one["update_id"] for one in world.pending}
    return list({canonical(one): one for one in world.history if one["update_id"] not in waiting}.values())


def canonical(update: Mapping[str, Any]) -> str:
    """One text for an update, however often it was sent."""
    return json.dumps(update, sort_keys=True, ensure_ascii=True)


def by_chat(rows: Iterable[Row[Any]]) -> dict[Chat, list[Row[Any]]]:
    """Outbox or inbox rows of each chat in their order."""
    found: defaultdict[Chat, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.channel, row.chat].append(row)
    return dict(found)
