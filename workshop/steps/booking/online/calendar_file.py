"""The visit as an entry of the customer's own calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event


@dataclass(frozen=True)
class Visit:
    """What the entry says; no name, number or plate, for calendars are shared."""

    uid: str
    # Each change has a higher number, by which a calendar knows the newer one.
    sequence: int
    starts_at: datetime
    minutes: int
    zone: str
    title: str
    place: str
    is_confirmed: bool
    is_cancelled: bool


def write(visit: Visit, *, at: datetime) -> bytes:
    """The file; the same visit always has the same entry, wherever the reader's clock stands."""
    zone = ZoneInfo(visit.zone)
    calendar, entry = Calendar(), Event()
    calendar.add("prodid", "-//Workshop//booking//")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if visit.is_cancelled else "PUBLISH")
    entry.add("uid", visit.uid)
    entry.add("sequence", visit.sequence)
    entry.add("dtstamp", at)
    entry.add("dtstart", visit.starts_at.astimezone(zone))
    entry.add("dtend", (visit.starts_at + timedelta(minutes=visit.minutes)).astimezone(zone))
    entry.add("summary", visit.title)
    entry.add("location", visit.place)
    entry.add("status", _status(visit))
    calendar.add_component(entry)
    # Else a reader far away would take the shop's hours for the own ones.
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _status(visit: Visit) -> str:
    if visit.is_cancelled:
        return "CANCELLED"
    return "CONFIRMED" if visit.is_confirmed else "TENTATIVE"
