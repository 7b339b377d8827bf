"""Customers and the shop write to each other about an order."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

WISHES = ("words", "call", "water", "how_long")


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    changing.allow_values(connection, "thread_message", "wish", WISHES)
