"""Two technicians on one job, in the planner's problem (docs: plan-format.md).

The format knows one technician of a job. Who works with whom was made by a person, so a team stays
where it is: its job is pinned, and the second technician's time is no working time of his. A team
that cannot stay, for one of them is away or something is in its way, is left out of the plan with
all its time: people must move it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workshop.planner import reading
from workshop.planner.problem import Assignment, Interval, Job, Pin, Problem, Technician, as_json
from workshop.planner.windows import common


@dataclass(frozen=True)
class Help:
    """The second technician of a job; the problem may have him once for each day, as T1.0, T1.1.

    `until` includes the buffer; help that `is_over` is not bound to the job any more.
    """

    job: str
    technician: str
    since: int
    until: int
    is_over: bool = False


def keep_together(problem: Problem, helps: Iterable[Help]) -> tuple[Problem, list[str]]:
    """The problem in which every team stays, and the jobs of those that cannot."""
    whole = problem
    left: list[str] = []
    for each in sorted(helps, key=lambda one: (one.since, one.job)):
        job, row = problem.job_of.get(each.job), problem.current_of.get(each.job)
        if job is None or row is None or each.is_over:
            problem = _take(problem, each.technician, None, (each.since, each.until))
        elif job.is_running:
            problem = _beside_running(problem, job, each)
        else:
            pinned = _pin(problem, job, row)
            stays = _is_there(whole, row, each) and _holds(problem, pinned)
            problem = pinned if stays else _leave_out(problem, job, row)
            left += [] if stays else [job.id]
            problem = _take(problem, each.technician, None, (each.since, each.until))
    return problem, left


def _beside_running(problem: Problem, job: Job, each: Help) -> Problem:
    """The help lasts as long as the work does, whatever was planned."""
    end = next(row.end for row in problem.running if row.job == job.id)
    until = max(each.until, problem.blocked_until(end))
    return _take(problem, each.technician, None, (each.since, until))


def _pin(problem: Problem, job: Job, row: Assignment) -> Problem:
    pin = Pin(row.technician, row.bay, row.start)
    jobs = tuple(replace(one, pin=pin) if one.id == job.id else one for one in problem.jobs)
    return replace(problem, jobs=jobs)


def _holds(before: Problem, pinned: Problem) -> bool:
    known = set(reading.faults_of(as_json(before)))
    return known.issuperset(reading.faults_of(as_json(pinned)))


def _is_there(problem: Problem, row: Assignment, each: Help) -> bool:
    """Whether who helps is at work whenever the lead is, from when he joins on."""
    lead = problem.technician_of[row.technician]
    worked = common(((max(each.since, row.start), row.end),), lead.shifts)
    shifts = {
        span for one in problem.technicians if _is(one.id, each.technician) for span in one.shifts
    }
    there = common(tuple(worked), tuple(sorted(shifts)))
    return _length(there) == _length(worked)


def _length(spans: Sequence[Interval]) -> int:
    return sum(end - start for start, end in spans)


def _leave_out(problem: Problem, job: Job, row: Assignment) -> Problem:
    """Without the job, but with its time taken of the lead and of the bay."""
    jobs = tuple(
        replace(one, after=tuple(name for name in one.after if name != job.id))
        for one in problem.jobs
        if one.id != job.id
    )
    used = {one.order for one in jobs}
    less = replace(
        problem,
        jobs=jobs,
        orders=tuple(order for order in problem.orders if order.id in used),
        current=tuple(one for one in problem.current if one.job != job.id),
    )
    span = (row.start, problem.blocked_until(row.end))
    return _take(less, row.technician, row.bay, span)


def _is(one: str, other: str) -> bool:
    """Whether two ids are of the same person, on whatever days."""
    return one.split(".")[0] == other.split(".")[0]


def _take(problem: Problem, person: str, bay: str | None, span: Interval) -> Problem:
    """The problem in which this person and this bay have no time in the span, nor just before."""
    hole = (span[0] - problem.buffer_minutes, span[1])
    technicians = tuple(
        _without(one, hole) if _is(one.id, person) else one for one in problem.technicians
    )
    bays = tuple(
        replace(one, open=_cut(one.open, hole)) if one.id == bay else one for one in problem.bays
    )
    return replace(problem, technicians=technicians, bays=bays)


def _without(technician: Technician, hole: Interval) -> Technician:
    return replace(technician, shifts=_cut(technician.shifts, hole))


def _cut(spans: Iterable[Interval], hole: Interval) -> tuple[Interval, ...]:
    spans = tuple(spans)
    pieces = ((start, min(end, hole[0])) for start, end in spans)
    rests = ((max(start, hole[1]), end) for start, end in spans)
    return tuple(sorted({(start, end) for start, end in (*pieces, *rests) if start < end}))
