"""Why a backup could not be made or taken, in words that the page translates."""

from __future__ import annotations

from workshop.errors import WorkshopError


class BackupFailed(WorkshopError):
    """No backup was made, and the old ones are as they were."""

    code = "backup_failed"


class BadArchive(WorkshopError):
    """A file is no backup that can be relied on."""

    code = "bad_archive"
