"""Complaints, surveys, tasks and statements beside orders; promises and conversations name their subject: `order:12`."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _the_cases()
    _move("deadlines", _the_deadlines, "clock, state, due_at, next_at, rung, watch, met_at, breach_reason")
    _move("conversations", _the_conversations, "id, person_id, flow, args, answers, turn, asked, state, created_at, updated_at")
    if op.get_bind().dialect.name == "postgresql":  # rows that kept their numbers leave the counter behind
        op.execute("SELECT setval('conversations_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM conversations), false)")


def _move(table: str, create: Callable[[], None], columns: str) -> None:
    """The table made anew, with its rows: the subject stands where the number of the order stood."""
    op.execute(f"CREATE TABLE {table}_before AS SELECT * FROM {table}")
    op.drop_table(table)
    create()
    subject = "CASE WHEN order_id IS NULL THEN '' ELSE 'order:' || order_id END"
    op.execute(f"INSERT INTO {table} ({columns}, subject) SELECT {columns}, {subject} FROM {table}_before")
    op.drop_table(f"{table}_before")


def _the_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("branch", sa.String(length=64), server_default="", nullable=False),
        sa.Column("customer_id", ID),
        sa.Column("about", sa.String(length=48), server_default="", nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("next_due_at", MOMENT),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.CheckConstraint("version >= 0", name=op.f("ck_cases_version")),
        sa.CheckConstraint("is_open = (closed_at IS NULL)", name=op.f("ck_cases_closed_at")),
        sa.ForeignKeyConstraint(["customer_id"], ["people.id"], name=op.f("fk_cases_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_cases_kind_number")),
    )
    op.create_index("ix_cases_about", "cases", ["about"])
    op.create_index("ix_cases_closed", "cases", ["kind", "closed_at"])
    op.create_index("ix_cases_customer_id", "cases", ["customer_id"])
    op.create_index("ix_cases_open", "cases", ["kind", "is_open", "next_due_at"])


def _the_deadlines() -> None:
    op.create_table(
        "deadlines",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(length=48), nullable=False),
        sa.Column("clock", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT),
        sa.Column("rung", sa.Integer(), server_default="0", nullable=False),
        sa.Column("watch", sa.JSON(), nullable=False),
        sa.Column("met_at", MOMENT),
        sa.Column("breach_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('running', 'met', 'dropped')", name=op.f("ck_deadlines_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sa.UniqueConstraint("subject", "clock", name=op.f("uq_deadlines_subject_clock")),
    )
    op.create_index("ix_deadlines_next", "deadlines", ["next_at"])


def _the_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("flow", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=48), server_default="", nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("asked", sa.String(length=64), server_default="", nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('live', 'parked', 'done', 'cancelled')", name=op.f("ck_conversations_state")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_conversations_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index(
        "ix_conversations_live",
        "conversations",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_index("ix_conversations_person", "conversations", ["person_id", "state"])
    op.create_index("ix_conversations_subject", "conversations", ["subject"])
