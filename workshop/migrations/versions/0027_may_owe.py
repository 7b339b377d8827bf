"""An order says whether money of it may be open, and its number is found by its beginning."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    changing.run_script(op.get_bind(), __file__)
