"""What a customer was told stays told."""

from __future__ import annotations

from workshop.migrations.guards.append_only import refuse_on_postgresql, refuse_on_sqlite

UPGRADE = {
    "sqlite": [refuse_on_sqlite("progress_report", verb) for verb in ("UPDATE", "DELETE")],
    "postgresql": [refuse_on_postgresql("progress_report")],
}
