"""The tables of release 0.1.0, and which values their columns know."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    changing.run_script(op.get_bind(), __file__)
