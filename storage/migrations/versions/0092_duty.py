"""People at work: turns of duty, leave, hours, jobs, licences, groups, what somebody holds, who stands in for whom."""

import sqlalchemy as sa
from alembic import op

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _the_roster()
    _the_hours()
    _the_papers()
    op.create_table(
        "groups",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("branch", sa.String(length=64), nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "chat", name=op.f("pk_groups")),
    )
    op.create_index(op.f("ix_groups_branch"), "groups", ["branch"])


def _the_roster() -> None:
    op.create_table(
        "duties",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("branch", sa.String(length=64), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_duties_ends_at")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_duties_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
        sa.UniqueConstraint("person_id", "role", "branch", "starts_at", name=op.f("uq_duties_person_id_role_branch_starts_at")),
    )
    op.create_index(op.f("ix_duties_person_id"), "duties", ["person_id"])
    op.create_index("ix_duties_when", "duties", ["branch", "role", "ends_at"])
    op.create_table(
        "absences",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_absences_ends_at")),
        sa.CheckConstraint("kind IN ('leave', 'leaving')", name=op.f("ck_absences_kind")),
        sa.CheckConstraint("state IN ('asked', 'granted', 'refused', 'withdrawn')", name=op.f("ck_absences_state")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_absences_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_person_id"), "absences", ["person_id"])
    op.create_index(op.f("ix_absences_ends_at"), "absences", ["ends_at"])


def _the_hours() -> None:
    op.create_table(
        "punches",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("is_in", sa.Boolean(), nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_punches_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_punches")),
    )
    op.create_index("ix_punches_person", "punches", ["person_id", "at"])
    op.create_table(
        "stints",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_stints_order_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_stints_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stints")),
    )
    op.create_index(op.f("ix_stints_order_id"), "stints", ["order_id"])
    op.create_index("ix_stints_person", "stints", ["person_id", "started_at"])


def _the_papers() -> None:
    op.create_table(
        "licences",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("expires_on", sa.String(length=10), nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_licences_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licences")),
        sa.UniqueConstraint("person_id", "kind", "expires_on", name=op.f("uq_licences_person_id_kind_expires_on")),
    )
    op.create_index(op.f("ix_licences_person_id"), "licences", ["person_id"])
    op.create_table(
        "holdings",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("quantity", sa.String(length=32), nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("passed_to", ID, nullable=True),
        sa.CheckConstraint("kind IN ('tool', 'part', 'advance', 'cash', 'file')", name=op.f("ck_holdings_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_holdings_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holdings")),
    )
    op.create_index(op.f("ix_holdings_person_id"), "holdings", ["person_id"])
    op.create_table(
        "standins",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("deputy_id", ID, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_standins_ends_at")),
        sa.CheckConstraint("person_id <> deputy_id", name=op.f("ck_standins_deputy_id")),
        sa.ForeignKeyConstraint(["deputy_id"], ["people.id"], name=op.f("fk_standins_deputy_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_standins_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standins")),
    )
    op.create_index(op.f("ix_standins_deputy_id"), "standins", ["deputy_id"])
