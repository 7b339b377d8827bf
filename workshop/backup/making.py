"""Making a backup: written beside its name, opened and counted, and only then called a backup."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version as version_of
from pathlib import Path

import sqlalchemy as sa
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from workshop.backup import (
    archive,
    figures,
    folder,
    postgresql,
    records,
    rules,
    sqlite,
    verifying,
)
from workshop.backup.archive import Manifest
from workshop.backup.errors import BackupFailed
from workshop.backup.records import Record, Said
from workshop.backup.verifying import PART
from workshop.config import Settings
from workshop.errors import N_, WorkshopError
from workshop.migrations import schemas
from workshop.storage import locking, ownership

LOCK = "backup.lock"
# The copy of the database and the archive; afterwards the archive and the copy taken out of it.
_TIMES_ITS_SIZE = 2
_MEGABYTE = 2**20
_TROUBLE = (OSError, sqlite3.Error, SQLAlchemyError, WorkshopError)


def make(settings: Settings, *, at: datetime, by: str | None = None) -> Record:
    """Back everything up into the folder of backups; the record is laid beside the archive.

    Raises BackupFailed, after it has noted the failure there as well.
    """
    place = settings.backup_dir
    with _alone(settings):
        try:
            _make_folder(settings)
            record = _make(settings, place, at, by)
            records.keep(place, record)
        except _TROUBLE as error:
            failed = explain(error, place)
            _note_failure(place, at, by, failed)
            raise failed from error
    return record


def make_at(settings: Settings, place: Path, *, at: datetime) -> Record:
    """Back everything up into a folder that somebody names; it must be there."""
    with _alone(settings):
        try:
            return _make(settings, place, at, None)
        except _TROUBLE as error:
            raise explain(error, place) from error


def explain(error: Exception, place: Path | str) -> BackupFailed:
    """The same failure in words that a manager understands."""
    if isinstance(error, BackupFailed):
        return error
    if isinstance(error, WorkshopError):
        return BackupFailed(error.message, **error.values)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return BackupFailed(N_("%(place)s is not there."), place=str(place))
    said = error.strerror if isinstance(error, OSError) else str(error).splitlines()[0]
    return BackupFailed(
        N_("%(place)s: %(said)s"), place=str(place), said=said or type(error).__name__
    )


def is_running(settings: Settings) -> bool:
    """Whether a backup is being made now."""
    return locking.is_held(settings.data_dir / LOCK)


def database_file(settings: Settings) -> Path | None:
    """The file of a SQLite database; None for a server."""
    url = sa.make_url(settings.database_url)
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def require_no_lost_database(settings: Settings) -> None:
    """Raise BackupFailed where backups of a shop lie and its database is gone.

    An empty one in its place would look as if the shop had lost everything.
    """
    file = database_file(settings)
    if file is None or file.exists():
        return
    kept = records.find_last_good(records.list_records(settings.backup_dir))
    if kept is not None:
        raise BackupFailed(
            N_("%(place)s is not there, but its backup %(name)s is: restore that."),
            place=str(file),
            name=kept.name,
        )


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    try:
        # Whoever asks whether one is running has the lock for a moment.
        with locking.held(settings.data_dir / LOCK, patience_seconds=1):
            yield
    except locking.Held as error:
        raise BackupFailed(N_("Another backup is being made now."), code="running") from error


def _make_folder(settings: Settings) -> None:
    """Make the folder in the data folder; one that somebody names must be there."""
    place = settings.backup_dir
    if settings.backups.folder is None and not place.is_dir():
        place.mkdir()
        ownership.hand_over(place)
    if not place.is_dir():
        raise BackupFailed(N_("%(place)s is not there."), place=str(place))


def _make(settings: Settings, place: Path, at: datetime, by: str | None) -> Record:
    while (target := place / records.archive_name(at)).exists():
        # A clock that was put back must not cost an older backup.
        at += timedelta(seconds=1)
    part = place / f"{target.name}{PART}"
    _clear(place)
    try:
        manifest = _write(settings, part, at)
        verified = verifying.verify(settings, part, manifest)
        record = _describe(settings, part, manifest, verified, at, by)
        os.replace(part, target)
        ownership.hand_over(target)
    finally:
        _clear(place)
    return record


def _clear(place: Path) -> None:
    """Remove what a killed process or a failure has left; nobody else makes one now."""
    for left in place.glob(f"workshop-*Z.zip*{PART}"):
        left.unlink(missing_ok=True)


def _write(settings: Settings, part: Path, at: datetime) -> Manifest:
    file = database_file(settings)
    copy = part.with_name(f"{part.stem}.database{PART}")
    if file is not None:
        _require_room(file, part.parent)
        sqlite.copy(file, copy)
        with sqlite.opened(copy) as connection:
            manifest = _read_manifest(settings, connection, at)
    else:
        with postgresql.connected(settings.database_url) as connection:
            postgresql.dump(connection, copy)
            manifest = _read_manifest(settings, connection, at)
    written = archive.write(
        part, manifest, _members(settings, manifest, copy), settings.backups.key
    )
    copy.unlink()
    return written


def _members(settings: Settings, manifest: Manifest, copy: Path) -> Mapping[str, Path | bytes]:
    others = folder.list_files(settings.data_dir, settings.backup_dir, database_file(settings))
    return {
        manifest.database: copy,
        archive.SECRET_KEY: settings.secret_key.encode(),
        **{
            f"{archive.FILES}{path.relative_to(settings.data_dir).as_posix()}": path
            for path in others
        },
    }


def _read_manifest(settings: Settings, connection: Connection, at: datetime) -> Manifest:
    if not {"branch", "alembic_version"} <= schemas.list_tables(connection):
        raise BackupFailed(_NO_SHOP)
    branches = list(connection.execute(sa.text("SELECT name FROM branch ORDER BY id")).scalars())
    if not branches:
        raise BackupFailed(_NO_SHOP)
    return Manifest(
        made_at=at.astimezone(UTC).isoformat(),
        version=version_of("workshop"),
        revision=str(MigrationContext.configure(connection).get_current_revision()),
        schema=schemas.fingerprint(schemas.read(connection)),
        engine=connection.dialect.name,
        branches=branches,
        figures=figures.read(connection),
        settings=_list_settings(settings),
    )


_NO_SHOP = N_("There is no shop in the database: nothing was backed up. Is its address right?")


def _list_settings(settings: Settings) -> dict[str, str]:
    """What was set from outside, for who sets it again on a new computer; no secrets."""
    return {
        "WORKSHOP_HTTPS": "1" if settings.behind_https else "0",
        "WORKSHOP_BACKUP_HOUR": str(settings.backups.hour),
        "workers need Redis": "yes" if settings.redis_url else "no",
    }


def _describe(
    settings: Settings, part: Path, manifest: Manifest, verified: str, at: datetime, by: str | None
) -> Record:
    size = part.stat().st_size
    before = records.find_last_good(records.list_records(settings.backup_dir))
    warnings = []
    if rules.has_dropped(size, before.bytes if before else None):
        warnings.append(Said(N_("It is more than 20 % smaller than the one before.")))
    if manifest.figures.broken_files:
        warnings.append(
            Said(
                N_("%(count)s pictures are not what they were when they were kept."),
                {"count": manifest.figures.broken_files},
            )
        )
    return Record(
        at=at.astimezone(UTC).replace(microsecond=0).isoformat(),
        by=by,
        bytes=size,
        sha256=archive.hash_of(part),
        rows=manifest.figures.all_rows,
        files=manifest.figures.files,
        version=manifest.version,
        revision=manifest.revision,
        engine=manifest.engine,
        is_encrypted=settings.backups.key is not None,
        verified=verified,
        warnings=warnings,
    )


def _note_failure(place: Path, at: datetime, by: str | None, failed: BackupFailed) -> None:
    said = Said(failed.message, failed.values)
    moment = at.astimezone(UTC).replace(microsecond=0).isoformat()
    try:
        records.keep(place, Record(at=moment, by=by, fault=said))
    except OSError:
        # The place is gone or full: what the page and the desk see there tells them so.
        return


def _require_room(file: Path, place: Path) -> None:
    size = sum(each.stat().st_size for each in (file, *sqlite.companions(file)) if each.exists())
    free = shutil.disk_usage(place).free
    if free < size * _TIMES_ITS_SIZE:
        raise BackupFailed(
            N_("%(place)s has %(free)s MB free, and a backup needs %(needed)s MB."),
            place=str(place),
            free=free // _MEGABYTE,
            needed=size * _TIMES_ITS_SIZE // _MEGABYTE + 1,
        )
