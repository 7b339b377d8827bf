"""Which jobs to take out of a plan together, so that putting them back may make it better.

Plain Python: the solver that puts them back is asked in `improving.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from workshop.steps.scheduling.options import Layout
from workshop.steps.scheduling.problem import Assignment

Rows = Mapping[str, Assignment]

# Technicians: all jobs of a few. Bays: likewise. Time: neighbours in time, whoever does them.
# In the way: a job that ends later than it could, and those that stand before it.
KINDS = ("of technicians", "of bays", "of a time", "in the way")

# A job that starts so long after another one has ended is hardly in its way.
NEAR_MINUTES = 60


def choose(kind: str, layout: Layout, rows: Rows, size: int, random: Random) -> set[str]:
    """About `size` of the jobs in `rows`, by one of `KINDS`."""
    if kind == "of technicians":
        return _of_some({name: row.technician for name, row in rows.items()}, size, random)
    if kind == "of bays":
        return _of_some({name: row.bay or "" for name, row in rows.items()}, size, random)
    if kind == "of a time":
        return _of_a_time(rows, size, random)
    return _in_the_way(layout, rows, size, random)


def _of_some(holder: Mapping[str, str], size: int, random: Random) -> set[str]:
    """All jobs of a few technicians or bays: they can swap, and each do theirs in other order."""
    names = sorted(set(holder.values()))
    random.shuffle(names)
    found: set[str] = set()
    for name in names:
        if len(found) >= size:
            break
        found |= {job for job, held_by in holder.items() if held_by == name}
    return found


def _of_a_time(rows: Rows, size: int, random: Random) -> set[str]:
    """Jobs that are next to each other in time, whoever does them."""
    order = sorted(rows, key=lambda job: (rows[job].start + rows[job].end, job))
    first = random.randint(0, max(0, len(order) - size))
    return set(order[first : first + size])


def _in_the_way(layout: Layout, rows: Rows, size: int, random: Random) -> set[str]:
    """A job that ends later than it could, its order's other jobs, and what is in their way."""
    problem = layout.problem
    names = sorted(rows)
    waits = [max(0, rows[name].end - layout.soonest[name]) + 1 for name in names]
    late = random.choices(names, waits)[0]
    job, row = problem.job_of[late], rows[late]
    found = {each.id for each in problem.jobs_of[job.order] if each.id in rows}
    people = {each.id for each in problem.technicians_for(job)}
    bays = {each.id for each in problem.bays_for(job)}
    since = layout.soonest[late] - job.minutes - NEAR_MINUTES

    def is_near(other: Assignment) -> bool:
        shares = other.technician in people or other.bay in bays
        return shares and other.end > since and other.start < row.end + NEAR_MINUTES

    def distance(name: str) -> float:
        other = rows[name]
        same = (other.technician == row.technician) + (other.bay == row.bay)
        return 1.5 * random.random() - same

    near = [name for name in names if name not in found and is_near(rows[name])]
    near.sort(key=distance)
    return found | set(near[: max(0, size - len(found))])
