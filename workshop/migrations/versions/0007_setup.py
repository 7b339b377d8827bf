"""What a shop says of itself, the head of its papers, its set-up, and links that end older ones."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SIZES = ("a4", "letter")
STEPS = (
    "shop",
    "hours",
    "bays",
    "rates",
    "operations",
    "packages",
    "people",
    "parts",
    "checklists",
    "words",
    "lounge",
    "booking",
    "settled",
    "all",
)


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    changing.allow_values(connection, "letterhead", "paper_size", SIZES)
    changing.allow_values(connection, "put_away", "step", STEPS)
