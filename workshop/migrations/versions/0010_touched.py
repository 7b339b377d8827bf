"""Call lists of what an act touched; alarms for a bay out of use and for time outside the hours."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WHYS = (
    *("closed", "advisor", "technician", "skill", "bay", "hours"),
    *("duty", "wished", "operation", "package", "part"),
)
ALARMS = (
    *("promise", "part_late", "absent", "certificate", "bay_out", "off_hours", "overrun"),
    *("not_clocked_in", "late_start", "report_due", "folder_not_taken", "folder_not_back"),
)


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    changing.allow_values(connection, "touched_thing", "why", WHYS)
    changing.allow_values(connection, "watch_alarm", "kind", ALARMS)
