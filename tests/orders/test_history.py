"""A vehicle's past: repeat repairs, visits, deferred work, guarantees, and the cancelled order."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.databases import Database
from tests.factories import (
    make_branch,
    make_job,
    make_order,
    make_part,
    make_technician,
    make_user,
    make_vehicle,
)
from workshop.allocation import service as allocations
from workshop.catalogue.models import GuaranteeClass
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders import cancellation, guarantees, history
from workshop.orders.flow import Stage
from workshop.orders.models import Guarantee, JobState, RepairOrder, Urgency
from workshop.orders.past.models import PastLine, PastVisit
from workshop.staff.permissions import RoleName
from workshop.stock import queries as stock_queries
from workshop.stock import service as stock


def make_past_visit(
    vehicle: Vehicle, at: datetime, days: int, *, repaired: bool = True, **values: Any
) -> RepairOrder:
    """A visit of the vehicle that was delivered so many days before `at`."""
    order = make_order(Stage.DELIVERED, vehicle=vehicle, **values)
    order.ready_at = order.delivered_at = at - timedelta(days=days)
    if repaired:
        make_job(order, state=JobState.DONE)
    session.flush()
    return order


def test_a_visit_within_the_days_is_a_candidate_and_the_day_after_it_is_not(
    database: Database, at: datetime
) -> None:
    # given
    vehicle = make_vehicle(mileage_km=50_500)
    earlier = make_past_visit(vehicle, at, 30, mileage_km=50_000)
    # when
    finding = history.find_repeat(vehicle, at, 30)
    # then
    assert finding is not None
    assert (finding.order, finding.days, finding.km) == (earlier, 30, 500)
    assert not finding.in_guarantee
    assert history.find_repeat(vehicle, at + timedelta(days=1), 30) is None
    assert history.find_repeat(make_vehicle(), at, 30) is None


def test_a_guarantee_makes_a_candidate_until_its_days_or_km_are_over(
    database: Database, at: datetime
) -> None:
    # given
    vehicle = make_vehicle(mileage_km=60_000)
    earlier = make_past_visit(vehicle, at, 90, mileage_km=50_000)
    starts_on = (at - timedelta(days=90)).date()
    guarantees.add(earlier, "发动机总成", GuaranteeClass.OVERHAUL, starts_on, 50_000)
    # then
    finding = history.find_repeat(vehicle, at, 30)
    assert finding is not None
    assert finding.in_guarantee
    # when the kilometres are over
    vehicle.mileage_km = 70_001
    assert history.find_repeat(vehicle, at, 30) is None
    # when the days are over
    vehicle.mileage_km = 60_000
    assert history.find_repeat(vehicle, at + timedelta(days=11), 30) is None


def test_a_visit_at_which_nothing_was_repaired_is_no_candidate(
    database: Database, at: datetime
) -> None:
    vehicle = make_vehicle()
    make_past_visit(vehicle, at, 3, repaired=False)
    assert history.find_repeat(vehicle, at, 30) is None


def test_a_visit_that_an_old_system_kept_is_a_candidate_too(
    database: Database, at: datetime
) -> None:
    # given: a visit of the old system, with a guarantee on one of two jobs
    vehicle = make_vehicle(mileage_km=50_500)
    branch = make_branch()
    left = at - timedelta(days=20)
    visit = PastVisit(
        branch_id=branch.id, vehicle_id=vehicle.id, no="RO-881", arrived_at=left, left_at=left,
        mileage_km=50_000,
    )  # fmt: skip
    session.add(visit)
    session.flush()
    # then: without anything done it is none
    assert history.find_repeat(vehicle, at, 30) is None
    session.add(PastLine(visit_id=visit.id, title="更换前制动片"))
    session.flush()
    session.expire_all()
    finding = history.find_repeat(vehicle, at, 30)
    assert finding is not None
    assert (finding.order, finding.no, finding.about) == (None, "RO-881", "更换前制动片")
    assert (finding.days, finding.km, finding.in_guarantee) == (20, 500, False)
    assert history.find_repeat(vehicle, at, 19) is None
    # when: a guarantee of it is in force, it counts beyond the days
    session.add(
        Guarantee(
            vehicle_id=vehicle.id,
            past_visit_id=visit.id,
            title="更换前制动片",
            guarantee_class=GuaranteeClass.LEVEL_2_MAINTENANCE,
            starts_on=left.date(),
            start_km=50_000,
            ends_on=left.date() + timedelta(days=30),
            end_km=55_000,
        )
    )
    session.flush()
    finding = history.find_repeat(vehicle, at, 19)
    assert finding is not None
    assert finding.in_guarantee
    # and a newer visit here comes first
    newer = make_past_visit(vehicle, at, 5)
    finding = history.find_repeat(vehicle, at, 30)
    assert finding is not None
    assert finding.order is newer


@pytest.mark.parametrize(
    ("kind", "days", "km"),
    [
        (GuaranteeClass.OVERHAUL, 100, 20_000),
        (GuaranteeClass.LEVEL_2_MAINTENANCE, 30, 5_000),
        (GuaranteeClass.MINOR, 10, 2_000),
    ],
)
def test_a_guarantee_has_the_days_and_km_of_its_class(
    database: Database, kind: GuaranteeClass, days: int, km: int
) -> None:
    # given
    order = make_order()
    starts_on = date(2026, 11, 23)
    # when
    guarantee = guarantees.add(order, "更换前制动片", kind, starts_on, 10_000)
    # then
    last_day = starts_on + timedelta(days=days)
    in_force = guarantees.list_in_force(order.vehicle, last_day, 10_000 + km)
    assert in_force == [guarantee]
    assert not guarantees.list_in_force(order.vehicle, last_day + timedelta(days=1), 10_000)
    assert not guarantees.list_in_force(order.vehicle, starts_on, 10_001 + km)
    assert guarantees.list_in_force(order.vehicle, starts_on, None) == [guarantee]


def test_visits_are_listed_newest_first_without_cancelled_ones(
    database: Database, at: datetime
) -> None:
    # given
    vehicle = make_vehicle()
    first = make_past_visit(vehicle, at, 20)
    second = make_past_visit(vehicle, at, 10)
    second.arrived_at = at + timedelta(hours=1)
    make_order(Stage.CANCELLED, vehicle=vehicle)
    # then
    assert history.list_visits(vehicle) == [second, first]
    assert history.list_visits(vehicle, 1) == [second]


def test_deferred_work_is_open_until_sold_and_urgent_comes_first(
    database: Database, at: datetime
) -> None:
    # given
    order = make_order()
    values: dict[str, Any] = {"reason": "下次", "price_fen": 12_000, "operation_id": None, "at": at}
    soon = history.add_deferred(order, title="雨刮", urgency=Urgency.YELLOW, **values)
    urgent = history.add_deferred(order, title="制动片", urgency=Urgency.RED, **values)
    assert history.list_deferred(order.vehicle) == [urgent, soon]
    # when
    history.mark_sold(urgent, order)
    session.flush()
    # then
    assert history.list_deferred(order.vehicle) == [soon]


def test_a_cancelled_order_gives_back_its_parts_its_time_and_its_deferred_work(
    database: Database, at: datetime
) -> None:
    # given
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    order = make_order(Stage.AUTHORISED, advisor=advisor)
    job = make_job(order)
    starts_at = at + timedelta(hours=1)
    allocations.allocate(job.id, make_technician(), None, starts_at, 60, by=advisor, at=at)
    part = make_part(on_hand=2)
    stock.reserve(part, order, 2000, by=advisor, at=at)
    values: dict[str, Any] = {"reason": "", "price_fen": 100, "operation_id": None, "at": at}
    deferred = history.add_deferred(order, title="雨刮", urgency=Urgency.RED, **values)
    history.mark_sold(deferred, order)
    # when
    cancellation.cancel_order(order, "客户改天再来", by=advisor, at=at)
    session.flush()
    # then
    session.expire_all()
    assert order.stage is Stage.CANCELLED
    assert job.state is JobState.CANCELLED
    assert allocations.find_live(job.id) is None
    assert stock_queries.free_milli(order.branch_id, part.id) == 2000
    assert history.list_deferred(order.vehicle) == [deferred]


def test_an_order_is_not_cancelled_without_a_reason_or_the_right(
    database: Database, at: datetime
) -> None:
    order = make_order()
    with pytest.raises(Invalid, match="Say why"):
        cancellation.cancel_order(order, " ", by=order.advisor, at=at)
    with pytest.raises(NotAllowed):
        cancellation.cancel_order(order, "x", by=make_user(RoleName.CASHIER), at=at)
    assert order.stage is Stage.RECEPTION


def test_an_order_with_issued_parts_or_begun_work_is_not_cancelled(
    database: Database, at: datetime
) -> None:
    # given
    order = make_order(Stage.SCHEDULED)
    clerk = make_user(RoleName.PARTS_CLERK)
    part = make_part(on_hand=1)
    held = stock.reserve(part, order, 1000, by=clerk, at=at)
    stock.issue(held, 1000, by=clerk, at=at)
    # then
    with pytest.raises(RuleBroken, match="Parts are issued"):
        cancellation.cancel_order(order, "x", by=order.advisor, at=at)
    # given
    started = make_order(Stage.SCHEDULED)
    make_job(started, started_at=at)
    with pytest.raises(RuleBroken, match="Work has begun"):
        cancellation.cancel_order(started, "x", by=started.advisor, at=at)
