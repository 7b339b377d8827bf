"""Bringing a shop back from an archive: looked at first, whole or not at all.

A SQLite file is made ready and brought to this release beside the one that is there, and takes its
place in one step; PostgreSQL does all of it in one transaction.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from workshop import db, upgrading
from workshop.app import create_app
from workshop.backup import archive, figures, making, postgresql, sqlite, swapping, verifying
from workshop.backup.archive import Manifest
from workshop.backup.errors import BackupFailed
from workshop.backup.figures import Figures
from workshop.backup.records import Record
from workshop.backup.swapping import DATABASE_READY, READY, CannotRestore
from workshop.config import Settings

_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Plan:
    """What a restore would do; `now` is None where no shop is yet, or none that can be read."""

    file: Path
    manifest: Manifest
    now: Figures | None
    damage: str | None = None


def look(settings: Settings, file: Path) -> Plan:
    """Check an archive to its last byte, and count what it would replace.

    Raises CannotRestore for a newer release's and another engine's, BadArchive for a broken one.
    """
    manifest = archive.check(file, settings.backups.key)
    engine = sa.make_url(settings.database_url).get_backend_name()
    if manifest.engine != engine:
        raise CannotRestore(
            f"the archive holds a {manifest.engine} database and this installation uses {engine}. "
            f"Restore it into an installation on {manifest.engine}, then use workshop move"
        )
    if manifest.revision not in upgrading.list_revisions():
        raise CannotRestore(
            f"the archive is of Workshop {manifest.version} (database {manifest.revision}), and "
            f"this is Workshop {upgrading.version()}, which knows only up to {upgrading.head()}: "
            "install the newer Workshop first. Nothing was changed"
        )
    damage = _find_damage(settings)
    return Plan(file, manifest, None if damage else _count_present(settings), damage)


def restore(
    plan: Plan, settings: Settings, *, at: datetime, copy_first: bool = True
) -> Record | None:
    """Put the archive in the place of what is there; returns the backup that was made of that.

    Raises CannotRestore while Workshop runs on the data, and whatever stops it, with nothing
    changed.
    """
    with swapping.alone(settings):
        saved = None
        if copy_first and plan.now is not None:
            saved = making.make(settings, at=at)
        with ExitStack() as litter:
            moves = [*_lay_files(plan, settings, litter)]
            if plan.manifest.engine == "sqlite":
                _restore_sqlite(plan, settings, moves, litter, at)
            else:
                _restore_postgresql(plan, settings, moves, litter)
        with create_app(settings).app_context():
            upgrading.upgrade(at=at)
            upgrading.require_current()
            db.db.engine.dispose()
    return saved


def _find_damage(settings: Settings) -> str | None:
    """What is wrong with the present file of SQLite: a damaged one is what people restore for."""
    file = making.database_file(settings)
    return sqlite.find_damage(file) if file is not None and file.exists() else None


def _count_present(settings: Settings) -> Figures | None:
    file = making.database_file(settings)
    if file is not None and not file.exists():
        return None
    with (
        sqlite.opened(file) if file is not None else postgresql.connected(settings.database_url)
    ) as connection:
        return figures.read(connection) if _has_shop(connection) else None


def _has_shop(connection: Connection) -> bool:
    if "branch" not in sa.inspect(connection).get_table_names():
        return False
    return bool(connection.execute(sa.text("SELECT count(*) FROM branch")).scalar_one())


def _lay_files(plan: Plan, settings: Settings, litter: ExitStack) -> Iterator[dict[str, str]]:
    """Write the archive's other files beside their places; they go if it comes to nothing."""
    for name in plan.manifest.members:
        if not name.startswith(archive.FILES):
            continue
        target = settings.data_dir / name.removeprefix(archive.FILES)
        target.parent.mkdir(parents=True, exist_ok=True)
        ready = target.with_name(f"{target.name}{READY}")
        litter.callback(ready.unlink, missing_ok=True)
        archive.extract(plan.file, settings.backups.key, name, ready)
        yield {"from": str(ready), "to": str(target)}


