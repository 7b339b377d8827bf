"""A call list also names what was agreed with somebody whose car it is no longer."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

WHYS = (
    *("closed", "advisor", "technician", "skill", "bay", "hours"),
    *("duty", "owner", "wished", "operation", "package", "part"),
)


def upgrade() -> None:
    changing.allow_values(op.get_bind(), "touched_thing", "why", WHYS)
