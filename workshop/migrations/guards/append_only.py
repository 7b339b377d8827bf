"""Histories and ledgers take new lines only; an update or a delete is refused."""

from __future__ import annotations

TABLES = (
    "audit_entry",
    "stage_change",
    "promise_change",
    "stock_entry",
    "odometer_reading",
    "case_entry",
)


def refuse_on_sqlite(table: str, verb: str) -> str:
    """A trigger that refuses `verb` (UPDATE or DELETE) on the table."""
    return (
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'append-only:{table}'); END"
    )


def refuse_on_postgresql(table: str) -> str:
    """A trigger that refuses UPDATE and DELETE on the table."""
    return (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'append-only:' || TG_TABLE_NAME,
    ERRCODE = 'integrity_constraint_violation';
END $$
"""

UPGRADE = {
    "sqlite": [refuse_on_sqlite(table, verb) for table in TABLES for verb in ("UPDATE", "DELETE")],
    "postgresql": [FUNCTION, *(refuse_on_postgresql(table) for table in TABLES)],
}
