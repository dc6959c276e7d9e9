"""What we remember of money: every receipt in whole smallest units, and the vouchers of expenses by their picture."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, String, Table, UniqueConstraint

from storage.engine import UtcTime
from storage.schema import Id, id_column, metadata

payments = Table(
    "payments",
    metadata,
    id_column(),
    Column("number", String(32), nullable=False, unique=True),  # of the receipt
    Column("order_id", Id, ForeignKey("orders.id"), nullable=False, index=True),
    Column("branch", String(64), nullable=False),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),  # who took it
    Column("currency", String(3), nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("method", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("day", String(10), nullable=False),  # in the company's zone
    Column("handed_in_at", UtcTime),  # empty: cash that is still in somebody's hands
    Column("counted_by", Id),  # empty: it came to the company straight away
    Column("voided_at", UtcTime),
    CheckConstraint("minor > 0", name="minor"),
    CheckConstraint("counted_by IS NULL OR handed_in_at IS NOT NULL", name="counted_by"),
    Index("ix_payments_day", "branch", "day"),
    Index("ix_payments_person", "person_id", "handed_in_at"),
)

vouchers = Table(
    "vouchers",
    metadata,
    id_column(),
    Column("claim", String(32), nullable=False),  # the number of the expense claim
    Column("line", String(8), nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("currency", String(3), nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("claim", "line"),
    CheckConstraint("minor > 0", name="minor"),
)

books = Table(
    "books",
    metadata,
    Column("book", String(16), primary_key=True),  # sales | budget
    Column("month", String(7), primary_key=True),
    Column("name", String(100), primary_key=True),  # of a customer or a branch
    Column("minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    CheckConstraint("minor >= 0", name="minor"),
)
