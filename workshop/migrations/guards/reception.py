"""What the customer said and signed is never rewritten."""

from __future__ import annotations

from workshop.migrations.guards.append_only import refuse_on_postgresql, refuse_on_sqlite

TABLES = ("concern_correction", "walkaround_signing")

UPGRADE = {
    "sqlite": [refuse_on_sqlite(table, verb) for table in TABLES for verb in ("UPDATE", "DELETE")],
    "postgresql": [refuse_on_postgresql(table) for table in TABLES],
}
