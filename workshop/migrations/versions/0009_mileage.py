"""A mistyped mileage is corrected by a further reading that names the wrong one."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    changing.run_script(op.get_bind(), __file__)
