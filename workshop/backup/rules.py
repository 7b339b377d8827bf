"""Which backups are kept, when the next one is due, and what is worth a warning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo

DAILY, WEEKLY, MONTHLY = 7, 4, 12
"""So many days, weeks and months each keep the newest backup of theirs."""

OLDEST_GOOD = timedelta(hours=26)
"""After so long without a good backup the manager is told: a night and two hours of grace."""

RETRY_AFTER = timedelta(minutes=50)
"""A backup that failed is tried again within the hour."""

_DROP_PERCENT = 20


def keep(days: Iterable[date]) -> set[date]:
    """Of the days that have a backup those whose backup is kept.

    The newest seven; of the newest four weeks and the newest twelve months the last day each. Days
    without a backup count for nothing: who was away for a month loses none for it.
    """
    newest_first = sorted(set(days), reverse=True)
    by_week: dict[tuple[int, int], date] = {}
    by_month: dict[tuple[int, int], date] = {}
    for day in newest_first:
        by_week.setdefault(day.isocalendar()[:2], day)
        by_month.setdefault((day.year, day.month), day)
    return {
        *newest_first[:DAILY],
        *list(by_week.values())[:WEEKLY],
        *list(by_month.values())[:MONTHLY],
    }


def forget(made: Iterable[datetime], zone: tzinfo) -> set[datetime]:
    """The moments of backups that may go; of several on one day of the shop the newest stays.

    The newest day keeps all of its backups: one that somebody asked for, or the state before a
    restore, does not go within the hour.
    """
    moments = sorted(made)
    last_of_day = {each.astimezone(zone).date(): each for each in moments}
    kept_days = keep(last_of_day)
    newest = max(last_of_day, default=None)
    return {
        each
        for each in moments
        for day in [each.astimezone(zone).date()]
        if day != newest and (day not in kept_days or each != last_of_day[day])
    }


def is_due(
    last_good: datetime | None, last_failed: datetime | None, at: datetime, hour: int, zone: tzinfo
) -> bool:
    """Whether the nightly backup is to be made now; a night that was missed is caught up.

    What failed is tried again after `RETRY_AFTER`.
    """
    if last_failed is not None and at - last_failed < RETRY_AFTER:
        return False
    return last_good is None or last_good < _last_time(at, hour, zone)


def is_old(last_good: datetime | None, at: datetime) -> bool:
    """Whether the manager is told that the last good backup is too old, or that there is none."""
    return last_good is None or at - last_good > OLDEST_GOOD


def has_dropped(bytes_now: int, bytes_before: int | None) -> bool:
    """Whether a backup is so much smaller than the one before that somebody should look."""
    if bytes_before is None:
        return False
    return bytes_now * 100 < bytes_before * (100 - _DROP_PERCENT)


def _last_time(at: datetime, hour: int, zone: tzinfo) -> datetime:
    """The newest moment, not after `at`, at which the shop's clock showed the hour."""
    local = at.astimezone(zone)
    today = datetime.combine(local.date(), time(hour), zone)
    return (
        today if today <= local else datetime.combine(today.date() - timedelta(1), today.timetz())
    )
