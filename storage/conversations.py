"""Conversations: which flow somebody is in and what has been answered (DESIGN 3)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, text, update

from storage.errors import Raced
from storage.prepared import Prepared, named
from storage.tables import IS_LIVE, conversations


@dataclass(frozen=True)
class Conversation:
    """One conversation as stored. `answers` keep the order in which they were given."""

    id: int
    person: int
    flow: str
    subject: str  # what it is about, such as order:12; empty for nothing in particular
    args: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    turn: int = 0
    asked: str = ""
    state: str = "live"

    @property
    def order(self) -> int | None:
        """The order that it is about."""
        kind, _, number = self.subject.partition(":")
        return int(number) if kind == "order" else None


_COLUMNS = tuple(
    conversations.c[name] for name in ("id", "person_id", "flow", "subject", "args", "answers", "turn", "asked", "state")
)
_HAS = conversations.c.person_id == bindparam("person")
_LIVE = Prepared(select(*_COLUMNS).where(_HAS, IS_LIVE))
_BY_ID = Prepared(select(*_COLUMNS).where(conversations.c.id == bindparam("conversation")))
_PARK = Prepared(update(conversations).where(_HAS, IS_LIVE).values(state="parked", updated_at=bindparam("now")))
_BEGIN = Prepared(
    insert(conversations)
    .values(**named("person_id", "flow", "subject", "args", "answers", "created_at", "updated_at"), turn=0, state="live")
    .returning(*_COLUMNS)
)
_KEEP = Prepared(
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"), text("conversations.state IN ('live', 'parked')"))
    .values(**named("answers", "args", "turn", "asked", "state", "updated_at"))
)


def live(connection: Connection, person: int) -> Conversation | None:
    """The conversation that a person is in."""
    row = _LIVE.first(connection, person=person)
    return _conversation(row) if row else None


def people_live(connection: Connection, *, since: datetime) -> list[int]:
    """People who were in a conversation and answered after `since`."""
    live = IS_LIVE & (conversations.c.updated_at >= since)
    return list(connection.execute(select(conversations.c.person_id).where(live)).scalars())


def by_id(connection: Connection, conversation: int) -> Conversation | None:
    row = _BY_ID.first(connection, conversation=conversation)
    return _conversation(row) if row else None


def parked(connection: Connection, person: int) -> list[Conversation]:
    """What a person left lying, last one first."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(conversations.c.person_id == person, conversations.c.state == "parked")
        .order_by(conversations.c.updated_at.desc(), conversations.c.id.desc())
        .limit(20)
    )
    return [_conversation(row) for row in rows]


def begin(
    connection: Connection,
    person: int,
    flow: str,
    *,
    subject: str,
    args: dict[str, Any],
    answers: dict[str, Any],
    now: datetime,
) -> Conversation:
    """Start a conversation; one that is live is parked."""
    _PARK.run(connection, person=person, now=now)
    values = {"person_id": person, "flow": flow, "subject": subject, "args": args, "answers": list(answers.items())}
    return _conversation(_BEGIN.first(connection, **values, created_at=now, updated_at=now))


def keep(connection: Connection, conversation: Conversation, *, now: datetime) -> None:
    """Store answers, turn and state. Raises Raced when the conversation was ended in between: what it is about has moved on.

    JSON objects lose their order in some engines, so answers go as pairs.
    """
    kept: dict[str, Any] = {"answers": list(conversation.answers.items()), "args": conversation.args, "turn": conversation.turn}
    kept |= {"asked": conversation.asked, "state": conversation.state, "updated_at": now}
    _KEEP.run_surely(connection, Raced(f"conversation {conversation.id}"), conversation=conversation.id, **kept)


def end(connection: Connection, conversation: int, *, now: datetime) -> None:
    """It can't come to anything any more."""
    connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation, conversations.c.state.in_(("live", "parked")))
        .values(state="cancelled", updated_at=now)
    )


def resume(connection: Connection, conversation: Conversation, *, now: datetime) -> None:
    """Make a parked conversation the live one."""
    _PARK.run(connection, person=conversation.person, now=now)
    connection.execute(update(conversations).where(conversations.c.id == conversation.id).values(state="live", updated_at=now))


def drop_about(connection: Connection, subject: str) -> None:
    """End conversations about a subject that has moved on without them."""
    mine = (conversations.c.subject == subject) & conversations.c.state.in_(("live", "parked"))
    connection.execute(update(conversations).where(mine).values(state="cancelled"))


def _conversation(row: Any) -> Conversation:
    found, person, flow, subject, args, answers, turn, asked, state = row
    return Conversation(found, person, flow, subject, args, dict(answers), turn, asked, state)
