"""A car that nobody knows yet, and a VIN that was missing."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.databases import Database
from tests.factories import make_user
from tests.steps.reception.factories import make_reception
from workshop.customers.models import EnergyType
from workshop.errors import Invalid
from workshop.staff.permissions import RoleName
from workshop.steps.reception import condition, intake, queries
from workshop.steps.reception import gates as reception_gates
from workshop.steps.reception.intake import NewCar


def test_an_unknown_car_is_made_with_its_owner_who_may_be_known(
    database: Database, at: datetime
) -> None:
    # given
    by = make_user(RoleName.SERVICE_ADVISOR)
    first = NewCar(
        "粤B 12345", "", "福特", "福克斯", "", EnergyType.FUEL, "王小明", "138 1234 5678"
    )
    # when
    vehicle = intake.make_vehicle(first, by=by, at=at)
    second = NewCar(
        "", "WAUZZZ8V0FA000001", "奥迪", "A3", "", EnergyType.FUEL, "王小明", "13812345678"
    )
    other = intake.make_vehicle(second, by=by, at=at)
    # then
    assert vehicle.plate == "粤B12345"
    assert other.customer_id == vehicle.customer_id
    assert intake.warnings(vehicle) == []
    assert len(intake.warnings(other)) == 2


def test_a_vin_read_at_the_car_is_kept_and_a_wrong_chinese_one_refused(
    database: Database, at: datetime
) -> None:
    # given
    order = make_reception(at)
    by = order.advisor
    with pytest.raises(Invalid) as caught:
        intake.add_vin(order.vehicle, "LSVXZ60E0H2345678", by=by, at=at)
    assert caught.value.field == "vin"
    # when
    intake.add_vin(order.vehicle, "lvshcamb1ke100001", by=by, at=at)
    # then
    assert order.vehicle.vin == "LVSHCAMB1KE100001"


def test_a_car_without_a_vin_needs_a_reason_until_the_vin_is_read(
    database: Database, at: datetime
) -> None:
    # given
    order = make_reception(at)
    by = order.advisor
    with pytest.raises(Invalid) as caught:
        condition.record_vin(order, " ", " ", by=by, at=at)
    assert caught.value.field == "vin"
    # when
    condition.record_vin(order, "", "铭牌已锈蚀", by=by, at=at)
    # then
    assert "vin" not in {each.code for each in reception_gates.missing_to_sign(order)}
    # when it is found after all
    condition.record_vin(order, "LVSHCAMB1KE100001", "铭牌已锈蚀", by=by, at=at)
    # then
    assert order.vehicle.vin == "LVSHCAMB1KE100001"
    assert queries.show_walkaround(order).no_vin_reason == ""
