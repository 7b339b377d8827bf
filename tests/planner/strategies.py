"""Random small shops for the planner's property tests; minutes are few so that proofs are quick."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from workshop.planner import reading
from workshop.planner.problem import (
    Assignment,
    Bay,
    Interval,
    Job,
    Order,
    Pin,
    Problem,
    Technician,
    as_json,
)

HORIZON = 30
NOW = 6
SKILLS = ("engine", "body")
KINDS = ("lift", "ground")


@st.composite
def problems(draw: DrawFn, most_jobs: int = 12) -> Problem:
    """A sound problem of 1 to `most_jobs` jobs, with every feature of the format in it at times."""
    technicians = tuple(draw(_technician(at)) for at in range(draw(st.integers(1, 3))))
    bays = tuple(draw(_bay(at)) for at in range(draw(st.integers(1, 3))))
    count = draw(st.integers(1, most_jobs))
    orders = tuple(draw(_order(at)) for at in range(draw(st.integers(1, count))))
    jobs = [draw(_job(at, orders)) for at in range(count)]
    current = {job.id: draw(_row(job, technicians, bays)) for job in jobs if draw(_chance(0.4))}
    jobs = [_started(draw, job, current) for job in jobs]
    running = {job.id for job in jobs if job.is_running}
    jobs = [
        replace(job, after=tuple(name for name in job.after if name in running))
        if job.is_running
        else job
        for job in jobs
    ]
    problem = Problem(
        now=NOW,
        buffer_minutes=draw(st.integers(0, 3)),
        delivery_minutes=draw(st.integers(0, 3)),
        technicians=technicians,
        bays=bays,
        orders=orders,
        jobs=tuple(jobs),
        current=tuple(current.values()) if draw(_chance(0.7)) or running else (),
    )
    return _pinned(draw, problem)


def _chance(share: float) -> SearchStrategy[bool]:
    return st.integers(1, 100).map(lambda number: number > 100 - share * 100)


@st.composite
def _hours(draw: DrawFn) -> tuple[Interval, ...]:
    start = draw(st.integers(0, NOW + 4))
    end = draw(st.integers(18, HORIZON))
    if draw(_chance(0.5)):
        gap = draw(st.integers(start + 2, end - 4))
        return ((start, gap), (gap + draw(st.integers(0, 3)), end))
    return ((start, end),)


@st.composite
def _technician(draw: DrawFn, at: int) -> Technician:
    names = SKILLS if draw(_chance(0.6)) else (draw(st.sampled_from(SKILLS)),)
    skills = {name: draw(st.integers(1, 2)) for name in names}
    return Technician(f"T{at}", skills, draw(_hours()))


@st.composite
def _bay(draw: DrawFn, at: int) -> Bay:
    # Bays with the same hours are what the planner counts together.
    hours = ((0, HORIZON),) if draw(_chance(0.6)) else draw(_hours())
    return Bay(f"B{at}", draw(st.sampled_from(KINDS)), hours)


@st.composite
def _order(draw: DrawFn, at: int) -> Order:
    return Order(
        id=f"R{at}",
        promised=draw(st.none() | st.integers(8, HORIZON)),
        waiting=draw(st.booleans()),
        comeback=draw(_chance(0.3)),
        ready_at=draw(st.none() | st.integers(0, 12)),
    )


@st.composite
def _job(draw: DrawFn, at: int, orders: tuple[Order, ...]) -> Job:
    after = (f"J{draw(st.integers(0, at - 1))}",) if at and draw(_chance(0.2)) else ()
    return Job(
        id=f"J{at}",
        order=draw(st.sampled_from(orders)).id,
        minutes=draw(st.integers(1, 6)),
        skill=draw(st.sampled_from((None, *SKILLS))),
        level=draw(st.integers(1, 2)),
        bay_kinds=draw(st.sampled_from(((), KINDS, KINDS[:1], KINDS[1:]))),
        after=after,
        ready_at=draw(st.none() | st.integers(0, 14)),
        splittable=draw(_chance(0.3)),
        also={draw(st.sampled_from(SKILLS)): 1} if draw(_chance(0.2)) else {},
    )


@st.composite
def _row(
    draw: DrawFn, job: Job, technicians: tuple[Technician, ...], bays: tuple[Bay, ...]
) -> Assignment:
    start = draw(st.integers(0, HORIZON - 8))
    bay = draw(st.sampled_from(bays)).id if job.bay_kinds or draw(_chance(0.1)) else None
    technician = draw(st.sampled_from(technicians)).id
    return Assignment(job.id, technician, bay, start, start + job.minutes)


def _started(draw: DrawFn, job: Job, current: dict[str, Assignment]) -> Job:
    row = current.get(job.id)
    if row is None or not draw(_chance(0.25)):
        return job
    since = draw(st.integers(0, NOW))
    end = max(NOW, since + job.minutes)
    start = draw(st.sampled_from((since, since, max(0, since - 1), end)))
    current[job.id] = replace(row, start=start)
    current[job.id] = replace(current[job.id], end=start + job.minutes)
    return replace(job, running_since=since)


def _pinned(draw: DrawFn, problem: Problem) -> Problem:
    """Pins added one by one; one that contradicts what is there already is left out."""
    for at, job in enumerate(problem.jobs):
        if draw(_chance(0.3)):
            jobs = [*problem.jobs]
            jobs[at] = replace(job, pin=draw(_pin(problem, job)))
            tried = replace(problem, jobs=tuple(jobs))
            if not reading.faults_of(as_json(tried)):
                problem = tried
    return problem


@st.composite
def _pin(draw: DrawFn, problem: Problem, job: Job) -> Pin:
    technicians = [each.id for each in problem.technicians_for(job)]
    bays = [each.id for each in problem.bays_for(job)]
    return Pin(
        technician=draw(st.sampled_from([None, *technicians])),
        bay=draw(st.sampled_from([None, *bays])),
        start=draw(st.none() | st.integers(NOW, HORIZON - 4)),
    )


def shifted(problem: Problem, by: int) -> Problem:
    """The same problem with its origin elsewhere."""
    return replace(
        problem,
        now=problem.now + by,
        technicians=tuple(
            replace(each, shifts=_later(each.shifts, by)) for each in problem.technicians
        ),
        bays=tuple(replace(each, open=_later(each.open, by)) for each in problem.bays),
        orders=tuple(
            replace(each, promised=_plus(each.promised, by), ready_at=_plus(each.ready_at, by))
            for each in problem.orders
        ),
        jobs=tuple(
            replace(
                each,
                ready_at=_plus(each.ready_at, by),
                running_since=_plus(each.running_since, by),
                pin=replace(each.pin, start=_plus(each.pin.start, by)),
            )
            for each in problem.jobs
        ),
        current=tuple(
            replace(each, start=each.start + by, end=each.end + by) for each in problem.current
        ),
    )


def _later(hours: tuple[Interval, ...], by: int) -> tuple[Interval, ...]:
    return tuple((start + by, end + by) for start, end in hours)


def _plus(minute: int | None, by: int) -> int | None:
    return None if minute is None else minute + by


def renamed(problem: Problem, random: Random) -> Problem:
    """The same problem with other names and every list in another order."""
    known = [each.id for part in _named(problem) for each in part]
    name = {each: f"{random.random()} {each}" for each in known}

    def other(known: str | None) -> str | None:
        return None if known is None else name[known]

    def mixed(items: Iterable[Any]) -> tuple[Any, ...]:
        found = list(items)
        random.shuffle(found)
        return tuple(found)

    return replace(
        problem,
        technicians=mixed(replace(each, id=name[each.id]) for each in problem.technicians),
        bays=mixed(replace(each, id=name[each.id]) for each in problem.bays),
        orders=mixed(replace(each, id=name[each.id]) for each in problem.orders),
        jobs=mixed(
            replace(
                each,
                id=name[each.id],
                order=name[each.order],
                after=mixed(name[before] for before in each.after),
                bay_kinds=mixed(each.bay_kinds),
                pin=replace(
                    each.pin, technician=other(each.pin.technician), bay=other(each.pin.bay)
                ),
            )
            for each in problem.jobs
        ),
        current=mixed(
            replace(each, job=name[each.job], technician=name[each.technician], bay=other(each.bay))
            for each in problem.current
        ),
    )


def _named(problem: Problem) -> tuple[tuple[Any, ...], ...]:
    return problem.technicians, problem.bays, problem.orders, problem.jobs
