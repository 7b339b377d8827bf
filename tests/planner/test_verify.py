"""A sound plan has no fault; a plan broken in any one way has the fault named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from workshop.planner import verify
from workshop.planner.problem import (
    Assignment,
    Bay,
    Job,
    Objective,
    Order,
    Pin,
    Plan,
    Problem,
    Technician,
)

PROBLEM = Problem(
    now=60,
    buffer_minutes=15,
    delivery_minutes=15,
    technicians=(
        Technician("T1", {"engine": 2, "body": 1}, ((0, 240), (300, 540))),
        Technician("T2", {"body": 2}, ((0, 540),)),
    ),
    bays=(
        Bay("B1", "lift", ((0, 240), (270, 540))),
        Bay("B2", "ground", ((0, 540),)),
        Bay("B3", "lift", ((0, 540),)),
    ),
    orders=(
        Order("R1", promised=200, waiting=True),
        Order("R2", promised=500, comeback=True, ready_at=75),
        Order("R3"),
    ),
    jobs=(
        Job("J1", "R1", 60, "engine", 2, ("lift",), ready_at=70),
        Job("J2", "R2", 60, "body", 1, ("ground",)),
        Job("J3", "R2", 40, after=("J2",), splittable=True),
        Job("J4", "R3", 30, "body", 1, ("ground",), running_since=50),
        Job("J5", "R3", 20, "body", 2, ("lift",), pin=Pin("T2", "B3", 300)),
    ),
    current=(
        Assignment("J1", "T1", "B1", 80, 140),
        Assignment("J2", "T2", "B2", 95, 155),
        Assignment("J4", "T2", "B2", 50, 80),
    ),
)
PLAN = Plan(
    assignments=(
        Assignment("J1", "T1", "B1", 80, 140),
        Assignment("J2", "T2", "B2", 100, 160),
        Assignment("J3", "T1", None, 230, 330),
        Assignment("J4", "T2", "B2", 50, 80),
        Assignment("J5", "T2", "B3", 300, 320),
    ),
    unplaced=(),
    objective=Objective(jobs_moved=1, completion_minutes=140 + 330 + 320),
)


def with_row(plan: Plan, job: str, **fields: object) -> Plan:
    """The plan with some fields of one row set; the figures stay, so faults of theirs may come."""
    rows = tuple(
        replace(row, **fields) if row.job == job else row  # type: ignore[arg-type]
        for row in plan.assignments
    )
    return replace(plan, assignments=rows)


def without(plan: Plan, job: str, unplaced: tuple[str, ...] = ()) -> Plan:
    rows = tuple(row for row in plan.assignments if row.job != job)
    return replace(plan, assignments=rows, unplaced=unplaced)


def with_cost(plan: Plan, **levels: int) -> Plan:
    return replace(plan, objective=replace(plan.objective, **levels))


def row(job: str, **fields: object) -> Callable[[Plan], Plan]:
    return lambda plan: with_row(plan, job, **fields)


BREAKS: list[tuple[str, Callable[[Plan], Plan]]] = [
    ("J1: is neither placed nor named as unplaced", lambda p: without(p, "J1")),
    ("J1: is in the plan 2 times", lambda p: replace(p, unplaced=("J1",))),
    ("J9: no such job", lambda p: replace(p, unplaced=("J9",))),
    ("J1: no technician 'T9'", row("J1", technician="T9")),
    ("J1: no bay 'B9'", row("J1", bay="B9")),
    ("J4: runs, but is not in the plan", lambda p: without(p, "J4", ("J4",))),
    ("J4: runs with technician T2, not T1", row("J4", technician="T1")),
    ("J4: runs in bay B2, not B1", row("J4", bay="B1")),
    ("J4: has started at 50, not 60", row("J4", start=60)),
    ("J4: runs until 80, not 90", row("J4", end=90)),
    ("J1: technician T2 has not the skill engine", row("J1", technician="T2")),
    ("J5: technician T1 has body below level 2", row("J5", technician="T1")),
    ("J1: has no bay", row("J1", bay=None)),
    ("J3: needs no bay, but has B2", row("J3", bay="B2")),
    ("J1: bay B2 is a ground", row("J1", bay="B2")),
    ("J1: starts at 40, before now", row("J1", start=40, end=100)),
    ("J1: starts at 65, before it is ready at 70", row("J1", start=65, end=125)),
    ("J2: starts at 70, before order R2 is ready at 75", row("J2", start=70, end=130)),
    ("J1: takes 61 minutes, not 60", row("J1", end=141)),
    ("J1: is not within one shift of technician T1", row("J1", start=200, end=260)),
    ("J1: is not within one opening of bay B1", row("J1", start=200, end=260)),
    ("J3: has 41 minutes of work in its time, not 40", row("J3", end=331)),
    ("J3: starts when nobody can work", row("J3", start=240, end=340)),
    ("J3: ends when nobody can work", row("J3", start=200, end=241)),
    ("J5: technician is pinned to T2, not T1", row("J5", technician="T1")),
    ("J5: bay is pinned to B3, not B1", row("J5", bay="B1")),
    ("J5: start is pinned to 300, not 310", row("J5", start=310, end=330)),
    ("J5: has a pinned start, but is not in the plan", lambda p: without(p, "J5", ("J5",))),
    (
        "J3: is placed, but J2, which must end first, is not",
        lambda p: without(p, "J2", ("J2",)),
    ),
    ("J3: starts at 150, before J2 ends", row("J3", start=150, end=190)),
    ("J2, J3: jobs of order R2 overlap", row("J3", start=150, end=190)),
    ("J4, J2: too close for technician T2", row("J2", start=94, end=154)),
    ("J4, J2: too close in bay B2", row("J2", start=94, end=154)),
    ("objective.unplaced: says 1, is 0", lambda p: with_cost(p, unplaced=1)),
    ("objective.customers_to_call: says 1, is 0", lambda p: with_cost(p, customers_to_call=1)),
    ("objective.late_minutes: says 5, is 0", lambda p: with_cost(p, late_minutes=5)),
    ("objective.jobs_moved: says 0, is 1", lambda p: with_cost(p, jobs_moved=0)),
    (
        "objective.completion_minutes: says 1, is 790",
        lambda p: with_cost(p, completion_minutes=1),
    ),
    ("proof: 'sure' is neither optimal nor feasible", lambda p: replace(p, proof="sure")),
    ("bound.cost: no such level", lambda p: replace(p, bound={"cost": 1})),
    ("bound.jobs_moved: 2 is above 1", lambda p: replace(p, bound={"jobs_moved": 2})),
    (
        "bound.jobs_moved: 0 is not 1, yet the proof is optimal",
        lambda p: replace(p, bound={"jobs_moved": 0}, proof="optimal"),
    ),
]


def test_a_sound_plan_has_no_fault() -> None:
    assert verify.faults(PROBLEM, PLAN) == []


@pytest.mark.parametrize(("fault", "break_it"), BREAKS, ids=[fault for fault, _ in BREAKS])
def test_a_broken_plan_has_its_fault_named(fault: str, break_it: Callable[[Plan], Plan]) -> None:
    assert fault in verify.faults(PROBLEM, break_it(PLAN))


def test_a_late_order_is_a_customer_to_call_unless_it_was_late_already() -> None:
    # given
    late = with_row(PLAN, "J1", start=140, end=200)
    moved = {"late_minutes": 15, "jobs_moved": 2, "completion_minutes": 850}
    known = (Assignment("J1", "T1", "B1", 150, 210), *PROBLEM.current[1:])
    # then
    called = with_cost(late, customers_to_call=1, waiting_to_call=1, **moved)
    assert verify.faults(PROBLEM, called) == []
    assert verify.faults(replace(PROBLEM, current=known), with_cost(late, **moved)) == []


def test_an_order_with_an_unplaced_job_is_a_customer_to_call_though_nothing_was_promised() -> None:
    # given
    free = replace(PROBLEM, jobs=(*PROBLEM.jobs, Job("J6", "R3", 600)))
    # then
    plan = replace(with_cost(PLAN, unplaced=1, customers_to_call=1), unplaced=("J6",))
    assert verify.faults(free, plan) == []


def test_two_running_jobs_may_meet() -> None:
    # given
    jobs = (*PROBLEM.jobs, Job("J6", "R3", 20, after=("J4",), running_since=55))
    row = Assignment("J6", "T2", "B2", 55, 75)
    problem = replace(PROBLEM, jobs=jobs, current=(*PROBLEM.current, row))
    # then
    assert verify.faults(problem, replace(PLAN, assignments=(*PLAN.assignments, row))) == []


def test_a_job_may_start_when_the_buffer_after_a_running_one_is_over() -> None:
    # J4 runs until 80 with the same technician in the same bay; J2 was planned for 95 before.
    assert verify.faults(PROBLEM, with_row(PLAN, "J2", start=95, end=155)) == [
        "objective.jobs_moved: says 1, is 0"
    ]


def test_whoever_does_several_things_in_one_go_needs_all_the_skills() -> None:
    jobs = tuple(replace(job, also={"body": 2}) if job.id == "J1" else job for job in PROBLEM.jobs)
    problem = replace(PROBLEM, jobs=jobs)
    assert verify.faults(problem, PLAN) == ["J1: technician T1 has body below level 2"]
    assert [each.id for each in problem.technicians_for(jobs[0])] == []
