"""Notes on an order and whom they are for, what somebody has taken, alarms put off, key and place."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    changing.run_script(op.get_bind(), __file__)
