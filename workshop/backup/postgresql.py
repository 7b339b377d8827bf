"""PostgreSQL's own tools: a dump of one moment, what is in it, and running it in a transaction."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.pool import NullPool

from workshop.backup.errors import BackupFailed
from workshop.errors import N_

_COPY = re.compile(rb"COPY .* FROM stdin;\r?\n")
_END_OF_COPY = (b"\\.\n", b"\\.\r\n")
# psql's own commands, and a setting that a server older than the tools does not know.
_NOT_FOR_SERVERS = (b"\\restrict", b"\\unrestrict", b"SET transaction_timeout")
_LONGEST_NAME = 63
_LOCK_KEY = 716_004_003
_MAY_MAKE = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection of its own, in one transaction that sees one moment."""
    engine = sa.create_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        yield connection


def require_tool(name: str, connection: Connection) -> str:
    """The path of pg_dump or pg_restore; raises BackupFailed unless it fits the server."""
    server = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
    path = shutil.which(name)
    if path is None:
        raise BackupFailed(
            N_("%(tool)s is missing: install the client tools of PostgreSQL %(version)s."),
            tool=name,
            version=server,
        )
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\)\s+(\d+)", said)
    if found is None or int(found.group(1)) < server:
        raise BackupFailed(
            N_("%(tool)s is too old (%(found)s): install that of PostgreSQL %(version)s."),
            tool=name,
            found=said.strip(),
            version=server,
        )
    return path


def dump(connection: Connection, target: Path) -> None:
    """Dump what the connection's transaction sees into a file of pg_dump's own format."""
    url = connection.engine.url
    tool = require_tool("pg_dump", connection)
    snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
    address = url.set(drivername="postgresql", password=None).render_as_string()
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    _run([tool, *options, f"--file={target}", f"--dbname={address}"], str(url.password or ""))


def list_tables(file: Path, connection: Connection) -> set[str]:
    """The tables whose rows are in a dump."""
    said = _run([require_tool("pg_restore", connection), "--list", str(file)])
    return set(re.findall(r"TABLE DATA \S+ (\S+) ", said))


@contextmanager
def scratch(url: str) -> Iterator[str | None]:
    """The address of an empty database beside this one, gone afterwards; None if the role may not.

    One that a killed process left behind is taken away first.
    """
    address = sa.make_url(url)
    name = f"{address.database}"[: _LONGEST_NAME - len("_backup_check")] + "_backup_check"
    engine = sa.create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.exec_driver_sql(_MAY_MAKE).scalar_one():
            yield None
            return
        quoted = connection.dialect.identifier_preparer.quote_identifier(name)
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {quoted}")
        connection.exec_driver_sql(f"CREATE DATABASE {quoted} TEMPLATE template0")
        try:
            yield address.set(database=name).render_as_string(hide_password=False)
        finally:
            with suppress(sa.exc.SQLAlchemyError):
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {quoted}")


def run_dump(file: Path, connection: Connection) -> None:
    """Bring a dump's tables and rows into an empty database, in the connection's transaction."""
    driver: Any = connection.connection.driver_connection
    tool = require_tool("pg_restore", connection)
    command = [tool, "--no-owner", "--no-privileges", "--file=-", str(file)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
        driver.cursor() as cursor,
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        _run_script(process.stdout, cursor)
        said = process.stderr.read().decode(errors="replace")
    if process.returncode:
        raise BackupFailed(N_("%(tool)s failed: %(said)s"), tool="pg_restore", said=said.strip())
    # The script leaves a search path and limits of its own.
    connection.exec_driver_sql("RESET ALL")


def lock(connection: Connection) -> None:
    """Let no other restore run until the transaction ends."""
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_KEY)))


def empty(connection: Connection) -> None:
    """Drop all tables and functions of the schema, in the connection's transaction.

    What an extension brought stays.
    """
    tables = connection.exec_driver_sql(
        "SELECT quote_ident(relname) FROM pg_class AS c WHERE relkind IN ('r', 'p') "
        f"AND relnamespace = current_schema()::regnamespace AND {_OURS}"
    ).scalars()
    if names := ", ".join(tables):
        connection.exec_driver_sql(f"DROP TABLE {names} CASCADE")
    functions = connection.exec_driver_sql(
        "SELECT c.oid::regprocedure::text FROM pg_proc AS c "
        f"WHERE pronamespace = current_schema()::regnamespace AND {_OURS}"
    ).scalars()
    if names := ", ".join(functions):
        connection.exec_driver_sql(f"DROP ROUTINE {names} CASCADE")


_OURS = "NOT EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')"


def _run_script(script: IO[bytes], cursor: Any) -> None:
    statements: list[bytes] = []
    for line in script:
        if line.startswith(_NOT_FOR_SERVERS):
            continue
        if not _COPY.fullmatch(line):
            statements.append(line)
            continue
        _execute(cursor, statements)
        with cursor.copy(line) as rows:
            for row in script:
                if row in _END_OF_COPY:
                    break
                rows.write(row)
    _execute(cursor, statements)


def _execute(cursor: Any, statements: list[bytes]) -> None:
    if any(line.strip() for line in statements):
        cursor.execute(b"".join(statements))
    statements.clear()


def _run(command: list[str], password: str | None = None) -> str:
    env = {**os.environ, "PGPASSWORD": password} if password else None
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    if done.returncode:
        tool = Path(command[0]).stem
        raise BackupFailed(
            N_("%(tool)s failed: %(said)s"), tool=tool, said=done.stderr.strip()[-400:]
        )
    return done.stdout
