"""Parts and stock: catalogue, places, movements, and accounts whose balances the database keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
ACCOUNT = ("place_id", "part_id", "quality")
MOVES = (
    "'received', 'rejected', 'issued', 'used', 'unused', 'returned', 'lost', 'sent', 'arrived', 'found', 'missed', "
    "'set_aside', 'cleared', 'old_in', 'old_out', 'lent', 'brought_back', 'handed', 'loan_handed'"
)


def _text(name: str, kind: sa.types.TypeEngine[str], default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, kind, server_default=default, nullable=False)


def upgrade() -> None:
    _the_catalogue()
    op.create_table(
        "stock_places",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("branch", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('store', 'van', 'station')", name=op.f("ck_stock_places_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_stock_places_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_places")),
        sa.UniqueConstraint("kind", "branch", "name", name=op.f("uq_stock_places_kind_branch_name")),
    )
    op.create_table(
        "stock_movements",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("part_id", ID, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(length=48), nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _text("note", sa.Text()),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_movements_quantity")),
        sa.CheckConstraint(f"kind IN ({MOVES})", name=op.f("ck_stock_movements_kind")),
        sa.ForeignKeyConstraint(["part_id"], ["stock_parts.id"], name=op.f("fk_stock_movements_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
        sa.UniqueConstraint("id", "part_id", "quantity", name=op.f("uq_stock_movements_whole")),
    )
    op.create_index(op.f("ix_stock_movements_subject"), "stock_movements", ["subject"])
    op.create_index("ix_stock_movements_part", "stock_movements", ["part_id", "id"])
    op.create_index("ix_stock_movements_at", "stock_movements", ["at"])
    _the_accounts()


def _the_catalogue() -> None:
    op.create_table(
        "stock_parts",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        _text("spec", sa.Text()),
        _text("unit", sa.String(length=16)),
        _text("kind", sa.String(length=16), "part"),
        _text("bin", sa.String(length=32)),
        sa.Column("least", sa.Integer(), server_default="0", nullable=False),
        sa.Column("most", sa.Integer(), server_default="0", nullable=False),
        _text("supplier", sa.Text()),
        _text("price", sa.String(length=32)),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('part', 'material', 'tool', 'oil')", name=op.f("ck_stock_parts_kind")),
        sa.CheckConstraint("least >= 0 AND most >= 0", name=op.f("ck_stock_parts_least")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_parts")),
        sa.UniqueConstraint("key", name=op.f("uq_stock_parts_key")),
    )


def _the_accounts() -> None:
    op.create_table(
        "stock_lines",
        sa.Column("place_id", ID, autoincrement=False, nullable=False),
        sa.Column("part_id", ID, autoincrement=False, nullable=False),
        sa.Column("quality", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("movement_id", ID, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=True),
        sa.Column("last_balance", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "quality IN ('good', 'quarantine', 'old', 'transit', 'loaned')", name=op.f("ck_stock_lines_quality")
        ),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_stock_lines_balance")),
        sa.CheckConstraint("change = quantity OR change = -quantity", name=op.f("ck_stock_lines_change")),
        sa.CheckConstraint(
            "(seq = 1 AND last_seq IS NULL AND last_balance IS NULL AND balance = change)"
            " OR (seq > 1 AND last_seq IS NOT NULL AND last_balance IS NOT NULL"
            " AND last_seq = seq - 1 AND balance = last_balance + change)",
            name=op.f("ck_stock_lines_chain"),
        ),
        sa.ForeignKeyConstraint(
            ["movement_id", "part_id", "quantity"],
            [f"stock_movements.{name}" for name in ("id", "part_id", "quantity")],
            name=op.f("fk_stock_lines_movement"),
        ),
        sa.ForeignKeyConstraint(["part_id"], ["stock_parts.id"], name=op.f("fk_stock_lines_part_id")),
        sa.ForeignKeyConstraint(["place_id"], ["stock_places.id"], name=op.f("fk_stock_lines_place_id")),
        sa.ForeignKeyConstraint(
            [*ACCOUNT, "last_seq", "last_balance"],
            [f"stock_lines.{name}" for name in (*ACCOUNT, "seq", "balance")],
            name=op.f("fk_stock_lines_last"),
        ),
        sa.PrimaryKeyConstraint(*ACCOUNT, "seq", name=op.f("pk_stock_lines")),
        sa.UniqueConstraint(*ACCOUNT, "seq", "balance", name=op.f("uq_stock_lines_balance")),
    )
    op.create_index(op.f("ix_stock_lines_movement_id"), "stock_lines", ["movement_id"])
    op.create_table(
        "stock_balances",
        sa.Column("place_id", ID, autoincrement=False, nullable=False),
        sa.Column("part_id", ID, autoincrement=False, nullable=False),
        sa.Column("quality", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_stock_balances_quantity")),
        sa.ForeignKeyConstraint(
            [*ACCOUNT, "seq", "quantity"],
            [f"stock_lines.{name}" for name in (*ACCOUNT, "seq", "balance")],
            name=op.f("fk_stock_balances_last"),
        ),
        sa.PrimaryKeyConstraint(*ACCOUNT, name=op.f("pk_stock_balances")),
    )
    op.create_index("ix_stock_balances_part", "stock_balances", ["part_id"])
