"""The plan at once: earliest due date with skills, and the plan in force kept where it can be."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from tests.bench import problems as shops
from tests.planner import strategies
from workshop.planner import greedy, verify
from workshop.planner.problem import Assignment, Bay, Job, Order, Pin, Plan, Problem, Technician

SHOP = Problem(
    now=0,
    buffer_minutes=15,
    delivery_minutes=0,
    technicians=(
        Technician("T1", {"engine": 1}, ((0, 240), (300, 540))),
        Technician("T2", {"engine": 2, "body": 1}, ((0, 540),)),
    ),
    bays=(Bay("B1", "lift", ((0, 540),)),),
    orders=(Order("R1", promised=400), Order("R2", promised=100), Order("R3")),
    jobs=(),
)


def placed(plan: Plan) -> dict[str, tuple[str, str | None, int, int]]:
    return {row.job: (row.technician, row.bay, row.start, row.end) for row in plan.assignments}


def test_the_earliest_due_date_comes_first_and_the_buffer_is_kept() -> None:
    jobs = (Job("J1", "R1", 60, bay_kinds=("lift",)), Job("J2", "R2", 60, bay_kinds=("lift",)))
    plan = greedy.plan(replace(SHOP, jobs=jobs))
    assert placed(plan) == {"J2": ("T1", "B1", 0, 60), "J1": ("T1", "B1", 75, 135)}


def test_who_can_do_most_stays_free_for_what_only_they_can_do() -> None:
    jobs = (Job("J1", "R2", 60, "engine"), Job("J2", "R1", 60, "body"))
    plan = greedy.plan(replace(SHOP, jobs=jobs))
    assert placed(plan) == {"J1": ("T1", None, 0, 60), "J2": ("T2", None, 0, 60)}


def test_what_comes_before_an_urgent_job_is_as_urgent() -> None:
    one = replace(SHOP, technicians=SHOP.technicians[:1])
    jobs = (Job("J1", "R2", 60, after=("J2",)), Job("J2", "R3", 60), Job("J3", "R1", 90))
    plan = greedy.plan(replace(one, jobs=jobs))
    assert [placed(plan)[name][2] for name in ("J2", "J1", "J3")] == [0, 75, 150]


def test_a_job_crosses_no_break_unless_it_may_be_split() -> None:
    one = replace(SHOP, technicians=SHOP.technicians[:1])
    whole = greedy.plan(replace(one, jobs=(Job("J1", "R3", 60, ready_at=210),)))
    split = greedy.plan(replace(one, jobs=(Job("J1", "R3", 60, ready_at=210, splittable=True),)))
    assert placed(whole)["J1"][2:] == (300, 360)
    assert placed(split)["J1"][2:] == (210, 330)


def test_what_fits_nowhere_is_named_and_so_is_what_waits_for_it() -> None:
    jobs = (Job("J1", "R1", 600), Job("J2", "R1", 10, after=("J1",)), Job("J3", "R2", 10, "paint"))
    plan = greedy.plan(replace(SHOP, jobs=jobs))
    assert plan.unplaced == ("J1", "J2", "J3")
    assert plan.objective.customers_to_call == 2


def test_a_pinned_start_of_minute_zero_is_kept() -> None:
    job = Job("J1", "R1", 30, pin=Pin(start=0))
    before = replace(SHOP.technicians[0], shifts=((-60, 240),))
    plan = greedy.plan(replace(SHOP, now=-60, jobs=(job,), technicians=(before,)))
    assert placed(plan)["J1"][2:] == (0, 30)


def test_keeping_moves_only_what_no_longer_fits() -> None:
    # given
    jobs = tuple(Job(f"J{at}", "R3", 60, "engine", 1, ("lift",)) for at in range(3))
    current = tuple(
        Assignment(f"J{at}", "T1", "B1", start, start + 60) for at, start in enumerate((0, 75, 180))
    )
    gone = replace(SHOP.technicians[0], shifts=((0, 140),))
    problem = replace(SHOP, jobs=jobs, current=current, technicians=(gone, SHOP.technicians[1]))
    # when
    plan = greedy.keep(problem)
    # then
    assert placed(plan)["J0"] == ("T1", "B1", 0, 60)
    assert placed(plan)["J1"] == ("T1", "B1", 75, 135)
    assert placed(plan)["J2"] == ("T2", "B1", 150, 210)
    assert plan.objective.jobs_moved == 1


@settings(max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck))
@given(strategies.problems())
def test_a_greedy_plan_has_no_fault(problem: Problem) -> None:
    for plan in (greedy.plan(problem), greedy.keep(problem)):
        # Which pins can be kept together is the solver's business.
        lost = {f"{name}: has a pinned start, but is not in the plan" for name in plan.unplaced}
        assert set(verify.faults(problem, plan)) <= lost


def test_a_busy_day_has_no_fault_either() -> None:
    problem = shops.day(60, 12, 10, seed=1)
    assert verify.faults(problem, greedy.plan(problem)) == []
