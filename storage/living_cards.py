"""Living cards: which message about a subject stands in whose chat, to be edited in place (DESIGN 10.1)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from storage.codec import unpack
from storage.prepared import Prepared, named
from storage.tables import cards, outbox


@dataclass(frozen=True)
class Card:
    """The living message of a subject in one chat."""

    ref: str
    body_hash: str
    headline: dict[str, Any] | None


_CARD_KEY = ("person_id", "subject", "channel", "chat")
_CARD = Prepared(select(cards).where(*(cards.c[name] == bindparam(name) for name in _CARD_KEY)))
_KEEP_CARD = Prepared(
    lambda insert: (
        put := insert(cards).values(**named(*_CARD_KEY, "ref", "body_hash", "headline", "at"))
    ).on_conflict_do_update(
        index_elements=list(_CARD_KEY), set_={name: put.excluded[name] for name in ("ref", "body_hash", "headline", "at")}
    )
)


def card(connection: Connection, person: int, subject: str, channel: str, chat: str) -> Card | None:
    row = _CARD.first(connection, person_id=person, subject=subject, channel=channel, chat=chat)
    return Card(row.ref, row.body_hash, unpack(row.headline)) if row else None


def keep_card(
    connection: Connection,
    person: int,
    subject: str,
    channel: str,
    chat: str,
    *,
    ref: str,
    body_hash: str,
    headline: dict[str, Any] | None,
    now: datetime,
) -> None:
    """Remember where the living message of a subject is."""
    key = {"person_id": person, "subject": subject, "channel": channel, "chat": chat}
    _KEEP_CARD.run(connection, **key, ref=ref, body_hash=body_hash, headline=headline, at=now)


_HOLDERS = Prepared(select(cards.c.person_id, cards.c.channel, cards.c.chat).where(cards.c.subject == bindparam("subject")))


def holders(connection: Connection, subject: str) -> list[tuple[int, str, str]]:
    """(person, channel, chat) of everybody who has a living card of a subject."""
    return [tuple(row) for row in _HOLDERS.all(connection, subject=subject)]


def subject_of(connection: Connection, channel: str, chat: str, ref: str) -> str:
    """What a message that somebody replied to is about, empty when it is about nothing."""
    if not ref:
        return ""
    row = connection.execute(
        select(cards.c.subject).where(cards.c.channel == channel, cards.c.chat == chat, cards.c.ref == ref).limit(1)
    ).one_or_none()
    if row:
        return str(row.subject)
    earlier = connection.execute(
        select(outbox.c.subject)
        .where(outbox.c.channel == channel, outbox.c.chat == chat, outbox.c.ref == ref)
        .order_by(outbox.c.id.desc())
        .limit(1)
    ).one_or_none()
    return str(earlier.subject) if earlier else ""
