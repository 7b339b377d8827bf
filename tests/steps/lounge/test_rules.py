"""When a customer must hear from us, and what belongs to a round."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from workshop.steps.lounge import rules
from workshop.steps.lounge.enums import CareKind, Occasion
from workshop.steps.lounge.rules import Due, Watch

TEN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def minutes(count: int) -> datetime:
    return TEN + timedelta(minutes=count)


def watch(*, stays: bool = True, **facts: Any) -> Watch:
    return Watch(stays=stays, since=TEN, every_minutes=60, **facts)


def test_who_waits_hears_an_hour_after_the_wait_began_and_an_hour_after_each_report() -> None:
    assert rules.next_due(watch()) == Due(minutes(60), Occasion.HOURLY)
    assert rules.next_due(watch(told_at=minutes(50))) == Due(minutes(110), Occasion.HOURLY)


@pytest.mark.parametrize(
    ("fact", "occasion"),
    [
        ("started_at", Occasion.START),
        ("addition_at", Occasion.ADDITION),
        ("tell_delay_at", Occasion.DELAY),
    ],
)
def test_each_event_calls_for_a_report_until_one_was_made_after_it(
    fact: str, occasion: Occasion
) -> None:
    event = minutes(20)
    assert rules.next_due(watch(**{fact: event})) == Due(event, occasion)
    assert rules.next_due(watch(told_at=minutes(19), **{fact: event})) == Due(event, occasion)
    told = rules.next_due(watch(told_at=minutes(20), **{fact: event}))
    assert told == Due(minutes(80), Occasion.HOURLY)


def test_the_earliest_of_several_events_comes_first() -> None:
    due = rules.next_due(watch(started_at=minutes(30), addition_at=minutes(10)))
    assert due == Due(minutes(10), Occasion.ADDITION)


def test_a_ready_car_is_the_last_thing_to_say() -> None:
    ready = watch(told_at=minutes(5), started_at=minutes(10), ready_at=minutes(40))
    assert rules.next_due(ready) == Due(minutes(40), Occasion.DONE)
    assert rules.next_due(watch(told_at=minutes(41), ready_at=minutes(40))) is None


def test_who_left_hears_at_the_agreed_time_and_of_delay_but_not_of_the_start() -> None:
    assert rules.next_due(watch(stays=False)) is None
    assert rules.next_due(watch(stays=False, started_at=minutes(5))) is None
    agreed = watch(stays=False, agreed_at=minutes(90))
    assert rules.next_due(agreed) == Due(minutes(90), Occasion.HOURLY)
    late = watch(stays=False, agreed_at=minutes(90), tell_delay_at=minutes(45))
    assert rules.next_due(late) == Due(minutes(45), Occasion.DELAY)
    assert rules.next_due(watch(stays=False, agreed_at=minutes(90), told_at=minutes(91))) is None


def test_a_round_is_owed_for_each_opened_hour_that_has_begun() -> None:
    opening = [(minutes(30), minutes(120)), (minutes(180), minutes(240))]
    assert rules.hours_within(opening, minutes(59)) == [TEN]
    assert rules.hours_within(opening, minutes(600)) == [TEN, minutes(60), minutes(180)]
    assert rules.hours_within([], TEN) == []


def test_two_ticks_within_ten_seconds_are_noticed() -> None:
    assert rules.is_too_quick([TEN, TEN + timedelta(seconds=9)])
    assert not rules.is_too_quick([TEN, TEN + timedelta(seconds=10)])
    assert not rules.is_too_quick([TEN])


def test_there_are_six_acts() -> None:
    assert len(CareKind) == 6
