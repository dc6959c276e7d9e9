"""What the company's books say of a month: sales by customer, budgets by branch."""

import sqlalchemy as sa
from alembic import op

revision = "0115"
down_revision = "0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "books",
        sa.Column("book", sa.String(length=16), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("minor >= 0", name=op.f("ck_books_minor")),
        sa.PrimaryKeyConstraint("book", "month", "name", name=op.f("pk_books")),
    )
