"""What several processes on one database need: leases, and who handles an update."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(length=48), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duties", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name", "part", name=op.f("pk_leases")),
    )
    op.add_column("inbox", sa.Column("holder", sa.String(length=48), server_default="", nullable=False))
    op.drop_index("ix_inbox_waiting", "inbox")
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_inbox_waiting", "inbox", ["channel", "chat", "id"], sqlite_where=waiting, postgresql_where=waiting)
