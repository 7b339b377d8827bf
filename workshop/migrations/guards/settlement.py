"""A settled bill stays as it was: no change of its lines or figures, no deletion of any document.

Lines are written while their settlement is open; a red letter is closed in the same transaction.
Payments take new lines only: a refund is a negative entry.
"""

from __future__ import annotations

from workshop.migrations.guards.append_only import refuse_on_postgresql, refuse_on_sqlite

_FROZEN = (
    "order_id",
    "no",
    "version_no",
    "kind",
    "authorised_fen",
    "total_fen",
    "customer_fen",
    "labour_fen",
    "parts_fen",
    "other_fen",
    "discount_fen",
    "tax_fen",
    "made_at",
    "reverses_id",
)
_CHANGED_SQLITE = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _FROZEN)
_CHANGED_POSTGRESQL = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _FROZEN)
# A credit may still be paid, and everything but a reversed bill may be reversed.
_BACKWARDS = """(OLD.state = 'reversed' AND NEW.state <> 'reversed')
    OR (OLD.state IN ('paid', 'credited') AND NEW.state = 'open')
    OR (OLD.state = 'paid' AND NEW.state = 'credited')"""
_RAISE = """RAISE EXCEPTION USING MESSAGE = 'settled:' || TG_TABLE_NAME,
    ERRCODE = 'integrity_constraint_violation';"""


def _sqlite_lines(verb: str, row: str) -> str:
    return f"""
    CREATE TRIGGER settlement_line_locked_{verb.lower()} BEFORE {verb} ON settlement_line
    BEGIN
      SELECT RAISE(ABORT, 'settled:settlement_line') WHERE EXISTS (
        SELECT 1 FROM settlement WHERE id = {row}.settlement_id AND state <> 'open');
    END"""


UPGRADE = {
    "sqlite": [
        *(refuse_on_sqlite("payment", verb) for verb in ("UPDATE", "DELETE")),
        _sqlite_lines("INSERT", "NEW"),
        _sqlite_lines("UPDATE", "OLD"),
        _sqlite_lines("DELETE", "OLD"),
        f"""
    CREATE TRIGGER settlement_locked BEFORE UPDATE ON settlement
    WHEN (OLD.state <> 'open' AND ({_CHANGED_SQLITE})) OR {_BACKWARDS}
    BEGIN SELECT RAISE(ABORT, 'settled:settlement'); END""",
        """
    CREATE TRIGGER settlement_kept BEFORE DELETE ON settlement
    BEGIN SELECT RAISE(ABORT, 'settled:settlement'); END""",
    ],
    "postgresql": [
        refuse_on_postgresql("payment"),
        f"""
    CREATE FUNCTION refuse_settled_line() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM settlement WHERE state <> 'open' AND id =
                 CASE WHEN TG_OP = 'INSERT' THEN NEW.settlement_id ELSE OLD.settlement_id END)
      THEN {_RAISE} END IF;
      RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END $$""",
        """
    CREATE TRIGGER settlement_line_locked BEFORE INSERT OR UPDATE OR DELETE ON settlement_line
    FOR EACH ROW EXECUTE FUNCTION refuse_settled_line()""",
        f"""
    CREATE FUNCTION refuse_settled() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN {_RAISE} END IF;
      IF (OLD.state <> 'open' AND ({_CHANGED_POSTGRESQL})) OR {_BACKWARDS} THEN {_RAISE} END IF;
      RETURN NEW;
    END $$""",
        """
    CREATE TRIGGER settlement_locked BEFORE UPDATE OR DELETE ON settlement
    FOR EACH ROW EXECUTE FUNCTION refuse_settled()""",
    ],
}
