"""What is wrong with the backups, in words: for the desk, the page and the doctor."""

from __future__ import annotations

from datetime import datetime, timedelta

from workshop.backup import records, rules
from workshop.backup.records import PlaceResult, Record
from workshop.config import Settings
from workshop.errors import N_, Missing

_HOUR = timedelta(hours=1)


def missing_for(settings: Settings, at: datetime) -> list[Missing]:
    """What the manager is told: no good backup for too long, why, and which place has none."""
    found = records.list_records(settings.backup_dir)
    good = records.find_last_good(found)
    places = records.read_places(settings.backup_dir)
    return [
        *_missing_good(good, at),
        *_missing_cause(good, records.find_last_failure(found)),
        *_missing_places(settings, places),
    ]


def _missing_good(good: Record | None, at: datetime) -> list[Missing]:
    if not rules.is_old(good.made_at if good else None, at):
        return []
    if good is None:
        return [Missing(N_("No backup was ever made."), "no_backup")]
    hours = (at - good.made_at) // _HOUR
    message = N_("The last good backup is %(hours)s hours old.")
    return [Missing(message, "old_backup", {"hours": hours})]


def _missing_cause(good: Record | None, failed: Record | None) -> list[Missing]:
    """Why the last try failed, as long as none has gone well since."""
    if failed is None or failed.fault is None:
        return []
    if good is not None and good.made_at > failed.made_at:
        return []
    return [
        Missing(N_("The last backup failed."), "failed_backup"),
        Missing(failed.fault.message, "why_failed", failed.fault.values),
    ]


def _missing_places(settings: Settings, places: dict[str, PlaceResult]) -> list[Missing]:
    if not settings.backups.copies:
        return []
    return [
        Missing(each.fault.message, "no_copy", each.fault.values)
        for each in places.values()
        if each.fault is not None
    ]
