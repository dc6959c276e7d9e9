"""What is searched at every turn is found by an index: the end of a telephone, the staff, a technician's open orders."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.create_function("reverse", 1, lambda text: text[::-1], deterministic=True)
    op.add_column("people", sa.Column("is_staff", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE people SET is_staff = (CAST(roles AS TEXT) <> '[\"customer\"]')")
    op.create_index(
        op.f("ix_people_staff"), "people", ["id"], sqlite_where=sa.text("is_staff = 1"), postgresql_where=sa.text("is_staff")
    )
    op.add_column("crew", sa.Column("is_open", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.execute("UPDATE crew SET is_open = (SELECT orders.is_open FROM orders WHERE orders.id = crew.order_id)")
    op.create_index(
        op.f("ix_crew_open"), "crew", ["person_id"], sqlite_where=sa.text("is_open = 1"), postgresql_where=sa.text("is_open")
    )
    op.drop_index(op.f("ix_orders_phone"), "orders")
    op.add_column("orders", sa.Column("phone_end", sa.String(length=32), server_default="", nullable=False))
    op.execute("UPDATE orders SET phone_end = reverse(phone)")
    op.create_index(op.f("ix_orders_phone_end"), "orders", ["phone_end"])
