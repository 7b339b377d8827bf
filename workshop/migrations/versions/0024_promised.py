"""Appointments that a file has brought go with their history when it is taken back."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    changing.run_script(op.get_bind(), __file__)
