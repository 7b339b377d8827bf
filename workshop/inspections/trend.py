"""What two measurements of a part that wears say together: how far it still goes. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from workshop.catalogue.checklists.rules import Limits, Spot

# Two gauges in two hands differ by so much without any wear.
TOLERANCE_MILLI = 200
# A shorter way says nothing about wear; more than this nobody foresees.
LEAST_KM = 500
MOST_KM = 60_000


class Course(Enum):
    """What became of a part since it was measured last."""

    WEARS = "wears"
    STEADY = "steady"
    # All values grew: the part was replaced.
    RENEWED = "renewed"
    # Some grew and some did not: wheels changed places, or two of four are new.
    SWAPPED = "swapped"
    # The end is reached.
    DUE = "due"
    # Nobody knows how far the car has gone between.
    NO_DISTANCE = "no_distance"


@dataclass(frozen=True)
class Measured:
    """Values in thousandths by place, and the odometer in km, if it was read."""

    values: Mapping[Spot, int]
    km: int | None


@dataclass(frozen=True)
class Trend:
    """The course of a part; `km_left` to the end that the limits set, where it can be told."""

    course: Course
    km_left: int | None = None
    is_more: bool = False


def foresee(limits: Limits, was: Measured, now: Measured) -> Trend | None:
    """How a part that wears goes on, from two measurements; None where nothing wears down.

    Only a part with a least value wears: tread, pads, discs. The place with the shortest way left
    decides. Nothing is foretold from values that grew, from no distance or from no odometer.
    """
    least = limits.red_low
    shared = [spot for spot in now.values if spot in was.values]
    if least is None or not shared:
        return None
    if any(now.values[spot] < least for spot in now.values):
        return Trend(Course.DUE)
    grown = [now.values[spot] - was.values[spot] > TOLERANCE_MILLI for spot in shared]
    if any(grown):
        return Trend(Course.RENEWED if all(grown) else Course.SWAPPED)
    if was.km is None or now.km is None or now.km - was.km < LEAST_KM:
        return Trend(Course.NO_DISTANCE)
    return _go_on(least, was, now, shared, now.km - was.km)


def _go_on(least: int, was: Measured, now: Measured, shared: list[Spot], km: int) -> Trend:
    ways = [
        (now.values[spot] - least) * km // worn
        for spot in shared
        if (worn := was.values[spot] - now.values[spot]) > 0
    ]
    if not ways:
        return Trend(Course.STEADY)
    left = min(ways)
    if left > MOST_KM:
        return Trend(Course.WEARS, MOST_KM, is_more=True)
    return Trend(Course.WEARS, _rounded(left))


def _rounded(km: int) -> int:
    """Down to what such a guess is worth: to 500 km, under a thousand to 100 km."""
    step = 500 if km >= 1000 else 100
    return km // step * step
