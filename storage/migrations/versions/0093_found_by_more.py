"""Whoever has a card of an order, for each step of it, and the cases of a month, for its figures, are found by an index."""

from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cards_subject", "cards", ["subject"])
    op.create_index("ix_cases_opened", "cases", ["kind", "opened_at"])
