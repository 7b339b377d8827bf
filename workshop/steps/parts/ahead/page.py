"""The list of the next booked days, as the page and the paper read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workshop.catalogue.models import PartKind
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.steps.parts.ahead import queries
from workshop.steps.parts.ahead.queries import Day, Need

DAYS = 7
# P4: the day before, in the afternoon, the list of tomorrow is looked at.
LOOKED_AT = time(16)


@dataclass(frozen=True)
class Ahead:
    """The booked days with what they need; whether it is time to look at tomorrow's."""

    branch: Branch
    today: date
    days: list[Day]
    is_time: bool
    missing_kinds: list[PartKind]

    @property
    def tomorrow(self) -> date:
        return self.today + timedelta(days=1)

    @property
    def gaps(self) -> list[Need]:
        """What is missing of all days."""
        return [need for day in self.days for need in day.needs if need.gap_milli]


def load(branch: Branch, at: datetime) -> Ahead:
    """Tomorrow and the days after it."""
    today = calendar.local_day(branch, at)
    days = queries.list_days(branch, *span(today))
    here = at.astimezone(ZoneInfo(branch.zone))
    kinds = queries.list_missing_kinds(branch, *span(today))
    return Ahead(branch, today, days, here.time() >= LOOKED_AT, kinds)


def span(today: date) -> tuple[date, date]:
    """The first and the last day that are looked at."""
    return today + timedelta(days=1), today + timedelta(days=DAYS)
