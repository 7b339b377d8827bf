"""What was signed stays as it was signed: its lines and its terms take no change.

Signing writes the lines first and the signature last, in one transaction. Only the state of a
signed quotation may still change, to superseded.
"""

from __future__ import annotations

_FROZEN = (
    "order_id",
    "no",
    "version_no",
    "kind",
    "total_fen",
    "offered_promise_at",
    "signed_at",
    "signer_name",
    "signature_id",
    "channel",
    "evidence",
    "device",
)
_SIGNED = "signed_at IS NOT NULL"


def _sqlite_lines(verb: str, row: str) -> str:
    return f"""
    CREATE TRIGGER quotation_line_signed_{verb.lower()} BEFORE {verb} ON quotation_line
    BEGIN
      SELECT RAISE(ABORT, 'signed:quotation_line') WHERE EXISTS (
        SELECT 1 FROM quotation WHERE id = {row}.quotation_id AND {_SIGNED});
    END"""


_CHANGED_SQLITE = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _FROZEN)
_CHANGED_POSTGRESQL = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _FROZEN)
_RAISE = """RAISE EXCEPTION USING MESSAGE = 'signed:' || TG_TABLE_NAME,
    ERRCODE = 'integrity_constraint_violation';"""

UPGRADE = {
    "sqlite": [
        _sqlite_lines("INSERT", "NEW"),
        _sqlite_lines("UPDATE", "OLD"),
        _sqlite_lines("DELETE", "OLD"),
        f"""
    CREATE TRIGGER quotation_signed_update BEFORE UPDATE ON quotation
    WHEN OLD.{_SIGNED} AND ({_CHANGED_SQLITE})
    BEGIN SELECT RAISE(ABORT, 'signed:quotation'); END""",
        f"""
    CREATE TRIGGER quotation_signed_delete BEFORE DELETE ON quotation WHEN OLD.{_SIGNED}
    BEGIN SELECT RAISE(ABORT, 'signed:quotation'); END""",
    ],
    "postgresql": [
        f"""
    CREATE FUNCTION refuse_signed_line() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM quotation WHERE {_SIGNED} AND id =
                 CASE WHEN TG_OP = 'INSERT' THEN NEW.quotation_id ELSE OLD.quotation_id END)
      THEN {_RAISE} END IF;
      RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END $$""",
        """
    CREATE TRIGGER quotation_line_signed BEFORE INSERT OR UPDATE OR DELETE ON quotation_line
    FOR EACH ROW EXECUTE FUNCTION refuse_signed_line()""",
        f"""
    CREATE FUNCTION refuse_signed_quotation() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.{_SIGNED} AND (TG_OP = 'DELETE' OR {_CHANGED_POSTGRESQL}) THEN {_RAISE} END IF;
      RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END $$""",
        """
    CREATE TRIGGER quotation_signed BEFORE UPDATE OR DELETE ON quotation
    FOR EACH ROW EXECUTE FUNCTION refuse_signed_quotation()""",
    ],
}
