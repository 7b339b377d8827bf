"""Put a PostgreSQL test database back to its template, without making the database again.

Making it costs most of a second, and emptying the tables that a test wrote a few hundredths. Where
anything else than rows has changed, the database is made again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Connection, sql

from tests import servers

_TRIES = 50
# Who holds a table even so is got rid of with the whole database.
_PATIENCE = "-c lock_timeout=10s"
# Everything that an ALTER, CREATE or DROP writes into; the number of the writing transaction
# tells of a change that was taken back, too.
_CATALOGS = (
    "pg_class",
    "pg_attribute",
    "pg_attrdef",
    "pg_constraint",
    "pg_index",
    "pg_trigger",
    "pg_proc",
    "pg_extension",
)
_FINGERPRINT = " UNION ALL ".join(
    f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM {name}" for name in _CATALOGS
)
_TABLES = (
    "SELECT relname, pg_relation_size(oid) > 0, relhastriggers AND EXISTS "
    "(SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND NOT tgisinternal) "
    "FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
_COUNTERS = "SELECT sequencename, start_value, last_value FROM pg_sequences"
_END_OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class _OnlyRowsGoBack(Exception):
    """Something else than rows of empty tables has changed."""


@dataclass(frozen=True)
class _Fresh:
    """What a database is like that was just copied from the template."""

    schema: list[Any]
    counters: dict[str, tuple[int, int | None]]
    filled: dict[str, str | None]


class Copy:
    """A copy of a template database that is put back again and again."""

    def __init__(self, template: str, name: str) -> None:
        self.template = template
        self.name = name
        self._fresh: _Fresh | None = None
        # Kept, for it knows by now how all tables refer to each other; a new one asks again.
        self._connection: Connection[Any] | None = None

    def renew(self) -> None:
        """Make it equal to the template; whoever is still connected is cut off."""
        if self._fresh is None or self._connection is None:
            self._make()
            return
        try:
            _put_back(self._connection, self._fresh)
        except (psycopg.Error, _OnlyRowsGoBack):
            self._make()

    def drop(self) -> None:
        """Leave nothing behind on a shared server, the template neither."""
        self._hang_up()
        drop(self.name)
        drop(self.template)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _make(self) -> None:
        self._hang_up()
        drop(self.name)
        _run(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')
        url = f"{servers.POSTGRES_URL.rsplit('/', 1)[0]}/{self.name}"
        self._connection = psycopg.connect(url, autocommit=True, options=_PATIENCE)
        self._fresh = _look(self._connection)


def drop(name: str) -> None:
    """Take a database away, with everybody who is connected to it."""
    statement = f'DROP DATABASE IF EXISTS "{name}"'
    try:
        _run(f"{statement} WITH (FORCE)")
    except psycopg.errors.InsufficientPrivilege:
        # The server's own cleaning is at it, which no other role ends; without force it yields.
        _run(statement)


def make_empty(name: str) -> None:
    """Make a database without any table, in the place of an older one."""
    drop(name)
    _run(f'CREATE DATABASE "{name}"')


def _look(connection: Connection[Any]) -> _Fresh:
    filled = [name for name, has_rows, _ in connection.execute(_TABLES) if has_rows]
    return _Fresh(
        _read_schema(connection),
        {name: (first, last) for name, first, last in connection.execute(_COUNTERS)},
        {name: _read_rows(connection, name) for name in filled},
    )


def _put_back(connection: Connection[Any], fresh: _Fresh) -> None:
    connection.execute(_END_OTHERS)
    if _read_schema(connection) != fresh.schema:
        raise _OnlyRowsGoBack
    if any(_read_rows(connection, name) != rows for name, rows in fresh.filled.items()):
        raise _OnlyRowsGoBack
    written = {
        name: is_guarded
        for name, has_rows, is_guarded in connection.execute(_TABLES)
        if has_rows and name not in fresh.filled
    }
    if written:
        _empty(connection, written)
        fresh.schema[:] = _read_schema(connection)
    for name, first, last in connection.execute(_COUNTERS).fetchall():
        _set_back(connection, name, (first, last), fresh.counters[name])


def _read_schema(connection: Connection[Any]) -> list[Any]:
    return connection.execute(_FINGERPRINT).fetchall()


def _read_rows(connection: Connection[Any], table: str) -> str | None:
    """The rows as one hash, with the places where they lie."""
    query = sql.SQL(
        "SELECT md5(string_agg(ctid::text || {name}::text, '|' ORDER BY ctid)) FROM {name}"
    )
    found = connection.execute(query.format(name=sql.Identifier(table))).fetchone()
    assert found is not None
    return None if found[0] is None else str(found[0])


def _empty(connection: Connection[Any], written: dict[str, bool]) -> None:
    """Take every row out of these tables, past their guards.

    All in one statement, so that it does not matter which table refers to which. VACUUM then takes
    away the space of the dead rows: rows without an ORDER BY come as from a fresh table.
    """
    guarded = [name for name, is_guarded in written.items() if is_guarded]
    with connection.transaction():
        for name in guarded:
            _alter(connection, name, "DISABLE TRIGGER USER")
        deletes = [
            sql.SQL("{} AS (DELETE FROM {})").format(
                sql.Identifier(f"deleted_{number}"), sql.Identifier(name)
            )
            for number, name in enumerate(written)
        ]
        connection.execute(sql.SQL("WITH {} SELECT 1").format(sql.SQL(", ").join(deletes)))
        for name in guarded:
            _alter(connection, name, "ENABLE TRIGGER USER")
    names = sql.SQL(", ").join(map(sql.Identifier, written))
    connection.execute(sql.SQL("VACUUM (INDEX_CLEANUP ON, TRUNCATE ON) {}").format(names))


def _alter(connection: Connection[Any], table: str, what: str) -> None:
    name = sql.Identifier(table)
    connection.execute(sql.SQL("ALTER TABLE {} " + what).format(name))  # type: ignore[arg-type]


def _set_back(
    connection: Connection[Any],
    name: str,
    now: tuple[int, int | None],
    fresh: tuple[int, int | None],
) -> None:
    if now != fresh:
        first, last = fresh
        values = (sql.Identifier(name).as_string(), last or first, last is not None)
        connection.execute("SELECT setval(%s::regclass, %s, %s)", values)


def _run(statement: str) -> None:
    with psycopg.connect(servers.POSTGRES_URL, autocommit=True) as connection:
        # The server's own vacuum may hold the database for a moment, and only it can end that.
        for _ in range(_TRIES - 1):
            try:
                connection.execute(statement)
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
                connection.execute("SELECT pg_sleep(0.1)")
            else:
                return
        connection.execute(statement)
