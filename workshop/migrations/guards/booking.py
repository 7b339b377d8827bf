"""The history of an appointment, and who overbooked a day, take new lines only."""

from __future__ import annotations

from workshop.migrations.guards.append_only import refuse_on_postgresql, refuse_on_sqlite

TABLES = ("appointment_change", "overbooking")

UPGRADE = {
    "sqlite": [refuse_on_sqlite(table, verb) for table in TABLES for verb in ("UPDATE", "DELETE")],
    "postgresql": [refuse_on_postgresql(table) for table in TABLES],
}
