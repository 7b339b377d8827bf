"""At seven in the morning the shop's day has begun, while UTC has yesterday: numbers bear today."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.databases import Database
from tests.factories import make_branch, make_order, make_user, make_vehicle
from tests.steps.booking.factories import local
from tests.steps.booking.factories import make_shop as make_booking_shop
from tests.steps.handover.factories import prepare
from tests.steps.quotation.factories import make_shop
from tests.steps.reception.factories import make_reception
from tests.steps.repair import factories as repair
from tests.steps.settlement.factories import make_settled
from workshop.catalogue.models import GuaranteeClass
from workshop.db import session
from workshop.orders import guarantees, history
from workshop.orders.flow import Stage
from workshop.orders.models import Guarantee
from workshop.shop import calendar
from workshop.staff.permissions import RoleName
from workshop.steps.booking import making
from workshop.steps.handover import delivery
from workshop.steps.quotation import draft
from workshop.steps.repair.models import ReworkOrder
from workshop.steps.repair.quality import service as quality
from workshop.steps.repair.rules import Level

SHANGHAI = ZoneInfo("Asia/Shanghai")
SEVEN = datetime(2026, 11, 24, 7, 0, tzinfo=SHANGHAI).astimezone(UTC)
NIGHT = datetime(2026, 11, 24, 23, 30, tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize("at", [SEVEN, NIGHT])
def test_the_shops_day_is_from_midnight_to_midnight_in_its_zone(
    database: Database, at: datetime
) -> None:
    branch = make_branch()
    assert calendar.local_day(branch, at).isoformat() == "2026-11-24"
    begins, ends = calendar.day_span(branch, calendar.local_day(branch, at))
    assert begins == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert ends - begins == timedelta(hours=24)
    assert begins <= at < ends


@pytest.mark.parametrize("at", [SEVEN, NIGHT])
def test_a_repair_order_bears_the_shops_day(database: Database, at: datetime) -> None:
    assert make_reception(at).no == "RO20261124-0001"


@pytest.mark.parametrize("at", [SEVEN, NIGHT])
def test_an_appointment_bears_the_day_on_which_it_was_made(
    database: Database, at: datetime
) -> None:
    branch, (advisor,) = make_booking_shop()
    vehicle = make_vehicle()
    made = making.book(
        vehicle,
        vehicle.customer,
        making.Wish(concern="刹车时有异响"),
        advisor=advisor,
        slot_at=local("14:00", days=2),
        branch=branch,
        by=advisor,
        at=at,
    )
    assert made.no == "AP20261124-0001"


@pytest.mark.parametrize("at", [SEVEN, NIGHT])
def test_a_quotation_bears_the_shops_day(database: Database, at: datetime) -> None:
    make_shop()
    order = make_order(Stage.INSPECTED)
    written = draft.get_draft(order, None, by=order.advisor, at=at)
    assert "20261124-0001" in written.no


@pytest.mark.parametrize("at", [SEVEN, NIGHT])
def test_a_rework_order_bears_the_shops_day(database: Database, at: datetime) -> None:
    order = repair.make_checked_in()
    quality.quality_check(
        order,
        repair.answers(Level.QUALITY_CHECK, bad="concern"),
        drive=repair.DRIVE,
        fault=repair.fault(order),
        by=make_user(RoleName.QUALITY_INSPECTOR),
        at=at,
    )
    (rework,) = session.query(ReworkOrder).all()
    assert rework.no == "RW20261124-0001"


@pytest.mark.parametrize("at", [SEVEN, NIGHT])
def test_a_delivery_bears_the_shops_day(database: Database, at: datetime) -> None:
    order = prepare(make_settled())
    gate_pass = delivery.deliver(order, signer_name="王", by=order.advisor, at=at)
    assert gate_pass.no == "GP20261124-0001"
    guarantees = session.query(Guarantee).all()
    assert {each.starts_on for each in guarantees} == {date(2026, 11, 24)}


@pytest.mark.parametrize("at", [SEVEN, NIGHT])
def test_a_guarantee_is_over_when_the_shops_last_day_is_over(
    database: Database, at: datetime
) -> None:
    vehicle = make_vehicle()
    order = make_order(Stage.DELIVERED, vehicle=vehicle)
    order.ready_at = order.delivered_at = at - timedelta(days=101)
    starts_on = date(2026, 11, 23) - timedelta(days=100)
    guarantees.add(order, "发动机总成", GuaranteeClass.OVERHAUL, starts_on, 50_000)
    assert history.find_repeat(vehicle, at, 30) is None
    found = history.find_repeat(vehicle, at - timedelta(days=1), 30)
    assert found is not None
    assert found.in_guarantee
