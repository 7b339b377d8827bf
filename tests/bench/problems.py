"""Shops of a given size with a busy day, and what upsets the day; the seed says which.

The benchmarks measure on them and the tests borrow them.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from workshop.planner.problem import Assignment, Bay, Job, Order, Plan, Problem, Technician

DAY = ((0, 240), (300, 540))
LATE_DAY = ((60, 240), (300, 600))
OPEN = ((0, 600),)
TOMORROW = 1440
SKILLS = ("engine", "electrical", "chassis", "body")
MINUTES = (20, 30, 30, 40, 45, 60, 60, 75, 90, 120)


# The jobs of a full day for each seed; an order has five for three, so they come of 30 to 56.
FULL_JOBS = (50, 50, 58, 66, 66, 75, 83, 83, 100, 100)
# How many technicians a busy day has for a job, and how many bays for a technician.
HANDS = 1 / 5
BAYS_A_HAND = 0.85


def day(jobs: int, technicians: int, bays: int, seed: int) -> Problem:
    """One day at 67 to 84 % of the technicians' time, buffers counted."""
    return _day(jobs, technicians, bays, Random(seed), (0.67, 0.84))


def full_day(seed: int) -> Problem:
    """One day with more work than hours, and as many jobs as `FULL_JOBS` has for the seed.

    Work and buffers are 105 to 125 % of the technicians' time.
    """
    random = Random(1000 + seed)
    jobs = FULL_JOBS[seed % len(FULL_JOBS)]
    hands = round(jobs * HANDS * random.uniform(0.8, 1.0))
    return _day(jobs, hands, round(hands * BAYS_A_HAND), random, (1.05, 1.25))


def _day(
    jobs: int, technicians: int, bays: int, random: Random, loads: tuple[float, float]
) -> Problem:
    people = tuple(_technician(random, at) for at in range(technicians))
    places = tuple(_bay(at, bays) for at in range(bays))
    hours = sum(b - a for person in people for a, b in person.shifts)
    load = random.uniform(*loads)
    minutes = _minutes(random, jobs, round(hours * load) - jobs * 15)
    work: list[Job] = []
    orders: list[Order] = []
    while len(work) < jobs:
        count = min(random.choice((1, 1, 1, 2, 2, 3)), jobs - len(work))
        mine = [_job(random, len(work) + at, len(orders), minutes) for at in range(count)]
        if count > 1 and random.random() < 0.5:
            mine[1] = replace(mine[1], after=(mine[0].id,))
        work += mine
        orders.append(_order(random, len(orders), sum(job.minutes for job in mine)))
    return Problem(0, 15, 15, people, places, tuple(orders), tuple(work))


def _technician(random: Random, at: int) -> Technician:
    # Each skill has somebody good at it, however the dice fall.
    skills = {"maintenance": random.randint(1, 3), SKILLS[at % 4]: random.randint(2, 3)}
    for name in random.sample(SKILLS, random.randint(1, 2)):
        skills.setdefault(name, random.randint(1, 2))
    return Technician(f"T{at}", skills, LATE_DAY if random.random() < 0.25 else DAY)


def _bay(at: int, bays: int) -> Bay:
    share = at / bays
    kind = "lift" if share < 0.6 else "ground" if share < 0.9 else "alignment"
    if at == bays - 1:
        # However small the shop is, wheels are aligned somewhere.
        kind = "alignment"
    return Bay(f"B{at}", kind, OPEN)


def _minutes(random: Random, jobs: int, total: int) -> list[int]:
    raw = [random.choice(MINUTES) for _ in range(jobs)]
    return [max(10, round(each * total / sum(raw) / 5) * 5) for each in raw]


def _job(random: Random, at: int, order: int, minutes: list[int]) -> Job:
    skill = random.choice(("maintenance", "maintenance", *SKILLS))
    level = 1 if skill == "maintenance" else random.choice((1, 1, 2))
    if skill == "chassis" and random.random() < 0.4:
        kinds: tuple[str, ...] = ("alignment",)
    else:
        kinds = random.choice((("lift",), ("lift",), ("lift", "ground"), ("ground",), ()))
    return Job(f"J{at}", f"R{order}", minutes[at], skill, level, kinds)


def _order(random: Random, at: int, minutes: int) -> Order:
    waiting = random.random() < 0.3
    ready_at = random.randrange(0, 271, 15)
    slack = random.choice((60, 90, 120)) if waiting else random.choice((120, 180, 240, 300))
    promised: int | None = min(ready_at + minutes + slack, 570)
    if not waiting and random.random() < 0.1:
        promised = None
    return Order(f"R{at}", promised, waiting, random.random() < 0.08, ready_at)


def later(problem: Problem, plan: Plan, now: int) -> Problem:
    """The same day at `now`: what has ended is gone, what has begun runs, the rest is planned."""
    ended = {row.job for row in plan.assignments if row.end <= now}
    rows = {row.job: row for row in plan.assignments if row.job not in ended}
    jobs = tuple(_as_of(job, rows, ended, now) for job in problem.jobs if job.id not in ended)
    kept = {job.order for job in jobs}
    return replace(
        problem,
        now=now,
        jobs=jobs,
        orders=tuple(order for order in problem.orders if order.id in kept),
        current=tuple(rows.values()),
    )


def _as_of(job: Job, rows: dict[str, Assignment], ended: set[str], now: int) -> Job:
    row = rows.get(job.id)
    since = row.start if row is not None and row.start < now else None
    return replace(
        job, after=tuple(name for name in job.after if name not in ended), running_since=since
    )


def goes_home(problem: Problem, seed: int) -> Problem:
    """One technician, who has most still to do, goes home; a job in hand is left to the others."""
    busy = [row.technician for row in problem.current]
    gone = max(problem.technicians, key=lambda person: (busy.count(person.id), person.id)).id
    people = tuple(
        replace(each, shifts=()) if each.id == gone else each for each in problem.technicians
    )
    theirs = {row.job for row in problem.current if row.technician == gone}
    jobs = tuple(
        replace(job, running_since=None) if job.id in theirs else job for job in problem.jobs
    )
    return replace(problem, technicians=people, jobs=jobs)


def overruns(problem: Problem, seed: int, minutes: int = 60) -> Problem:
    """One of the running jobs takes an hour longer."""
    late = Random(seed).choice([job.id for job in problem.jobs if job.is_running])
    jobs = tuple(
        replace(job, minutes=job.minutes + minutes) if job.id == late else job
        for job in problem.jobs
    )
    return replace(problem, jobs=jobs)


def part_is_late(problem: Problem, seed: int) -> Problem:
    """A part comes a day late; its job must wait for tomorrow, which is open as well."""
    waits = Random(seed).choice([job.id for job in problem.jobs if not job.is_running])
    jobs = tuple(
        replace(job, ready_at=TOMORROW) if job.id == waits else job for job in problem.jobs
    )
    people = tuple(replace(each, shifts=_two_days(each.shifts)) for each in problem.technicians)
    bays = tuple(replace(each, open=_two_days(each.open)) for each in problem.bays)
    return replace(problem, jobs=jobs, technicians=people, bays=bays)


def _two_days(hours: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    return hours + tuple((a + TOMORROW, b + TOMORROW) for a, b in hours)
