"""The problem as CP-SAT sees it: who, where and when as variables, the hard rules as constraints.

Only the planner imports this module, and with it the solver. Times in here count from `now`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from ortools.sat.python import cp_model

from workshop.planner.busy import Busy
from workshop.planner.options import Layout
from workshop.planner.problem import Assignment, Interval, Job
from workshop.planner.settling import Place, settle
from workshop.planner.slots import Literal, Read, Slot
from workshop.planner.windows import Window, windows


class Model:
    """Variables and hard rules; `costs.py` adds what a plan costs.

    `must_place` says that every job which has a place at all gets one. With `free` only those
    jobs are to be placed: the others stay where `kept` has them, or out of the plan.
    """

    def __init__(
        self,
        layout: Layout,
        *,
        must_place: bool,
        free: Collection[str] | None = None,
        kept: Mapping[str, Assignment] = MappingProxyType({}),
    ) -> None:
        self.layout = layout
        self.problem = layout.problem
        self.cp = cp_model.CpModel()
        self.must_place = must_place
        self.people, self.bays = layout.people, layout.bays
        self.true, self.false = self.cp.new_constant(1), self.cp.new_constant(0)
        self.facts = {row.job: row for row in self.problem.running}
        self.facts |= {name: row for name, row in kept.items() if name not in (free or ())}
        wanted = layout.options if free is None else free
        self.slots = {name: self._slot(name) for name in layout.options if name in wanted}
        self._hints: dict[int, tuple[cp_model.IntVar, int]] = {}
        self.busy = Busy(self.cp, layout, self.slots, self.facts)
        self.busy.keep_apart()
        self._keep_order()

    def _slot(self, name: str) -> Slot:
        job, options = self.problem.job_of[name], self.layout.options[name]
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
        minute = self.layout.minute
        return cp_model.Domain.from_intervals(
            [[minute(window.first), minute(window.last)] for window in found]
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
        for (person, place), found in self.layout.options[slot.job.id].windows.items():
            for window in found:
                literal = self.cp.new_bool_var("")
                slot.ranges.append((literal, window))
                self.cp.add_implication(literal, slot.people[person])
                if place is not None:
                    self.cp.add_implication(literal, slot.bays[place])
                first, last = self.layout.minute(window.first), self.layout.minute(window.last)
                self.cp.add_linear_constraint(slot.start, first, last).only_enforce_if(literal)
                self.cp.add(span == slot.job.minutes + window.pause).only_enforce_if(literal)
        chosen = sum(literal for literal, _ in slot.ranges)
        self.cp.add(chosen == slot.placed)

    def _keep_order(self) -> None:
        for job in self.problem.jobs:
            for name in job.after:
                self._keep_after(job.id, name)

    def _keep_after(self, name: str, before: str) -> None:
        slot, ahead = self.slots.get(name), self.slots.get(before)
        if slot is not None and ahead is not None:
            self.cp.add_implication(slot.placed, ahead.placed)
            self.cp.add(slot.start >= ahead.end).only_enforce_if(slot.placed)
        elif slot is not None:
            end = self.layout.minute(self.facts[before].end)
            self.cp.add(slot.start >= end).only_enforce_if(slot.placed)
        elif ahead is not None and name in self.facts:
            start = self.layout.minute(self.facts[name].start)
            self.cp.add(ahead.end <= start)
            self.cp.add(ahead.placed == 1)

    def hint(self, variable: cp_model.IntVar, value: int) -> None:
        """Give the search a value to begin with; the last one given counts."""
        self._hints[variable.index] = (variable, value)

    def hint_rows(self, rows: Mapping[str, Assignment]) -> None:
        """Begin the search with a plan."""
        person_of, place_of = self.layout.person_of, self.layout.place_of
        for name, slot in self.slots.items():
            row = rows.get(name)
            person = person_of[row.technician] if row else None
            place = place_of[row.bay] if row and row.bay else None
            self.hint(slot.placed, row is not None)
            for at, literal in slot.people.items():
                self.hint(literal, at == person)
            for at, literal in slot.bays.items():
                self.hint(literal, at == place)
            if row is not None:
                self.hint(slot.start, self.layout.minute(row.start))
            if row and slot.span is not None and isinstance(slot.end, cp_model.IntVar):
                self.hint(slot.span, row.end - row.start)
                self.hint(slot.end, self.layout.minute(row.end))

    def give_hints(self) -> None:
        """Give the hints to the solver, each variable once, as it wants them."""
        self.cp.clear_hints()  # type: ignore[no-untyped-call]  # The library forgot it.
        for variable, value in self._hints.values():
            if variable is not self.true and variable is not self.false:
                self.cp.add_hint(variable, value)

    def rows(self, read: Read) -> list[Assignment]:
        """The assignments of a solution in the problem's order, running jobs included."""
        running = {row.job for row in self.problem.running}
        places = [self._kept(row) for name, row in self.facts.items() if name not in running]
        places += [self._chosen(slot, read) for slot in self.slots.values() if read(slot.placed)]
        return settle(self.problem, places)

    def _kept(self, row: Assignment) -> Place:
        person = self.people[self.layout.person_of[row.technician]]
        bay = None if row.bay is None else self.bays[self.layout.place_of[row.bay]]
        return Place(row.job, row.start, row.end, person.ids, bay.ids if bay else ())

    def _chosen(self, slot: Slot, read: Read) -> Place:
        start = read(slot.start) + self.problem.now
        end = start + (slot.job.minutes if slot.span is None else read(slot.span))
        person = next(at for at, literal in slot.people.items() if read(literal))
        places: tuple[str, ...] = ()
        if slot.bays:
            place = next(at for at, literal in slot.bays.items() if read(literal))
            places = self.bays[place].ids
        return Place(slot.job.id, start, end, self.people[person].ids, places)
