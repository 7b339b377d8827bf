"""Where two pieces of work would overlap, the buffer (N1) included: of a person, of a bay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from workshop.allocation.free_time import FreeTime
from workshop.shop import calendar, rules
from workshop.shop.models import Bay, Technician
from workshop.shop.rules import Span


def find_of_person(free: FreeTime, technician: Technician, span: Span) -> Span | None:
    """What else of somebody's time meets this span."""
    return _first(span, free.taken_of(technician, None))


def find_of_bay(free: FreeTime, bay: Bay | None, span: Span) -> Span | None:
    """What else of a bay's time meets this span; nothing when the work needs no bay."""
    return None if bay is None else _first(span, free.taken_of_bay(bay))


def is_away(free: FreeTime, helper: Technician, worked: Sequence[Span], at: datetime) -> bool:
    """Whether the helper is not at work for some of what is still to be worked at `at`."""
    ahead = [(max(begins, at), ends) for begins, ends in worked if ends > at]
    if not ahead:
        return False
    day = calendar.local_day(free.branch, ahead[0][0])
    return bool(rules.subtract(ahead, free.table.shifts(helper.id, day)))


def _first(span: Span, taken: Iterable[Span]) -> Span | None:
    return next((each for each in taken if not rules.are_apart(span, each)), None)
