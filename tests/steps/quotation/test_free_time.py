"""Today's free time: which work could still be sold to cars that are here or booked today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.databases import Database
from tests.factories import AT
from tests.steps.booking.factories import make_appointment
from tests.steps.quotation import factories as quotations
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.catalogue.models import Operation, Package, PackageItem
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.orders import history
from workshop.orders.flow import Stage
from workshop.orders.models import DeferredWork, Urgency
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking import queries as booking
from workshop.steps.booking.models import Appointment
from workshop.steps.quotation import queries, today_offers

SignIn = Callable[[User], FlaskClient]
PAGE = "/quotation/free-time"


def advisor() -> User:
    user = factories.make_user(RoleName.SERVICE_ADVISOR)
    user.locale = "en"
    return user


def put_off(
    vehicle: Vehicle, operation: Operation, urgency: Urgency = Urgency.YELLOW
) -> DeferredWork:
    """Work that the customer declined, at this visit or the last one."""
    past = booking.find_open_order(vehicle) or factories.make_order(
        Stage.CANCELLED, vehicle=vehicle
    )
    history.add_deferred(
        past,
        title="更换后制动片",
        urgency=urgency,
        reason="下次再说",
        price_fen=62_000,
        operation_id=operation.id,
        at=AT,
    )
    session.flush()
    return session.scalars(select(DeferredWork).order_by(DeferredWork.id.desc())).first()  # type: ignore[return-value]


def make_service(*operations: Operation) -> Package:
    package = Package(code="PK-S", name_zh="小保养套餐", name_en="Small service", interval_km=5000)
    session.add(package)
    session.flush()
    for position, operation in enumerate(operations):
        session.add(
            PackageItem(package_id=package.id, operation_id=operation.id, position=position)
        )
    session.flush()
    session.expire(package)
    return package


def test_a_day_without_anything_to_offer_says_so(database: Database, sign_in: SignIn) -> None:
    quotations.make_shop()
    page = sign_in(advisor()).get(PAGE).text
    assert "Nothing to offer now" in page


def test_it_is_for_who_may_quote(database: Database, sign_in: SignIn) -> None:
    assert sign_in(factories.make_user(RoleName.TECHNICIAN)).get(PAGE).status_code == 403


def test_home_and_the_boards_lead_to_it(database: Database, sign_in: SignIn) -> None:
    quotations.make_shop()
    browser = sign_in(advisor())
    for url in ("/", "/booking", "/scheduling"):
        assert PAGE in browser.get(url, follow_redirects=True).text


def test_work_that_was_put_off_is_added_to_the_quotation_of_a_car_that_is_here(
    database: Database, sign_in: SignIn
) -> None:
    # given
    quotations.make_shop()
    user = advisor()
    order = factories.make_order(Stage.INSPECTED, advisor=user)
    work = put_off(order.vehicle, factories.make_operation(), Urgency.RED)
    no, work_id = order.no, work.id
    # when
    browser = sign_in(user)
    page = browser.get(PAGE).text
    # then
    assert order.vehicle.customer.phone in page
    assert "¥240.00" in page
    assert "put off on 2026-11-23: 下次再说" in page
    url = f"/orders/{no}/quotation/draft/deferred/{work_id}"
    assert url in page
    # when
    answer = browser.post(url, data={"seen": 0})
    # then it is in the draft, and offered here no more
    assert answer.status_code == 302
    draft = queries.find_draft(order)
    assert [line.deferred_id for line in queries.list_lines(draft)] == [work_id]  # type: ignore[arg-type]
    assert "Nothing to offer now" in browser.get(PAGE).text


def test_work_is_added_as_soon_as_the_customer_has_signed(
    database: Database, sign_in: SignIn
) -> None:
    signed = quotations.make_signed()
    put_off(signed.order.vehicle, factories.make_operation())
    page = sign_in(advisor()).get(PAGE).text
    assert "Add to the quotation" in page


def test_a_due_service_is_added_to_the_appointment_with_its_hours(
    database: Database, sign_in: SignIn
) -> None:
    # given a booked car whose service is due
    quotations.make_shop()
    user = advisor()
    vehicle = factories.make_vehicle(next_due_on=date(2026, 11, 25))
    package = make_service(factories.make_operation(name_en="Oil service"))
    no = make_appointment(user, "14:00", vehicle=vehicle).no
    package_id = package.id
    browser = sign_in(user)
    page = browser.get(PAGE).text
    assert "booked for 14:00" in page
    assert "Small service" in page
    # when
    found = booking.get_appointment(no, factories.make_branch().id)
    sent = {"package": package_id, "version": found.version, "back": "free-time"}
    answer = browser.post(f"/booking/{no}/work", data=sent)
    # then
    assert answer.headers["Location"] == PAGE
    found = booking.get_appointment(no, factories.make_branch().id)
    assert found.estimated_minutes == 30 + 60
    assert found.estimated_fen == 24_000
    takes = capacity.list_takes(TakeSource.APPOINTMENT, found.id)
    assert sorted(each.minutes for each in takes) == [30, 60]
    # when it is pressed again on a stale page, and on a fresh one
    stale = browser.post(f"/booking/{no}/work", data=sent)
    assert stale.status_code == 409
    again = browser.post(f"/booking/{no}/work", data=sent | {"version": found.version})
    assert again.status_code == 409
    assert "The appointment has this work already." in again.text


def test_nothing_is_added_to_an_appointment_that_is_over(
    database: Database, sign_in: SignIn
) -> None:
    quotations.make_shop()
    user = advisor()
    vehicle = factories.make_vehicle()
    work = put_off(vehicle, factories.make_operation())
    appointment = make_appointment(user, vehicle=vehicle)
    no, version, work_id = appointment.no, appointment.version, work.id
    browser = sign_in(user)
    browser.post(f"/booking/{no}/cancel", data={"cancel-reason": "没空"})
    version = session.scalars(select(Appointment.version)).one()
    answer = browser.post(f"/booking/{no}/work", data={"deferred": work_id, "version": version})
    assert answer.status_code == 409
    assert "Nothing can be added to an appointment that is “Cancelled”." in answer.text


def test_what_does_not_fit_in_what_is_left_of_today_is_only_counted(database: Database) -> None:
    # given a car that is here, and one that comes in the afternoon
    quotations.make_shop()
    user = advisor()
    here = factories.make_order(Stage.INSPECTED, advisor=user)
    put_off(here.vehicle, factories.make_operation(book_minutes=1000))
    coming = factories.make_vehicle()
    put_off(coming, factories.make_operation(book_minutes=60))
    make_appointment(user, "16:30", vehicle=coming)
    # when nothing is sold yet
    found = today_offers.find(factories.make_branch(), AT)
    # then two technicians have 144 minutes after half past four, but no one has 1000
    assert [car.appointment is not None for car in found.cars] == [True]
    assert found.too_long == 1


def test_urgent_work_comes_first(database: Database) -> None:
    quotations.make_shop()
    user = advisor()
    calm = factories.make_order(Stage.INSPECTED, advisor=user)
    put_off(calm.vehicle, factories.make_operation())
    urgent = factories.make_order(Stage.INSPECTED, advisor=user)
    put_off(urgent.vehicle, factories.make_operation(), Urgency.RED)
    found = today_offers.find(factories.make_branch(), AT)
    assert [car.order for car in found.cars] == [urgent, calm]
    assert found.total_fen == 48_000


def test_high_voltage_service_is_not_offered_for_a_fuel_car(database: Database) -> None:
    quotations.make_shop()
    high = factories.make_skill("high_voltage")
    factories.make_technician(skill=high)
    make_service(factories.make_operation(skill_id=high.id))
    vehicle = factories.make_vehicle(next_due_on=date(2026, 11, 25))
    factories.make_order(Stage.INSPECTED, vehicle=vehicle)
    assert today_offers.find(factories.make_branch(), AT).cars == []
