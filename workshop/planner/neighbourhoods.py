"""Which jobs to take out of a plan together, so that putting them back may make it better.

Plain Python: the solver that puts them back is asked in `improving.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from random import Random

from workshop.planner.options import Layout
from workshop.planner.problem import Assignment

Rows = Mapping[str, Assignment]

# Technicians: all jobs of a few. Bays: the same. Time: neighbours in time, whoever does them.
# In the way: a job that ends later than it could, and those that stand before it.
# Orders: a job in the same way, but each order in the way with all its jobs.
KINDS = ("of technicians", "of bays", "of a time", "in the way", "of orders")

# A job that starts so long after another one has ended is hardly in its way.
NEAR_MINUTES = 60


def choose(
    kind: str, layout: Layout, rows: Rows, size: int, random: Random, costly: Sequence[str] = ()
) -> set[str]:
    """About `size` of the jobs in `rows`, by one of `KINDS`.

    `costly` are the jobs that cost most, which the search for what is in the way begins with; jobs
    that are not in `rows` too, since they are not placed.
    """
    if kind == "of technicians":
        return _of_some({name: row.technician for name, row in rows.items()}, size, random)
    if kind == "of bays":
        return _of_some({name: row.bay or "" for name, row in rows.items()}, size, random)
    if kind == "of a time":
        return _of_a_time(rows, size, random)
    name = random.choice(costly) if costly else _one_that_waits(layout, rows, random)
    if kind == "of orders":
        return _of_orders(layout, rows, name, size, random)
    return _in_the_way(layout, rows, name, size, random)


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


def _one_that_waits(layout: Layout, rows: Rows, random: Random) -> str:
    """A job that ends later than it could; the more, the more likely."""
    names = sorted(rows)
    waits = [max(0, rows[name].end - layout.soonest[name]) + 1 for name in names]
    return random.choices(names, waits)[0]


def _in_the_way(layout: Layout, rows: Rows, name: str, size: int, random: Random) -> set[str]:
    """A job, its order's other jobs, and those that stand before it at its technicians or bays."""
    problem = layout.problem
    job, row = problem.job_of[name], rows.get(name)
    found = {each.id for each in problem.jobs_of[job.order] if each.id in rows}
    people = {each.id for each in problem.technicians_for(job)}
    bays = {each.id for each in problem.bays_for(job)}
    since = layout.soonest.get(name, problem.now) - job.minutes - NEAR_MINUTES
    until = inf if row is None else row.end + NEAR_MINUTES
    near = [
        other
        for other in rows.values()
        if other.job not in found
        and (other.technician in people or other.bay in bays)
        and other.end > since
        and other.start < until
    ]
    # Few technicians and bays wholly are better than many in part.
    weight = {each: random.random() for each in sorted(people | bays)}
    if row is not None:
        weight[row.technician] = weight[row.bay or ""] = -1.0
    near.sort(
        key=lambda other: (
            min(weight.get(other.technician, 1.0), weight.get(other.bay or "", 1.0)),
            other.job,
        )
    )
    return found | {other.job for other in near[: max(0, size - len(found))]}


def _of_orders(layout: Layout, rows: Rows, name: str, size: int, random: Random) -> set[str]:
    """The same as what is in the way, but whole orders: one may give its place to another."""
    problem = layout.problem
    near = sorted(_in_the_way(layout, rows, name, size, random))
    random.shuffle(near)
    found: set[str] = set()
    for job in near:
        if len(found) >= size:
            break
        order = problem.job_of[job].order
        found |= {each.id for each in problem.jobs_of[order] if each.id in rows}
    return found
