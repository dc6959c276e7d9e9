"""Whoever has a card of an order is found by an index: at every step of an order its cards are brought up to date."""

from alembic import op

revision = "0093"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cards_subject", "cards", ["subject"])
