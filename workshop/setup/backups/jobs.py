"""What keeps the database well: its backups, outside of any transaction, and its statistics."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import current_app

from workshop import clock, db
from workshop.backup import keeping
from workshop.config import Settings
from workshop.shop.queries import list_branches
from workshop.storage import statistics


def look_after_backups() -> None:
    """Make the backup of the night if it is due, and see to the second places.

    The zone is the first branch's. An open transaction would hold up whoever writes meanwhile.
    """
    settings: Settings = current_app.extensions["workshop_settings"]
    with db.reading():
        zones = [branch.zone for branch in list_branches()]
    db.rollback()
    if zones and not settings.demo:
        keeping.look_after(settings, at=clock.now(), zone=ZoneInfo(zones[0]))


def gather_statistics() -> None:
    """A shop grows: what SQLite knows of its tables is renewed soon after a start, and each day.

    PostgreSQL sees to it itself.
    """
    if db.is_sqlite():
        statistics.gather(db.session.connection())


JOBS = ((look_after_backups, 600), (gather_statistics, 24 * 3600))
