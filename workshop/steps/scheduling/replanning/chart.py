"""The small picture of a plan: for each day and technician, what was there and what will be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from workshop.shop import calendar
from workshop.shop.rules import Span
from workshop.steps.scheduling.replanning.changes import Spot
from workshop.steps.scheduling.replanning.comparison import Comparison
from workshop.steps.scheduling.replanning.situation import id_of


@dataclass(frozen=True)
class Bar:
    """A piece of work; `kind` is kept, before (where it was) or after; places in percent."""

    kind: str
    plate: str
    starts_at: datetime
    ends_at: datetime
    left: float
    width: float


@dataclass(frozen=True)
class Lane:
    """A technician's day: working time as (left, width) in percent, and the bars."""

    name: str
    working: list[tuple[float, float]]
    bars: list[Bar]


@dataclass(frozen=True)
class Day:
    """One day on which something changes; `hours` are (time, place in percent)."""

    day: date
    hours: list[tuple[datetime, float]]
    lanes: list[Lane]


def days(shown: Comparison) -> list[Day]:
    """The days on which the plan changes something, with the technicians whom it concerns."""
    branch = shown.run.branch
    touched = {calendar.local_day(branch, spot.starts_at) for _, _, spot in _pieces(shown)}
    return [day for each in sorted(touched) if (day := _day(shown, each)) is not None]


def _pieces(shown: Comparison) -> Iterator[tuple[str, str, Spot]]:
    """(kind, plate, place) of each move's two ends."""
    for move in shown.moves:
        plate = move.job.order.vehicle.called
        if move.before is not None:
            yield "before", plate, move.before
        if move.after is not None:
            yield "after", plate, move.after


def _day(shown: Comparison, day: date) -> Day | None:
    branch = shown.run.branch
    here = [each for each in _pieces(shown) if _is_on(shown, each[2].starts_at, day)]
    people = {spot.technician.id: spot.technician for _, _, spot in here}
    table = calendar.Timetable(branch, day, day, people.values())
    spans = [*table.opening(day), *((spot.starts_at, spot.ends_at) for _, _, spot in here)]
    if not spans:
        return None
    axis = (min(a for a, _ in spans), max(b for _, b in spans))
    lanes = []
    for technician in sorted(people.values(), key=lambda each: each.name):
        bars = [
            _bar(kind, plate, spot, axis)
            for kind, plate, spot in here
            if spot.technician.id == technician.id
        ]
        kept = [
            _bar("kept", plate, spot, axis)
            for plate, spot in _kept(shown, technician.id)
            if _is_on(shown, spot.starts_at, day)
        ]
        working = [_share(span, axis) for span in table.shifts(technician.id, day)]
        lanes.append(Lane(technician.name, working, [*kept, *bars]))
    return Day(day, _hours(axis), lanes)


def _kept(shown: Comparison, technician_id: int) -> Iterator[tuple[str, Spot]]:
    moved = {move.job.id for move in shown.moves}
    for row in shown.rows.values():
        if id_of(row.technician) == technician_id and id_of(row.job) not in moved:
            order = shown.order_of(row.job)
            yield order.vehicle.called, shown.spot(row, row.end - row.start)


def _is_on(shown: Comparison, at: datetime, day: date) -> bool:
    return calendar.local_day(shown.run.branch, at) == day


def _bar(kind: str, plate: str, spot: Spot, axis: Span) -> Bar:
    left, width = _share((spot.starts_at, spot.ends_at), axis)
    return Bar(kind, plate, spot.starts_at, spot.ends_at, left, width)


def _share(span: Span, axis: Span) -> tuple[float, float]:
    length = (axis[1] - axis[0]).total_seconds()
    begins, ends = max(span[0], axis[0]), min(span[1], axis[1])
    left = 100 * (begins - axis[0]).total_seconds() / length
    return round(left, 3), round(100 * (ends - begins).total_seconds() / length, 3)


def _hours(axis: Span) -> list[tuple[datetime, float]]:
    first = int(axis[0].timestamp()) // 3600
    last = int(axis[1].timestamp()) // 3600
    marks = [datetime.fromtimestamp(hour * 3600, axis[0].tzinfo) for hour in range(first, last + 1)]
    return [(at, _share((at, at), axis)[0]) for at in marks if axis[0] <= at <= axis[1]]
