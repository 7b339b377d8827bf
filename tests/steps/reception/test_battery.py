"""The second odometer of a plug-in hybrid: it may stay empty, and it never falls."""

from __future__ import annotations

import pytest

from tests.databases import Database
from tests.factories import AT
from tests.steps.reception.factories import make_reception
from workshop.errors import Invalid, RuleBroken
from workshop.steps.reception import walkaround


def test_the_kilometres_by_battery_never_fall(database: Database) -> None:
    # given
    order = make_reception(AT)
    by, km = order.advisor, (order.vehicle.mileage_km or 0) + 100
    walkaround.record_gauges(order, km, 50, by=by, at=AT)
    assert (order.ev_km, order.vehicle.ev_km) == (None, None)
    # when
    walkaround.record_gauges(order, km, 50, ev_km=900, by=by, at=AT)
    # then: a slip of this visit is put right, and nothing that was typed is lost
    walkaround.record_gauges(order, km, 50, ev_km=800, by=by, at=AT)
    walkaround.record_gauges(order, km, 50, by=by, at=AT)
    assert (order.ev_km, order.vehicle.ev_km) == (800, 800)
    with pytest.raises(Invalid):
        walkaround.record_gauges(order, km, 50, ev_km=-1, by=by, at=AT)
    # and the next visit shows no less, unless it was replaced
    order.ev_km = None
    with pytest.raises(RuleBroken, match="below the last one, 800 km"):
        walkaround.record_gauges(order, km, 50, ev_km=799, by=by, at=AT)
    walkaround.record_gauges(order, km, 50, ev_km=5, odometer_replaced=True, by=by, at=AT)
    assert order.vehicle.ev_km == 5
