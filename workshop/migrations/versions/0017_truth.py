"""Measured values keep their light, clocks their assumed ends, and each concern its answer.

The watch keeps when it sees each car ready.
"""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LIGHTS = ("green", "yellow", "red")
REASONS = ("addition", "quality", "longer", "earlier", "part", "before", "unknown")
OUTCOMES = ("job", "finding", "declined")


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    changing.allow_values(connection, "inspection_item", "light", LIGHTS)
    changing.allow_values(connection, "order_forecast", "why", REASONS)
    changing.allow_values(connection, "concern_answer", "outcome", OUTCOMES)
