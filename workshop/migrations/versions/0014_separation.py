"""Which rules of two persons a branch keeps, and the exceptions that were made by name."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

RULES = (
    "quality_not_work",
    "quality_not_advisor",
    "final_by_advisor",
    "final_not_work",
    "final_not_quality",
    "credit",
    "follow_up_call",
    "second_call",
    "own_hours",
)


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    changing.allow_values(connection, "named_exception", "rule", RULES)
