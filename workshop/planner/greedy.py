"""A plan at once: the earliest due date first, each job where it can end soonest.

It is the solver's first hint, its answer when time runs out, and what the benchmarks compare with.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Sequence
from graphlib import TopologicalSorter
from math import inf

from workshop.planner import score
from workshop.planner.problem import Assignment, Bay, Interval, Job, Plan, Problem, Technician
from workshop.planner.windows import windows

NEVER = inf


def plan(problem: Problem) -> Plan:
    """The plan of earliest due date with skills; nothing of the plan in force is sought to keep."""
    return _as_plan(problem, _Board(problem).fill(_by_due_date(problem)))


def keep(problem: Problem) -> Plan:
    """The plan in force with what it still allows; only what no longer fits is put elsewhere."""
    board = _Board(problem)
    order = _by_due_date(problem)
    board.fill([job for job in order if job.pin.start is not None])
    for job in sorted(order, key=lambda job: _current_start(problem, job)):
        board.keep(job)
    return _as_plan(problem, board.fill(order))


def give_way(problem: Problem) -> Plan:
    """A plan of a day that is too full: whole orders give way until the others are in time.

    After Moore (An n job, one machine sequencing algorithm for minimizing the number of late jobs,
    1968): in order of due dates, when an order cannot be kept, the one with most work of those
    that come no later and use the same people gives way. Who has given way comes back where room
    is left, the least work first; what then is late is late by as little as can be.
    """
    jobs = _by_due_date(problem)
    gone: list[str] = []
    while True:
        board = _Board(problem)
        board.fill([job for job in jobs if job.order not in gone or job.pin.start is not None])
        called = [job for job in jobs if job.order in score.to_call(problem, board.rows)]
        first = next((job.order for job in called if job.order not in gone), None)
        if first is None:
            break
        gone.append(_largest_beside(problem, board.rows, first, gone))
    for name in sorted(gone, key=lambda name: (_work(problem, name), name)):
        board.fit([job for job in jobs if job.order == name])
    return _as_plan(problem, board.fill(jobs))


def complete(problem: Problem, kept: Sequence[Assignment]) -> Plan:
    """These jobs where they are or sooner, and all others in the room that they leave.

    The most urgent of the others come first, or the shortest, of which more find room.
    """
    urgent = _by_due_date(problem)
    found = []
    for others in (urgent, sorted(urgent, key=lambda job: job.minutes)):
        board = _Board(problem)
        for row in sorted(kept, key=lambda row: row.start):
            board.push(row)
        board.fill(others)
        # What waits for another job may have been asked before it.
        found.append(_as_plan(problem, board.fill(urgent)))
    return min(found, key=lambda plan: plan.objective)


def tighten(problem: Problem, found: Plan) -> Plan:
    """The same jobs with the same technicians and bays in the same order, each as soon as it can.

    No job ends later than before.
    """
    board = _Board(problem)
    for row in sorted(found.assignments, key=lambda row: row.start):
        board.push(row)
    return _as_plan(problem, board.rows)


def _work(problem: Problem, name: str) -> int:
    return sum(job.minutes for job in problem.jobs_of[name])


def _largest_beside(
    problem: Problem, rows: dict[str, Assignment], name: str, gone: Sequence[str]
) -> str:
    """The order with most work that gives room to this one by giving way; it may be itself."""
    due = _due(problem, name)
    people = {person.id for job in problem.jobs_of[name] for person in problem.technicians_for(job)}
    beside = {
        problem.job_of[row.job].order
        for row in rows.values()
        if row.technician in people and not problem.job_of[row.job].is_running
    }
    found = [each for each in beside if each not in gone and _due(problem, each) <= due]
    return max([*found, name], key=lambda each: (_work(problem, each), each))


def _due(problem: Problem, name: str) -> float:
    due = problem.due(problem.order_of[name])
    return inf if due is None else due


def _as_plan(problem: Problem, rows: dict[str, Assignment]) -> Plan:
    return score.plan_of(problem, [rows[job.id] for job in problem.jobs if job.id in rows])


def _current_start(problem: Problem, job: Job) -> int:
    row = problem.current_of.get(job.id)
    return row.start if row else 0


def _by_due_date(problem: Problem) -> list[Job]:
    """The jobs that are still to be placed: pinned starts, then the most urgent order first."""
    left = {job.id: job for job in problem.jobs if not job.is_running}
    after = {job.id: [name for name in job.after if name in left] for job in left.values()}
    rank = {job.id: _rank(problem, job) for job in left.values()}
    depth: dict[str, int] = {}
    earlier_first = list(TopologicalSorter(after).static_order())
    for name in reversed(earlier_first):
        # Who is waited for is as urgent as who waits.
        for before in after[name]:
            rank[before] = min(rank[before], rank[name])
    for name in earlier_first:
        depth[name] = max((depth[before] + 1 for before in after[name]), default=0)
    order = {name: (*rank[name], depth[name], -job.minutes, name) for name, job in left.items()}
    return sorted(left.values(), key=lambda job: order[job.id])


def _rank(problem: Problem, job: Job) -> tuple[bool, float, bool, bool]:
    order = problem.order_of[job.order]
    rank = _due(problem, job.order)
    return job.pin.start is None, rank, not order.waiting, not order.comeback


class _Board:
    """Jobs placed so far, and what is busy because of them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.rows: dict[str, Assignment] = {}
        self._busy: dict[tuple[str, str], list[Interval]] = defaultdict(list)
        for row in problem.running:
            self._put(row)

    def fill(self, jobs: Sequence[Job]) -> dict[str, Assignment]:
        """Place each job where it ends soonest; one that fits nowhere stays out."""
        for job in jobs:
            if job.id not in self.rows:
                found = self._best(job)
                if found is not None:
                    self._put(found)
        return self.rows

    def fit(self, jobs: Sequence[Job]) -> None:
        """Place the jobs of one order in the room that is left, if all of them end in time."""
        before = set(self.rows)
        self.fill(jobs)
        if any(job.order in score.to_call(self.problem, self.rows) for job in jobs):
            for name in set(self.rows) - before:
                self._take_out(name)

    def keep(self, job: Job) -> None:
        """Leave a job where the plan in force has it, when that is still possible."""
        row = self.problem.current_of.get(job.id)
        if row is None or job.id in self.rows:
            return
        technician = self.problem.technician_of[row.technician]
        bay = None if row.bay is None else self.problem.bay_of[row.bay]
        earliest = self._earliest(job)
        is_fit = technician in self.problem.technicians_for(job) and bay in self._bays(job)
        if not is_fit or earliest is None or earliest > row.start:
            return
        place = self._soonest(job, technician, bay, row.start, NEVER)
        if place is not None and place.start == row.start:
            self._put(place)

    def push(self, row: Assignment) -> None:
        """Place a job where a plan has it, or sooner."""
        job = self.problem.job_of[row.job]
        if job.is_running:
            return
        technician = self.problem.technician_of[row.technician]
        bay = None if row.bay is None else self.problem.bay_of[row.bay]
        earliest = self._earliest(job)
        assert earliest is not None
        place = self._soonest(job, technician, bay, earliest, row.end)
        assert place is not None
        self._put(place)

    def _put(self, row: Assignment) -> None:
        job = self.problem.job_of[row.job]
        self.rows[row.job] = row
        insort(self._busy["order", job.order], (row.start, row.end))
        insort(self._busy["technician", row.technician], (row.start, row.end))
        if row.bay is not None:
            insort(self._busy["bay", row.bay], (row.start, row.end))

    def _take_out(self, name: str) -> None:
        row, job = self.rows.pop(name), self.problem.job_of[name]
        self._busy["order", job.order].remove((row.start, row.end))
        self._busy["technician", row.technician].remove((row.start, row.end))
        if row.bay is not None:
            self._busy["bay", row.bay].remove((row.start, row.end))

    def _best(self, job: Job) -> Assignment | None:
        """The place where a job ends soonest, among all technicians and bays."""
        earliest = self._earliest(job)
        if earliest is None:
            return None
        best, limit = None, NEVER
        for technician in self.problem.technicians_for(job):
            # Who is too late without asking for a bay is too late with any.
            if self._soonest(job, technician, None, earliest, limit) is None:
                continue
            for bay in self._bays(job):
                found = self._soonest(job, technician, bay, earliest, limit)
                if found and (best is None or self._cost(found) < self._cost(best)):
                    best, limit = found, found.end
        return best

    def _bays(self, job: Job) -> Sequence[Bay | None]:
        return self.problem.bays_for(job) if job.bay_kinds else [None]

    def _earliest(self, job: Job) -> int | None:
        """The first start after the jobs that come before; None when one of them is not placed."""
        earliest = self.problem.earliest(job)
        for name in job.after:
            if name not in self.rows:
                return None
            earliest = max(earliest, self.rows[name].end)
        return earliest

    def _soonest(
        self, job: Job, technician: Technician, bay: Bay | None, earliest: int, limit: float
    ) -> Assignment | None:
        """The first place with this technician and bay, unless it ends after `limit`."""
        pinned = job.pin.start
        first = earliest if pinned is None else max(earliest, pinned)
        for window in windows(job, technician.shifts, bay.open if bay else None, first):
            length = job.minutes + window.pause
            last = min(window.last, limit - length, NEVER if pinned is None else pinned)
            start = self._free(job, technician, bay, window.first, last, length)
            if start <= last:
                name = bay.id if bay else None
                return Assignment(job.id, technician.id, name, start, start + length)
        return None

    def _free(
        self,
        job: Job,
        technician: Technician,
        bay: Bay | None,
        start: int,
        last: float,
        length: int,
    ) -> int:
        """The first minute from `start` on at which none of the three is busy for that long.

        The search ends with the first minute that is after `last`.
        """
        buffer = self.problem.buffer_minutes
        lists = [(self._busy["order", job.order], 0)]
        lists.append((self._busy["technician", technician.id], buffer))
        if bay is not None:
            lists.append((self._busy["bay", bay.id], buffer))
        moved = True
        while moved and start <= last:
            moved = False
            for busy, gap in lists:
                for begins, ends in busy:
                    if start < ends + gap and begins < start + length + gap:
                        start, moved = ends + gap, True
        return start

    def _cost(self, row: Assignment) -> tuple[int, int, int, str, str]:
        """Ends soonest; then who can do least else, so that who can do most stays free."""
        skills = self.problem.technician_of[row.technician].skills
        return row.end, len(skills), sum(skills.values()), row.technician, row.bay or ""
