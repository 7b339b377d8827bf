"""The backups of every night, outside of any transaction."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import current_app

from workshop import clock, db
from workshop.backup import keeping
from workshop.config import Settings
from workshop.shop.queries import list_branches


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


JOBS = ((look_after_backups, 600),)
