"""The people of the demo bring every car through, whatever happens to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from tests.databases import Database
from tests.factories import AT
from workshop import clock, db
from workshop.db import session
from workshop.demo import cars, people
from workshop.demo import shop as made
from workshop.demo.timeline import Plan
from workshop.demo.visit import Visit
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.steps.followup import service as followup
from workshop.steps.repair.rules import PauseReason

STEP = timedelta(minutes=5)


@pytest.fixture
def story(database: Database) -> None:
    """Five cars: in reception, failed in the check, paused, with its bill open, and expected."""
    shop = made.build(AT - timedelta(days=420))
    vehicles = [
        cars.make(cars.CARS[number], cars.made_up_vin(number), shop.people["advisor"], AT)
        for number in range(5)
    ]
    fates: tuple[tuple[int, dict[str, Any]], ...] = (
        (150, {"fails_check": True, "stays": False}),
        (140, {"pauses": PauseReason.SUPPORT}),
        (135, {"until": Stage.SETTLEMENT}),
        (5, {"until": Stage.RECEPTION}),
        (-20, {"booked": True}),
    )
    for vehicle, (minutes, fate) in zip(vehicles, fates, strict=True):
        plan = Plan(
            vehicle=vehicle,
            arrived_at=AT - timedelta(minutes=minutes),
            concern="雨刮刮不干净，换一副",
            operations=("L-WIPER",),
            km=20_000,
            **fate,
        )
        Visit(shop, plan, AT).walk()
    db.commit()


def pass_time(until: datetime) -> Iterator[int]:
    """Let the shop clock run and the people work; how much they did at each look."""
    while clock.now() < until:
        yield people.work_once(clock.now())
        clock.freeze(clock.now() + STEP)


def stages() -> list[Stage]:
    """Where the cars of the story are, the first to come first."""
    found = session.scalars(select(RepairOrder.stage).order_by(RepairOrder.id).limit(5)).all()
    db.rollback()
    return list(found)


def test_every_car_is_delivered_before_the_shop_closes(database: Database, story: None) -> None:
    # given
    assert stages() == [Stage.REWORK, Stage.PAUSED, Stage.SETTLEMENT, Stage.RECEPTION]
    # when
    with capture_logs() as logs:
        acts = sum(pass_time(AT + timedelta(hours=6)))
    # then
    assert stages() == [Stage.DELIVERED] * 5
    assert acts > 60
    assert logs == []


def test_who_was_delivered_is_called_two_days_later(database: Database, story: None) -> None:
    clock.freeze(AT + timedelta(hours=6))
    delivered = session.scalars(
        select(RepairOrder).where(RepairOrder.stage == Stage.SETTLEMENT)
    ).one()
    no = delivered.no
    db.rollback()
    assert sum(pass_time(AT + timedelta(hours=8)))
    clock.freeze(AT + timedelta(days=3))
    followup.plan_due(clock.now())
    db.commit()
    people.work_once(clock.now())
    stage = session.scalars(select(RepairOrder.stage).where(RepairOrder.no == no)).one()
    assert stage is Stage.CLOSED


def test_a_refused_act_is_left_for_later_and_a_fault_harms_no_other(
    database: Database, story: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    def stumble(*_: object) -> None:
        raise ValueError("a fault in a person")

    monkeypatch.setattr(people, "_work_on", stumble)
    # when
    with capture_logs() as logs:
        list(pass_time(AT + timedelta(hours=1)))
    # then the jobs stand still, and the advisors have gone on
    assert {each["event"] for each in logs} == {"a person of the demo failed"}
    assert stages()[:4] == [Stage.REWORK, Stage.PAUSED, Stage.DELIVERED, Stage.SCHEDULED]
