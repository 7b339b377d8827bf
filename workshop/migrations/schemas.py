"""What a database's schema is, and what it should be at each revision.

`schemas.toml` keeps a hash for each revision and engine. Two databases that went through the same
migrations have the same hash; one of an unfinished development state, or one that somebody
changed by hand, has another.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

FILE = Path(__file__).with_name("schemas.toml")


def read(connection: Connection) -> list[str]:
    """Everything in the schema, a line for each table, column, constraint, index and trigger."""
    lines = _on_sqlite(connection) if _is_sqlite(connection) else _on_postgresql(connection)
    return sorted(line for line in lines if " alembic_version" not in line)


def fingerprint(lines: list[str]) -> str:
    """The hash of a schema.

    An index that only makes a search quick does not count: who runs the server may add one.
    """
    counted = "\n".join(line for line in lines if not line.startswith("index "))
    return hashlib.sha256(counted.encode()).hexdigest()


def find_wanted(revision: str, dialect: str) -> str | None:
    """The hash of the schema at a revision; None while a new migration is being written."""
    hashes: dict[str, str] = _kept().get("hash", {}).get(revision, {})
    return hashes.get(dialect)


def newest() -> str:
    """The revision of this release."""
    revisions: dict[str, Any] = _kept()["hash"]
    return max(revisions)


def list_guards(dialect: str) -> list[str]:
    """Names of the triggers and constraints that the newest revision guards the data with."""
    names: list[str] = _kept()["guards"][dialect]
    return names


def read_guards(connection: Connection) -> list[str]:
    """Names of the guards in this database; one that is switched off is not there."""
    if _is_sqlite(connection):
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = """
            SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
            WHERE NOT tgisinternal AND tgenabled <> 'D'
              AND relnamespace = current_schema()::regnamespace
            UNION SELECT conname FROM pg_constraint
            WHERE connamespace = current_schema()::regnamespace
              AND contype IN ('c', 'x') AND conrelid <> 0"""
    return sorted(connection.execute(text(query)).scalars())


def read_indexes(connection: Connection) -> set[str]:
    """Names of the indexes in this database."""
    if _is_sqlite(connection):
        query = "SELECT name FROM sqlite_master WHERE type = 'index'"
    else:
        query = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
    return set(connection.execute(text(query)).scalars())


def list_tables(connection: Connection) -> set[str]:
    """The tables in the database, of this program or of another."""
    if _is_sqlite(connection):
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    else:
        query = f"SELECT relname FROM pg_class AS c WHERE relkind IN ('r', 'p') AND {_OURS}"
    return set(connection.execute(text(query)).scalars())


@cache
def _kept() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _on_sqlite(connection: Connection) -> list[str]:
    """SQLite keeps the statements themselves; a renamed table gets quotes that mean nothing."""
    query = text("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    return [
        f"{_kind(row.type, row.sql)} {row.name}: {_squash(row.sql)}"
        for row in connection.execute(query)
        if row.sql is not None
    ]


def _kind(kind: str, statement: str) -> str:
    is_unique = kind == "index" and statement.upper().startswith("CREATE UNIQUE")
    return "unique index" if is_unique else kind


def _squash(statement: str) -> str:
    return re.sub(r"\s*([(),])\s*", r"\1", " ".join(statement.replace('"', "").split()))


# What an extension brought along is not ours.
_OURS = """c.relnamespace = current_schema()::regnamespace AND NOT EXISTS (
    SELECT 1 FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')"""
# Servers of other versions print the same expression with other brackets, casts and spaces. Its
# constants are what they all print alike, so only these count; a function's text is kept as it
# was written.
_CONSTANTS = """coalesce((SELECT string_agg(m[1], ' ' ORDER BY m[1] COLLATE "C")
    FROM regexp_matches({0}, '(''[^'']*'')', 'g') AS m), '')"""
_ATTRIBUTES = """(SELECT string_agg(a.attname, ',' ORDER BY part.place)
    FROM unnest({0}) WITH ORDINALITY AS part(number, place)
    JOIN pg_attribute AS a ON a.attrelid = {1} AND a.attnum = part.number)"""
_POSTGRESQL = (
    f"""
    SELECT 'column ' || c.relname || '.' || a.attname || ': '
      || format_type(a.atttypid, a.atttypmod)
      || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
      || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
      LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND {_OURS}""",
    # The kinds by letter: 'n', NOT NULL as a constraint, is new in version 18.
    f"""
    SELECT 'constraint ' || c.relname || '.' || k.conname || ': ' || k.contype::text
      || ' (' || coalesce({_ATTRIBUTES.format("k.conkey", "k.conrelid")}, '') || ')'
      || CASE WHEN k.contype = 'f' THEN ' to ' || r.relname || ' ('
        || {_ATTRIBUTES.format("k.confkey", "k.confrelid")} || ') ' || k.confdeltype::text
        || k.confupdtype::text ELSE '' END
      || CASE WHEN k.condeferrable THEN ' deferrable' ELSE '' END
      || CASE WHEN k.contype IN ('c', 'x') THEN ' ' ||
        {_CONSTANTS.format("pg_get_constraintdef(k.oid)")} ELSE '' END
    FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
      LEFT JOIN pg_class AS r ON r.oid = k.confrelid
    WHERE k.contype IN ('c', 'f', 'p', 'u', 'x') AND {_OURS}""",
    f"""
    SELECT 'trigger ' || c.relname || '.' || t.tgname || ': ' || t.tgtype::text || t.tgenabled::text
      || ' ' || p.proname || ' ' || {_CONSTANTS.format("pg_get_triggerdef(t.oid)")}
      || ' ' || btrim(regexp_replace(p.prosrc, '\\s+', ' ', 'g'))
    FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
      JOIN pg_proc AS p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND {_OURS}""",
    f"""
    SELECT CASE WHEN i.indisunique THEN 'unique index ' ELSE 'index ' END || x.relname
      || ': ' || c.relname || ' (' || coalesce(
        {_ATTRIBUTES.format("i.indkey::int2[]", "i.indrelid")}, '') || ')'
      || CASE WHEN i.indpred IS NULL THEN '' ELSE ' where '
        || {_CONSTANTS.format("pg_get_expr(i.indpred, i.indrelid)")} END
    FROM pg_index AS i JOIN pg_class AS x ON x.oid = i.indexrelid
      JOIN pg_class AS c ON c.oid = i.indrelid
    WHERE {_OURS} AND NOT EXISTS (
      SELECT 1 FROM pg_constraint AS k WHERE k.conindid = i.indexrelid)""",
)


def _on_postgresql(connection: Connection) -> list[str]:
    lines: list[str] = []
    for query in _POSTGRESQL:
        found = connection.exec_driver_sql(query, execution_options={"no_parameters": True})
        lines += found.scalars()
    return lines
