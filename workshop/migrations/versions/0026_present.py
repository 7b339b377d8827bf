"""What is open is found without touching what is over."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    changing.run_script(op.get_bind(), __file__)
