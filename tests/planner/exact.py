"""Two exact answers that share nothing with the planner, for problems of a few minutes.

`search` tries every start, technician and bay of every job; `programme` writes the same choices
as an integer programme, one variable for each, and lets another solver settle it. Both compute
minute by minute, straight from the format page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from ortools.linear_solver import pywraplp

from workshop.planner.problem import Assignment, Job, Objective, Order, Problem


def possible(problem: Problem, job: Job) -> list[Assignment]:
    """Every place that a job may have as far as it is alone with the running jobs."""
    if job.running_since is not None:
        row = next(each for each in problem.current if each.job == job.id)
        end = max(problem.now, job.running_since + job.minutes)
        return [Assignment(job.id, row.technician, row.bay, row.start, end)]
    running = [
        row
        for each in problem.jobs
        if each.running_since is not None
        for row in possible(problem, each)
    ]
    return [
        row
        for row in _places(problem, job)
        if all(
            getattr(job.pin, part) in (None, getattr(row, part))
            for part in ("technician", "bay", "start")
        )
        and not any(clash(problem, row, fact) for fact in running)
    ]


def _places(problem: Problem, job: Job) -> Iterator[Assignment]:
    order = next(each for each in problem.orders if each.id == job.order)
    first = max(problem.now, job.ready_at or problem.now, order.ready_at or problem.now)
    bays = [bay for bay in problem.bays if bay.kind in job.bay_kinds] if job.bay_kinds else [None]
    for technician, bay in product(problem.technicians, bays):
        wanted = {**job.also, **({} if job.skill is None else {job.skill: job.level})}
        if any(technician.skills.get(skill, -1) < level for skill, level in wanted.items()):
            continue
        for shift, hours in product(technician.shifts, bay.open if bay else [(-99, 999)]):
            minutes = range(max(first, shift[0], hours[0]), min(shift[1], hours[1]))
            for start in minutes:
                end = _end(job, start, technician.shifts, bay.open if bay else ((-99, 999),))
                if end is not None and (job.splittable or end - 1 in minutes):
                    yield Assignment(job.id, technician.id, bay.id if bay else None, start, end)


def _end(
    job: Job, start: int, shifts: Iterable[tuple[int, int]], hours: Iterable[tuple[int, int]]
) -> int | None:
    left, minute = job.minutes, start
    horizon = max(end for _, end in shifts)
    while left and minute < horizon:
        if any(a <= minute < b for a, b in shifts) and any(a <= minute < b for a, b in hours):
            left -= 1
        elif not job.splittable:
            return None
        minute += 1
    return None if left else minute


def clash(problem: Problem, one: Assignment, other: Assignment) -> bool:
    """Whether two rows cannot both be in a plan."""
    jobs = {job.id: job for job in problem.jobs}
    first, second = jobs[one.job], jobs[other.job]
    if second.id in first.after and one.start < other.end:
        return True
    if first.id in second.after and other.start < one.end:
        return True
    if first.order == second.order and one.start < other.end and other.start < one.end:
        return True
    gap = problem.buffer_minutes
    near = one.start < other.end + gap and other.start < one.end + gap
    return near and (one.technician == other.technician or (one.bay == other.bay is not None))


def _lateness(problem: Problem, order: Order, rows: Iterable[Assignment]) -> int:
    if order.promised is None:
        return 0
    limit = order.promised - problem.delivery_minutes
    return max([0] + [row.end - limit for row in rows])


def _was_late(problem: Problem, order: Order) -> bool:
    mine = {job.id for job in problem.jobs if job.order == order.id}
    return _lateness(problem, order, [row for row in problem.current if row.job in mine]) > 0


def cost(problem: Problem, rows: dict[str, Assignment | None]) -> Objective:
    """The levels of a plan, or of a part of one: jobs that are not in `rows` are not judged yet."""
    levels = [0] * 7
    for order in problem.orders:
        mine = [job.id for job in problem.jobs if job.order == order.id and job.id in rows]
        placed = [row for name in mine if (row := rows[name]) is not None]
        missing = len(mine) - len(placed)
        late = _lateness(problem, order, placed)
        call = missing > 0 or (late > 0 and not _was_late(problem, order))
        levels[0] += call
        levels[1] += call and order.waiting
        levels[2] += call and order.comeback
        levels[3] += missing
        levels[4] += late
        levels[6] += max([row.end for row in placed], default=0)
    levels[5] = sum(_moved(problem, row) for row in rows.values() if row is not None)
    return Objective(*levels)


def _moved(problem: Problem, row: Assignment) -> bool:
    known = [each for each in problem.current if each.job == row.job]
    return bool(known) and (known[0].technician, known[0].bay, known[0].start) != (
        row.technician,
        row.bay,
        row.start,
    )


def search(problem: Problem) -> Objective | None:
    """The best objective by trying everything; None when the pins cannot all be kept.

    No cost falls when a job is added, so what already costs more than the best is cut off.
    """
    jobs = sorted(problem.jobs, key=lambda job: len(possible(problem, job)))
    choices = {job.id: sorted(possible(problem, job), key=lambda row: row.end) for job in jobs}
    best: list[Objective] = []

    def place(at: int, rows: dict[str, Assignment | None]) -> None:
        if best and cost(problem, rows) >= best[0]:
            return
        if at == len(jobs):
            if _in_order(problem, rows):
                best[:] = [cost(problem, rows)]
            return
        job = jobs[at]
        for row in choices[job.id]:
            facts = job.running_since is not None
            if facts or not any(
                clash(problem, row, each) for each in rows.values() if each is not None
            ):
                place(at + 1, {**rows, job.id: row})
        if job.running_since is None and job.pin.start is None:
            place(at + 1, {**rows, job.id: None})

    place(0, {})
    return best[0] if best else None


def _in_order(problem: Problem, rows: dict[str, Assignment | None]) -> bool:
    return all(
        rows[name] is not None
        for job in problem.jobs
        if rows[job.id] is not None
        for name in job.after
    )


def programme(problem: Problem) -> Objective | None:
    """The best objective by an integer programme over minutes; None when no pins can be kept."""
    return _Programme(problem).solve()


class _Programme:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.solver = pywraplp.Solver.CreateSolver("SCIP")
        self.choices = {
            job.id: [(row, self.solver.BoolVar("")) for row in possible(problem, job)]
            for job in problem.jobs
        }
        self.last = (
            max([row.end for found in self.choices.values() for row, _ in found], default=0)
            + problem.buffer_minutes
        )
        self._choose()
        self._keep_apart()
        self._keep_order()
        self.levels = self._levels()

    def solve(self) -> Objective | None:
        found = []
        for level in self.levels:
            self.solver.Minimize(level)
            status = self.solver.Solve()
            if status == pywraplp.Solver.INFEASIBLE:
                return None
            assert status == pywraplp.Solver.OPTIMAL
            found.append(round(self.solver.Objective().Value()))
            self.solver.Add(level <= found[-1])
        return Objective(*found)

    def _choose(self) -> None:
        for job in self.problem.jobs:
            placed = sum(x for _, x in self.choices[job.id])
            must = job.running_since is not None or job.pin.start is not None
            if self.choices[job.id]:
                self.solver.Add(placed == 1 if must else placed <= 1)
            elif must:
                self.solver.Add(self.solver.BoolVar("") >= 2)

    def _keep_apart(self) -> None:
        gap = self.problem.buffer_minutes
        planned = [job for job in self.problem.jobs if job.running_since is None]
        rows = [pair for job in planned for pair in self.choices[job.id]]
        order = {job.id: job.order for job in self.problem.jobs}
        for minute in range(self.last + 1):
            near = [(row, x) for row, x in rows if row.start <= minute < row.end + gap]
            now = [(row, x) for row, x in near if minute < row.end]
            for technician in self.problem.technicians:
                self._at_most_one(x for row, x in near if row.technician == technician.id)
            for bay in self.problem.bays:
                self._at_most_one(x for row, x in near if row.bay == bay.id)
            for each in self.problem.orders:
                self._at_most_one(x for row, x in now if order[row.job] == each.id)

    def _at_most_one(self, found: Iterable[pywraplp.Variable]) -> None:
        several = list(found)
        if len(several) > 1:
            self.solver.Add(sum(several) <= 1)

    def _keep_order(self) -> None:
        for job in self.problem.jobs:
            for name in job.after if job.running_since is None else ():
                for minute in range(self.last + 1):
                    begun = [x for row, x in self.choices[job.id] if row.start <= minute]
                    ended = [x for row, x in self.choices[name] if row.end <= minute]
                    if begun:
                        self.solver.Add(sum(begun) <= sum(ended))

    def _levels(self) -> list[pywraplp.LinearExpr]:
        problem, solver = self.problem, self.solver
        zero = solver.IntVar(0, 0, "")
        levels = [zero + 0] * 7
        for order in problem.orders:
            call, late = solver.BoolVar(""), solver.IntVar(0, solver.infinity(), "")
            end = solver.IntVar(0, solver.infinity(), "")
            for job in (job for job in problem.jobs if job.order == order.id):
                choices = self.choices[job.id]
                placed = sum((x for _, x in choices), zero)
                levels[3] = levels[3] + 1 - placed
                solver.Add(call >= 1 - placed)
                solver.Add(end >= sum((row.end * x for row, x in choices), zero))
                lates = [(_lateness(problem, order, [row]), x) for row, x in choices]
                solver.Add(late >= sum((minutes * x for minutes, x in lates), zero))
                if not _was_late(problem, order):
                    solver.Add(call >= sum((x for minutes, x in lates if minutes), zero))
                levels[5] = levels[5] + sum((x for row, x in choices if _moved(problem, row)), zero)
            levels[0] = levels[0] + call
            levels[1] = levels[1] + (call if order.waiting else zero)
            levels[2] = levels[2] + (call if order.comeback else zero)
            levels[4] = levels[4] + late
            levels[6] = levels[6] + end
        return levels
