"""The shop's wall clock on a page: what is stored is UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask import g

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
