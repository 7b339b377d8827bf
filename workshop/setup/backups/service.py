"""A backup that somebody asks for."""

from __future__ import annotations

import threading
from datetime import datetime, tzinfo

import structlog

from workshop.backup import keeping, making
from workshop.backup.errors import BackupFailed
from workshop.config import Settings
from workshop.errors import N_, RuleBroken
from workshop.staff import audit
from workshop.staff.models import User

log = structlog.get_logger(__name__)


def ask(settings: Settings, *, by: User, at: datetime) -> None:
    """Write down who asks; raises RuleBroken while another one is being made."""
    if making.is_running(settings):
        raise RuleBroken(N_("Another backup is being made now."))
    audit.write(by, "setup.back_up", None, at)


def begin(settings: Settings, *, by: str, at: datetime, zone: tzinfo) -> None:
    """Make it now, in the background; the page tells how it went."""
    threading.Thread(target=_make, args=(settings, by, at, zone), daemon=True).start()


def _make(settings: Settings, by: str, at: datetime, zone: tzinfo) -> None:
    try:
        keeping.make_now(settings, at=at, by=by, zone=zone)
    except BackupFailed:
        # Noted beside the others, for the page.
        log.exception("backup failed")
