"""Earlier jobs of a model are found by an index; parts by whatever number stands on their labels."""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0096"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_index("ix_orders_model", "orders", ["model", "id"])
    op.create_table(
        "stock_codes",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("part_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["stock_parts.id"], name=op.f("fk_stock_codes_part_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_stock_codes")),
    )
    op.create_index(op.f("ix_stock_codes_part_id"), "stock_codes", ["part_id"])
