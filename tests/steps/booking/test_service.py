"""Booking and what becomes of an appointment, without HTTP."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests import factories
from tests.databases import Database
from tests.steps.booking.factories import local, make_appointment, make_shop
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.capacity.remaining import Need
from workshop.catalogue.models import Operation, OperationPart
from workshop.customers import corrections
from workshop.customers import service as customers
from workshop.customers.models import Channel, Vehicle, VehicleClass
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.shop import absences
from workshop.staff.permissions import RoleName
from workshop.steps.booking import calls, estimates, gates, making, queries, service, slots
from workshop.steps.booking.making import Wish
from workshop.steps.booking.models import Appointment, AppointmentChange, ContactResult
from workshop.steps.booking.rules import ALLOWED, AppointmentStatus, Arrival
from workshop.stock.models import Part

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)


def held_minutes(appointment: Appointment) -> int:
    takes = capacity.list_takes(TakeSource.APPOINTMENT, appointment.id)
    return sum(take.minutes for take in takes)


def test_a_booking_takes_the_slot_and_the_hours_of_the_skill(
    database: Database, at: datetime
) -> None:
    branch, (advisor,) = make_shop()
    brakes = factories.make_operation(book_minutes=90)
    # when
    appointment = make_appointment(advisor, operations=[brakes])
    # then
    assert appointment.no == "AP20261123-0001"
    assert appointment.status is AppointmentStatus.REQUESTED
    assert (appointment.estimated_minutes, appointment.estimated_fen) == (90, 36_000)
    assert queries.list_operations(appointment) == [brakes]
    skill = factories.make_skill()
    assert capacity.day_capacity(branch, MONDAY, skill.id).taken_minutes == 90
    assert queries.list_taken(branch, MONDAY) == {(advisor.id, local("14:00"))}


def test_a_booking_without_operations_takes_half_an_hour_of_anybody(database: Database) -> None:
    _, (advisor,) = make_shop()
    appointment = make_appointment(advisor)
    assert held_minutes(appointment) == estimates.DIAGNOSIS_MINUTES


def test_the_estimate_adds_labour_and_usual_parts_and_names_what_is_short(
    database: Database,
) -> None:
    branch, _ = make_shop()
    operation = factories.make_operation(book_minutes=60)
    pads = factories.make_part(on_hand=1, price_fen=38_000)
    oil = factories.make_part(on_hand=0, price_fen=9_000)
    add_usual_part(operation, pads, 1000)
    add_usual_part(operation, oil, 4500)
    (line,) = estimates.estimate(branch, [operation], day=factories.AT.date()).lines
    assert (line.labour_fen, line.parts_fen) == (24_000, 38_000 + 40_500)
    assert line.short_parts == [oil]


def add_usual_part(operation: Operation, part: Part, milli: int) -> None:
    session.add(OperationPart(operation_id=operation.id, part_id=part.id, quantity_milli=milli))
    session.flush()
    session.refresh(operation)


def test_a_taken_slot_is_refused_in_words(database: Database) -> None:
    _, (advisor,) = make_shop()
    make_appointment(advisor)
    with pytest.raises(RuleBroken, match="Somebody else has just taken") as refusal:
        make_appointment(advisor)
    assert refusal.value.field == "slot"


def test_nobody_sells_the_time_of_an_advisor_who_is_away(database: Database, at: datetime) -> None:
    # given one of two advisors who is away in the afternoon
    branch, (here, away) = make_shop(advisors=2)
    by = factories.make_user(RoleName.SERVICE_MANAGER)
    absences.add_absence(away, local("14:00"), local("18:00"), "病假", by=by, at=at)
    # then the plan offers the other one's only, and names who is away
    plan = slots.plan_day(branch, MONDAY, {}, at=at)
    afternoon = {each.advisor_id for each in plan.free if each.at >= local("14:00")}
    assert (afternoon, [each.user_id for each in plan.away]) == ({here.id}, [away.id])
    assert {each.advisor_id for each in plan.free} == {here.id, away.id}
    # and the act refuses the time in words
    with pytest.raises(RuleBroken, match="is not at work at") as refusal:
        make_appointment(away, "14:00")
    assert (refusal.value.field, refusal.value.code) == ("slot", "advisor_away")


def test_the_database_itself_refuses_a_slot_twice(database: Database) -> None:
    _, (advisor,) = make_shop()
    make_appointment(advisor, "14:00")
    other = make_appointment(advisor, "14:15")
    other.slot_at = local("14:00")
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


@pytest.mark.parametrize(
    ("slot", "days", "kind", "words"),
    [
        ("14:45", 0, RuleBroken, "free for walk-ins"),
        ("14:10", 0, Invalid, "no time of the arrival grid"),
        ("19:00", 0, Invalid, "no time of the arrival grid"),
        ("14:00", 6, Invalid, "no time of the arrival grid"),
        ("09:00", 0, Invalid, "is over"),
    ],
)
def test_a_time_that_is_not_sold_is_refused(
    database: Database, slot: str, days: int, kind: type[Exception], words: str
) -> None:
    _, (advisor,) = make_shop()
    with pytest.raises(kind, match=words):
        make_appointment(advisor, slot, days)


def test_a_booking_needs_the_customers_words(database: Database) -> None:
    _, (advisor,) = make_shop()
    with pytest.raises(Invalid, match="what the customer says"):
        make_appointment(advisor, concern="  ")


def test_a_booking_needs_an_advisor_of_the_branch(database: Database) -> None:
    make_shop()
    with pytest.raises(Invalid, match="receives no booked cars"):
        make_appointment(factories.make_user(RoleName.SERVICE_ASSISTANT))


def test_who_may_not_book_is_refused(database: Database, at: datetime) -> None:
    branch, (advisor,) = make_shop()
    vehicle = factories.make_vehicle()
    with pytest.raises(NotAllowed):
        making.book(
            vehicle,
            vehicle.customer,
            Wish("异响"),
            advisor=advisor,
            slot_at=local("14:00"),
            branch=branch,
            by=factories.make_user(RoleName.TECHNICIAN),
            at=at,
        )


def test_a_car_is_expected_once_a_day(database: Database) -> None:
    _, (advisor,) = make_shop()
    vehicle = factories.make_vehicle()
    make_appointment(advisor, "14:00", vehicle=vehicle)
    with pytest.raises(RuleBroken, match="expected on that day already"):
        make_appointment(advisor, "16:00", vehicle=vehicle)


def test_a_full_day_is_refused_with_the_next_free_one(database: Database) -> None:
    # given one technician of nine hours, of which 20 % are kept back
    _, (advisor,) = make_shop()
    long = factories.make_operation(book_minutes=400)
    make_appointment(advisor, "08:00", 1, operations=[long])
    # when
    with pytest.raises(RuleBroken) as refusal:
        make_appointment(advisor, "15:00", 1, operations=[factories.make_operation()])
    # then
    assert refusal.value.code == "full"
    assert "2026-11-24 is full" in str(refusal.value)
    assert "next free day is 2026-11-25" in str(refusal.value)


def test_hours_are_counted_by_skill(database: Database) -> None:
    # given an engine day that is full, and a painter who is not
    _, (advisor,) = make_shop()
    factories.make_technician(skill=factories.make_skill("paint"))
    factories.make_bay()
    long = factories.make_operation(book_minutes=430)
    make_appointment(advisor, "08:00", 1, operations=[long])
    paint = factories.make_operation(skill_id=factories.make_skill("paint").id)
    # then
    assert make_appointment(advisor, "15:00", 1, operations=[paint]).id
    with pytest.raises(RuleBroken, match="full"):
        make_appointment(advisor, "16:00", 1, operations=[factories.make_operation()])


def test_the_plan_offers_two_times_and_shows_the_load(database: Database, at: datetime) -> None:
    branch, (advisor, _) = make_shop(advisors=2)
    plan = slots.plan_day(branch, MONDAY, {Need(factories.make_skill().id): 60}, at=at)
    assert len(plan.offers) == 2
    assert plan.is_bookable
    (load,) = plan.loads
    # Of today only what is left of it counts: ten to six without the break, less a fifth.
    assert (load.sellable_minutes, load.sold_minutes, load.wanted_minutes) == (336, 0, 60)
    assert plan.advisor(advisor.id) is advisor


def test_the_plan_of_a_full_day_names_the_next_that_has_room(
    database: Database, at: datetime
) -> None:
    branch, (advisor,) = make_shop()
    long = factories.make_operation(book_minutes=430)
    make_appointment(advisor, "08:00", 1, operations=[long])
    plan = slots.plan_day(branch, TUESDAY, {Need(factories.make_skill().id): 60}, at=at)
    assert not plan.fits
    assert plan.offers == []
    assert plan.next_day == date(2026, 11, 25)


def test_a_day_without_a_free_slot_is_passed_over(database: Database, at: datetime) -> None:
    branch, _ = make_shop(advisors=1, technicians=4)
    evening = local("17:31")
    assert slots.first_day(branch, {Need(): 30}, at=evening) == TUESDAY
    assert slots.first_day(branch, {Need(): 30}, at=at) == MONDAY


def test_a_sunday_is_closed(database: Database, at: datetime) -> None:
    branch, _ = make_shop()
    plan = slots.plan_day(branch, date(2026, 11, 29), {Need(): 30}, at=at)
    assert not plan.is_open
    assert plan.next_day == date(2026, 11, 30)


def test_work_that_nobody_can_do_has_no_day(database: Database, at: datetime) -> None:
    branch, (advisor,) = make_shop()
    paint = factories.make_operation(skill_id=factories.make_skill("paint").id)
    with pytest.raises(RuleBroken, match="So are the next weeks"):
        make_appointment(advisor, operations=[paint])
    assert slots.plan_day(branch, MONDAY, {Need(paint.skill_id): 60}, at=at).next_day is None


# ---- What becomes of it ----


@pytest.mark.parametrize(
    ("clock", "arrival"),
    [("13:30", Arrival.EARLY), ("14:10", Arrival.ON_TIME), ("14:20", Arrival.LATE)],
)
def test_an_arrival_is_stamped_and_classed(
    database: Database, clock: str, arrival: Arrival
) -> None:
    _, (advisor,) = make_shop()
    appointment = make_appointment(advisor)
    greeter = factories.make_user(RoleName.GREETER)
    service.register_arrival(appointment, greeter, local(clock))
    assert appointment.status is AppointmentStatus.ARRIVED
    assert appointment.arrived_at == local(clock)
    assert appointment.arrival is arrival


def test_a_car_that_comes_on_another_day_is_not_stamped(database: Database) -> None:
    _, (advisor,) = make_shop()
    appointment = make_appointment(advisor, days=2)
    with pytest.raises(RuleBroken, match="Change its time first"):
        service.register_arrival(appointment, advisor, local("14:00"))


def test_a_conversion_ties_the_order_and_keeps_the_hours(database: Database, at: datetime) -> None:
    _, (advisor,) = make_shop()
    appointment = make_appointment(advisor)
    order = factories.make_order(
        vehicle=appointment.vehicle, advisor=advisor, arrived_at=local("13:55")
    )
    # when nobody stamped the arrival
    service.convert(appointment, order, advisor, local("14:00"))
    # then
    assert appointment.status is AppointmentStatus.CONVERTED
    assert appointment.arrival is Arrival.ON_TIME
    assert queries.find_by_order(order) is appointment
    assert held_minutes(appointment) == 30
    # and the order gives them back when it takes its own
    service.release_capacity(appointment, at)
    assert held_minutes(appointment) == 0


def test_a_cancelled_appointment_frees_slot_and_hours(database: Database, at: datetime) -> None:
    _, (advisor,) = make_shop()
    appointment = make_appointment(advisor)
    service.cancel(appointment, "客户出差", advisor, at)
    assert appointment.status is AppointmentStatus.CANCELLED
    assert held_minutes(appointment) == 0
    assert make_appointment(advisor).slot_at == appointment.slot_at


def test_a_cancellation_needs_a_reason(database: Database, at: datetime) -> None:
    _, (advisor,) = make_shop()
    with pytest.raises(Invalid, match="Say why"):
        service.cancel(make_appointment(advisor), " ", advisor, at)


def test_a_no_show_is_called_so_only_an_hour_after_the_slot(database: Database) -> None:
    _, (advisor,) = make_shop()
    appointment = make_appointment(advisor)
    with pytest.raises(RuleBroken, match="may still come"):
        service.record_no_show(appointment, "电话不通", advisor, local("14:59"))
    service.record_no_show(appointment, "电话不通", advisor, local("15:00"))
    assert appointment.status is AppointmentStatus.NO_SHOW
    assert held_minutes(appointment) == 0


def test_the_branch_says_how_long_a_late_car_may_still_come(database: Database) -> None:
    # given a branch that waits longer than an hour, and keeps the slot for five minutes
    branch, (advisor,) = make_shop()
    branch.no_show_minutes, branch.on_time_minutes = 90, 5
    appointment = make_appointment(advisor)
    # then
    assert gates.missing_to_be_no_show(appointment, local("15:29"))
    assert not gates.missing_to_be_no_show(appointment, local("15:30"))


@pytest.mark.parametrize(
    ("current", "wanted"),
    list(itertools.product(AppointmentStatus, AppointmentStatus)),
    ids=lambda status: status.value,
)
def test_a_status_changes_only_along_the_table(
    current: AppointmentStatus, wanted: AppointmentStatus
) -> None:
    appointment = Appointment(status=current)
    if wanted in ALLOWED[current]:
        service.require_allowed(appointment, wanted)
    else:
        with pytest.raises(RuleBroken, match="cannot become"):
            service.require_allowed(appointment, wanted)


def test_each_change_is_written_down_and_kept(database: Database, at: datetime) -> None:
    _, (advisor,) = make_shop()
    appointment = make_appointment(advisor)
    service.confirm(appointment, advisor, at)
    service.cancel(appointment, "客户出差", advisor, at)
    session.flush()
    seen = [change.to_status for change in queries.list_changes(appointment)]
    assert seen == [
        AppointmentStatus.CANCELLED,
        AppointmentStatus.CONFIRMED,
        AppointmentStatus.REQUESTED,
    ]
    change = session.scalars(select(AppointmentChange)).first()
    assert change is not None
    change.reason = "?"
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


# ---- Another time ----


def test_a_moved_appointment_frees_the_old_slot_and_takes_the_new(
    database: Database, at: datetime
) -> None:
    branch, (advisor,) = make_shop()
    brakes = factories.make_operation(book_minutes=430)
    old = make_appointment(advisor, "08:00", 2, operations=[brakes])
    new = making.reschedule(
        old,
        old.version,
        Wish("换成周二", operations=[brakes]),
        advisor=advisor,
        slot_at=local("08:00", 1),
        by=advisor,
        at=at,
    )
    assert old.status is AppointmentStatus.RESCHEDULED
    assert new.replaces_id == old.id
    assert queries.find_replacement(old) is new
    assert queries.list_taken(branch, date(2026, 11, 25)) == set()
    assert (held_minutes(old), held_minutes(new)) == (0, 430)


def test_a_no_show_who_is_booked_again_stays_a_no_show(database: Database) -> None:
    _, (advisor,) = make_shop()
    old = make_appointment(advisor)
    service.record_no_show(old, "忘记了", advisor, local("15:00"))
    session.flush()
    new = making.reschedule(
        old,
        old.version,
        Wish(old.concern),
        advisor=advisor,
        slot_at=local("10:00", 1),
        by=advisor,
        at=local("15:00"),
    )
    assert old.status is AppointmentStatus.NO_SHOW
    assert new.status is AppointmentStatus.REQUESTED
    with pytest.raises(RuleBroken, match="was replaced by"):
        making.reschedule(
            old,
            old.version,
            Wish(old.concern),
            advisor=advisor,
            slot_at=local("11:00", 1),
            by=advisor,
            at=local("15:00"),
        )


def test_a_stale_page_does_not_move_an_appointment(database: Database, at: datetime) -> None:
    _, (advisor,) = make_shop()
    old = make_appointment(advisor)
    session.flush()
    seen = old.version
    service.confirm(old, advisor, at)
    session.flush()
    with pytest.raises(Conflict):
        making.reschedule(
            old,
            seen,
            Wish(old.concern),
            advisor=advisor,
            slot_at=local("10:00", 1),
            by=advisor,
            at=at,
        )


# ---- Calls ----


def test_tomorrows_appointments_are_due_for_a_call_until_somebody_says_yes(
    database: Database, at: datetime
) -> None:
    branch, (advisor,) = make_shop()
    tomorrow = make_appointment(advisor, "10:00", 1)
    later = make_appointment(advisor, "10:00", 2)
    due = [call.appointment for call in calls.list_due(branch, at)]
    assert due == [tomorrow]
    assert later not in due
    # when
    service.record_contact(tomorrow, Channel.PHONE, ContactResult.CONFIRMED, by=advisor, at=at)
    # then
    assert tomorrow.status is AppointmentStatus.CONFIRMED
    assert calls.list_due(branch, at) == []


def test_before_a_closed_day_the_next_open_one_is_called(database: Database) -> None:
    branch, (advisor,) = make_shop()
    monday = make_appointment(advisor, "10:00", 7)
    saturday = local("10:00", 5)
    assert [call.appointment for call in calls.list_due(branch, saturday)] == [monday]


def test_an_hour_before_the_slot_a_second_call_is_due(database: Database, at: datetime) -> None:
    branch, (advisor,) = make_shop()
    appointment = make_appointment(advisor, "14:00")
    service.record_contact(
        appointment,
        Channel.PHONE,
        ContactResult.CONFIRMED,
        by=advisor,
        at=at - timedelta(days=1),
    )
    assert calls.list_due(branch, local("12:59")) == []
    (call,) = calls.list_due(branch, local("13:00"))
    assert call.reason is calls.CallReason.HOUR_BEFORE
    service.record_contact(
        appointment, Channel.SMS, ContactResult.CONFIRMED, by=advisor, at=local("13:05")
    )
    assert calls.list_due(branch, local("13:06")) == []


def test_an_unanswered_call_stays_due_with_its_tries(database: Database, at: datetime) -> None:
    branch, (advisor,) = make_shop()
    appointment = make_appointment(advisor, "10:00", 1)
    service.record_contact(appointment, Channel.PHONE, ContactResult.NO_ANSWER, by=advisor, at=at)
    (call,) = calls.list_due(branch, at)
    assert call.tries == 1


def test_a_no_show_is_called_the_same_day(database: Database) -> None:
    branch, (advisor,) = make_shop()
    appointment = make_appointment(advisor)
    service.record_no_show(appointment, "没有出现", advisor, local("15:00"))
    (call,) = calls.list_due(branch, local("15:30"))
    assert call.reason is calls.CallReason.NO_SHOW


def test_a_wrong_number_is_marked_for_the_next_visit(database: Database, at: datetime) -> None:
    _, (advisor,) = make_shop()
    appointment = make_appointment(advisor, days=1)
    service.record_contact(
        appointment, Channel.PHONE, ContactResult.WRONG_NUMBER, by=advisor, at=at
    )
    assert appointment.customer.phone_invalid


def test_a_package_that_is_wished_whole_costs_its_fixed_price(database: Database) -> None:
    branch, _ = make_shop()
    first, second, other = (factories.make_operation(code) for code in ("A1", "A2", "A3"))
    factories.make_package(first, second, fen=20_000)
    day = MONDAY
    alone = {
        line.operation.code: line.total_fen
        for line in estimates.estimate(branch, [first, second, other], day=day).lines
    }
    whole = estimates.estimate(branch, [first, second, other], day=day)
    assert whole.fen == 20_000 + alone["A3"]
    assert [(each.fen, each.alone_fen) for each in whole.fixed] == [
        (20_000, alone["A1"] + alone["A2"])
    ]
    assert estimates.estimate(branch, [first, other], day=day).fen == alone["A1"] + alone["A3"]


def test_a_new_car_has_the_class_of_the_last_of_its_kind(database: Database) -> None:
    _, (advisor,) = make_shop()

    owner = factories.make_customer()

    def make(plate: str, **values: Any) -> Vehicle:
        told = {"make": "福特", "model": "锐界"} | values
        return customers.make_vehicle(owner, plate, by=advisor, at=factories.AT, **told)

    first = make("沪A11111")
    assert first.vehicle_class is None
    assert make("沪A11112", vehicle_class=VehicleClass.SUV).size == "suv"
    known = make("沪A11113")
    assert known.size == "suv"
    # What was asked once is not changed by who books the next time.
    corrections.note_class(known, VehicleClass.COMPACT, by=advisor, at=factories.AT)
    assert known.size == "suv"
    corrections.note_class(first, VehicleClass.SUV, by=advisor, at=factories.AT)
    assert first.size == "suv"
