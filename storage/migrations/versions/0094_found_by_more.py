"""Whoever has a card of an order, for each step of it, is found by an index."""

from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cards_subject", "cards", ["subject"])
