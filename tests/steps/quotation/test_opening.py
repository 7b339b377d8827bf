"""A promise lies within the shop's opening hours, whenever and for whatever it is made."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from tests.databases import Database
from tests.factories import AT, make_order
from tests.steps.quotation.factories import make_shop
from workshop.orders.flow import Stage
from workshop.shop import calendar
from workshop.steps.quotation import promise


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_quotation_without_a_job_promises_no_night(database: Database) -> None:
    make_shop()
    order = make_order(Stage.INSPECTED)
    branch = order.branch
    for hour, minute in product(range(0, 48, 3), (0, 17)):
        at = AT + timedelta(hours=hour, minutes=minute)
        promised = promise.find_earliest(order, [], at).promise_at
        spans = calendar.opening(branch, calendar.local_day(branch, promised))
        assert any(opens <= promised <= closes for opens, closes in spans), at
        assert promised >= at
