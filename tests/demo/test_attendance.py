"""The demo's technicians come, rest and go home, so that the time clock has something to show."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import AT
from tests.shop.factories import hour
from workshop import clock, db
from workshop.attendance import presence
from workshop.attendance.presence import State
from workshop.db import session
from workshop.demo import attendance, people
from workshop.demo.shop import Shop
from workshop.orders.models import Job, JobState
from workshop.shop import absences, calendar
from workshop.shop import queries as shop_queries
from workshop.shop.models import Technician
from workshop.steps.repair import attending

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def states(shop: Shop, hours: float) -> dict[str, State]:
    technicians = shop_queries.list_technicians(shop.branch)
    here = presence.of_all(technicians, hour(hours))
    return {each.user.username: here[each.id].state for each in technicians}


def live(hours: float) -> None:
    db.commit()
    clock.freeze(hour(hours))
    people.work_once(clock.now())
    db.commit()


def test_the_past_week_is_told(shop: Shop) -> None:
    # when
    attendance.tell_week(shop, AT)
    attendance.tell_breaks(shop, AT)
    # then: all are here, but for one coffee
    found = states(shop, 10)
    assert found.pop(attendance.THIRSTY) is State.ON_BREAK
    assert set(found.values()) == {State.IN}
    technicians = shop_queries.list_technicians(shop.branch)
    # yesterday everybody had lunch, and one forgot to clock out
    yesterday = calendar.day_span(shop.branch, AT.date() - timedelta(days=1))
    stays = presence.list_stays(technicians, yesterday)
    assert len(stays) == len(technicians)
    assert all(len(each.breaks) == 1 for each in stays)
    assert [each.technician.user.username for each in stays if each.is_end_assumed] == [
        attendance.FORGETFUL
    ]


def test_a_day_at_the_time_clock_is_lived(shop: Shop) -> None:
    live(7.4)
    assert set(states(shop, 7.4).values()) == {State.OUT}
    live(7.6)
    assert set(states(shop, 7.6).values()) == {State.IN}
    live(12.1)
    assert set(states(shop, 12.1).values()) == {State.ON_BREAK}
    live(12.9)
    assert set(states(shop, 12.9).values()) == {State.IN}
    # who had lunch has no second one, and who went home of their own stays there
    visitor = shop.people["tech1"]
    attending.go_home(visitor, hour(13))
    live(13.2)
    found = states(shop, 13.2)
    assert found.pop("tech1") is State.GONE
    assert set(found.values()) == {State.IN}
    live(20.1)
    assert set(states(shop, 20.1).values()) == {State.GONE}
    running = session.query(Job).where(Job.state == JobState.RUNNING).count()
    assert running == 0


def test_who_is_noted_away_does_not_come(shop: Shop) -> None:
    technician = shop_queries.find_technician(shop.people["tech2"])
    assert isinstance(technician, Technician)
    absences.add_absence(
        technician.user, hour(7), hour(18), "培训", by=shop.people["controller"], at=AT
    )
    live(8)
    assert states(shop, 8)["tech2"] is State.OUT
