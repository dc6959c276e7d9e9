"""What more messengers need: notes of their own, what was said since a person's last word, codes that join accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "channel_notes",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("channel", "key", name=op.f("pk_channel_notes")),
    )
    op.create_index(op.f("ix_channel_notes_until"), "channel_notes", ["until"])
    with op.batch_alter_table("accounts") as accounts:
        accounts.add_column(sa.Column("heard_at", MOMENT, nullable=True))
        accounts.add_column(sa.Column("n_said", sa.Integer(), server_default="0", nullable=False))
        accounts.create_check_constraint(op.f("ck_accounts_n_said"), "n_said >= 0")
    with op.batch_alter_table("invitations") as invitations:
        invitations.add_column(sa.Column("person_id", ID, nullable=True))
