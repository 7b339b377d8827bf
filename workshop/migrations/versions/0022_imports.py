"""Files that are brought in, what they did, and taking them back."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

STATES = (
    "uploaded",
    "checking",
    "checked",
    "applying",
    "applied",
    "undoing",
    "undone",
    "cancelled",
)
VERDICTS = ("new", "changed", "same", "doubtful", "refused")


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    changing.allow_values(connection, "import_batch", "state", STATES)
    changing.allow_values(connection, "import_row", "verdict", VERDICTS)
