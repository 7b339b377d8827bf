"""Who of a group does which job: the solver only counts, and here names are given out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from workshop.planner.problem import Assignment, Problem


class Place(NamedTuple):
    """A planned job: when, and the technicians and bays one of whom it gets; no bays, no bay."""

    job: str
    start: int
    end: int
    technicians: tuple[str, ...]
    bays: tuple[str, ...]


def settle(problem: Problem, places: Iterable[Place]) -> list[Assignment]:
    """The assignments in the problem's order, running jobs included.

    From left to right each job gets one who is free, which never fails as long as no more are
    busy at once than there are.
    """
    found = {row.job: row for row in problem.running}
    people, bays = _Settling(problem), _Settling(problem)
    for row in found.values():
        people.take(row.technician, row.end)
        bays.take(row.bay, row.end)
    for place in sorted(places, key=lambda place: place.start):
        before = problem.current_of.get(place.job)
        technician = people.choose(
            place.technicians, place.start, before.technician if before else None
        )
        people.take(technician, place.end)
        bay = None
        if place.bays:
            bay = bays.choose(place.bays, place.start, before.bay if before else None)
        bays.take(bay, place.end)
        found[place.job] = Assignment(place.job, technician, bay, place.start, place.end)
    return [found[job.id] for job in problem.jobs if job.id in found]


class _Settling:
    """Until when each one is busy, the buffer included."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._free_at: dict[str, int] = {}

    def take(self, name: str | None, end: int) -> None:
        """Say that one is busy until `end`, and the buffer after it."""
        if name is not None:
            self._free_at[name] = max(
                self._free_at.get(name, end), self._problem.blocked_until(end)
            )

    def choose(self, ids: tuple[str, ...], start: int, before: str | None) -> str:
        """Who is free by then: the one who had the job, or else the last to get free."""
        free = [each for each in ids if self._free_at.get(each, start) <= start]
        if before in free:
            return str(before)
        return max(free or ids, key=lambda each: (self._free_at.get(each, 0), each))
