"""A job holds several signed lines: what one technician does in one go, split and joined by hand."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    changing.run_script(op.get_bind(), __file__)
