"""A signed paper keeps its advisor, its mileage and its promise."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    changing.run_script(op.get_bind(), __file__)
