"""What the customer takes off a signed order, with what is billed or waived of it."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


STATES = ("asked", "agreed", "dropped")
CHANNELS = ("in_person", "phone", "link")


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    changing.allow_values(connection, "take_off", "state", STATES)
    changing.allow_values(connection, "take_off", "channel", CHANNELS)
