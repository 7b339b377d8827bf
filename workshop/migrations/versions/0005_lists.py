"""Lists and words as data: versions, their items, and which item a record answers."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    changing.run_script(op.get_bind(), __file__)
