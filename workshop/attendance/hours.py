"""A technician's day in three figures that are never mixed (domain.md §5, glossary §8).

Attended: clocked in, less the breaks. Clocked and book time are asked of the clock on cars. Each
counts whole minutes of its own; none is added to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workshop.attendance import car_clock, presence, rules
from workshop.attendance.car_clock import CarHours
from workshop.attendance.models import Attendance
from workshop.shop import calendar
from workshop.shop import rules as shop_rules
from workshop.shop.models import Branch, Technician
from workshop.shop.rules import Span


@dataclass(frozen=True)
class DayHours:
    """Minutes of one technician's day, or of all together; `cars` is None where nobody answers.

    `rated_minutes` are the attended ones that a rate may count, and `rated_clocked_minutes` what
    was clocked on cars by the same people: a day whose end is a guess is in neither.
    """

    attended_minutes: int
    cars: CarHours | None = None
    rated_minutes: int = 0
    rated_clocked_minutes: int = 0

    @property
    def utilisation(self) -> int | None:
        """Clocked ÷ attended in percent; None when nobody attended, or nobody knows how long."""
        if self.cars is None:
            return None
        return rules.percent(self.rated_clocked_minutes, self.rated_minutes)

    @property
    def efficiency(self) -> int | None:
        """Book ÷ clocked on the finished jobs in percent; None when none is finished."""
        cars = self.cars
        return rules.percent(cars.book_minutes, cars.finished_minutes) if cars else None


def of_day(
    technicians: Sequence[Technician], branch: Branch, day: date, at: datetime
) -> dict[int, DayHours]:
    """The hours of each technician on this day until `at`, by technician id."""
    span = calendar.day_span(branch, day)
    span = (span[0], max(span[0], min(span[1], at)))
    ids = [each.id for each in technicians]
    stays, cars = presence.list_stays(technicians, span), _on_cars(ids, span)
    return {
        each: _hours_of([one for one in stays if one.technician_id == each], span, cars.get(each))
        for each in ids
    }


def _hours_of(stays: Sequence[Attendance], span: Span, cars: CarHours | None) -> DayHours:
    attended = _attended(stays, span)
    if any(each.is_end_assumed for each in stays):
        return DayHours(attended, cars)
    return DayHours(attended, cars, attended, cars.clocked_minutes if cars else 0)


def total_of(hours: Iterable[DayHours]) -> DayHours:
    """All of them together: rates are of the sums, never averages of rates."""
    found = list(hours)
    attended = sum(each.attended_minutes for each in found)
    return DayHours(
        attended,
        car_clock.sum_of(each.cars for each in found),
        sum(each.rated_minutes for each in found),
        sum(each.rated_clocked_minutes for each in found),
    )


def _on_cars(ids: Sequence[int], span: Span) -> Mapping[int, CarHours]:
    cars = car_clock.find()
    return cars.hours(ids, span) if cars is not None else {}


def minutes_of_stay(stay: Attendance, until: datetime) -> int:
    """The attended minutes of a stay, an open one until the given moment."""
    return _attended([stay], (stay.started_at, stay.ended_at or max(until, stay.started_at)))


def _attended(stays: Iterable[Attendance], span: Span) -> int:
    worked = [piece for stay in stays for piece in _worked(stay, span[1])]
    return shop_rules.minutes_of(shop_rules.intersect(worked, [span]))


def _worked(stay: Attendance, until: datetime) -> list[Span]:
    ends_at = stay.ended_at or _end_of_open(stay, until)
    breaks = [(each.started_at, each.ended_at or ends_at) for each in stay.breaks]
    return rules.worked((stay.started_at, ends_at), breaks)


def _end_of_open(stay: Attendance, until: datetime) -> datetime:
    """An open stay goes on until now; a clock-out that was forgotten adds no night to it."""
    if until - stay.started_at < rules.LONGEST_STAY:
        return max(until, stay.started_at)
    known = [stay.started_at, *(each.ended_at or each.started_at for each in stay.breaks)]
    return max(known)
