"""What was done with the parts of a line takes new lines only."""

from __future__ import annotations

from workshop.migrations.guards.append_only import refuse_on_postgresql, refuse_on_sqlite

TABLE = "pick_move"

UPGRADE = {
    "sqlite": [refuse_on_sqlite(TABLE, verb) for verb in ("UPDATE", "DELETE")],
    "postgresql": [refuse_on_postgresql(TABLE)],
}
