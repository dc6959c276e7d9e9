"""What we remember. Constraints first: they say what must hold (DESIGN 6)."""

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
    text,
    true,
)

from storage.duty_tables import absences as absences
from storage.duty_tables import duties as duties
from storage.duty_tables import groups as groups
from storage.duty_tables import holdings as holdings
from storage.duty_tables import licences as licences
from storage.duty_tables import punches as punches
from storage.duty_tables import standins as standins
from storage.duty_tables import stints as stints
from storage.engine import UtcTime
from storage.mail_tables import ARRIVES as ARRIVES
from storage.mail_tables import IS_LIVE as IS_LIVE
from storage.mail_tables import WAITS as WAITS
from storage.mail_tables import cards as cards
from storage.mail_tables import channel_notes as channel_notes
from storage.mail_tables import conversations as conversations
from storage.mail_tables import inbox as inbox
from storage.mail_tables import outbox as outbox
from storage.mail_tables import web_messages as web_messages
from storage.mail_tables import web_sessions as web_sessions
from storage.money_tables import books as books
from storage.money_tables import payments as payments
from storage.money_tables import vouchers as vouchers
from storage.schema import Id as _Id
from storage.schema import id_column as _id
from storage.schema import metadata as metadata
from storage.stock_tables import stock_balances as stock_balances
from storage.stock_tables import stock_codes as stock_codes
from storage.stock_tables import stock_lines as stock_lines
from storage.stock_tables import stock_movements as stock_movements
from storage.stock_tables import stock_parts as stock_parts
from storage.stock_tables import stock_places as stock_places

meta = Table("meta", metadata, Column("key", String(64), primary_key=True), Column("value", Text, nullable=False))

