"""A backup that somebody asks for."""

from __future__ import annotations

import threading
from datetime import datetime, tzinfo
from pathlib import Path

import structlog

from workshop.backup import keeping, making, records
from workshop.backup.errors import BackupFailed
from workshop.config import Settings
from workshop.errors import N_, NotFound, RuleBroken
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff.models import User

log = structlog.get_logger(__name__)


def ask(settings: Settings, branch: Branch, *, by: User, at: datetime) -> None:
    """Write down who asks; raises RuleBroken while another one is being made."""
    if making.is_running(settings):
        raise RuleBroken(N_("Another backup is being made now."))
    audit.write(by, "setup.back_up", branch, at)


def take_away(settings: Settings, name: str, branch: Branch, *, by: User, at: datetime) -> Path:
    """The archive of this name, and who takes it away written down; raises NotFound."""
    file = settings.backup_dir / name
    if records.moment_of(name) is None or not file.is_file():
        raise NotFound(N_("There is no such backup."))
    audit.write(by, "setup.download_backup", branch, at, name=name)
    return file


def begin(settings: Settings, *, by: str, at: datetime, zone: tzinfo) -> None:
    """Make it now, in the background; the page tells how it went."""
    threading.Thread(target=_make, args=(settings, by, at, zone), daemon=True).start()


def _make(settings: Settings, by: str, at: datetime, zone: tzinfo) -> None:
    try:
        keeping.make_now(settings, at=at, by=by, zone=zone)
    except BackupFailed:
        # Noted beside the others, for the page.
        log.exception("backup failed")
