"""The problem as CP-SAT sees it: who, where and when as variables, the hard rules as constraints.

Only the planner imports this module, and with it the solver. Times in here count from `now`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from workshop.steps.scheduling.planning.options import Group, bay_groups, options_of, people_groups
from workshop.steps.scheduling.planning.problem import Assignment, Interval, Job, Problem
from workshop.steps.scheduling.planning.windows import Window, windows

Literal = cp_model.IntVar
Read = Callable[[cp_model.IntVar], int]


@dataclass
class Slot:
    """The variables of one job that is still to be placed; `span` is None when it is fixed."""

    job: Job
    placed: Literal
    start: cp_model.IntVar
    end: cp_model.LinearExprT
    span: cp_model.IntVar | None
    people: Mapping[int, Literal] = field(default_factory=dict)
    bays: Mapping[int, Literal] = field(default_factory=dict)
    ranges: list[tuple[Literal, Window]] = field(default_factory=list)


class Model:
    """Variables and hard rules; `costs.py` adds what a plan costs.

    `must_place` says that every job which has a place at all gets one; `apart` models each
    technician and bay alone, which is slower and only needed where it counts who stays where.
    """

    def __init__(self, problem: Problem, *, must_place: bool, apart: bool) -> None:
        self.problem = problem
        self.cp = cp_model.CpModel()
        self.must_place = must_place
        self.people = people_groups(problem, apart=apart)
        self.bays = bay_groups(problem, apart=apart)
        self.options = options_of(problem, self.people, self.bays)
        self.true = self.cp.new_constant(1)
        self.running = {row.job: row for row in problem.running}
        self.slots = {name: self._slot(name) for name in self.options}
        self._hints: dict[int, tuple[cp_model.IntVar, int]] = {}
        self._keep_people_apart()
        self._keep_bays_apart()
        self._keep_cars_apart()
        self._keep_order()

    def minute(self, absolute: int) -> int:
        """A minute of the problem as the model counts it."""
        return absolute - self.problem.now

    def _slot(self, name: str) -> Slot:
        job, options = self.problem.job_of[name], self.options[name]
        all_windows = options.all_windows()
        starts = self._domain(all_windows)
        start = self.cp.new_int_var_from_domain(starts, f"start {name}")
        span, end = None, start + job.minutes
        if job.splittable:
            most = job.minutes + max(window.pause for window in all_windows)
            span = self.cp.new_int_var(job.minutes, most, f"span {name}")
            first, last = starts.min() + job.minutes, starts.max() + most
            end = self.cp.new_int_var(first, last, f"end {name}")
            self.cp.add(end == start + span)
        placed = self.true if self._is_certain(job) else self.cp.new_bool_var(f"placed {name}")
        slot = Slot(job, placed, start, end, span)
        slot.people = self._choice(placed, options.people)
        slot.bays = self._choice(placed, options.bays) if job.bay_kinds else {}
        if span is None:
            self._limit_starts(slot, starts)
        else:
            self._limit_ranges(slot, span)
        return slot

    def _is_certain(self, job: Job) -> bool:
        return self.must_place or job.pin.start is not None

    def _choice(self, placed: Literal, known: Sequence[int]) -> dict[int, Literal]:
        """One literal for each group, of which a placed job has exactly one."""
        if len(known) == 1:
            return {known[0]: placed}
        found = {each: self.cp.new_bool_var("") for each in known}
        if placed is self.true:
            self.cp.add_exactly_one(found.values())
        else:
            self.cp.add_exactly_one([*found.values(), placed.negated()])
        return found

    def _domain(self, found: Iterable[Window]) -> cp_model.Domain:
        return cp_model.Domain.from_intervals(
            [[self.minute(window.first), self.minute(window.last)] for window in found]
        )

    def _limit_starts(self, slot: Slot, starts: cp_model.Domain) -> None:
        """A job in one piece: the technician's shifts and the bay's hours limit it apart."""
        for place, literal in slot.people.items():
            self._limit(slot, self.people[place].hours, starts, literal)
        for place, literal in slot.bays.items():
            self._limit(slot, self.bays[place].hours, starts, literal)

    def _limit(
        self, slot: Slot, hours: tuple[Interval, ...], starts: cp_model.Domain, literal: Literal
    ) -> None:
        allowed = self._domain(windows(slot.job, hours, None, self.problem.earliest(slot.job)))
        if not starts.intersection_with(allowed.complement()).is_empty():
            enforced = self.cp.add_linear_expression_in_domain(slot.start, allowed)
            enforced.only_enforce_if(literal)

    def _limit_ranges(self, slot: Slot, span: cp_model.IntVar) -> None:
        """A job that pauses over gaps: the range of its start says how long it pauses."""
        for (hand, place), found in self.options[slot.job.id].windows.items():
            for window in found:
                literal = self.cp.new_bool_var("")
                slot.ranges.append((literal, window))
                self.cp.add_implication(literal, slot.people[hand])
                if place is not None:
                    self.cp.add_implication(literal, slot.bays[place])
                first, last = self.minute(window.first), self.minute(window.last)
                self.cp.add_linear_constraint(slot.start, first, last).only_enforce_if(literal)
                self.cp.add(span == slot.job.minutes + window.pause).only_enforce_if(literal)
        chosen = sum(literal for literal, _ in slot.ranges)
        self.cp.add(chosen == slot.placed)

    def _interval(self, slot: Slot, literal: Literal, gap: int) -> cp_model.IntervalVar:
        if slot.span is None:
            size = slot.job.minutes + gap
            return self.cp.new_optional_fixed_size_interval_var(slot.start, size, literal, "")
        return self.cp.new_optional_interval_var(
            slot.start, slot.span + gap, slot.end + gap, literal, ""
        )

    def _taken(self, rows: Iterable[Assignment], gap: int) -> list[cp_model.IntervalVar]:
        """What running jobs take. They may meet, so times that touch are put together."""
        joined: list[list[int]] = []
        for row in sorted(rows, key=lambda row: row.start):
            start, end = self.minute(row.start), self.minute(row.end) + gap
            if joined and start <= joined[-1][1]:
                joined[-1][1] = max(joined[-1][1], end)
            else:
                joined.append([start, end])
        return [self.cp.new_fixed_size_interval_var(a, b - a, "") for a, b in joined]

    def _keep_people_apart(self) -> None:
        for place, group in enumerate(self.people):
            mine = [(s, s.people[place]) for s in self.slots.values() if place in s.people]
            taken = {row.job: row.technician for row in self.problem.running}
            self._keep_apart(group, mine, taken)

    def _keep_bays_apart(self) -> None:
        for place, group in enumerate(self.bays):
            mine = [(s, s.bays[place]) for s in self.slots.values() if place in s.bays]
            taken = {row.job: row.bay for row in self.problem.running if row.bay is not None}
            self._keep_apart(group, mine, taken)

    def _keep_apart(
        self, group: Group, mine: list[tuple[Slot, Literal]], taken: Mapping[str, str]
    ) -> None:
        """Never more jobs at once than the group has, the buffer counted to the job before it."""
        if not mine:
            return
        gap = self.problem.buffer_minutes
        intervals = [self._interval(slot, literal, gap) for slot, literal in mine]
        for name in group.ids:
            known = (row for row in self.problem.running if taken.get(row.job) == name)
            intervals += self._taken(known, gap)
        if len(group.ids) == 1:
            self.cp.add_no_overlap(intervals)
        else:
            self.cp.add_cumulative(intervals, [1] * len(intervals), len(group.ids))

    def _keep_cars_apart(self) -> None:
        for jobs in self.problem.jobs_of.values():
            mine = [self.slots[job.id] for job in jobs if job.id in self.slots]
            known = [self.running[job.id] for job in jobs if job.id in self.running]
            if mine and len(mine) + len(known) > 1:
                intervals = [self._interval(slot, slot.placed, 0) for slot in mine]
                self.cp.add_no_overlap([*intervals, *self._taken(known, 0)])

    def _keep_order(self) -> None:
        for slot in self.slots.values():
            for name in slot.job.after:
                if name in self.running:
                    end: cp_model.LinearExprT = self.minute(self.running[name].end)
                else:
                    end = self.slots[name].end
                    self.cp.add_implication(slot.placed, self.slots[name].placed)
                self.cp.add(slot.start >= end).only_enforce_if(slot.placed)

    def hint(self, variable: cp_model.IntVar, value: int) -> None:
        """Tell the search a value to begin with; the last one told counts."""
        self._hints[variable.index] = (variable, value)

    def hint_rows(self, rows: Mapping[str, Assignment]) -> None:
        """Begin the search with a plan."""
        hand_of = {name: at for at, group in enumerate(self.people) for name in group.ids}
        place_of = {name: at for at, group in enumerate(self.bays) for name in group.ids}
        for name, slot in self.slots.items():
            row = rows.get(name)
            hand = hand_of[row.technician] if row else None
            place = place_of[row.bay] if row and row.bay else None
            self.hint(slot.placed, row is not None)
            for at, literal in slot.people.items():
                self.hint(literal, at == hand)
            for at, literal in slot.bays.items():
                self.hint(literal, at == place)
            if row is not None:
                self.hint(slot.start, self.minute(row.start))
            if row and slot.span is not None and isinstance(slot.end, cp_model.IntVar):
                self.hint(slot.span, row.end - row.start)
                self.hint(slot.end, self.minute(row.end))

    def give_hints(self) -> None:
        """Hand the hints to the solver, each variable once, as it wants them."""
        self.cp.clear_hints()  # type: ignore[no-untyped-call]  # The library forgot it.
        for variable, value in self._hints.values():
            if variable is not self.true:
                self.cp.add_hint(variable, value)

    def rows(self, read: Read) -> list[Assignment]:
        """The assignments of a solution in the problem's order, running jobs included."""
        found = dict(self.running)
        people, bays = Settling(self.problem), Settling(self.problem)
        for row in found.values():
            people.take(row.technician, row.end)
            bays.take(row.bay, row.end)
        placed = [slot for slot in self.slots.values() if read(slot.placed)]
        for slot in sorted(placed, key=lambda slot: read(slot.start)):
            start = read(slot.start) + self.problem.now
            end = start + (slot.job.minutes if slot.span is None else read(slot.span))
            before = self.problem.current_of.get(slot.job.id)
            hand = next(at for at, literal in slot.people.items() if read(literal))
            technician = people.choose(
                self.people[hand], start, before.technician if before else None
            )
            people.take(technician, end)
            bay = None
            if slot.bays:
                place = next(at for at, literal in slot.bays.items() if read(literal))
                bay = bays.choose(self.bays[place], start, before.bay if before else None)
            bays.take(bay, end)
            found[slot.job.id] = Assignment(slot.job.id, technician, bay, start, end)
        return [found[job.id] for job in self.problem.jobs if job.id in found]


class Settling:
    """Gives the jobs of a group, from left to right, to those of the group that are free."""

    def __init__(self, problem: Problem) -> None:
        self._buffer = problem.buffer_minutes
        self._free_at: dict[str, int] = {}

    def take(self, name: str | None, end: int) -> None:
        """Say that one is busy until `end`, and the buffer after it."""
        if name is not None:
            self._free_at[name] = max(self._free_at.get(name, end), end + self._buffer)

    def choose(self, group: Group, start: int, before: str | None) -> str:
        """Who is free by then: the one who had the job, or else the last to get free."""
        free = [each for each in group.ids if self._free_at.get(each, start) <= start]
        if before in free:
            return str(before)
        return max(free or group.ids, key=lambda each: (self._free_at.get(each, 0), each))
