"""Bringing a shop's database to this release: from any released one, whole or not at all."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from workshop import db
from workshop.migrations import schemas
from workshop.staff import granting
from workshop.staff import service as staff

MIGRATIONS = Path(__file__).parent / "migrations"
# Where the migrations lie; a test adds some of its own.
VERSIONS = [MIGRATIONS / "versions"]
KEPT_COPIES = 3
# A copy of the file, and as much again for what the upgrade writes before it ends.
_TIMES_ITS_SIZE = 2
_LOCK_KEY = 716_004_002
_MEGABYTE = 2**20


class Unfit(Exception):
    """The database cannot be used or upgraded; the message says why and what to do."""


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did: revisions before (None: a new database) and after, and the copy."""

    before: str | None
    after: str
    copy: Path | None


def upgrade(*, at: datetime) -> Upgraded:
    """Bring the app's database to this release, in one transaction, and commit.

    Of a SQLite file a copy is kept beside it first. Roles learn the permissions that are new.
    Raises Unfit, with nothing changed, for a database that is not ours or from a newer release,
    and when there is no room.
    """
    with _alone() as connection:
        before = find_revision(connection)
        copy = None
        if before != head():
            copy = _keep_copy(before, at) if before is not None else None
            bring_up(connection)
    # Here too: the other upgrade must find the roles, and not make them as well.
    _wait_for_others(db.session.connection())
    granting.learn_permissions(at=at)
    staff.ensure_roles()
    db.commit()
    db.session.remove()
    return Upgraded(before, head(), copy)


def bring_up(connection: Connection) -> None:
    """Bring the database of the connection to this release, in its transaction.

    Raises Unfit for one that cannot be. Foreign keys are off on SQLite while it runs.
    """
    if find_revision(connection) != head():
        _migrate(connection)
        _check_result(connection)


def require_current() -> None:
    """Raise Unfit unless the database is that of this release."""
    with db.reading(), db.db.engine.connect() as connection:
        found = find_revision(connection)
    if found is None:
        raise Unfit("the database is not set up yet: run workshop init")
    if found != head():
        raise Unfit(f"the database is at {found}, wanted {head()}: run workshop upgrade")


def find_revision(connection: Connection) -> str | None:
    """The revision of the database, None for an empty one.

    Raises Unfit when it is not ours, is newer, or is not what its revision says.
    """
    tables = schemas.list_tables(connection)
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        if tables - {"alembic_version"}:
            raise Unfit(_is_foreign(connection, tables))
        return None
    if found not in list_revisions():
        is_ours = "repair_order" in tables
        raise Unfit(_is_newer(connection, found) if is_ours else _is_foreign(connection, tables))
    wanted = schemas.find_wanted(found, connection.dialect.name)
    if wanted not in (None, schemas.fingerprint(schemas.read(connection))):
        raise Unfit(_is_changed(connection, found))
    return found


def head() -> str:
    """The revision of this release."""
    return list_revisions()[-1]


def list_revisions() -> list[str]:
    """All revisions that this release knows, from the first to the newest."""
    return [each.revision for each in _script().walk_revisions()][::-1]


def version() -> str:
    """The number of this release."""
    return version_of("workshop")


def free_bytes(folder: Path) -> int:
    """How much room the disk of a folder has."""
    return shutil.disk_usage(folder).free


def _where(connection: Connection) -> str:
    return connection.engine.url.render_as_string(hide_password=True)


def _is_foreign(connection: Connection, tables: set[str]) -> str:
    some = ", ".join(sorted(tables - {"alembic_version"})[:3])
    return (
        f"{_where(connection)} holds tables of another program ({some}): nothing was changed. "
        "Give Workshop a database of its own with WORKSHOP_DATABASE_URL"
    )


def _is_newer(connection: Connection, found: str) -> str:
    return (
        f"{_where(connection)} is at {found}, and Workshop {version()} knows only up to {head()}: "
        "a newer Workshop has upgraded it. Nothing was changed. Install the newer Workshop again, "
        "or put back the copy that was kept before the upgrade"
    )


def _is_changed(connection: Connection, found: str) -> str:
    gone = set(schemas.list_guards(connection.dialect.name))
    gone -= set(schemas.read_guards(connection))
    if found == head() and gone:
        names = ", ".join(sorted(gone))
        return f"guards of the database are gone: {names}; restore a backup"
    return (
        f"{_where(connection)} says it is at {found}, but its tables are not those of {found} in "
        f"Workshop {version()}: an unfinished version made it, or somebody changed it by hand. "
        "Restore a backup, or begin with an empty database"
    )


def _script() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS), version_locations=[str(each) for each in VERSIONS])


@contextmanager
def _alone() -> Iterator[Connection]:
    """A transaction that no other upgrade runs beside.

    On SQLite foreign keys are off in it, so that a table may be rebuilt; that can only be said
    outside of a transaction. The connection is closed in the end and never used for anything else.
    """
    with db.db.engine.connect() as connection:
        connection.detach()
        if db.is_sqlite():
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            _wait_for_others(connection)
            yield connection


def _wait_for_others(connection: Connection) -> None:
    """Let no other upgrade run until the transaction ends; SQLite has one writer anyway."""
    if not db.is_sqlite():
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_KEY)))


def _migrate(connection: Connection) -> None:
    script = _script()

    def steps(revision: Any, _context: Any) -> Any:
        # Alembic's own recipe for an upgrade by a program.
        return script._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()


def _check_result(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            tables = ", ".join(sorted({row[0] for row in broken}))
            raise Unfit(f"rows of {tables} refer to rows that are not there: nothing was changed")
    find_revision(connection)


def _keep_copy(revision: str, at: datetime) -> Path | None:
    """Copy the file of SQLite beside it; a server has backups of its own.

    The copy gets its name only when it is whole.
    """
    if not db.is_sqlite():
        return None
    file = Path(str(db.db.engine.url.database))
    _require_room(file)
    time = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    copy = file.with_name(f"{file.stem}-at-{revision}-before-{version()}-{time}{file.suffix}")
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
    os.replace(part, copy)
    _forget_old_copies(file)
    return copy


def _require_room(file: Path) -> None:
    together = (file, file.with_name(f"{file.name}-wal"))
    size = sum(each.stat().st_size for each in together if each.exists())
    needed, free = size * _TIMES_ITS_SIZE, free_bytes(file.parent)
    if free < needed:
        raise Unfit(
            f"the upgrade needs {needed // _MEGABYTE + 1} MB in {file.parent}, for a copy of the "
            f"database and for its own work, and {free // _MEGABYTE} MB are free: nothing was "
            "changed. Make room and try again"
        )


def _forget_old_copies(file: Path) -> None:
    copies = file.parent.glob(f"{file.stem}-at-*-before-*{file.suffix}")
    for old in sorted(copies, key=lambda each: each.stem.rpartition("-")[2])[:-KEPT_COPIES]:
        old.unlink()
