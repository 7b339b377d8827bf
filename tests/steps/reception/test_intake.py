"""A car that nobody knows yet, and a VIN that was missing."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.databases import Database
from tests.steps.reception.factories import make_reception
from workshop.customers import corrections
from workshop.errors import Invalid
from workshop.steps.reception import condition, queries
from workshop.steps.reception import gates as reception_gates


def test_a_vin_read_at_the_car_is_kept_and_a_wrong_chinese_one_refused(
    database: Database, at: datetime
) -> None:
    # given
    order = make_reception(at)
    by = order.advisor
    with pytest.raises(Invalid) as caught:
        corrections.correct_vin(order.vehicle, "LSVXZ60E0H2345678", by, at)
    assert caught.value.field == "vin"
    # when
    corrections.correct_vin(order.vehicle, "lvshcamb1ke100001", by, at)
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
