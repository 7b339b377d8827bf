"""What must never be false, in the database's own words: triggers and exclusion constraints."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    changing.run_script(op.get_bind(), __file__)
