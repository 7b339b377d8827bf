"""Nobody is in two places at once: technicians, bays and cars as constraints of the solver.

Only the planner imports this module, and with it the solver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ortools.sat.python import cp_model

from workshop.planner.options import Group, Layout
from workshop.planner.problem import Assignment, Interval
from workshop.planner.slots import Literal, Slot

Choices = Callable[[Slot], Mapping[int, Literal]]
Holder = Callable[[Assignment], str | None]


class Busy:
    """The jobs to be placed and the `facts`, jobs that stay where they are, kept apart."""

    def __init__(
        self,
        cp: cp_model.CpModel,
        layout: Layout,
        slots: Mapping[str, Slot],
        facts: Mapping[str, Assignment],
    ) -> None:
        self.cp = cp
        self.layout = layout
        self.slots = slots.values()
        self.facts = facts
        self.buffer = layout.problem.buffer_minutes

    def keep_apart(self) -> None:
        """Technicians and bays with the buffer between two jobs, the jobs of a car without."""
        for place, group in enumerate(self.layout.people):
            self._keep_apart(group, place, _people, _technician)
        for place, group in enumerate(self.layout.bays):
            self._keep_apart(group, place, _bays, _bay)
        self._keep_cars_apart()

    def pool(self) -> None:
        """Those who can do certain jobs are together never busier than they are many.

        It follows from what holds for each of them, but so the solver uses it at once,
        where it would else have to try who does what; proofs of lateness need it. (For customers
        to call and for completion it was measured to be slower.)
        """
        self._pool(self.layout.people, _people, _technician)
        self._pool(self.layout.bays, _bays, _bay)

    def _keep_apart(self, group: Group, place: int, choices: Choices, holder: Holder) -> None:
        """Never more jobs at once than the group has, the buffer counted to the job before it."""
        mine = [(slot, choices(slot)[place]) for slot in self.slots if place in choices(slot)]
        if not mine:
            return
        intervals = [self._interval(slot, literal, self.buffer) for slot, literal in mine]
        for name in group.ids:
            intervals += self._fixed(self._taken(self._held_by(name, holder), self.buffer))
        if len(group.ids) == 1:
            self.cp.add_no_overlap(intervals)
        else:
            self.cp.add_cumulative(intervals, [1] * len(intervals), len(group.ids))

    def _keep_cars_apart(self) -> None:
        slots = {slot.job.id: slot for slot in self.slots}
        for jobs in self.layout.problem.jobs_of.values():
            mine = [slots[job.id] for job in jobs if job.id in slots]
            known = [self.facts[job.id] for job in jobs if job.id in self.facts]
            if mine and len(mine) + len(known) > 1:
                intervals = [self._interval(slot, slot.placed, 0) for slot in mine]
                self.cp.add_no_overlap([*intervals, *self._fixed(self._taken(known, 0))])

    def _pool(self, groups: list[Group], choices: Choices, holder: Holder) -> None:
        # A job that pauses takes its technician through gaps in which others are away.
        whole = [slot for slot in self.slots if slot.span is None and choices(slot)]
        for pool in sorted({tuple(sorted(choices(slot))) for slot in whole}):
            mine = [slot for slot in whole if set(pool).issuperset(choices(slot))]
            names = [(groups[place], name) for place in pool for name in groups[place].ids]
            if len(pool) > 1 and len(mine) > 1:
                intervals = [self._interval(slot, slot.placed, self.buffer) for slot in mine]
                for group, name in names:
                    held = self._taken(self._held_by(name, holder), self.buffer)
                    intervals += self._fixed(_joined([*held, *self._away(group.hours)]))
                self.cp.add_cumulative(intervals, [1] * len(intervals), len(names))

    def _held_by(self, name: str, holder: Holder) -> list[Assignment]:
        return [row for row in self.facts.values() if holder(row) == name]

    def _taken(self, rows: Iterable[Assignment], gap: int) -> list[Interval]:
        """When these jobs are under way. Running ones may meet, so their times are joined."""
        minute = self.layout.minute
        return _joined((minute(row.start), minute(row.end) + gap) for row in rows)

    def _away(self, hours: tuple[Interval, ...]) -> list[Interval]:
        """Between the hours; the buffer of the last job before a gap may reach into it."""
        minute = self.layout.minute
        edges = [0]
        for opens, closes in hours:
            edges += [minute(opens), minute(closes) + self.buffer]
        edges.append(minute(self.layout.latest) + self.buffer)
        gaps = zip(edges[::2], edges[1::2], strict=True)
        return [(max(0, a), b) for a, b in gaps if max(0, a) < b]

    def _fixed(self, intervals: Iterable[Interval]) -> list[cp_model.IntervalVar]:
        return [self.cp.new_fixed_size_interval_var(a, b - a, "") for a, b in intervals]

    def _interval(self, slot: Slot, literal: Literal, gap: int) -> cp_model.IntervalVar:
        if slot.span is None:
            size = slot.job.minutes + gap
            return self.cp.new_optional_fixed_size_interval_var(slot.start, size, literal, "")
        return self.cp.new_optional_interval_var(
            slot.start, slot.span + gap, slot.end + gap, literal, ""
        )


def _people(slot: Slot) -> Mapping[int, Literal]:
    return slot.people


def _bays(slot: Slot) -> Mapping[int, Literal]:
    return slot.bays


def _technician(row: Assignment) -> str | None:
    return row.technician


def _bay(row: Assignment) -> str | None:
    return row.bay


def _joined(intervals: Iterable[Interval]) -> list[Interval]:
    """The same minutes as intervals that neither meet nor touch."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
