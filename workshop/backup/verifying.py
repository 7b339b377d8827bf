"""Whether an archive can be relied on: opened again, compared and counted."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from workshop.backup import archive, figures, postgresql, sqlite
from workshop.backup.archive import Manifest
from workshop.backup.errors import BackupFailed
from workshop.config import Settings
from workshop.errors import N_

PART = ".part"
# How an archive was looked at.
COUNTED, RESTORED, LISTED = "counted", "restored", "listed"


def verify(settings: Settings, file: Path, manifest: Manifest) -> str:
    """Open an archive again, compare every hash, and count its database; returns how.

    Raises BackupFailed or BadArchive when anything differs.
    """
    key = settings.backups.key
    archive.check(file, key)
    copy = file.with_name(f"{file.stem}.check{PART}")
    archive.extract(file, key, manifest.database, copy)
    try:
        if manifest.engine == "sqlite":
            require_whole(copy, manifest)
            return COUNTED
        return _verify_dump(settings, copy, manifest)
    finally:
        copy.unlink(missing_ok=True)


def require_whole(copy: Path, manifest: Manifest) -> None:
    """Raise BackupFailed unless a SQLite file is whole and holds what the manifest says."""
    damage = sqlite.find_damage(copy)
    if damage is not None:
        raise BackupFailed(N_("The database is damaged: %(said)s"), said=damage)
    with sqlite.opened(copy) as connection:
        require_same(connection, manifest)


def require_same(connection: Connection, manifest: Manifest) -> None:
    """Raise BackupFailed unless the database holds what the manifest says."""
    different = manifest.figures.differences(figures.read(connection))
    if different:
        raise BackupFailed(
            N_("Counted again, the backup differs: %(said)s"), said="; ".join(different[:3])
        )


def _verify_dump(settings: Settings, copy: Path, manifest: Manifest) -> str:
    with postgresql.connected(settings.database_url) as connection:
        listed = postgresql.list_tables(copy, connection)
    missing = manifest.figures.rows.keys() - listed
    if missing:
        raise BackupFailed(
            N_("Tables are missing from the backup: %(said)s"), said=", ".join(sorted(missing))
        )
    with postgresql.scratch(settings.database_url) as url:
        if url is None:
            return LISTED
        with postgresql.connected(url) as connection:
            postgresql.run_dump(copy, connection)
            require_same(connection, manifest)
    return RESTORED
