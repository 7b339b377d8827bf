"""Duties that pass from one person to another, and what is asked of who may do it."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

HAND_OVERS = ("offered", "accepted", "set", "declined", "taken_back")
REQUESTS = ("open", "done", "declined", "taken_back")


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    changing.allow_values(connection, "hand_over", "state", HAND_OVERS)
    changing.allow_values(connection, "permission_request", "state", REQUESTS)
