"""A mistyped mileage is put right; the wrong figure stays in the audit trail alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests.databases import Database
from tests.factories import make_user, make_vehicle
from tests.steps.handover.factories import prepare
from tests.steps.reception.factories import make_reception
from tests.steps.settlement.factories import make_settled
from workshop.customers import mileage
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.orders import cancellation
from workshop.orders.flow import Stage
from workshop.orders.models import Guarantee, RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.handover import delivery, queries
from workshop.steps.handover.mileage import correcting
from workshop.steps.reception import service as reception
from workshop.steps.reception import walkaround


def _kms(car: Vehicle) -> list[int]:
    return [each.km for each in mileage.list_readings(car)]


def _leave(order: RepairOrder) -> None:
    """The car has gone; its way through the shop is no matter here."""
    gone = update(RepairOrder).where(RepairOrder.id == order.id).values(stage=Stage.CLOSED)
    session.execute(gone)
    session.refresh(order)


def test_a_mileage_typed_wrong_does_not_outlive_its_cancelled_order(
    database: Database, at: datetime
) -> None:
    # given
    first = make_reception(at, vehicle=make_vehicle(mileage_km=40_000))
    walkaround.record_gauges(first, 480_000, 50, by=first.advisor, at=at)
    boss = make_user(RoleName.SERVICE_MANAGER)
    # when
    cancellation.cancel_order(first, "客户改天再来", by=boss, at=at)
    # then
    assert first.vehicle.mileage_km == 40_000
    second = make_reception(at + timedelta(days=1), vehicle=first.vehicle)
    walkaround.record_gauges(second, 48_020, 50, by=second.advisor, at=at)
    assert second.mileage_km == 48_020


def test_a_mileage_typed_wrong_is_corrected_at_the_next_visit(
    database: Database, at: datetime
) -> None:
    # given
    first = make_reception(at, vehicle=make_vehicle(mileage_km=40_000))
    by, car = first.advisor, first.vehicle
    walkaround.record_gauges(first, 480_000, 50, by=by, at=at)
    _leave(first)
    second = make_reception(at + timedelta(days=1), vehicle=car)
    with pytest.raises(RuleBroken) as caught:
        walkaround.record_gauges(second, 48_020, 50, by=by, at=at)
    assert caught.value.way is not None
    assert caught.value.way.endpoint == "handover.mileages"
    # when
    wrong = mileage.list_readings(car)[-1]
    correcting.correct(car, wrong.id, 48_000, "多打了一个零", by=by, at=at)
    walkaround.record_gauges(second, 48_020, 50, by=by, at=at)
    # then
    assert (first.mileage_km, second.mileage_km, car.mileage_km) == (48_000, 48_020, 48_020)
    assert _kms(car) == [48_000, 48_020]


def test_what_hangs_on_a_mileage_follows_its_correction(database: Database, at: datetime) -> None:
    # given a car that left with a figure too many
    order = prepare(make_settled())
    by, car = order.advisor, order.vehicle
    record = queries.find_handover(order)
    assert record is not None
    record.mileage_km, record.next_due_km = 520_000, 530_000
    delivery.deliver(order, signer_name="王小明", by=by, at=at)
    guarantee = session.scalars(select(Guarantee).where(Guarantee.order_id == order.id)).first()
    assert guarantee is not None
    assert (guarantee.start_km, guarantee.end_km) == (520_000, 522_000)
    # when
    wrong = mileage.list_readings(car)[-1]
    correcting.correct(car, wrong.id, 52_000, "多打了一个零", by=by, at=at)
    # then
    assert (guarantee.start_km, guarantee.end_km) == (52_000, 54_000)
    assert (record.mileage_km, record.next_due_km, car.next_due_km) == (52_000, 62_000, 62_000)
    assert car.mileage_km == 52_000


def test_a_false_odometer_replaced_is_put_right(database: Database, at: datetime) -> None:
    order = make_reception(at, vehicle=make_vehicle(mileage_km=48_000))
    by, car = order.advisor, order.vehicle
    walkaround.record_gauges(order, 4_850, 50, odometer_replaced=True, by=by, at=at)
    wrong = mileage.list_readings(car)[-1]
    correcting.correct(car, wrong.id, 48_500, "少打了一位", by=by, at=at)
    assert not mileage.list_readings(car)[-1].replaced
    sheet = reception.get_walkaround(order)
    assert (order.mileage_km, sheet.odometer_replaced) == (48_500, False)


def test_a_mileage_of_another_car_is_taken_back(database: Database, at: datetime) -> None:
    order = make_reception(at, vehicle=make_vehicle(mileage_km=48_000))
    by, car = order.advisor, order.vehicle
    walkaround.record_gauges(order, 90_000, 50, by=by, at=at)
    wrong = mileage.list_readings(car)[-1]
    correcting.correct(car, wrong.id, None, "看错了车", by=by, at=at)
    assert (car.mileage_km, order.mileage_km, _kms(car)) == (48_000, None, [])


def test_a_correction_fits_between_its_neighbours(database: Database, at: datetime) -> None:
    # given
    order = make_reception(at, vehicle=make_vehicle())
    by, car = order.advisor, order.vehicle
    for day, km in enumerate((10_000, 90_000, 30_000)):
        mileage_at = at + timedelta(days=day)
        session.add(_reading(car, km, mileage_at))
    session.flush()
    wrong = mileage.list_readings(car)[1]
    # then
    for km in (9_999, 30_001):
        with pytest.raises(RuleBroken, match="between 10000 and 30000"):
            correcting.correct(car, wrong.id, km, "打错", by=by, at=at)
    with pytest.raises(Invalid, match="Say what was wrong"):
        correcting.correct(car, wrong.id, 20_000, " ", by=by, at=at)
    clerk = make_user(RoleName.PARTS_CLERK)
    with pytest.raises(NotAllowed):
        correcting.correct(car, wrong.id, 20_000, "打错", by=clerk, at=at)
    # when
    correcting.correct(car, wrong.id, 20_000, "打错", by=by, at=at)
    # then
    assert _kms(car) == [10_000, 20_000, 30_000]
    with pytest.raises(Conflict):
        correcting.correct(car, wrong.id, 21_000, "打错", by=by, at=at)


def _reading(car: Vehicle, km: int, at: datetime) -> object:
    from_models = mileage.OdometerReading
    return from_models(vehicle_id=car.id, mileage_km=km, at=at)


def test_the_page_puts_a_mileage_right(
    database: Database, at: datetime, sign_in: Callable[[User], FlaskClient]
) -> None:
    # given
    order = make_reception(at, vehicle=make_vehicle(mileage_km=40_000))
    walkaround.record_gauges(order, 480_000, 50, by=order.advisor, at=at)
    session.commit()
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    advisor.locale = "en"
    client, car = sign_in(advisor), order.vehicle
    reading = mileage.list_readings(car)[-1]
    refused = client.post(f"/orders/{order.no}/reception/gauges", data={})
    assert refused.status_code in (404, 405, 422)
    assert f"/vehicles/{car.id}/mileage" in client.get(f"/vehicles/{car.id}").text
    url = f"/vehicles/{car.id}/mileage/{reading.id}"
    # when nothing is typed
    answer = client.post(url, data={"reason": "多打了一个零"})
    assert "Enter the right mileage." in answer.text
    # when
    answer = client.post(url, data={"mileage_km": "48000", "reason": "多打了一个零"})
    # then
    assert answer.status_code == 302
    assert "48000 km" in client.get(answer.location).text
    assert "480000 km" not in client.get(answer.location).text
