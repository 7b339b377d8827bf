"""The shop's wall clock on a page: what is stored is UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask import g

from workshop.errors import N_, Invalid

DEFAULT_ZONE = "Asia/Shanghai"


def zone() -> ZoneInfo:
    """The time zone of the shop whose page is being made."""
    return ZoneInfo(getattr(g, "zone_name", None) or DEFAULT_ZONE)


def local_to_utc(day: date, at: time) -> datetime:
    """A wall-clock time in the shop as an aware UTC datetime."""
    return datetime.combine(day, at, tzinfo=zone()).astimezone(UTC)


def local(at: datetime) -> datetime:
    """An aware time as the shop's wall clock shows it."""
    return at.astimezone(zone())


def parse_day(text: str | None, today: date) -> date:
    """The day of an address; today when there is none. Raises Invalid for what is no day."""
    if not text:
        return today
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(N_("“%(day)s” is no day."), field="day", day=text[:20]) from error
