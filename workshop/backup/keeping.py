"""The backups of every night: made when they are due, copied to second places, and let go."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from workshop.backup import making, places, records, rules
from workshop.backup.errors import BackupFailed
from workshop.backup.places import Place
from workshop.backup.records import PlaceResult, Said
from workshop.config import Settings


def look_after(settings: Settings, *, at: datetime, zone: tzinfo) -> None:
    """Make the backup of the night if it is due, and see to the second places every time.

    Raises BackupFailed when none could be made, which is noted before.
    """
    found = records.list_records(settings.backup_dir)
    good, failed = records.find_last_good(found), records.find_last_failure(found)
    try:
        if rules.is_due(
            good.made_at if good else None,
            failed.made_at if failed else None,
            at,
            settings.backups.hour,
            zone,
        ):
            making.make(settings, at=at)
            forget_old(settings, zone)
    finally:
        copy_to_places(settings, at=at, zone=zone)


def make_now(settings: Settings, *, at: datetime, by: str, zone: tzinfo) -> None:
    """Make one that somebody asked for, and bring it to the second places."""
    making.make(settings, at=at, by=by)
    forget_old(settings, zone)
    copy_to_places(settings, at=at, zone=zone)


def list_place_names(settings: Settings) -> list[str]:
    """The second places as people know them, without the secrets of their addresses."""
    return [places.name_of(each) for each in settings.backups.copies]


def forget_old(settings: Settings, zone: tzinfo = UTC) -> None:
    """Let go what the rule does not keep: called after a good one was made, never after a failure.

    An archive without a record counts by its name: a record may be lost.
    """
    folder = settings.backup_dir
    names = (records.moment_of(each.name) for each in folder.glob("workshop-*.zip"))
    for moment in rules.forget([each for each in names if each], zone):
        records.forget(folder, moment)


def copy_to_places(
    settings: Settings, *, at: datetime, zone: tzinfo = UTC
) -> dict[str, PlaceResult]:
    """See that the newest good backup is at each second place; how that ended, by the place.

    A place that is full or gone is told on the page; what is there already stays.
    """
    newest = records.find_last_good(records.list_records(settings.backup_dir))
    results: dict[str, PlaceResult] = {}
    for address in settings.backups.copies:
        name = places.name_of(address)
        try:
            place = places.open_place(address)
            kept = _bring_up_to_date(place, settings, newest.name if newest else None, zone)
            results[name] = PlaceResult(at.isoformat(), kept)
        except BackupFailed as failed:
            results[name] = PlaceResult(at.isoformat(), None, Said(failed.message, failed.values))
    if settings.backups.copies:
        records.keep_places(settings.backup_dir, results)
    return results


def _bring_up_to_date(
    place: Place, settings: Settings, newest: str | None, zone: tzinfo
) -> str | None:
    there = place.list_names()
    if newest is not None and newest not in there:
        place.put(settings.backup_dir / newest)
        moments = [each for name in [*there, newest] if (each := records.moment_of(name))]
        for moment in rules.forget(moments, zone):
            place.remove(records.archive_name(moment))
    return newest
