"""What we remember of people at work: turns, hours, jobs, licences, groups, what somebody holds, who stands in for whom."""

from sqlalchemy import Boolean, CheckConstraint, Column, Float, ForeignKey, Index, String, Table, Text, UniqueConstraint

from storage.engine import UtcTime
from storage.schema import Id, id_column, metadata

duties = Table(
    "duties",
    metadata,
    id_column(),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("role", String(32), nullable=False),
    Column("branch", String(64), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("by", Id),
    UniqueConstraint("person_id", "role", "branch", "starts_at"),
    CheckConstraint("ends_at > starts_at", name="ends_at"),
    Index("ix_duties_when", "branch", "role", "ends_at"),
)

absences = Table(
    "absences",
    metadata,
    id_column(),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("state", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("decided_by", Id),
    Column("decided_at", UtcTime),
    CheckConstraint("ends_at > starts_at", name="ends_at"),
    CheckConstraint("kind IN ('leave', 'leaving')", name="kind"),
    CheckConstraint("state IN ('asked', 'granted', 'refused', 'withdrawn')", name="state"),
)

punches = Table(
    "punches",
    metadata,
    id_column(),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("is_in", Boolean, nullable=False),
    Column("account_id", Id, nullable=False),  # from which of his own accounts
    Column("latitude", Float),
    Column("longitude", Float),
    Index("ix_punches_person", "person_id", "at"),
)

stints = Table(  # the time that somebody is out on a job, kept by the desk itself
    "stints",
    metadata,
    id_column(),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("order_id", Id, ForeignKey("orders.id"), nullable=False, index=True),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Index("ix_stints_person", "person_id", "started_at"),
)

licences = Table(
    "licences",
    metadata,
    id_column(),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("number", String(64), nullable=False),
    Column("expires_on", String(10), nullable=False),
    Column("by", Id),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("person_id", "kind", "expires_on"),
)

groups = Table(
    "groups",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("chat", String(128), primary_key=True),
    Column("branch", String(64), nullable=False, index=True),
    Column("by", Id, nullable=False),
    Column("at", UtcTime, nullable=False),
)

holdings = Table(  # tools on loan, parts, advances and cash that somebody answers for
    "holdings",
    metadata,
    id_column(),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("label", Text, nullable=False),
    Column("quantity", String(32), nullable=False),
    Column("by", Id),
    Column("at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("passed_to", Id),  # empty when it came back to the company
    CheckConstraint("kind IN ('tool', 'part', 'advance', 'cash', 'file')", name="kind"),
)

standins = Table(
    "standins",
    metadata,
    id_column(),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),  # whose work it is
    Column("deputy_id", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("at", UtcTime, nullable=False),
    CheckConstraint("ends_at > starts_at", name="ends_at"),
    CheckConstraint("person_id <> deputy_id", name="deputy_id"),
)
