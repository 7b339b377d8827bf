"""What attendance asks of the clock on cars. The repair step answers.

Attendance lies below the steps. The repair step plugs its answers in once, when the application
is made; without them the pages show the attended hours alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from workshop.shop.models import Technician
from workshop.shop.rules import Span
from workshop.staff.models import User


@dataclass(frozen=True)
class CarHours:
    """Minutes on cars of one technician's day, or of all together.

    `finished_minutes` is the clocked time of the finished jobs, on whatever days: what their book
    time is measured by. Rework is in neither: nobody has sold it.
    """

    clocked_minutes: int
    book_minutes: int
    finished_minutes: int
    finished_jobs: int


@dataclass(frozen=True)
class CarClock:
    """The answers of who knows the cars.

    `hours` of technicians in a span, by id; `running_plates` of the cars whose clock runs, by
    technician id; `last_work_at` is when a clock of theirs last began or ended; `rest` stops the
    clock of somebody who must leave; `require_stopped` raises RuleBroken while it still runs.
    """

    hours: Callable[[Sequence[int], Span], Mapping[int, CarHours]]
    running_plates: Callable[[Sequence[int]], Mapping[int, str]]
    last_work_at: Callable[[Technician], datetime | None]
    rest: Callable[[Technician, User, datetime], None]
    require_stopped: Callable[[Technician], None]


_plugged: CarClock | None = None


def plug_in(answers: CarClock | None) -> None:
    """Let these answer from now on; None unplugs them."""
    global _plugged  # One answer for the whole process, like the clock's own.
    _plugged = answers


def find() -> CarClock | None:
    """Who answers; None where no step has cars."""
    return _plugged


def sum_of(hours: Iterable[CarHours | None]) -> CarHours | None:
    """All together; None when nothing is known of the cars."""
    found = [each for each in hours if each is not None]
    if not found:
        return None
    return CarHours(
        clocked_minutes=sum(each.clocked_minutes for each in found),
        book_minutes=sum(each.book_minutes for each in found),
        finished_minutes=sum(each.finished_minutes for each in found),
        finished_jobs=sum(each.finished_jobs for each in found),
    )
