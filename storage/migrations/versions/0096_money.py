"""Money: every receipt in whole smallest units, and the vouchers of expenses by their picture."""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "payments",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("branch", sa.String(length=64), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("handed_in_at", MOMENT, nullable=True),
        sa.Column("counted_by", ID, nullable=True),
        sa.Column("voided_at", MOMENT, nullable=True),
        sa.CheckConstraint("minor > 0", name=op.f("ck_payments_minor")),
        sa.CheckConstraint("counted_by IS NULL OR handed_in_at IS NOT NULL", name=op.f("ck_payments_counted_by")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payments_order_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_payments_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("number", name=op.f("uq_payments_number")),
    )
    op.create_index(op.f("ix_payments_order_id"), "payments", ["order_id"])
    op.create_index("ix_payments_day", "payments", ["branch", "day"])
    op.create_index("ix_payments_person", "payments", ["person_id", "handed_in_at"])
    op.create_table(
        "vouchers",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=False),
        sa.Column("line", sa.String(length=8), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("minor > 0", name=op.f("ck_vouchers_minor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vouchers")),
        sa.UniqueConstraint("claim", "line", name=op.f("uq_vouchers_claim_line")),
    )
    op.create_index(op.f("ix_vouchers_sha256"), "vouchers", ["sha256"])
