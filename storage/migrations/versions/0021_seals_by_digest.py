"""A signed paper is found by its seal."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_seals_digest"), "seals", ["digest"])
