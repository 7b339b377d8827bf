"""Which orders are kept whole: as few calls as any plan has, and no bound above what can be had."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from ortools.sat.python import cp_model

from tests.bench import plain_model
from tests.bench import problems as shops
from tests.planner import exact, strategies
from workshop.planner import greedy, planning, verify
from workshop.planner.options import Layout
from workshop.planner.problem import (
    LEVELS,
    Assignment,
    Bay,
    Job,
    Order,
    Pin,
    Problem,
    Technician,
)
from workshop.planner.whole_orders import energy
from workshop.planner.whole_orders.deadlines import Deadlines
from workshop.planner.whole_orders.energy import Use
from workshop.planner.whole_orders.selection import Selection

QUICK = settings(derandomize=True, suppress_health_check=list(HealthCheck))

SHOP = Problem(
    now=0,
    buffer_minutes=10,
    delivery_minutes=0,
    technicians=(Technician("T1", {"engine": 1}, ((0, 100), (150, 250))),),
    bays=(Bay("B1", "lift", ((0, 250),)),),
    orders=(Order("R1", promised=100), Order("R2", promised=100), Order("R3")),
    jobs=(),
)


def fewest(problem: Problem, *, has_energy: bool) -> int | None:
    """The fewest calls as the selection proves them; None when the pins cannot all be kept."""
    question = Selection(Deadlines(Layout(problem, apart=False)))
    if has_energy:
        question.add_energy()
    cost = question.of("customers_to_call")
    question.cp.minimize(cost)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(question.cp)
    if status == cp_model.INFEASIBLE:
        return None
    assert status == cp_model.OPTIMAL
    found = question.plan_of(solver.value)
    assert verify.faults(problem, found) == []
    # What is given up may find room in time after all, which the optimum has counted already.
    assert found.objective.customers_to_call == round(solver.objective_value)
    return found.objective.customers_to_call


@settings(QUICK, max_examples=50)
@given(strategies.problems(most_jobs=4))
def test_no_plan_calls_fewer_by_trying_everything(problem: Problem) -> None:
    wanted = exact.search(problem)
    for has_energy in (False, True):
        calls = fewest(problem, has_energy=has_energy)
        assert calls == (None if wanted is None else wanted.customers_to_call)


@settings(QUICK, max_examples=25)
@given(strategies.problems(most_jobs=12))
def test_the_bound_is_never_above_what_an_integer_programme_finds(problem: Problem) -> None:
    wanted = exact.programme(problem)
    question = Selection(Deadlines(Layout(problem, apart=False)))
    question.add_energy()
    if wanted is not None:
        assert all(bound <= getattr(wanted, level) for level, bound in question.floor.items()), (
            question.floor
        )


@settings(QUICK, max_examples=60)
@given(strategies.problems(most_jobs=12))
def test_whole_orders_give_way_without_a_fault(problem: Problem) -> None:
    plan = greedy.give_way(problem)
    # Which pins can be kept together is the solver's business.
    lost = {f"{name}: has a pinned start, but is not in the plan" for name in plan.unplaced}
    assert set(verify.faults(problem, plan)) <= lost


def test_the_largest_order_gives_way_and_the_others_are_in_time() -> None:
    jobs = (
        Job("J1", "R1", 90, "engine"),
        Job("J2", "R2", 40, "engine"),
        Job("J3", "R3", 50, "engine"),
    )
    orders = (Order("R1", 100), Order("R2", 100), Order("R3", 100))
    plan = greedy.give_way(replace(SHOP, jobs=jobs, orders=orders))
    late = [row.job for row in plan.assignments if row.end > 100]
    assert (late, plan.objective.customers_to_call) == (["J1"], 1)


def test_an_order_that_cannot_be_in_time_is_given_up_before_any_search() -> None:
    # given: two jobs of one car that fit the morning only one by one, and a skill that nobody has
    jobs = (
        Job("J1", "R1", 60),
        Job("J2", "R1", 60),
        Job("J3", "R2", 10),
        Job("J4", "R3", 5, "paint"),
    )
    # when
    found = Deadlines(Layout(replace(SHOP, jobs=jobs), apart=False))
    # then
    assert found.lost == {"R1", "R3"}
    assert set(found.layout.options) == {"J3"}


def test_a_job_of_a_car_that_is_given_up_stays_when_it_must() -> None:
    # given: a pinned start after the promise, and a job that another car's job waits for
    jobs = (
        Job("J1", "R1", 60, pin=Pin(start=150)),
        Job("J2", "R2", 120),
        Job("J3", "R3", 10, after=("J1",)),
    )
    found = Deadlines(Layout(replace(SHOP, jobs=jobs), apart=False))
    assert found.lost == {"R1", "R2"}
    assert found.staying == {"J1"}
    assert set(found.layout.options) == {"J1", "J3"}


@pytest.mark.parametrize("span", [(0, 100), (20, 60), (0, 20), (40, 50), (45, 80), (35, 55)])
def test_the_least_work_in_a_stretch_is_what_is_left_wherever_the_job_goes(
    span: tuple[int, int],
) -> None:
    inside = [max(0, min(start + 30, span[1]) - max(start, span[0])) for start in range(10, 26)]
    assert Use("J1", 10, 25, 30).between(*span) == min(inside)


def test_what_a_shift_holds_counts_the_buffer_and_leaves_out_what_runs() -> None:
    # given: a shift of 100 minutes and the buffer, with a running job until 30 and its buffer
    jobs = (
        Job("J0", "R3", 30, running_since=0),
        Job("J1", "R1", 40, "engine"),
        Job("J2", "R2", 40, "engine"),
    )
    row = Assignment("J0", "T1", None, 0, 30)
    layout = Deadlines(Layout(replace(SHOP, jobs=jobs, current=(row,)), apart=False)).layout
    # when
    found = [each for each in energy.limits(layout, energy.uses_of(layout)) if each.minutes]
    # then: 50 each are to go into the 110 minutes less 40
    assert {(tuple(sorted(each.minutes.values())), each.most) for each in found} >= {((50, 50), 70)}


def test_the_yardstick_and_the_planner_agree_on_a_small_full_day() -> None:
    # given
    day = shops.full_day(1)
    few = {order.id for order in day.orders[:8]}
    small = replace(
        day,
        technicians=day.technicians[:3],
        orders=tuple(order for order in day.orders if order.id in few),
        jobs=tuple(job for job in day.jobs if job.order in few),
    )
    # when
    model = plain_model.PlainModel(small)
    plain = model.search(60.0)
    ours = planning.plan(small, seconds=60.0, workers=1)
    # then
    assert verify.faults(small, plain) == []
    compared = LEVELS[:5]
    assert [getattr(plain.objective, level) for level in compared] == [
        model.bound[level] for level in compared
    ]
    assert [getattr(ours.objective, level) for level in compared] == [
        getattr(plain.objective, level) for level in compared
    ]
