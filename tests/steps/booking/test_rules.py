"""The arrival grid, the two offered times and the arrival classes, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from workshop.steps.booking import rules
from workshop.steps.booking.rules import ALLOWED, AppointmentStatus, Arrival, FreeSlot, GridTime

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, 23, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def clock(time: datetime) -> str:
    return time.astimezone(SHANGHAI).strftime("%H:%M")


DAY = rules.grid([(at("8:00"), at("18:00"))], 15, SHANGHAI)
EVERY_HOUR = {1: [each.at for each in DAY]}
BOTH = EVERY_HOUR | {2: EVERY_HOUR[1]}


def free(**values: object) -> list[FreeSlot]:
    arguments = {
        "taken": set(),
        "advisors": EVERY_HOUR,
        "not_before": at("8:00"),
        "minutes": 60,
        "closes": at("18:00"),
    } | values
    return rules.free_slots(DAY, **arguments)  # type: ignore[arg-type]


def test_each_hour_has_three_bookable_times_and_one_for_walk_ins() -> None:
    assert [clock(each.at) for each in DAY[:4]] == ["08:00", "08:15", "08:30", "08:45"]
    assert [each.is_for_walk_ins for each in DAY[:4]] == [False, False, False, True]
    assert len(DAY) == 40
    assert clock(DAY[-1].at) == "17:45"


def test_an_opening_off_the_hour_keeps_to_the_wall_clocks_quarters() -> None:
    times = rules.grid([(at("8:20"), at("9:40"))], 15, SHANGHAI)
    assert [clock(each.at) for each in times] == ["08:30", "08:45", "09:00", "09:15"]
    assert [each.is_for_walk_ins for each in times] == [False, True, False, False]


def test_a_lunch_break_has_no_times() -> None:
    times = rules.grid([(at("8:00"), at("12:00")), (at("13:30"), at("18:00"))], 15, SHANGHAI)
    assert not [each for each in times if at("12:00") <= each.at < at("13:30")]


def test_a_closed_day_has_no_times_and_no_free_slots() -> None:
    assert rules.grid([], 15, SHANGHAI) == []
    none = rules.free_slots([], set(), {}, not_before=at("8:00"), minutes=30, closes=at("18:00"))
    assert none == []


def test_taken_and_past_times_are_not_free() -> None:
    slots = free(taken={(1, at("14:00"))}, not_before=at("13:50"))
    assert clock(slots[0].at) == "14:15"
    assert slots[0].hour_taken == 1


def test_a_free_slot_knows_how_busy_its_hour_and_its_advisor_are() -> None:
    slots = free(taken={(1, at("14:00")), (1, at("9:00"))}, advisors=BOTH)
    hers = next(each for each in slots if each.at == at("14:15") and each.advisor_id == 1)
    assert (hers.hour_taken, hers.hour_places, hers.advisor_taken) == (1, 6, 2)


def test_two_times_are_offered_off_peak_and_apart() -> None:
    first, second = rules.choose_offers(free())
    assert (clock(first.slot.at), clock(second.slot.at)) == ("10:00", "12:00")
    assert not first.slot.is_peak
    assert not second.slot.is_peak


def test_the_quieter_hour_and_the_less_busy_advisor_are_offered_first() -> None:
    taken = {(1, at("10:00")), (1, at("10:15")), (2, at("10:30"))}
    offers = rules.choose_offers(free(taken=taken, advisors=BOTH))
    assert clock(offers[0].slot.at) == "11:00"
    assert offers[0].slot.advisor_id == 2


def test_a_wished_advisor_comes_before_a_quiet_hour() -> None:
    taken = {(2, at("10:00")), (2, at("11:00"))}
    offers = rules.choose_offers(free(taken=taken, advisors=BOTH), wished_advisor_id=2)
    assert {offer.slot.advisor_id for offer in offers} == {2}


def test_a_time_that_lets_the_car_be_ready_today_is_preferred() -> None:
    offers = rules.choose_offers(free(minutes=8 * 60))
    assert clock(offers[0].slot.at) == "08:00"
    assert all(offer.slot.done_today for offer in offers)


def test_the_last_free_time_is_offered_alone_and_says_so() -> None:
    offers = rules.choose_offers(free(not_before=at("17:30")))
    assert [clock(offer.slot.at) for offer in offers] == ["17:30"]
    assert offers[0].reason is rules.OfferReason.LEFT


@pytest.mark.parametrize(
    ("minutes", "arrival"),
    [
        (-16, Arrival.EARLY),
        (-15, Arrival.ON_TIME),
        (0, Arrival.ON_TIME),
        (15, Arrival.ON_TIME),
        (16, Arrival.LATE),
    ],
)
def test_an_arrival_is_classed_by_the_minutes_on_each_side(minutes: int, arrival: Arrival) -> None:
    arrived = at("14:00") + timedelta(minutes=minutes)
    assert rules.classify_arrival(arrived, at("14:00"), 15) is arrival


def test_every_status_has_a_row_and_a_label() -> None:
    assert set(ALLOWED) == set(AppointmentStatus)
    assert all(status.label for status in AppointmentStatus)


def test_grid_times_are_plain_values() -> None:
    assert GridTime(at("8:00"), False) == DAY[0]


def test_how_busy_is_an_hour_is_that_of_the_clock() -> None:
    # given a shop that opens at half past, with one advisor
    times = rules.grid([(at("7:30"), at("9:30"))], 15, SHANGHAI)
    # when
    slots = rules.free_slots(
        times,
        {(1, at("8:00"))},
        {1: [each.at for each in times]},
        not_before=at("7:30"),
        minutes=30,
        closes=at("9:30"),
        zone=SHANGHAI,
    )
    # then
    assert [(clock(slot.at), slot.hour_taken, slot.hour_places) for slot in slots] == [
        ("07:30", 0, 1),
        ("08:15", 1, 3),
        ("08:30", 1, 3),
        ("09:00", 0, 2),
        ("09:15", 0, 2),
    ]
