"""Red lines of an inspection end; a request knows the line that found it."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

ENDINGS = ("done", "deferred", "declined")


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    changing.allow_values(connection, "red_end", "kind", ENDINGS)
