"""Parts and stock. The database itself says no to less than nothing and to a balance that its movements don't add up to.

Each line of an account names the line before it, with the balance that it left; the present balance names the last line.
All of it is checked by the database, whoever writes: a line can't be changed, dropped or left out afterwards.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.engine import UtcTime
from storage.schema import Id, id_column, metadata

QUALITIES = ("good", "quarantine", "old", "transit", "loaned")
MOVES = (
    "received", "rejected", "issued", "used", "unused", "returned", "lost", "sent", "arrived", "found", "missed", "set_aside",
    "cleared", "old_in", "old_out", "lent", "brought_back", "handed", "loan_handed",
)  # fmt: skip


def _one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(word) for word in words)})", name=column)


stock_parts = Table(
    "stock_parts",
    metadata,
    id_column(),
    Column("number", String(64), nullable=False),
    Column("key", String(64), nullable=False, unique=True),  # the number without width, case and blanks
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("spec", Text, nullable=False, server_default=""),
    Column("unit", String(16), nullable=False, server_default=""),
    Column("kind", String(16), nullable=False, server_default="part"),
    Column("bin", String(32), nullable=False, server_default=""),
    Column("least", Integer, nullable=False, server_default="0"),
    Column("most", Integer, nullable=False, server_default="0"),
    Column("supplier", Text, nullable=False, server_default=""),
    Column("price", String(32), nullable=False, server_default=""),
    Column("at", UtcTime, nullable=False),
    _one_of("kind", ("part", "material", "tool", "oil")),
    CheckConstraint("least >= 0 AND most >= 0", name="least"),
)

stock_codes = Table(  # what stands on labels beside our own number: a trade number, the maker's or the supplier's
    "stock_codes",
    metadata,
    Column("key", String(64), primary_key=True),  # without width, case and blanks
    Column("part_id", Id, ForeignKey("stock_parts.id"), nullable=False, index=True),
)

stock_places = Table(
    "stock_places",
    metadata,
    id_column(),
    Column("kind", String(16), nullable=False),
    Column("branch", String(64), nullable=False),
    Column("name", String(64), nullable=False),  # of a van: whose it is
    Column("person_id", Id, ForeignKey("people.id")),
    Column("at", UtcTime, nullable=False),
    _one_of("kind", ("store", "van", "station")),
    UniqueConstraint("kind", "branch", "name"),
)

stock_movements = Table(
    "stock_movements",
    metadata,
    id_column(),
    Column("kind", String(16), nullable=False),
    Column("part_id", Id, ForeignKey("stock_parts.id"), nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("subject", String(48), nullable=False, index=True),
    Column("by", Id),
    Column("at", UtcTime, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Index("ix_stock_movements_part", "part_id", "id"),
    Index("ix_stock_movements_at", "at"),
    CheckConstraint("quantity > 0", name="quantity"),
    UniqueConstraint("id", "part_id", "quantity", name="uq_stock_movements_whole"),
    _one_of("kind", MOVES),
)

_ACCOUNT = ("place_id", "part_id", "quality")

stock_lines = Table(
    "stock_lines",
    metadata,
    Column("place_id", Id, ForeignKey("stock_places.id"), primary_key=True, autoincrement=False),
    Column("part_id", Id, ForeignKey("stock_parts.id"), primary_key=True, autoincrement=False),
    Column("quality", String(16), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("movement_id", Id, nullable=False, index=True),
    Column("quantity", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Column("balance", BigInteger, nullable=False),
    Column("last_seq", BigInteger),
    Column("last_balance", BigInteger),
    _one_of("quality", QUALITIES),
    CheckConstraint("balance >= 0", name="balance"),
    CheckConstraint("change = quantity OR change = -quantity", name="change"),
    CheckConstraint(
        "(seq = 1 AND last_seq IS NULL AND last_balance IS NULL AND balance = change)"
        " OR (seq > 1 AND last_seq IS NOT NULL AND last_balance IS NOT NULL"
        " AND last_seq = seq - 1 AND balance = last_balance + change)",
        name="chain",
    ),
    UniqueConstraint(*_ACCOUNT, "seq", "balance", name="uq_stock_lines_balance"),
    ForeignKeyConstraint(
        ["movement_id", "part_id", "quantity"],
        [f"stock_movements.{name}" for name in ("id", "part_id", "quantity")],
        name="fk_stock_lines_movement",
    ),
    ForeignKeyConstraint(
        [*_ACCOUNT, "last_seq", "last_balance"],
        [f"stock_lines.{name}" for name in (*_ACCOUNT, "seq", "balance")],
        name="fk_stock_lines_last",
    ),
)

stock_balances = Table(
    "stock_balances",
    metadata,
    Column("place_id", Id, primary_key=True, autoincrement=False),
    Column("part_id", Id, primary_key=True, autoincrement=False),
    Column("quality", String(16), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    CheckConstraint("quantity >= 0", name="quantity"),
    ForeignKeyConstraint(
        [*_ACCOUNT, "seq", "quantity"],
        [f"stock_lines.{name}" for name in (*_ACCOUNT, "seq", "balance")],
        name="fk_stock_balances_last",
    ),
    Index("ix_stock_balances_part", "part_id"),
)