# ---- SQLite: made ready beside, then put in its place ----


def _restore_sqlite(
    plan: Plan, settings: Settings, moves: list[dict[str, str]], litter: ExitStack, at: datetime
) -> None:
    file = making.database_file(settings)
    assert file is not None
    file.parent.mkdir(parents=True, exist_ok=True)
    ready = file.with_name(f"{file.name}{DATABASE_READY}")
    for each in (ready, *sqlite.companions(ready)):
        each.unlink(missing_ok=True)
        litter.callback(each.unlink, missing_ok=True)
    archive.extract(plan.file, settings.backups.key, plan.manifest.database, ready)
    verifying.require_whole(ready, plan.manifest)
    _upgrade_beside(settings, ready, at)
    if file.exists():
        _quiet(file, plan.damage is not None, at)
    # From here on it is certain.
    litter.pop_all()
    swapping.note(settings, [*moves, {"from": str(ready), "to": str(file)}])
    swapping.finish(settings)


def _upgrade_beside(settings: Settings, ready: Path, at: datetime) -> None:
    """Bring the file to this release before it takes anybody's place."""
    beside = replace(settings, database_url=f"sqlite:///{ready}")
    with create_app(beside).app_context():
        kept = upgrading.upgrade(at=at).copy
        upgrading.require_current()
        db.session.remove()
        db.db.engine.dispose()
    if kept is not None:
        # The archive is the copy.
        kept.unlink()
    with closing(sqlite3.connect(ready)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    damage = sqlite.find_damage(ready)
    if damage is not None:
        raise BackupFailed("the restored database is damaged: %(said)s", said=damage)


def _quiet(file: Path, is_damaged: bool, at: datetime) -> None:
    """Bring the old database into one file, which only works while nobody has it open.

    One that cannot be read is put aside under a name of its own.
    """
    if is_damaged:
        aside = file.with_name(f"workshop-damaged-{at.astimezone(UTC).strftime(_STAMP)}.db")
        for each in (file, *sqlite.companions(file)):
            if each.exists():
                shutil.copy2(each, aside.with_name(each.name.replace(file.name, aside.name)))
        return
    try:
        with closing(sqlite3.connect(file, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            # Where it was so already, nothing was locked: whoever reads is found by this.
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        raise CannotRestore(
            f"another program has {file} open ({error}): close it first. Nothing was changed"
        ) from error


# ---- PostgreSQL: one transaction ----


def _restore_postgresql(
    plan: Plan, settings: Settings, moves: list[dict[str, str]], litter: ExitStack
) -> None:
    """Empty the schema, run the dump and bring it up in one transaction.

    A table's comment carries the restore's token: whoever finds the journal of a killed process
    asks the server by it whether the transaction has ended well.
    """
    dump = settings.data_dir / f"database.pgdump{READY}"
    litter.callback(dump.unlink, missing_ok=True)
    archive.extract(plan.file, settings.backups.key, plan.manifest.database, dump)
    token = os.urandom(8).hex()
    try:
        with postgresql.connected(settings.database_url) as connection:
            postgresql.lock(connection)
            _require_nobody_else(connection)
            postgresql.empty(connection)
            postgresql.run_dump(dump, connection)
            verifying.require_same(connection, plan.manifest)
            upgrading.bring_up(connection)
            connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS '{token}'")
            dump.unlink()
            litter.pop_all()
            swapping.note(settings, moves, token=token)
            connection.commit()
    finally:
        # The server says whether it has come about, even if the line went in the commit.
        swapping.finish(settings)


def _require_nobody_else(connection: Connection) -> None:
    others = connection.exec_driver_sql(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    ).scalar_one()
    if others:
        raise CannotRestore(
            f"{others} others are connected to the database: stop Workshop, and every program that "
            "reads it, on all computers. Nothing was changed"
        )
