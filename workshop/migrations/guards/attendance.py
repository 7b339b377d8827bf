"""A stay in the shop is written once: open ones are ended, wrong ones replaced, nothing rewritten.

Nobody is here twice at one moment, and a break lies within its stay and beside no other.
"""

from __future__ import annotations

_CHANGED = """NEW.technician_id <> OLD.technician_id OR NEW.started_at <> OLD.started_at
      OR NEW.made_at <> OLD.made_at OR NEW.made_by_id <> OLD.made_by_id
      OR NEW.reason <> OLD.reason OR OLD.replaced_at IS NOT NULL"""
_BREAK_CHANGED = "NEW.attendance_id <> OLD.attendance_id OR NEW.started_at <> OLD.started_at"

# A stay ends after its breaks, and before its end all of them are over.
_OUTLASTED = """SELECT 1 FROM attendance_break AS pause WHERE pause.attendance_id = NEW.id
          AND NEW.ended_at IS NOT NULL
          AND (pause.ended_at IS NULL OR pause.ended_at > NEW.ended_at)"""
_OUTSIDE = """SELECT 1 FROM attendance AS stay WHERE stay.id = NEW.attendance_id
          AND (NEW.started_at < stay.started_at OR (stay.ended_at IS NOT NULL
            AND (NEW.ended_at IS NULL OR NEW.ended_at > stay.ended_at)))"""


def _sqlite_overlap(table: str, column: str, verb: str, *, live: str = "") -> str:
    mine = live.replace("other.", "NEW.") or "1"
    return f"""
    CREATE TRIGGER {table}_overlap_{verb.lower()} BEFORE {verb} ON {table}
    WHEN {mine}
    BEGIN
      SELECT RAISE(ABORT, 'overlap:{table}') WHERE EXISTS (
        SELECT 1 FROM {table} AS other
        WHERE other.{column} = NEW.{column} AND other.id IS NOT NEW.id
          AND {live or "1"}
          AND other.started_at IS NOT other.ended_at AND NEW.started_at IS NOT NEW.ended_at
          AND (NEW.ended_at IS NULL OR other.started_at < NEW.ended_at)
          AND (other.ended_at IS NULL OR other.ended_at > NEW.started_at));
    END"""


def _sqlite(name: str, event: str, when: str, words: str) -> str:
    return f"""
    CREATE TRIGGER {name} BEFORE {event} WHEN {when}
    BEGIN SELECT RAISE(ABORT, '{words}'); END"""


def _postgresql(table: str, event: str, when: str, words: str) -> str:
    name = f"{table}_{words.partition(':')[0]}_{event.partition(' ')[0].lower()}"
    return f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF {when} THEN
        RAISE EXCEPTION USING MESSAGE = '{words}', ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER {name} BEFORE {event} ON {table}
    FOR EACH ROW EXECUTE FUNCTION {name}()"""


_REWRITTEN = f"{_CHANGED} OR (OLD.ended_at IS NOT NULL AND {{differs}})"
_BREAK_REWRITTEN = f"{_BREAK_CHANGED} OR (OLD.ended_at IS NOT NULL AND {{differs}})"
_ON_SQLITE = "NEW.ended_at IS NOT OLD.ended_at"
_ON_POSTGRESQL = "NEW.ended_at IS DISTINCT FROM OLD.ended_at"

UPGRADE = {
    "sqlite": [
        *(
            _sqlite_overlap("attendance", "technician_id", verb, live="other.replaced_at IS NULL")
            for verb in ("INSERT", "UPDATE")
        ),
        *(
            _sqlite_overlap("attendance_break", "attendance_id", verb)
            for verb in ("INSERT", "UPDATE")
        ),
        _sqlite(
            "attendance_frozen",
            "UPDATE ON attendance",
            _REWRITTEN.format(differs=_ON_SQLITE),
            "frozen:attendance",
        ),
        _sqlite(
            "attendance_break_frozen",
            "UPDATE ON attendance_break",
            _BREAK_REWRITTEN.format(differs=_ON_SQLITE),
            "frozen:attendance_break",
        ),
        _sqlite("attendance_kept", "DELETE ON attendance", "1", "frozen:attendance"),
        _sqlite(
            "attendance_break_kept", "DELETE ON attendance_break", "1", "frozen:attendance_break"
        ),
        _sqlite(
            "attendance_outlasted",
            "UPDATE ON attendance",
            f"EXISTS ({_OUTLASTED})",
            "order:attendance",
        ),
        *(
            _sqlite(
                f"attendance_break_outside_{verb.lower()}",
                f"{verb} ON attendance_break",
                f"EXISTS ({_OUTSIDE})",
                "order:attendance_break",
            )
            for verb in ("INSERT", "UPDATE")
        ),
    ],
    "postgresql": [
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        """ALTER TABLE attendance ADD CONSTRAINT ex_attendance_overlap
        EXCLUDE USING gist (technician_id WITH =, tstzrange(started_at, ended_at, '[)') WITH &&)
        WHERE (replaced_at IS NULL)""",
        """ALTER TABLE attendance_break ADD CONSTRAINT ex_attendance_break_overlap
        EXCLUDE USING gist (attendance_id WITH =, tstzrange(started_at, ended_at, '[)') WITH &&)
        """,
        _postgresql(
            "attendance",
            "UPDATE",
            _REWRITTEN.format(differs=_ON_POSTGRESQL),
            "frozen:attendance",
        ),
        _postgresql(
            "attendance_break",
            "UPDATE",
            _BREAK_REWRITTEN.format(differs=_ON_POSTGRESQL),
            "frozen:attendance_break",
        ),
        _postgresql("attendance", "DELETE", "TRUE", "frozen:attendance"),
        _postgresql("attendance_break", "DELETE", "TRUE", "frozen:attendance_break"),
        _postgresql("attendance", "UPDATE", f"EXISTS ({_OUTLASTED})", "order:attendance"),
        _postgresql(
            "attendance_break",
            "INSERT OR UPDATE",
            f"EXISTS ({_OUTSIDE})",
            "order:attendance_break",
        ),
    ],
}
