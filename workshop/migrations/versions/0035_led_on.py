"""A customer's link that a newer one took the place of leads to it: on a phone that knew it."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

COLUMN = (
    "ALTER TABLE track_link ADD COLUMN replaced_by_id INTEGER "
    "CONSTRAINT fk_track_link_replaced_by_id REFERENCES track_link (id)"
)


def upgrade() -> None:
    changing.run(op.get_bind(), COLUMN)
