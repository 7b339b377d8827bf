"""PostgreSQL finds what an import has made by the index when it is taken back."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite's guards name their table themselves.
    if op.get_bind().dialect.name == "postgresql":
        changing.run_script(op.get_bind(), __file__)
