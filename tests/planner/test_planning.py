"""The planner against the format page: every rule by example, and exact answers by two others."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ortools.sat.python.cp_model import CpSolver

from tests.bench import problems as shops
from tests.planner import exact, strategies
from workshop.planner import greedy, improving, planning, verify
from workshop.planner.problem import (
    LEVELS,
    Assignment,
    BadProblem,
    Bay,
    Job,
    NoPlan,
    Objective,
    Order,
    Pin,
    Plan,
    Problem,
    Technician,
)

# Proofs take milliseconds here; the limit is only for a machine that stands still.
SECONDS = 60.0
QUICK = settings(derandomize=True, suppress_health_check=list(HealthCheck))

SHOP = Problem(
    now=0,
    buffer_minutes=15,
    delivery_minutes=15,
    technicians=(
        Technician("T1", {"engine": 2}, ((0, 240), (300, 540))),
        Technician("T2", {"engine": 1, "body": 1}, ((0, 240), (300, 540))),
    ),
    bays=(Bay("B1", "lift", ((0, 540),)), Bay("B2", "lift", ((0, 540),))),
    orders=(Order("R1", promised=300), Order("R2", promised=100, waiting=True), Order("R3")),
    jobs=(),
)


def solve(problem: Problem, workers: int = 1) -> Plan:
    """A plan that is proved and has no fault."""
    plan = planning.plan(problem, seconds=SECONDS, workers=workers)
    assert verify.faults(problem, plan) == []
    assert plan.proof == "optimal"
    assert plan.bound == {level: getattr(plan.objective, level) for level in LEVELS}
    return plan


def placed(plan: Plan) -> dict[str, tuple[str, str | None, int, int]]:
    return {row.job: (row.technician, row.bay, row.start, row.end) for row in plan.assignments}


def test_the_format_page_s_example() -> None:
    problem = Problem(
        now=0,
        buffer_minutes=15,
        delivery_minutes=15,
        technicians=(Technician("T1", {"engine": 2, "electrical": 1}, ((0, 240), (300, 540))),),
        bays=(Bay("B1", "lift", ((0, 540),)),),
        orders=(Order("R1", 300, waiting=True, ready_at=0),),
        jobs=(Job("J1", "R1", 60, "engine", 1, ("lift",), ready_at=0),),
        current=(Assignment("J1", "T1", "B1", 30, 90),),
    )
    plan = solve(problem)
    assert plan.assignments == problem.current
    assert plan.objective == Objective(completion_minutes=90)


def test_a_problem_without_jobs_has_an_empty_plan() -> None:
    assert solve(SHOP).assignments == ()


def test_fewest_customers_are_called_though_more_minutes_are_late() -> None:
    # In order of promises two customers would be 10 minutes late each; one by 85 is better.
    one = replace(SHOP, technicians=(Technician("T1", {}, ((0, 540),)),))
    orders = (Order("R1", 115), Order("R2", 180), Order("R3", 255))
    jobs = (Job("J1", "R1", 100), Job("J2", "R2", 60), Job("J3", "R3", 60))
    plan = solve(replace(one, jobs=jobs, orders=orders))
    assert plan.objective == Objective(1, 0, 0, 0, 85, 0, 100 + 175 + 250)


def test_one_whole_order_gives_way_rather_than_one_job_of_each_of_three() -> None:
    # There is time for five of the six jobs only one by one; three hours of one car make room.
    one = replace(SHOP, technicians=(Technician("T1", {}, ((0, 330),)),), buffer_minutes=0)
    orders = tuple(Order(f"R{at}") for at in range(4))
    long = [Job(f"L{at}", "R0", 60) for at in range(3)]
    short = [Job(f"S{at}", f"R{at}", 100) for at in (1, 2, 3)]
    plan = solve(replace(one, orders=orders, jobs=(*long, *short)))
    assert plan.objective == Objective(1, 0, 0, 3, 0, 0, 100 + 200 + 300)


def test_a_customer_who_waits_is_not_the_one_to_be_called() -> None:
    one = replace(SHOP, technicians=SHOP.technicians[:1])
    orders = (Order("R1", 75), Order("R2", 75, waiting=True))
    plan = solve(replace(one, orders=orders, jobs=(Job("J1", "R1", 60), Job("J2", "R2", 60))))
    assert placed(plan)["J2"][2:] == (0, 60)
    assert plan.objective == Objective(1, 0, 0, 0, 75, 0, 60 + 135)


def test_what_cannot_be_placed_is_named_and_the_rest_is_planned() -> None:
    jobs = (
        Job("J1", "R1", 60, "paint"),
        Job("J2", "R1", 60, after=("J1",)),
        Job("J3", "R2", 60, bay_kinds=("pit",)),
        Job("J4", "R3", 241),
        Job("J5", "R3", 30),
    )
    plan = solve(replace(SHOP, jobs=jobs))
    assert plan.unplaced == ("J1", "J2", "J3", "J4")
    assert plan.objective.customers_to_call == 3


def test_an_earlier_job_that_is_not_placed_holds_up_what_waits_for_it() -> None:
    # Only one of the long jobs fits; the one that another job waits for is the one to place.
    one = replace(SHOP, technicians=(Technician("T1", {}, ((0, 100),)),))
    jobs = (Job("J1", "R1", 60), Job("J2", "R2", 60), Job("J3", "R3", 20, after=("J2",)))
    plan = solve(replace(one, jobs=jobs))
    assert plan.unplaced == ("J1",)


def test_a_job_pauses_over_lunch_only_when_it_may() -> None:
    one = replace(SHOP, technicians=SHOP.technicians[:1])
    whole = solve(replace(one, jobs=(Job("J1", "R3", 60, ready_at=210),)))
    split = solve(replace(one, jobs=(Job("J1", "R3", 60, ready_at=210, splittable=True),)))
    assert placed(whole)["J1"][2:] == (300, 360)
    assert placed(split)["J1"][2:] == (210, 330)


def test_a_job_goes_on_the_next_morning() -> None:
    two_days = replace(
        SHOP,
        technicians=(Technician("T1", {}, ((0, 480), (1440, 1920))),),
        bays=(Bay("B1", "lift", ((0, 500), (1430, 1900))),),
        jobs=(Job("J1", "R3", 100, bay_kinds=("lift",), ready_at=440, splittable=True),),
    )
    assert placed(solve(two_days))["J1"] == ("T1", "B1", 440, 1500)


def test_the_buffer_is_kept_for_technician_and_bay_but_not_between_jobs_of_one_order() -> None:
    shop = replace(SHOP, bays=SHOP.bays[:1])
    lift = ("lift",)
    in_bay = solve(replace(shop, jobs=(Job("J1", "R1", 60, "body", 1, lift),
                                       Job("J2", "R3", 60, "engine", 2, lift))))  # fmt: skip
    one_car = solve(replace(shop, jobs=(Job("J1", "R3", 60, "body"),
                                        Job("J2", "R3", 60, "engine", 2))))  # fmt: skip
    assert sorted(row.start for row in in_bay.assignments) == [0, 75]
    assert sorted(row.start for row in one_car.assignments) == [0, 60]


def test_a_running_job_keeps_its_place_whatever_the_shifts_say() -> None:
    # given: two running jobs that meet, with somebody who has not the skill and has gone home
    gone = Technician("T3", {}, ())
    problem = replace(
        SHOP,
        now=100,
        technicians=(*SHOP.technicians, gone),
        jobs=(
            Job("J1", "R1", 200, "body", 1, ("lift",), running_since=50),
            Job("J2", "R1", 30, "engine", 1, running_since=20, after=("J1",)),
            Job("J3", "R1", 60, "engine", 1, ("lift",), after=("J1",)),
            Job("J4", "R3", 30, pin=Pin(bay="B1"), bay_kinds=("lift",)),
        ),
        current=(Assignment("J1", "T3", "B1", 50, 250), Assignment("J2", "T3", "B1", 20, 50)),
    )
    # when
    plan = solve(problem)
    # then
    assert placed(plan)["J1"] == ("T3", "B1", 50, 250)
    assert placed(plan)["J2"] == ("T3", "B1", 20, 100)
    assert placed(plan)["J3"][2] == 300
    assert placed(plan)["J4"][1:3] == ("B1", 300)


def test_pins_are_kept_though_others_must_move() -> None:
    # given
    current = (Assignment("J1", "T2", "B1", 0, 60), Assignment("J2", "T2", "B2", 75, 135))
    jobs = (
        Job("J1", "R1", 60, "body", 1, ("lift",)),
        Job("J2", "R2", 60, "body", 1, ("lift",), pin=Pin("T2", "B1", 0)),
    )
    # when
    plan = solve(replace(SHOP, jobs=jobs, current=current))
    # then
    assert placed(plan)["J2"] == ("T2", "B1", 0, 60)
    assert placed(plan)["J1"][2] == 75
    assert plan.objective.jobs_moved == 2


def test_a_pinned_start_is_kept_even_at_the_price_of_two_other_jobs() -> None:
    one = replace(SHOP, technicians=(Technician("T1", {}, ((0, 100),)),))
    jobs = (Job("J1", "R1", 100, pin=Pin(start=0)), Job("J2", "R2", 30), Job("J3", "R3", 30))
    assert solve(replace(one, jobs=jobs)).unplaced == ("J2", "J3")


def test_pins_that_only_a_search_can_refute_are_named() -> None:
    jobs = tuple(Job(f"J{at}", f"R{at}", 60, pin=Pin(start=0)) for at in (1, 2, 3))
    with pytest.raises(BadProblem, match=r"jobs\[2\]\.pinned\.start: cannot be kept beside"):
        planning.plan(replace(SHOP, jobs=jobs), seconds=SECONDS, workers=1)


def test_without_time_the_greedy_answer_comes_with_honest_bounds() -> None:
    problem = shops.day(60, 12, 10, seed=1)
    plan = planning.plan(problem, seconds=0.0, workers=1)
    assert plan.assignments == greedy.plan(problem).assignments
    assert plan.proof == "feasible"
    assert verify.faults(problem, plan) == []


def test_a_search_that_came_to_nothing_claims_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # given: completion below zero, of which the solver's "no bound yet", zero, is no bound
    problem = strategies.shifted(shops.day(20, 4, 4, seed=1), -100_000)
    made = planning._Search._solver

    def no_time(search: planning._Search, level: str, ends_at: float, thorough: bool) -> CpSolver:
        solver = made(search, level, ends_at, thorough)
        solver.parameters.max_time_in_seconds = 1e-9
        return solver

    monkeypatch.setattr(planning._Search, "_solver", no_time)
    # when
    plan = planning.plan(problem, seconds=SECONDS, workers=1)
    # then
    assert verify.faults(problem, plan) == []
    assert plan.bound["completion_minutes"] < plan.objective.completion_minutes < 0


def test_without_time_pins_that_the_greedy_start_loses_leave_no_plan() -> None:
    # The first of the pinned jobs takes the only technician who may do the second.
    jobs = (
        Job("J1", "R1", 60, "engine", pin=Pin(start=0)),
        Job("J2", "R2", 60, "engine", 2, pin=Pin(start=0)),
    )
    orders = (Order("R1", 100), Order("R2", 200))
    problem = replace(SHOP, jobs=jobs, orders=orders)
    problem = replace(
        problem,
        technicians=(Technician("T1", {"engine": 2}, ((0, 540),)),
                     Technician("T2", {"engine": 1, "body": 1, "paint": 1}, ((0, 540),))),
    )  # fmt: skip
    with pytest.raises(NoPlan):
        planning.plan(problem, seconds=0.0, workers=1)
    assert placed(solve(problem))["J2"][0] == "T1"


def test_a_bad_problem_made_by_hand_is_refused() -> None:
    with pytest.raises(BadProblem, match=r"jobs\[0\]\.order: no order 'R9'"):
        planning.plan(replace(SHOP, jobs=(Job("J1", "R9", 5),)))


def test_progress_is_told_from_the_greedy_plan_to_the_last() -> None:
    # given
    problem = shops.day(12, 3, 3, seed=4)
    told: list[Plan] = []
    # when
    plan = planning.plan(problem, seconds=SECONDS, workers=1, on_progress=told.append)
    # then
    costs = [each.objective for each in told]
    assert costs[0] == greedy.plan(problem).objective
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == plan.objective
    assert all(verify.faults(problem, each) == [] for each in told)


def test_one_worker_gives_the_same_plan_again() -> None:
    problem = shops.day(12, 3, 3, seed=5)
    assert solve(problem).assignments == solve(problem).assignments


def test_a_quiet_day_of_forty_jobs_is_proved_and_the_same_again() -> None:
    # So many jobs are else improved part by part; where nobody is in the way a proof comes first.
    day = shops.day(40, 12, 10, seed=1)
    jobs = tuple(replace(job, minutes=max(5, job.minutes // 4)) for job in day.jobs)
    quiet = replace(day, jobs=jobs)
    assert solve(quiet).assignments == solve(quiet).assignments


def test_two_workers_find_the_same_objective() -> None:
    problem = shops.day(12, 3, 3, seed=6)
    assert solve(problem, workers=2).objective == solve(problem).objective


def test_a_day_of_sixty_jobs_is_planned_without_fault_and_better_than_the_greedy_plan() -> None:
    problem = shops.day(60, 12, 10, seed=3)
    plan = planning.plan(problem, seconds=10.0, workers=2)
    assert verify.faults(problem, plan) == []
    assert plan.objective < greedy.plan(problem).objective


@settings(QUICK, max_examples=60)
@given(strategies.problems(most_jobs=4))
def test_no_plan_is_better_by_trying_everything(problem: Problem) -> None:
    _compare(problem, exact.search(problem))


@settings(QUICK, max_examples=25)
@given(strategies.problems(most_jobs=12))
def test_no_plan_is_better_by_an_integer_programme(problem: Problem) -> None:
    _compare(problem, exact.programme(problem))


def _compare(problem: Problem, wanted: Objective | None) -> None:
    if wanted is None:
        with pytest.raises(BadProblem):
            planning.plan(problem, seconds=SECONDS, workers=1)
    else:
        assert solve(problem).objective == wanted


@settings(QUICK, max_examples=60)
@given(strategies.problems(most_jobs=4))
def test_improved_part_by_part_a_plan_ends_as_good(problem: Problem) -> None:
    # What only days of more than 25 and 100 jobs go through, on problems that can be tried out.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "MOST_PROVED", 0)
        patch.setattr(planning, "LARGE", 0)
        _compare(problem, exact.search(problem))


@settings(QUICK, max_examples=40)
@given(strategies.problems(most_jobs=12), st.randoms(use_true_random=False))
def test_taking_jobs_out_and_putting_them_back_breaks_no_rule(
    problem: Problem, random: Random
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "MOST_PROVED", 0)
        patch.setattr(planning, "LARGE", 0)
        patch.setattr(improving, "SIZE", random.randint(1, 4))
        patch.setattr(improving, "SMALLEST", 1)
        patch.setattr(improving, "GROWTH", 1.0)
        try:
            plan = planning.plan(problem, seconds=0.3, workers=random.choice((1, 2)))
        except (BadProblem, NoPlan):
            return
    assert verify.faults(problem, plan) == []


@settings(QUICK, max_examples=40)
@given(strategies.problems(most_jobs=8), st.integers(-50_000, 50_000))
def test_moving_the_origin_changes_nothing_but_the_clock(problem: Problem, by: int) -> None:
    _same_but(problem, strategies.shifted(problem, by), by)


@settings(QUICK, max_examples=40)
@given(strategies.problems(most_jobs=8), st.integers(0, 1000))
def test_other_names_in_another_order_change_nothing(problem: Problem, seed: int) -> None:
    _same_but(problem, strategies.renamed(problem, Random(seed)), 0)


def _same_but(problem: Problem, other: Problem, by: int) -> None:
    try:
        one = solve(problem)
    except BadProblem:
        with pytest.raises(BadProblem):
            planning.plan(other, seconds=SECONDS, workers=1)
        return
    two = solve(other)
    if by and one.unplaced:
        # The end of an order that is not placed at all counts as 0, wherever the origin is, so
        # the last level may then prefer another order; by the letter of the format.
        assert replace(two.objective, completion_minutes=0) == replace(
            one.objective, completion_minutes=0
        )
    else:
        moved = by * len({job.order for job in problem.jobs})
        completion = one.objective.completion_minutes + moved
        assert two.objective == replace(one.objective, completion_minutes=completion)


def test_the_web_process_does_not_load_the_solver() -> None:
    code = "import sys, workshop.app, workshop.cli; sys.exit('ortools' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
