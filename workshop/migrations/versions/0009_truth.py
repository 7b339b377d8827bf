"""Measured values keep their light, clocks their assumed ends, and each concern its answer."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LIGHTS = ("green", "yellow", "red")
OUTCOMES = ("job", "finding", "declined")


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    changing.allow_values(connection, "inspection_item", "light", LIGHTS)
    changing.allow_values(connection, "concern_answer", "outcome", OUTCOMES)
