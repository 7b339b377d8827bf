"""No two live allocations of one technician or one bay overlap, buffer included (N1).

The times are [starts_at, blocked_until). SQLite looks back 24 hours only, so that the index
serves: an allocation is always shorter.
"""

from __future__ import annotations

_COLUMNS = ("technician_id", "bay_id")


def _sqlite(column: str, verb: str) -> str:
    what = column.removesuffix("_id")
    return f"""
    CREATE TRIGGER allocation_{what}_overlap_{verb.lower()} BEFORE {verb} ON allocation
    WHEN NEW.status <> 'cancelled' AND NEW.{column} IS NOT NULL
    BEGIN
      SELECT RAISE(ABORT, 'overlap:{what}') WHERE EXISTS (
        SELECT 1 FROM allocation AS other
        WHERE other.{column} = NEW.{column}
          AND other.status <> 'cancelled'
          AND other.id IS NOT NEW.id
          AND other.starts_at < NEW.blocked_until
          AND other.starts_at > datetime(NEW.starts_at, '-25 hours')
          AND other.blocked_until > NEW.starts_at);
    END"""


def _postgresql(column: str) -> str:
    what = column.removesuffix("_id")
    return f"""
    ALTER TABLE allocation ADD CONSTRAINT ex_allocation_{what}_overlap
    EXCLUDE USING gist ({column} WITH =, tstzrange(starts_at, blocked_until, '[)') WITH &&)
    WHERE (status <> 'cancelled') DEFERRABLE INITIALLY IMMEDIATE"""


_SHORT = "CHECK (blocked_until <= starts_at + interval '24 hours')"

UPGRADE = {
    "sqlite": [
        *(_sqlite(column, verb) for column in _COLUMNS for verb in ("INSERT", "UPDATE")),
        *(
            f"""
    CREATE TRIGGER allocation_short_{verb.lower()} BEFORE {verb} ON allocation
    WHEN substr(NEW.blocked_until, 1, 19) > datetime(NEW.starts_at, '+24 hours')
    BEGIN SELECT RAISE(ABORT, 'allocation longer than a day'); END"""
            for verb in ("INSERT", "UPDATE")
        ),
    ],
    "postgresql": [
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        *(_postgresql(column) for column in _COLUMNS),
        f"ALTER TABLE allocation ADD CONSTRAINT ck_allocation_short {_SHORT}",
    ],
}
