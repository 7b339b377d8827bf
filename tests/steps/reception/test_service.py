"""Opening, signing, reopening and cancelling a reception."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tests import ink
from tests.databases import Database
from tests.factories import make_branch, make_job, make_order, make_user, make_vehicle
from tests.steps.booking.factories import make_appointment, make_shop
from tests.steps.reception.factories import complete, make_reception
from workshop import db
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders import cancellation
from workshop.orders.flow import Stage
from workshop.orders.models import Attachment, JobState, OrderKind
from workshop.staff.models import AuditEntry
from workshop.staff.permissions import RoleName
from workshop.steps.booking import service as booking
from workshop.steps.booking.models import AppointmentKind
from workshop.steps.booking.rules import AppointmentStatus
from workshop.steps.reception import arrivals, queries, repeat, waiting
from workshop.steps.reception import gates as reception_gates
from workshop.steps.reception import service as reception
from workshop.steps.reception.models import WalkaroundSigning
from workshop.steps.reception.service import Signature


def test_an_appointment_becomes_an_order_with_its_stamped_arrival(
    database: Database, at: datetime
) -> None:
    # given
    branch, (advisor,) = make_shop()
    appointment = make_appointment(advisor, "10:30", concern="空调不冷", stays=True)
    booking.register_arrival(appointment, advisor, at)
    # when
    order = reception.receive(
        appointment.vehicle,
        appointment.customer,
        concern=appointment.concern,
        appointment=appointment,
        branch=branch,
        by=advisor,
        at=at + timedelta(minutes=7),
    )
    # then
    assert order.stage is Stage.RECEPTION
    assert (order.arrived_at, order.greeted_at) == (at, at + timedelta(minutes=7))
    assert waiting.greet_minutes(order) == 7
    assert order.concern == "空调不冷"
    assert order.stays is True
    assert not order.is_walk_in
    assert appointment.status is AppointmentStatus.CONVERTED
    assert appointment.order_id == order.id


def test_a_walk_in_keeps_the_time_at_which_it_drove_in(database: Database, at: datetime) -> None:
    # given
    branch, advisor, vehicle = make_branch(), make_user(RoleName.SERVICE_ADVISOR), make_vehicle()
    walk_in = arrivals.register_walk_in(
        branch, " 粤b·99９99 ", by=advisor, at=at - timedelta(minutes=9)
    )
    assert walk_in.plate == "粤B99999"
    assert [each.minutes for each in waiting.list_waiting(branch, at)] == [9]
    # when
    values = {"concern": "保养", "branch": branch, "by": advisor, "at": at}
    order = reception.receive(vehicle, vehicle.customer, walk_in=walk_in, **values)
    # then
    assert order.arrived_at == at - timedelta(minutes=9)
    assert order.is_walk_in
    assert waiting.list_waiting(branch, at) == []
    with pytest.raises(RuleBroken, match="already"):
        arrivals.dismiss(walk_in, by=advisor, at=at)


def test_a_car_is_received_once_and_never_without_words(database: Database, at: datetime) -> None:
    # given
    order = make_reception(at)
    # then
    with pytest.raises(RuleBroken, match=order.no):
        make_reception(at, vehicle=order.vehicle)
    with pytest.raises(Invalid, match="customer's words"):
        make_reception(at, concern="  ")


def test_a_greeter_may_stamp_an_arrival_but_not_open_an_order(
    database: Database, at: datetime
) -> None:
    greeter = make_user(RoleName.GREETER)
    arrivals.register_walk_in(make_branch(), "", by=greeter, at=at)
    with pytest.raises(NotAllowed):
        make_reception(at, advisor=greeter)


def test_a_repeat_visit_gets_the_red_mark_which_only_a_reason_clears(
    database: Database, at: datetime
) -> None:
    # given
    earlier = make_order(Stage.DELIVERED)
    earlier.ready_at = earlier.delivered_at = at - timedelta(days=12)
    make_job(earlier, state=JobState.DONE)
    # when
    order = make_reception(at, vehicle=earlier.vehicle)
    # then
    assert order.repeat_repair
    assert order.repeat_of_id == earlier.id
    check = queries.find_repeat_check(order)
    assert check is not None
    assert (check.days, check.same_complaint) == (12, None)
    with pytest.raises(Invalid, match="no repeat"):
        repeat.decide(order, False, " ", by=order.advisor, at=at)
    # when
    repeat.decide(order, False, "上次修空调，这次换轮胎", by=order.advisor, at=at)
    # then
    assert not order.repeat_repair
    assert order.repeat_of_id is None
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-1] == "reception.clear_repeat"
    # when
    repeat.decide(order, True, "", by=order.advisor, at=at)
    assert order.repeat_repair
    assert order.kind is OrderKind.COMEBACK


def test_a_visit_booked_as_a_comeback_carries_the_red_mark(
    database: Database, at: datetime
) -> None:
    branch, (advisor,) = make_shop()
    appointment = make_appointment(advisor, "10:30", kind=AppointmentKind.COMEBACK)
    values = {"concern": "还是响", "branch": branch, "by": advisor, "at": at}
    order = reception.receive(
        appointment.vehicle, appointment.customer, appointment=appointment, **values
    )
    assert order.repeat_repair
    assert order.kind is OrderKind.COMEBACK


@pytest.mark.parametrize(
    ("leave_out", "words"),
    [
        ("vin", "VIN is not read"),
        ("gauges", "mileage is not read"),
        ("front", "walk round the car"),
        ("top", "walk round the car"),
        ("seat", "covers are not fitted"),
        ("valuables", "valuables"),
    ],
)
def test_nothing_is_signed_before_all_is_looked_at(
    database: Database, at: datetime, leave_out: str, words: str
) -> None:
    order = make_reception(at)
    complete(order, at, leave_out=leave_out)
    with pytest.raises(RuleBroken, match=words):
        reception.sign(order, Signature("王小明"), by=order.advisor, at=at)
    assert order.stage is Stage.RECEPTION
    assert reception_gates.missing(order)[-1].code == "signature"


def test_the_signature_freezes_the_walk_around_and_goes_on(
    database: Database, at: datetime
) -> None:
    # given
    order = make_reception(at)
    complete(order, at)
    # when
    sheet = reception.sign(order, Signature("王小明", ink.png()), by=order.advisor, at=at)
    # then
    assert order.stage is Stage.INSPECTED
    assert (sheet.edition, sheet.signer_name, sheet.signed_at) == (1, "王小明", at)
    assert session.get_one(Attachment, sheet.signature_id).mime == "image/png"
    assert reception_gates.missing(order) == []
    with pytest.raises(RuleBroken, match="not possible"):
        complete(order, at, mileage_km=50_001)


def test_nobody_signs_with_nothing_and_a_refusal_needs_a_witness(
    database: Database, at: datetime
) -> None:
    # given
    order = make_reception(at)
    complete(order, at)
    # then
    with pytest.raises(Invalid, match="signs here"):
        reception.sign(order, Signature(), by=order.advisor, at=at)
    with pytest.raises(Invalid, match="colleague"):
        reception.sign(order, Signature(refused_reason="赶时间"), by=order.advisor, at=at)
    # when
    refusal = Signature(refused_reason="赶时间", witness_name="林顾问")
    sheet = reception.sign(order, refusal, by=order.advisor, at=at)
    # then
    assert order.stage is Stage.INSPECTED
    assert sheet.signature_id is None
    assert sheet.witness_name == "林顾问"


def test_a_reopened_reception_needs_a_reason_and_a_new_signature(
    database: Database, at: datetime
) -> None:
    # given
    order = make_reception(at)
    complete(order, at)
    reception.sign(order, Signature("王小明"), by=order.advisor, at=at)
    with pytest.raises(Invalid, match="reopened"):
        reception.reopen(order, "", by=order.advisor, at=at)
    # when
    reception.reopen(order, "漏看了车顶", by=order.advisor, at=at)
    # then
    assert order.stage is Stage.RECEPTION
    assert reception_gates.missing(order)[-1].code == "signature"
    # when
    sheet = reception.sign(order, Signature("王太太"), by=order.advisor, at=at)
    # then
    assert sheet.edition == 2
    assert [each.signer_name for each in queries.list_signings(order)] == ["王太太", "王小明"]


def test_a_kept_signature_is_never_rewritten(database: Database, at: datetime) -> None:
    # given
    order = make_reception(at)
    complete(order, at)
    reception.sign(order, Signature("王小明"), by=order.advisor, at=at)
    db.commit()
    # when
    signing = session.scalars(select(WalkaroundSigning)).one()
    signing.signer_name = "别人"
    # then
    with pytest.raises(DBAPIError, match="append-only"):
        session.flush()
    db.rollback()


def test_cancelling_gives_the_hours_of_the_appointment_back(
    database: Database, at: datetime
) -> None:
    # given
    branch, (advisor,) = make_shop()
    appointment = make_appointment(advisor, "10:30")
    values = {"concern": "保养", "branch": branch, "by": advisor, "at": at}
    order = reception.receive(
        appointment.vehicle, appointment.customer, appointment=appointment, **values
    )
    assert capacity.list_takes(TakeSource.APPOINTMENT, appointment.id)
    # when
    cancellation.cancel_order(order, "客户改天再来", by=advisor, at=at)
    # then
    assert order.stage is Stage.CANCELLED
    assert capacity.list_takes(TakeSource.APPOINTMENT, appointment.id) == []
