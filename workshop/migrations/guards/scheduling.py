"""A consent, an accepted plan, a hold and a closed day are records: nobody rewrites them."""

from __future__ import annotations

from workshop.migrations.guards.append_only import refuse_on_postgresql, refuse_on_sqlite

TABLES = ("day_consent", "plan_step", "job_hold", "day_close")

UPGRADE = {
    "sqlite": [refuse_on_sqlite(table, verb) for table in TABLES for verb in ("UPDATE", "DELETE")],
    "postgresql": [refuse_on_postgresql(table) for table in TABLES],
}