leases = Table(
    "leases",
    metadata,
    Column("name", String(48), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("holder", String(48), nullable=False),
    Column("until", UtcTime, nullable=False),  # by the clock of the database
    Column("duties", Text, nullable=False, server_default=""),  # of a sign of life: what its process could do
)

sequences = Table(
    "sequences",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

people = Table(
    "people",
    metadata,
    _id(),
    Column("name", Text, nullable=False, server_default=""),
    Column("roles", JSON, nullable=False),
    Column("branch", String(64), nullable=False, server_default=""),
    Column("language", String(16), nullable=False, server_default=""),
    Column("standing", String(16), nullable=False),
    Column("phone", String(32), nullable=False, server_default="", index=True),
    Column("home", _Id),  # account that was used last: where notices go
    Column("facts", JSON, nullable=False, server_default="{}"),
    Column("created_at", UtcTime, nullable=False),
    Column("is_staff", Boolean, nullable=False, server_default=false()),  # few among many customers, see the index
    CheckConstraint("standing IN ('pending', 'active', 'left')", name="standing"),
    Index("ix_people_staff", "id", sqlite_where=text("is_staff = 1"), postgresql_where=text("is_staff")),
)

accounts = Table(
    "accounts",
    metadata,
    _id(),
    Column("person_id", _Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("channel", String(16), nullable=False),
    Column("address", String(128), nullable=False),
    Column("chat", String(128), nullable=False),
    Column("unreachable_at", UtcTime),
    Column("seen_at", UtcTime, nullable=False),
    Column("heard_at", UtcTime),  # the person's last word, where a messenger counts what may be said after it
    Column("n_said", Integer, nullable=False, server_default="0"),  # messages since then
    UniqueConstraint("channel", "address"),
    CheckConstraint("n_said >= 0", name="n_said"),
)

invitations = Table(
    "invitations",
    metadata,
    _id(),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("role", String(32), nullable=False),
    Column("branch", String(64), nullable=False),
    Column("created_by", _Id),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("used_by", _Id),
    Column("revoked_at", UtcTime),
    Column("person_id", _Id),  # whom a code lets in by another messenger's account; empty: a new colleague
)

wrong_codes = Table(
    "wrong_codes",
    metadata,
    _id(),
    Column("channel", String(16), nullable=False),
    Column("address", String(128), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_wrong_codes_who", "channel", "address", "at"),
)

assets = Table(
    "assets",
    metadata,
    _id(),
    Column("customer_id", _Id, ForeignKey("people.id"), index=True),
    Column("model", Text, nullable=False),
    Column("serial", String(64), nullable=False, server_default="", index=True),
    Column("sticker", String(64), unique=True),
    Column("address", Text, nullable=False, server_default=""),
    Column("branch", String(64), nullable=False, server_default=""),
    Column("purchased_on", String(10), nullable=False, server_default=""),
    Column("created_at", UtcTime, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    _id(),
    Column("number", String(24), nullable=False, unique=True),
    Column("stage", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("branch", String(64), nullable=False),
    Column("customer_id", _Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("lead_id", _Id, ForeignKey("people.id"), index=True),
    Column("asset_id", _Id, ForeignKey("assets.id"), index=True),
    Column("customer_name", Text, nullable=False, server_default=""),
    Column("phone", String(32), nullable=False, server_default=""),
    Column("serial", String(64), nullable=False, server_default="", index=True),
    Column("is_open", Boolean, nullable=False),
    Column("reported_at", UtcTime, nullable=False, index=True),
    Column("next_due_at", UtcTime),
    Column("order", JSON, nullable=False),
    Column("phone_end", String(32), nullable=False, server_default="", index=True),  # the telephone backwards
    Column("model", Text, nullable=False, server_default=""),
    Column("finished_at", UtcTime, index=True),  # when its job was completed, on site or without a visit
    CheckConstraint("version >= 0", name="version"),
    Index("ix_orders_open_branch", "branch", "is_open", "next_due_at"),
    Index("ix_orders_stage", "stage", "reported_at"),
    Index("ix_orders_model", "model", "id"),
)

crew = Table(
    "crew",
    metadata,
    Column("order_id", _Id, ForeignKey("orders.id"), primary_key=True),
    Column("person_id", _Id, ForeignKey("people.id"), primary_key=True),
    Column("tie", String(16), nullable=False),
    Column("is_open", Boolean, nullable=False, server_default=true()),  # as its order is: few among all that a person ever did
    CheckConstraint("tie IN ('crew', 'offered')", name="tie"),
    Index("ix_crew_person", "person_id", "tie"),
    Index("ix_crew_open", "person_id", sqlite_where=text("is_open = 1"), postgresql_where=text("is_open")),
)

findings = Table(
    "findings",
    metadata,
    _id(),
    Column("order_id", _Id, ForeignKey("orders.id"), nullable=False),
    Column("step", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("by", _Id, nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("order_id", "step", "version"),
)

seals = Table(
    "seals",
    metadata,
    _id(),
    Column("order_id", _Id, ForeignKey("orders.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String(64), nullable=False, index=True),
    Column("summary", Text, nullable=False),
    Column("signature", String(64), nullable=False, server_default="", index=True),
    Column("near_hash", String(64), nullable=False, server_default=""),
    Column("signer", Text, nullable=False, server_default=""),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("order_id", "version"),
)

files = Table(
    "files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("mime", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("width", Integer, nullable=False, server_default="0"),
    Column("height", Integer, nullable=False, server_default="0"),
    Column("near_hash", String(64), nullable=False, server_default=""),
    Column("meta", JSON, nullable=False, server_default="{}"),
    Column("by", _Id),
    Column("at", UtcTime, nullable=False),
    CheckConstraint("size >= 0", name="size"),
)

remarks = Table(
    "remarks",
    metadata,
    _id(),
    Column("order_id", _Id, ForeignKey("orders.id"), index=True),  # empty until somebody says which order
    Column("person_id", _Id, ForeignKey("people.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("sha256", String(64), nullable=False, server_default="", index=True),
    Column("sent_at", UtcTime, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("relayed_at", UtcTime),
)

journal = Table(
    "journal",
    metadata,
    _id(),
    Column("subject", String(48), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", String(48), nullable=False),
    Column("by", _Id),
    Column("at", UtcTime, nullable=False),
    Column("rule", String(32), nullable=False, server_default=""),
    Column("message", String(96), nullable=False, server_default=""),
    Column("facts", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("subject", "seq"),
)

cases = Table(  # complaints, surveys, tasks, statements: whatever has a number, a journal, promises and cards beside orders
    "cases",
    metadata,
    _id(),
    Column("kind", String(16), nullable=False),
    Column("number", String(32), nullable=False),
    Column("stage", String(24), nullable=False),
    Column("version", Integer, nullable=False),
    Column("branch", String(64), nullable=False, server_default=""),
    Column("customer_id", _Id, ForeignKey("people.id"), index=True),
    Column("about", String(48), nullable=False, server_default="", index=True),  # the subject that it follows from
    Column("is_open", Boolean, nullable=False),
    Column("is_urgent", Boolean, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Column("next_due_at", UtcTime),
    Column("body", JSON, nullable=False),
    UniqueConstraint("kind", "number"),
    CheckConstraint("version >= 0", name="version"),
    CheckConstraint("is_open = (closed_at IS NULL)", name="closed_at"),
    Index("ix_cases_open", "kind", "is_open", "next_due_at"),
    Index("ix_cases_closed", "kind", "closed_at"),
    Index("ix_cases_opened", "kind", "opened_at"),
)

deadlines = Table(
    "deadlines",
    metadata,
    _id(),
    Column("subject", String(48), nullable=False),  # order:12 | complaint:3
    Column("clock", String(24), nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_at", UtcTime, nullable=False),  # the promise itself
    Column("next_at", UtcTime),  # when the sweep has to look again
    Column("rung", Integer, nullable=False, server_default="0"),
    Column("watch", JSON, nullable=False),
    Column("met_at", UtcTime),
    Column("breach_reason", Text, nullable=False, server_default=""),
    UniqueConstraint("subject", "clock"),
    CheckConstraint("state IN ('running', 'met', 'dropped')", name="state"),
    Index("ix_deadlines_next", "next_at"),
    Index("ix_deadlines_due", "clock", "due_at"),
)

policies = Table(
    "policies",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("profile", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("kind", String(24), primary_key=True),
    Column("period", String(24), primary_key=True),
    Column("person_id", _Id, primary_key=True),
    Column("at", UtcTime, nullable=False),
)

contacts = Table(
    "contacts",
    metadata,
    _id(),
    Column("seq", BigInteger, nullable=False, unique=True),
    Column("medium", String(16), nullable=False),
    Column("person_id", _Id, nullable=False, index=True),
    Column("order_id", _Id, ForeignKey("orders.id"), index=True),
    Column("text", Text, nullable=False, server_default=""),
    Column("received_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
    Column("answered_by", _Id),
    Column("answer", Text, nullable=False, server_default=""),
)
