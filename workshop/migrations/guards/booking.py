"""The history of an appointment takes new lines only."""

from __future__ import annotations

from workshop.migrations.guards.append_only import refuse_on_postgresql, refuse_on_sqlite

TABLE = "appointment_change"

UPGRADE = {
    "sqlite": [refuse_on_sqlite(TABLE, verb) for verb in ("UPDATE", "DELETE")],
    "postgresql": [refuse_on_postgresql(TABLE)],
}
