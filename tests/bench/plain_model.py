"""The yardstick: the format page as one plain model of the solver, one level after the other.

What anybody would write who knows the solver: an optional interval for each technician who may
do a job, bays of one kind counted together, a literal for each order that is late or to be called,
the greedy plan to begin with. It knows what the first plan of a day has, so it refuses problems
with a plan in force, pins or jobs that pause. The planner must not be worse on a full day.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from workshop.planner import greedy, score
from workshop.planner.problem import LEVELS, Assignment, Job, Objective, Order, Plan, Problem

WORKERS = 2
# The levels that are compared: what follows is nobody's promise.
COMPARED = LEVELS[:5]
WATCH_SECONDS = 0.05


@dataclass
class _Slot:
    """The variables of one job."""

    job: Job
    placed: cp_model.IntVar
    start: cp_model.IntVar
    people: dict[str, cp_model.IntVar] = field(default_factory=dict)
    places: dict[tuple[str, tuple[tuple[int, int], ...]], cp_model.IntVar] = field(
        default_factory=dict
    )

    @property
    def end(self) -> cp_model.LinearExpr:
        return self.start + self.job.minutes


class PlainModel:
    """The model of one problem; `search` settles it level by level."""

    def __init__(self, problem: Problem) -> None:
        assert not problem.current
        assert not any(job.splittable or job.is_running for job in problem.jobs)
        assert all(job.pin.start is None for job in problem.jobs)
        self.problem = problem
        self.cp = cp_model.CpModel()
        self.horizon = max(end for each in problem.technicians for _, end in each.shifts)
        self.slots = {job.id: self._slot(job) for job in problem.jobs}
        self._keep_apart()
        self._keep_order()
        self.levels = self._levels()
        self.bound: dict[str, int] = {}

    def search(self, seconds: float) -> Plan:
        """The plan found with so much time for each of the levels that are compared.

        Seconds are those of two idle cores: as much processor time is given however busy the
        machine is.
        """
        best = greedy.plan(self.problem)
        for level in COMPARED:
            self.cp.minimize(self.levels[level])
            self._hint({row.job: row for row in best.assignments})
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = WORKERS
            solver.parameters.random_seed = 1
            status = _solve(solver, self.cp, seconds * WORKERS)
            if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                best = min(best, self._plan(solver), key=lambda plan: plan.objective)
            self.bound[level] = max(0, round(solver.best_objective_bound))
            self.cp.add(self.levels[level] <= getattr(best.objective, level))
        return best

    def _slot(self, job: Job) -> _Slot:
        earliest = self.problem.earliest(job)
        placed = self.cp.new_bool_var(f"placed {job.id}")
        start = self.cp.new_int_var(earliest, max(earliest, self.horizon), f"start {job.id}")
        slot = _Slot(job, placed, start)
        for each in self.problem.technicians_for(job):
            literal = slot.people[each.id] = self.cp.new_bool_var(f"{job.id} by {each.id}")
            self._within(slot, each.shifts, literal)
        self.cp.add(sum(slot.people.values()) == placed)
        if job.bay_kinds:
            for bay in self.problem.bays_for(job):
                if (bay.kind, bay.open) not in slot.places:
                    literal = self.cp.new_bool_var(f"{job.id} in {bay.kind}")
                    slot.places[bay.kind, bay.open] = literal
                    self._within(slot, bay.open, literal)
            self.cp.add(sum(slot.places.values()) == placed)
        return slot

    def _within(
        self, slot: _Slot, hours: tuple[tuple[int, int], ...], literal: cp_model.IntVar
    ) -> None:
        """The job lies within one of these hours when the literal is true."""
        minutes = slot.job.minutes
        ranges = [[a, b - minutes] for a, b in hours if b - a >= minutes]
        domain = cp_model.Domain.from_intervals(ranges)
        self.cp.add_linear_expression_in_domain(slot.start, domain).only_enforce_if(literal)

    def _interval(self, slot: _Slot, literal: cp_model.IntVar, gap: int) -> cp_model.IntervalVar:
        size = slot.job.minutes + gap
        return self.cp.new_optional_fixed_size_interval_var(slot.start, size, literal, "")

    def _keep_apart(self) -> None:
        buffer, slots = self.problem.buffer_minutes, self.slots.values()
        for each in self.problem.technicians:
            self.cp.add_no_overlap(
                self._interval(slot, slot.people[each.id], buffer)
                for slot in slots
                if each.id in slot.people
            )
        for place in {(bay.kind, bay.open) for bay in self.problem.bays}:
            mine = [
                self._interval(slot, slot.places[place], buffer)
                for slot in slots
                if place in slot.places
            ]
            many = sum((bay.kind, bay.open) == place for bay in self.problem.bays)
            self.cp.add_cumulative(mine, [1] * len(mine), many)
        for jobs in self.problem.jobs_of.values():
            mine = [
                self._interval(self.slots[job.id], self.slots[job.id].placed, 0) for job in jobs
            ]
            self.cp.add_no_overlap(mine)

    def _keep_order(self) -> None:
        for slot in self.slots.values():
            for name in slot.job.after:
                before = self.slots[name]
                self.cp.add_implication(slot.placed, before.placed)
                self.cp.add(slot.start >= before.end).only_enforce_if(slot.placed)

    def _levels(self) -> dict[str, cp_model.LinearExprT]:
        orders = self.problem.orders
        late = {order.id: self._lateness(order) for order in orders}
        calls = {order.id: self._call(order, late[order.id]) for order in orders}
        slots = self.slots.values()
        return {
            "customers_to_call": sum(calls.values()),
            "waiting_to_call": sum(calls[order.id] for order in orders if order.waiting),
            "comebacks_to_call": sum(calls[order.id] for order in orders if order.comeback),
            "unplaced": len(slots) - sum(slot.placed for slot in slots),
            "late_minutes": sum(late.values()),
        }

    def _lateness(self, order: Order) -> cp_model.IntVar:
        due = self.problem.due(order)
        late = self.cp.new_int_var(0, self.horizon, f"late {order.id}")
        if due is None:
            return late
        for slot in (self.slots[job.id] for job in self.problem.jobs_of[order.id]):
            self.cp.add(slot.end <= due + late).only_enforce_if(slot.placed)
        return late

    def _call(self, order: Order, late: cp_model.IntVar) -> cp_model.IntVar:
        call = self.cp.new_bool_var(f"call {order.id}")
        self.cp.add(late == 0).only_enforce_if(call.negated())
        for job in self.problem.jobs_of[order.id]:
            self.cp.add_bool_or(self.slots[job.id].placed, call)
        return call

    def _hint(self, rows: dict[str, Assignment]) -> None:
        self.cp.clear_hints()  # type: ignore[no-untyped-call]  # The library forgot it.
        bay_of = self.problem.bay_of
        for name, slot in self.slots.items():
            row = rows.get(name)
            self.cp.add_hint(slot.placed, row is not None)
            for technician, literal in slot.people.items():
                self.cp.add_hint(literal, row is not None and row.technician == technician)
            bay = bay_of[row.bay] if row and row.bay else None
            for place, literal in slot.places.items():
                self.cp.add_hint(literal, bay is not None and (bay.kind, bay.open) == place)
            if row is not None:
                self.cp.add_hint(slot.start, row.start)

    def _plan(self, solver: cp_model.CpSolver) -> Plan:
        rows: list[Assignment] = []
        slots = [slot for slot in self.slots.values() if solver.value(slot.placed)]
        free_at = {bay.id: 0 for bay in self.problem.bays}
        for slot in sorted(slots, key=lambda slot: solver.value(slot.start)):
            start = solver.value(slot.start)
            who = next(name for name, literal in slot.people.items() if solver.value(literal))
            place = next((each for each, on in slot.places.items() if solver.value(on)), None)
            bay = next(
                (
                    bay.id
                    for bay in self.problem.bays
                    if (bay.kind, bay.open) == place and free_at[bay.id] <= start
                ),
                None,
            )
            end = start + slot.job.minutes
            if bay is not None:
                free_at[bay] = end + self.problem.buffer_minutes
            rows.append(Assignment(slot.job.id, who, bay, start, end))
        return score.plan_of(self.problem, rows)


def _solve(
    solver: cp_model.CpSolver, model: cp_model.CpModel, processor_seconds: float
) -> cp_model.CpSolverStatus:
    """Solve until so much time of the processor is used."""
    over = threading.Event()
    ends_at = time.process_time() + processor_seconds

    def watch() -> None:
        while not over.wait(WATCH_SECONDS):
            if time.process_time() >= ends_at:
                solver.stop_search()

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        return solver.solve(model)
    finally:
        over.set()
        watching.join()


def search(problem: Problem, seconds: float) -> Objective:
    """What the yardstick finds with so many seconds for each level."""
    return PlainModel(problem).search(seconds).objective
