"""The figures of a month are found by index: when a job was completed, when promises fell due, when cases came in."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None

_AT_ONCE = 1000
_ORDERS = sa.table(
    "orders",
    sa.column("id", sa.BigInteger),
    sa.column("model", sa.Text),
    sa.column("finished_at", sa.DateTime(timezone=True)),
)
_WRITE = (
    sa.update(_ORDERS)
    .where(_ORDERS.c.id == sa.bindparam("of"))
    .values(model=sa.bindparam("model"), finished_at=sa.bindparam("finished_at"))
)


def upgrade() -> None:
    op.add_column("orders", sa.Column("model", sa.Text(), server_default="", nullable=False))
    op.add_column("orders", sa.Column("finished_at", sa.DateTime(timezone=True)))
    _fill()
    op.create_index(op.f("ix_orders_finished_at"), "orders", ["finished_at"])
    op.create_index("ix_deadlines_due", "deadlines", ["clock", "due_at"])
    op.create_index("ix_cases_opened", "cases", ["kind", "opened_at"])


def _fill() -> None:
    """The model as it was told; a call that was solved without a visit was completed with the last entry of its journal."""
    connection, last = op.get_bind(), 0
    read = sa.text('SELECT id, stage, CAST("order" AS TEXT) AS told FROM orders WHERE id > :last ORDER BY id LIMIT :n')
    while rows := connection.execute(read, {"last": last, "n": _AT_ONCE}).all():
        last = rows[-1].id
        connection.execute(_WRITE, [_told(row.id, json.loads(row.told), connection.dialect.name) for row in rows])
    solved = "(SELECT max(journal.at) FROM journal WHERE journal.subject = 'order:' || CAST(orders.id AS TEXT))"
    connection.execute(sa.text(f"UPDATE orders SET finished_at = {solved} WHERE stage = 'solved_remotely'"))


def _told(order: int, told: dict[str, Any], engine: str) -> dict[str, Any]:
    return {
        "of": order,
        "model": told.get("report", {}).get("model", ""),
        "finished_at": _moment(told.get("finished_at"), engine),
    }


def _moment(text: str | None, engine: str) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return moment.replace(tzinfo=None) if engine == "sqlite" else moment
