"""A consent, an accepted plan, a hold and a closed day are records: nobody rewrites them.

A hold is released once and a closed day opened again once; of both nothing else ever changes.
Nothing is planned into a closed day, and no day is closed over work that is planned in it and not
finished.
"""

from __future__ import annotations

from workshop.migrations.guards.append_only import refuse_on_postgresql, refuse_on_sqlite

TABLES = ("day_consent", "plan_step")
# What is known from the start, and what is added once.
ENDED = {
    "job_hold": (("id", "job_id", "day", "reason", "note", "held_at", "held_by_id"), "released_at"),
    "day_close": (
        (
            "id",
            "branch_id",
            "day",
            "begins_at",
            "ends_at",
            "finished",
            "carried",
            "held",
            "closed_at",
            "closed_by_id",
        ),
        "reopened_at",
    ),
}

_STANDS = """
    SELECT 1 FROM day_close AS closed
    WHERE closed.branch_id = NEW.branch_id AND closed.reopened_at IS NULL
      AND NEW.starts_at >= closed.begins_at AND NEW.starts_at < closed.ends_at"""
_UNFINISHED = """
    SELECT 1 FROM allocation
      JOIN job ON job.id = allocation.job_id
      JOIN repair_order ON repair_order.id = job.order_id
    WHERE allocation.branch_id = NEW.branch_id AND allocation.status = 'planned'
      AND allocation.starts_at >= NEW.begins_at AND allocation.starts_at < NEW.ends_at
      AND job.state IN ('waiting', 'running', 'paused')
      AND repair_order.stage IN ('authorised', 'scheduled', 'repair', 'paused', 'rework')"""


def _is_rewritten(columns: tuple[str, ...], end: str, differs: str) -> str:
    """Whether an update does anything but to add the end."""
    changed = " OR ".join(f"NEW.{each} {differs} OLD.{each}" for each in columns)
    return f"OLD.{end} IS NOT NULL OR NEW.{end} IS NULL OR {changed}"


def _ended_on_sqlite(table: str) -> list[str]:
    columns, end = ENDED[table]
    return [
        f"CREATE TRIGGER {table}_no_rewrite BEFORE UPDATE ON {table} "
        f"WHEN {_is_rewritten(columns, end, 'IS NOT')} "
        f"BEGIN SELECT RAISE(ABORT, 'append-only:{table}'); END",
        refuse_on_sqlite(table, "DELETE"),
    ]


def _ended_on_postgresql(table: str) -> list[str]:
    columns, end = ENDED[table]
    return [
        f"CREATE TRIGGER {table}_no_rewrite BEFORE UPDATE ON {table} FOR EACH ROW "
        f"WHEN ({_is_rewritten(columns, end, 'IS DISTINCT FROM')}) "
        "EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    ]


def _never_on_sqlite(name: str, table: str, verb: str, when: str, query: str) -> str:
    return (
        f"CREATE TRIGGER {table}_{name.replace('-', '_')}_{verb.lower()} BEFORE {verb} ON {table} "
        f"{when} BEGIN SELECT RAISE(ABORT, '{name}') WHERE EXISTS ({query}); END"
    )


def _never_on_postgresql(name: str, table: str, verbs: str, when: str, query: str) -> list[str]:
    function = f"refuse_{name.replace('-', '_')}"
    return [
        f"""
        CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF EXISTS ({query}) THEN
            RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN NEW;
        END $$""",
        f"CREATE TRIGGER {table}_{name.replace('-', '_')} BEFORE {verbs} ON {table} "
        f"FOR EACH ROW {when} EXECUTE FUNCTION {function}()",
    ]


UPGRADE = {
    "sqlite": [
        *(refuse_on_sqlite(table, verb) for table in TABLES for verb in ("UPDATE", "DELETE")),
        *(statement for table in ENDED for statement in _ended_on_sqlite(table)),
        *(
            _never_on_sqlite(
                "closed-day", "allocation", verb, "WHEN NEW.status = 'planned'", _STANDS
            )
            for verb in ("INSERT", "UPDATE")
        ),
        _never_on_sqlite("unfinished-day", "day_close", "INSERT", "", _UNFINISHED),
    ],
    "postgresql": [
        *(refuse_on_postgresql(table) for table in TABLES),
        *(statement for table in ENDED for statement in _ended_on_postgresql(table)),
        *_never_on_postgresql(
            "closed-day",
            "allocation",
            "INSERT OR UPDATE",
            "WHEN (NEW.status = 'planned')",
            _STANDS,
        ),
        *_never_on_postgresql("unfinished-day", "day_close", "INSERT", "", _UNFINISHED),
    ],
}
