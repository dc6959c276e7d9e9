"""What we remember of what comes in and goes out: inbox, conversations, outbox, living cards, the web chat."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
    text,
)

from storage.engine import UtcTime
from storage.schema import Id as _Id
from storage.schema import id_column as _id
from storage.schema import metadata

conversations = Table(
    "conversations",
    metadata,
    _id(),
    Column("person_id", _Id, ForeignKey("people.id"), nullable=False),
    Column("flow", String(32), nullable=False),
    Column("subject", String(48), nullable=False, server_default=""),
    Column("args", JSON, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("asked", String(64), nullable=False, server_default=""),
    Column("state", String(16), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    CheckConstraint("state IN ('live', 'parked', 'done', 'cancelled')", name="state"),
    Index(
        "ix_conversations_live",
        "person_id",
        unique=True,
        sqlite_where=text("state = 'live'"),
        postgresql_where=text("state = 'live'"),
    ),
    Index("ix_conversations_person", "person_id", "state"),
    Index("ix_conversations_subject", "subject"),
)

inbox = Table(
    "inbox",
    metadata,
    _id(),
    Column("channel", String(16), nullable=False),
    Column("chat", String(128), nullable=False),
    Column("event_key", String(160), nullable=False),
    Column("raw", Text, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("done_at", UtcTime),
    Column("error", String(32), nullable=False, server_default=""),
    Column("holder", String(48), nullable=False, server_default=""),  # the process that handles it
    UniqueConstraint("channel", "event_key"),
    CheckConstraint("state IN ('waiting', 'done', 'set_aside')", name="state"),
    Index(
        "ix_inbox_waiting",
        "channel",
        "chat",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("person_id", _Id, ForeignKey("people.id"), index=True),
    Column("channel", String(16), nullable=False),
    Column("chat", String(128), nullable=False),
    Column("kind", String(16), nullable=False),  # say | card | settle
    Column("priority", Integer, nullable=False),  # 0 reply, 1 must notice, 2 courtesy
    Column("is_must", Boolean, nullable=False),
    Column("order_id", _Id),
    Column("subject", String(48), nullable=False, server_default=""),  # what living message it belongs to
    Column("body", JSON, nullable=False),
    Column("dedup", String(128), unique=True),
    Column("created_at", UtcTime, nullable=False),
    Column("not_before", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("state", String(16), nullable=False),
    Column("lease_until", UtcTime),
    Column("holder", String(48), nullable=False, server_default=""),
    Column("ref", String(128), nullable=False, server_default=""),
    Column("frozen", JSON),  # the rendered bubble of the first attempt
    Column("done_at", UtcTime),
    Column("reason", String(64), nullable=False, server_default=""),
    CheckConstraint("state IN ('waiting', 'sent', 'dead', 'dropped')", name="state"),
    Index(
        "ix_outbox_chat",
        "channel",
        "chat",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index("ix_outbox_ref", "channel", "chat", "ref"),
    Index(
        "ix_outbox_waiting",
        "not_before",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

cards = Table(
    "cards",
    metadata,
    _id(),
    Column("person_id", _Id, ForeignKey("people.id"), nullable=False),
    Column("subject", String(48), nullable=False),  # order:12 | complaint:3 | talk:33
    Column("channel", String(16), nullable=False),
    Column("chat", String(128), nullable=False),
    Column("ref", String(128), nullable=False),
    Column("body_hash", String(64), nullable=False, server_default=""),
    Column("headline", JSON),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("person_id", "subject", "channel", "chat"),
    Index("ix_cards_ref", "channel", "chat", "ref"),
    Index("ix_cards_subject", "subject"),
)

channel_notes = Table(
    "channel_notes",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("key", String(160), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("until", UtcTime, index=True),
)

web_sessions = Table(
    "web_sessions",
    metadata,
    _id(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("address", String(64), nullable=False, index=True),
    Column("seat", String(16), nullable=False, server_default=""),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
)

web_messages = Table(
    "web_messages",
    metadata,
    _id(),
    Column("address", String(64), nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("side", String(8), nullable=False),
    Column("body", JSON, nullable=False),
    Column("client_key", String(64)),
    Column("is_removed", Boolean, nullable=False, server_default=false()),
    Column("at", UtcTime, nullable=False),
    Column("edited_at", UtcTime),
    UniqueConstraint("address", "client_key"),
    UniqueConstraint("address", "rev"),
    CheckConstraint("side IN ('bot', 'me')", name="side"),
)

# What the partial indexes hold, with the state written out: as a parameter it would make SQLite plan the statement anew each
# time, and PostgreSQL could not plan once for all values.
ARRIVES = inbox.c.state == literal_column("'waiting'")
WAITS = outbox.c.state == literal_column("'waiting'")
IS_LIVE = conversations.c.state == literal_column("'live'")
