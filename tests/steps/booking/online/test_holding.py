"""A customer keeps a time and asks for it; the desk's own rules decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.factories import AT
from tests.steps.booking.factories import local, make_appointment
from tests.steps.booking.online.factories import ask, hold, make_online, new_token
from workshop.capacity.models import CapacityTake, TakeSource
from workshop.customers.models import Customer, Vehicle
from workshop.db import session
from workshop.errors import Invalid, RuleBroken
from workshop.shop import absences
from workshop.staff.permissions import RoleName
from workshop.steps.booking import making, slots
from workshop.steps.booking.making import Wish
from workshop.steps.booking.online import answering, holding, offering, queries, settings
from workshop.steps.booking.online.holding import Work
from workshop.steps.booking.online.models import OnlineBooking
from workshop.steps.booking.online.rules import OnlineState
from workshop.steps.booking.online.settings import Values

pytestmark = pytest.mark.usefixtures("database")


def hours_taken() -> int:
    query = select(func.sum(CapacityTake.minutes)).where(
        CapacityTake.source == TakeSource.ONLINE, CapacityTake.released_at.is_(None)
    )
    return session.scalar(query) or 0


def test_a_kept_time_is_nobody_elses_at_the_desk_or_online() -> None:
    branch, (advisor,) = make_online()
    hold(branch)
    with pytest.raises(RuleBroken) as at_the_desk:
        make_appointment(advisor, "14:00", 1)
    assert at_the_desk.value.code == "slot_taken"
    with pytest.raises(RuleBroken) as online:
        hold(branch, phone="13900139000")
    assert online.value.code == "slot_gone"
    assert hours_taken() == 30


def test_14_the_holder_who_steps_back_is_still_offered_their_time() -> None:
    branch, _ = make_online()
    booking = hold(branch)
    day, needs = booking.day, holding.needed_of(booking, booking.slot_at).needs
    others = offering.list_times(branch, day, needs, at=AT)
    own = offering.list_times(branch, day, needs, at=AT, own_id=booking.id)
    assert booking.slot_at not in {each.at for each in others}
    assert booking.slot_at in {each.at for each in own}


def test_a_day_that_is_full_only_by_ones_own_hold_is_still_shown_to_its_holder() -> None:
    branch, _ = make_online(technicians=1)
    operation = factories.make_operation(book_minutes=240)
    package = factories.make_package(operation)
    booking = hold(branch, "09:00", 2, work=Work(package, None))
    needs = holding.needed_of(booking, booking.slot_at).needs
    start = local("08:00", 1).date()
    others = offering.list_days(branch, needs, start=start, at=AT)
    own = offering.list_days(branch, needs, start=start, at=AT, own_id=booking.id)
    assert booking.day not in {each.day for each in others.days}
    assert booking.day in {each.day for each in own.days}


def test_one_number_keeps_one_time() -> None:
    branch, _ = make_online()
    first = hold(branch, "14:00")
    second = hold(branch, "15:00")
    assert first.state is OnlineState.LAPSED
    assert second.is_held
    assert hours_taken() == 30


def test_a_form_sent_twice_keeps_one_time() -> None:
    branch, _ = make_online()
    token = new_token()
    assert hold(branch, token=token).id == hold(branch, token=token).id
    assert session.scalar(select(func.count(OnlineBooking.id))) == 1


def test_another_time_from_the_same_form_moves_what_is_kept() -> None:
    branch, _ = make_online()
    token = new_token()
    hold(branch, "14:00", token=token)
    moved = hold(branch, "15:00", token=token)
    assert moved.slot_at == local("15:00", 1)
    assert hold(branch, "14:00", phone="13900139000").is_held


def test_after_five_minutes_the_time_is_free_again() -> None:
    branch, _ = make_online()
    first = hold(branch)
    hold(branch, phone="13900139000", at=AT + timedelta(minutes=5))
    assert first.state is OnlineState.LAPSED


def test_a_request_knows_and_makes_no_customer_and_no_car() -> None:
    branch, _ = make_online()
    car = factories.make_vehicle()
    before = (
        session.scalar(select(func.count(Customer.id))),
        session.scalar(select(func.count(Vehicle.id))),
    )
    ask(hold(branch, phone=car.customer.phone), plate=car.plate or "")
    after = (
        session.scalar(select(func.count(Customer.id))),
        session.scalar(select(func.count(Vehicle.id))),
    )
    assert after == before


def test_asked_twice_is_asked_once() -> None:
    branch, _ = make_online()
    booking = hold(branch)
    first = ask(booking)
    assert ask(booking, name="别人").name == first.name == "王芳"


def test_a_number_waits_for_one_answer() -> None:
    branch, _ = make_online()
    ask(hold(branch, "14:00"))
    with pytest.raises(RuleBroken) as refusal:
        ask(hold(branch, "15:00"))
    assert refusal.value.code == "asked_twice"


def test_a_number_that_tries_all_day_has_to_call() -> None:
    branch, _ = make_online()
    for minute in range(8):
        hold(branch, at=AT + timedelta(minutes=6 * minute))
    with pytest.raises(RuleBroken) as refusal:
        hold(branch, at=AT + timedelta(minutes=60))
    assert refusal.value.code == "too_often"


def test_who_was_too_slow_still_gets_the_time_if_it_is_free() -> None:
    branch, _ = make_online()
    booking, late = hold(branch), AT + timedelta(minutes=20)
    holding.give_back_run_out(None, late)
    assert not booking.takes_time
    ask(booking, at=late)
    assert booking.is_requested
    assert hours_taken() == 30


def test_who_lost_the_time_is_shown_the_three_nearest_and_may_take_one() -> None:
    branch, _ = make_online()
    booking, late = hold(branch), AT + timedelta(minutes=6)
    hold(branch, phone="13900139000", at=late)
    with pytest.raises(RuleBroken) as refusal:
        ask(booking, at=late)
    assert refusal.value.code == "slot_gone"
    needs = holding.needed_of(booking, booking.slot_at).needs
    near = offering.list_nearest(branch, needs, booking.slot_at, at=late, own_id=booking.id)
    assert [each.at for each in near] == [
        local("13:30", 1),
        local("14:15", 1),
        local("14:30", 1),
    ]
    ask(booking, at=late, slot_at=near[1].at)
    assert booking.slot_at == local("14:15", 1)


def test_13_a_forged_time_is_refused_whatever_it_breaks() -> None:
    branch, (advisor,) = make_online(technicians=1)
    long_work = Work(factories.make_package(factories.make_operation(book_minutes=240)))
    hold(branch, "09:00", 2, work=long_work, phone="13700137000")
    absences.add_absence(
        advisor,
        local("10:00", 1),
        local("12:00", 1),
        "课程",
        by=factories.make_user(RoleName.JOB_CONTROLLER),
        at=AT,
    )
    forged = {
        "closed": ("21:00", 1),
        "no time of the grid": ("14:07", 1),
        "the quarter of walk-ins": ("14:45", 1),
        "over": ("08:00", -1),
        "too soon": ("08:30", 0),
        "too far ahead": ("14:00", 50),
        "no hours of the skill left": ("10:00", 2),
        "the advisor away": ("10:15", 1),
    }
    for why, (clock, days) in forged.items():
        with pytest.raises(RuleBroken) as refusal:
            hold(branch, clock, days, work=long_work if "hours" in why else Work(None))
        assert refusal.value.code == "slot_gone", why


def test_a_closed_page_takes_nothing() -> None:
    branch, _ = make_online(is_open=False)
    with pytest.raises(RuleBroken) as refusal:
        hold(branch)
    assert refusal.value.code == "closed"


def test_a_share_of_the_day_is_kept_for_the_telephone() -> None:
    branch, _ = make_online(technicians=8, share_percent=10)
    places = len(slots.plan_day(branch, local("08:00", 1).date(), {}, at=AT).open)
    times = ["09:00", "09:15", "09:30", "10:00", "10:15"]
    most = places // 10
    for number, clock in enumerate(times[:most]):
        ask(hold(branch, clock, phone=f"1380013800{number}"))
    with pytest.raises(RuleBroken):
        hold(branch, times[most], phone="13900139000")


def test_what_nobody_confirmed_in_time_is_given_back_and_still_called() -> None:
    branch, (advisor,) = make_online()
    booking = ask(hold(branch))
    too_late = booking.slot_at - timedelta(minutes=30)
    assert holding.give_back_run_out(None, too_late - timedelta(minutes=1)) == 0
    assert holding.give_back_run_out(None, too_late) == 1
    assert booking.is_answerable
    assert hours_taken() == 0
    make_appointment(advisor, "14:00", 1)


def test_at_night_no_time_is_offered_that_nobody_can_confirm() -> None:
    branch, _ = make_online()
    night = local("23:00", 0)
    with pytest.raises(RuleBroken):
        hold(branch, "08:30", 1, at=night)
    assert hold(branch, "09:00", 1, at=night).is_held


def test_the_desk_makes_an_appointment_of_a_request_in_one_act() -> None:
    branch, (advisor,) = make_online()
    booking = ask(hold(branch))
    car = factories.make_vehicle()
    made = answering.make_appointment(
        booking,
        lambda: making.book(
            car,
            car.customer,
            Wish("刹车有异响"),
            advisor=advisor,
            slot_at=booking.slot_at,
            branch=branch,
            by=advisor,
            at=AT,
        ),
        by=advisor,
        at=AT,
    )
    assert booking.is_confirmed
    assert booking.appointment is made
    assert made.status.value == "confirmed"
    assert hours_taken() == 0


def test_a_refused_request_says_why_and_gives_the_time_back() -> None:
    branch, (advisor,) = make_online()
    booking = ask(hold(branch))
    with pytest.raises(Invalid):
        answering.refuse(booking, " ", by=advisor, at=AT)
    answering.refuse(booking, "配件未到", by=advisor, at=AT)
    assert booking.state is OnlineState.REFUSED
    assert hours_taken() == 0
    with pytest.raises(RuleBroken):
        answering.refuse(booking, "再次", by=advisor, at=AT)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://www.example.com/", "https://www.example.com"),
        ("www.example.com", "https://www.example.com"),
        ("http://localhost:8080", "http://localhost:8080"),
    ],
)
def test_a_site_is_kept_as_a_browser_names_it(typed: str, kept: str) -> None:
    branch, _ = make_online(origins=typed)
    assert queries.rules_of(branch).allowed_origins == [kept]


@pytest.mark.parametrize(
    "typed", ["*", "https://a.example;", "javascript://x/%0a", "https://'none'"]
)
def test_what_is_no_site_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        make_online(origins=typed)


def test_a_page_without_a_phone_cannot_be_opened() -> None:
    branch, _ = make_online()
    branch.phone = ""
    with pytest.raises(RuleBroken):
        settings.set_rules(
            branch, Values(is_open=True), by=factories.make_user(RoleName.ADMINISTRATOR), at=AT
        )
