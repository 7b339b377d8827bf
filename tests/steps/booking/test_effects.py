"""What a cancelled appointment sets free is said before, and is so afterwards."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_operation, make_part
from tests.steps.booking.factories import make_appointment, make_shop
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.catalogue.models import OperationPart
from workshop.customers.models import Channel
from workshop.staff.models import User
from workshop.steps.booking import calls, effects, service
from workshop.steps.booking.models import Appointment, ContactResult
from workshop.steps.parts.ahead import queries as ahead


def _said(appointment: Appointment) -> list[str]:
    return [each.message for each in effects.list_of_appointment(appointment)]


HOURS = "%(minutes)s min that were kept on the day of the appointment are free again."
SLOT = "%(at)s with %(advisor)s is free for another car."
PARTS = "These parts are not put aside for that day any more: %(parts)s."
CALLS = "Nobody calls to confirm the appointment any more."


def test_all_that_a_booked_car_holds_is_named_and_ends(database: Database) -> None:
    # given
    _, (advisor,) = make_shop()
    part = make_part("PAD-7", on_hand=3)
    wished = make_operation(parts=[OperationPart(part_id=part.id, quantity_milli=1_000)])
    booked = make_appointment(advisor, "14:00", 1, operations=[wished])
    # when
    before = _said(booked)
    named = [each.values for each in effects.list_of_appointment(booked) if each.message == PARTS]
    service.cancel(booked, "有事", advisor, AT)
    # then
    assert before == [SLOT, HOURS, PARTS, CALLS]
    assert named == [{"parts": "PAD-7"}]
    assert not capacity.list_takes(TakeSource.APPOINTMENT, booked.id)
    assert not ahead.list_days(booked.branch, booked.day, booked.day)
    assert not calls.list_due(booked.branch, AT)


def test_who_was_reached_is_called_no_more_anyway(database: Database) -> None:
    _, (advisor,) = make_shop()
    booked = make_appointment(advisor, "14:00", 1)
    service.record_contact(booked, Channel.PHONE, ContactResult.CONFIRMED, by=advisor, at=AT)
    assert CALLS not in _said(booked)


def test_taking_an_arrival_back_frees_nothing_and_says_nothing(
    database: Database, sign_in: Callable[[User], FlaskClient]
) -> None:
    # given
    _, (advisor,) = make_shop()
    advisor.locale = "en"
    booked = make_appointment(advisor, "10:00")
    service.register_arrival(booked, advisor, AT)
    # when
    page = sign_in(advisor).get(f"/booking/{booked.no}").text
    # then: only the card that cancels says so
    assert page.count("is free for another car.") == 1
    assert "Take the arrival back" in page
