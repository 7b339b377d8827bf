"""Checks a plan against the format page, without asking the planner how it made it.

Nothing of the planner's arithmetic is used here, so that a mistake there is seen here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from workshop.planner.problem import Assignment, Bay, Job, Order, Plan, Problem, Technician


def faults(problem: Problem, plan: Plan) -> list[str]:
    """Every hard rule that the plan breaks and every figure that is wrong; empty when sound."""
    found = list(_wrong_names(problem, plan))
    if found:
        # What is not known cannot be judged further.
        return found
    rows = {row.job: row for row in plan.assignments}
    for job in problem.jobs:
        if job.id in rows:
            wrong = _wrong_fact if job.running_since is not None else _wrong_place
            found.extend(f"{job.id}: {reason}" for reason in wrong(problem, job, rows[job.id]))
            found.extend(_wrong_sequence(problem, job, rows))
        elif job.running_since is not None:
            found.append(f"{job.id}: runs, but is not in the plan")
        elif job.pin.start is not None:
            found.append(f"{job.id}: has a pinned start, but is not in the plan")
    found.extend(_meetings(problem, plan))
    found.extend(_wrong_figures(problem, plan, rows))
    return found


def _wrong_names(problem: Problem, plan: Plan) -> Iterator[str]:
    jobs = {job.id for job in problem.jobs}
    technicians = {technician.id for technician in problem.technicians}
    bays = {bay.id for bay in problem.bays}
    listed = [row.job for row in plan.assignments] + list(plan.unplaced)
    for name in sorted(set(listed)):
        if name not in jobs:
            yield f"{name}: no such job"
        if listed.count(name) > 1:
            yield f"{name}: is in the plan {listed.count(name)} times"
    for name in sorted(jobs - set(listed)):
        yield f"{name}: is neither placed nor named as unplaced"
    for row in plan.assignments:
        if row.technician not in technicians:
            yield f"{row.job}: no technician {row.technician!r}"
        if row.bay is not None and row.bay not in bays:
            yield f"{row.job}: no bay {row.bay!r}"


def _wrong_fact(problem: Problem, job: Job, row: Assignment) -> Iterator[str]:
    """What of a running job was not left as it is."""
    before = next(each for each in problem.current if each.job == job.id)
    assert job.running_since is not None
    ends = job.running_since + job.minutes
    if ends < problem.now:
        ends = problem.now
    if row.technician != before.technician:
        yield f"runs with technician {before.technician}, not {row.technician}"
    if row.bay != before.bay:
        yield f"runs in bay {before.bay}, not {row.bay}"
    if row.start != before.start:
        yield f"has started at {before.start}, not {row.start}"
    if row.end != ends:
        yield f"runs until {ends}, not {row.end}"


def _wrong_place(problem: Problem, job: Job, row: Assignment) -> Iterator[str]:
    technician = next(each for each in problem.technicians if each.id == row.technician)
    bay = next((each for each in problem.bays if each.id == row.bay), None)
    yield from _wrong_hands(job, technician)
    yield from _wrong_bay(job, bay)
    yield from _wrong_start(problem, job, row)
    yield from _wrong_hours(job, row, technician, bay)
    for part, pinned, planned in (
        ("technician", job.pin.technician, row.technician),
        ("bay", job.pin.bay, row.bay),
        ("start", job.pin.start, row.start),
    ):
        if pinned is not None and pinned != planned:
            yield f"{part} is pinned to {pinned}, not {planned}"


def _wrong_hands(job: Job, technician: Technician) -> Iterator[str]:
    wanted = {} if job.skill is None else {job.skill: job.level}
    for skill, level in {**job.also, **wanted}.items():
        if skill not in technician.skills:
            yield f"technician {technician.id} has not the skill {skill}"
        elif technician.skills[skill] < level:
            yield f"technician {technician.id} has {skill} below level {level}"


def _wrong_bay(job: Job, bay: Bay | None) -> Iterator[str]:
    if bay is None and job.bay_kinds:
        yield "has no bay"
    elif bay is not None and not job.bay_kinds:
        yield f"needs no bay, but has {bay.id}"
    elif bay is not None and bay.kind not in job.bay_kinds:
        yield f"bay {bay.id} is a {bay.kind}"


def _wrong_start(problem: Problem, job: Job, row: Assignment) -> Iterator[str]:
    if row.start < problem.now:
        yield f"starts at {row.start}, before now"
    if job.ready_at is not None and row.start < job.ready_at:
        yield f"starts at {row.start}, before it is ready at {job.ready_at}"
    order = next(each for each in problem.orders if each.id == job.order)
    if order.ready_at is not None and row.start < order.ready_at:
        yield f"starts at {row.start}, before order {order.id} is ready at {order.ready_at}"


def _wrong_hours(
    job: Job, row: Assignment, technician: Technician, bay: Bay | None
) -> Iterator[str]:
    if not job.splittable:
        if row.end - row.start != job.minutes:
            yield f"takes {row.end - row.start} minutes, not {job.minutes}"
        if not any(a <= row.start and row.end <= b for a, b in technician.shifts):
            yield f"is not within one shift of technician {technician.id}"
        if bay is not None and not any(a <= row.start and row.end <= b for a, b in bay.open):
            yield f"is not within one opening of bay {bay.id}"
        return
    # Minute by minute would be simplest; days of minutes are many, so overlaps are added up.
    pieces = list(technician.shifts)
    if bay is not None:
        pieces = [(max(a, c), min(b, d)) for a, b in pieces for c, d in bay.open]
    worked = sum(max(0, min(b, row.end) - max(a, row.start)) for a, b in pieces)
    if worked != job.minutes:
        yield f"has {worked} minutes of work in its time, not {job.minutes}"
    if not any(a <= row.start < b for a, b in pieces):
        yield "starts when nobody can work"
    if not any(a < row.end <= b for a, b in pieces):
        yield "ends when nobody can work"


def _wrong_sequence(problem: Problem, job: Job, rows: dict[str, Assignment]) -> Iterator[str]:
    for name in job.after:
        if name not in rows:
            yield f"{job.id}: is placed, but {name}, which must end first, is not"
        elif rows[name].end > rows[job.id].start and not _both_run(problem, name, job.id):
            yield f"{job.id}: starts at {rows[job.id].start}, before {name} ends"


def _both_run(problem: Problem, one: str, other: str) -> bool:
    """Two jobs that have started are facts; how they meet is no fault of the plan."""
    running = {job.id for job in problem.jobs if job.running_since is not None}
    return one in running and other in running


def _meetings(problem: Problem, plan: Plan) -> Iterator[str]:
    order = {job.id: job.order for job in problem.jobs}
    for one, other in combinations(sorted(plan.assignments, key=lambda row: row.start), 2):
        if _both_run(problem, one.job, other.job):
            continue
        both = f"{one.job}, {other.job}"
        overlap = one.end > other.start and other.end > one.start
        if order[one.job] == order[other.job] and overlap:
            yield f"{both}: jobs of order {order[one.job]} overlap"
        too_close = (
            other.start < one.end + problem.buffer_minutes
            and one.start < other.end + problem.buffer_minutes
        )
        if too_close and one.technician == other.technician:
            yield f"{both}: too close for technician {one.technician}"
        if too_close and one.bay is not None and one.bay == other.bay:
            yield f"{both}: too close in bay {one.bay}"


def _wrong_figures(problem: Problem, plan: Plan, rows: dict[str, Assignment]) -> Iterator[str]:
    counted = _count(problem, rows)
    for level, figure in counted.items():
        said = getattr(plan.objective, level)
        if said != figure:
            yield f"objective.{level}: says {said}, is {figure}"
    if plan.proof not in ("optimal", "feasible"):
        yield f"proof: {plan.proof!r} is neither optimal nor feasible"
    for level, bound in plan.bound.items():
        if level not in counted:
            yield f"bound.{level}: no such level"
        elif bound > counted[level]:
            yield f"bound.{level}: {bound} is above {counted[level]}"
        elif plan.proof == "optimal" and bound != counted[level]:
            yield f"bound.{level}: {bound} is not {counted[level]}, yet the proof is optimal"


def _count(problem: Problem, rows: dict[str, Assignment]) -> dict[str, int]:
    current = {row.job: row for row in problem.current}
    figures = {"customers_to_call": 0, "waiting_to_call": 0, "comebacks_to_call": 0}
    figures |= {"unplaced": sum(job.id not in rows for job in problem.jobs)}
    figures |= {"late_minutes": 0, "jobs_moved": 0, "completion_minutes": 0}
    for order in problem.orders:
        mine = [job.id for job in problem.jobs if job.order == order.id]
        late = _late_by(problem, order, [rows[name].end for name in mine if name in rows])
        known = _late_by(problem, order, [current[name].end for name in mine if name in current])
        if (late > 0 and known == 0) or any(name not in rows for name in mine):
            figures["customers_to_call"] += 1
            figures["waiting_to_call"] += 1 if order.waiting else 0
            figures["comebacks_to_call"] += 1 if order.comeback else 0
        figures["late_minutes"] += late
        figures["completion_minutes"] += max([rows[x].end for x in mine if x in rows], default=0)
    for name, row in rows.items():
        if name in current:
            before = current[name]
            same = before.technician == row.technician and before.bay == row.bay
            figures["jobs_moved"] += 0 if same and before.start == row.start else 1
    return figures


def _late_by(problem: Problem, order: Order, ends: list[int]) -> int:
    """By how many minutes the last of these ends breaks the promise."""
    if order.promised is None or not ends:
        return 0
    return max(0, max(ends) - (order.promised - problem.delivery_minutes))
