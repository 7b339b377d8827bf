"""A customer's consent is a record: nobody rewrites it."""

from __future__ import annotations

from workshop.migrations.guards.append_only import refuse_on_postgresql, refuse_on_sqlite

UPGRADE = {
    "sqlite": [refuse_on_sqlite("day_consent", verb) for verb in ("UPDATE", "DELETE")],
    "postgresql": [refuse_on_postgresql("day_consent")],
}
