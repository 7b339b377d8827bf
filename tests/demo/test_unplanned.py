"""Not everything goes as planned in the demo, and the night is short."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories import AT
from workshop import clock, db
from workshop.allocation.models import Allocation, AllocationStatus
from workshop.db import session
from workshop.demo import cars, overnight, people
from workshop.demo.shop import Shop
from workshop.demo.timeline import Plan
from workshop.demo.visit import Visit
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobKind, JobState, PromiseChange, RepairOrder
from workshop.steps.repair import queries as repair_queries

STEP = timedelta(minutes=5)
# These are about the demo's people; the services below are tested on both databases.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def bring(shop: Shop, minutes: int, **fate: Any) -> RepairOrder:
    """A car that came so many minutes ago for new wiper blades."""
    vehicle = cars.make(cars.CARS[0], cars.made_up_vin(1), shop.people["advisor"], AT)
    plan = Plan(
        vehicle=vehicle,
        arrived_at=AT - timedelta(minutes=minutes),
        concern="雨刮刮不干净，换一副",
        operations=("L-WIPER",),
        km=20_000,
        **fate,
    )
    order = Visit(shop, plan, AT).walk()
    assert order is not None
    db.commit()
    return order


def pass_hours(hours: float) -> None:
    """Let the shop clock run and the people work."""
    until = clock.now() + timedelta(hours=hours)
    while clock.now() < until:
        people.work_once(clock.now())
        clock.freeze(clock.now() + STEP)


def test_what_the_technician_finds_is_priced_agreed_and_done(shop: Shop) -> None:
    # given
    order = bring(shop, 140, finds="球头防尘套破裂")
    assert (order.stage, order.released_at is None) == (Stage.REPAIR, False)
    # when
    pass_hours(6)
    # then
    addition = select(Job).where(Job.order_id == order.id, Job.kind == JobKind.ADDITION)
    assert session.scalars(addition).one().state is JobState.DONE
    assert order.stage is Stage.DELIVERED


def test_a_job_that_cannot_begin_gets_another_time_and_its_customer_a_call(shop: Shop) -> None:
    # given a car whose order nobody released, so that its parts never come
    order = bring(shop, 60, until=Stage.SCHEDULED)
    planned = select(Allocation).where(Allocation.status == AllocationStatus.PLANNED)
    was_at = session.scalars(planned).one().starts_at
    order.released_at = AT - timedelta(minutes=30)
    job = session.scalars(select(Job).where(Job.order_id == order.id)).one()
    db.commit()
    clock.freeze(AT + timedelta(hours=3))
    # when
    people.work_once(clock.now())
    # then
    assert job.state is JobState.WAITING
    assert session.scalars(planned).one().starts_at > was_at
    told = session.scalars(select(PromiseChange).where(PromiseChange.order_id == order.id)).one()
    assert told.told_how
    assert order.promised_at == told.new_at


def test_people_stop_at_closing_and_go_on_in_the_morning(shop: Shop) -> None:
    # given a long job that runs when the shop closes at eight in the evening
    order = bring(shop, 140, until=Stage.REPAIR)
    job = session.scalars(select(Job).where(Job.order_id == order.id)).one()
    db.commit()
    # when
    clock.freeze(AT + timedelta(hours=10, minutes=1))
    assert people.work_once(clock.now()) == 1
    # then
    assert job.state is JobState.PAUSED
    assert repair_queries.find_open_session(job) is None
    assert people.work_once(clock.now()) == 0


@pytest.mark.parametrize(
    ("hours", "wakes_after"),
    [(9.9, None), (10.1, None), (10.5, 21.4166), (20, 21.4166), (21.45, None)],
)
def test_the_clock_jumps_over_the_night(
    shop: Shop, hours: float, wakes_after: float | None
) -> None:
    """Open until eight; a quarter of an hour later it is five minutes to opening."""
    clock.freeze(AT + timedelta(hours=hours))
    overnight.sleep_over(shop.branch, clock.now())
    expected = hours if wakes_after is None else wakes_after
    assert abs(clock.now() - AT - timedelta(hours=expected)) < timedelta(minutes=1)


def test_nobody_drives_in_at_night(shop: Shop) -> None:
    clock.freeze(AT + timedelta(hours=14))
    people.work_once(clock.now())
    assert session.scalar(select(func.count()).select_from(RepairOrder)) == 0
