"""Vehicle inspections by template; lines say where they are measured and what mends them."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

PLACES = ("one", "sides", "wheels")
RESULTS = ("green", "yellow", "red", "skipped")
WHERES = ("reception", "bay")
SPOTS = (
    *("whole", "left", "right"),
    *("front_left", "front_right", "rear_left", "rear_right"),
)


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    changing.allow_values(connection, "checklist_item", "places", PLACES)
    changing.allow_values(connection, "inspection_answer", "result", RESULTS)
    changing.allow_values(connection, "inspection_answer", "place", WHERES)
    changing.allow_values(connection, "inspection_value", "spot", SPOTS)
