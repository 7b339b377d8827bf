"""Priorities and alarms, without a database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workshop.steps.scheduling import rules
from workshop.steps.scheduling.rules import Facts, Gravity


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC)


def facts(**changed: object) -> Facts:
    values: dict[str, object] = {
        "starts_at": at(14),
        "ends_at": at(15),
        "promised_at": at(17),
        "delivery_minutes": 15,
        "waiting": True,
        "over": False,
        "folder_taken": False,
        "folder_returned": False,
    }
    return Facts(**(values | changed))  # type: ignore[arg-type]


def codes(known: Facts, now: datetime) -> list[str]:
    return [alarm.code for alarm in rules.alarms(known, now)]


def test_our_own_faults_come_first_then_who_waits_here() -> None:
    places = [
        rules.priority(rework=True, repeat=False, stays=None, walk_in=True),
        rules.priority(rework=False, repeat=True, stays=False, walk_in=True),
        rules.priority(rework=False, repeat=False, stays=True, walk_in=False),
        rules.priority(rework=False, repeat=False, stays=True, walk_in=True),
        rules.priority(rework=False, repeat=False, stays=False, walk_in=False),
        rules.priority(rework=False, repeat=False, stays=None, walk_in=True),
    ]
    assert places == sorted(places) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(("ends_at", "late"), [(at(16, 45), False), (at(16, 46), True)])
def test_the_planned_end_and_a_quarter_of_an_hour_keep_the_promise(
    ends_at: datetime, late: bool
) -> None:
    assert ("promise" in codes(facts(ends_at=ends_at), at(10))) is late


def test_a_job_without_a_promise_is_never_late_for_it() -> None:
    assert codes(facts(promised_at=None), at(10)) == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(13, 44), []),
        (at(13, 45), ["folder_taken"]),
        (at(14, 5), ["folder_taken", "start"]),
    ],
)
def test_the_folder_must_be_taken_in_the_quarter_before_the_start(
    now: datetime, expected: list[str]
) -> None:
    assert codes(facts(), now) == expected


def test_the_folder_must_be_back_a_quarter_of_an_hour_before_the_planned_end() -> None:
    running = facts(waiting=False, over=True, folder_taken=True)
    assert codes(running, at(14, 44)) == []
    assert codes(running, at(14, 45)) == ["folder_back"]
    assert (
        codes(facts(waiting=False, over=True, folder_taken=True, folder_returned=True), at(16))
        == []
    )


def test_work_past_its_end_and_an_absent_technician_are_alarms() -> None:
    assert codes(facts(waiting=False, folder_taken=True, folder_returned=True), at(15, 10)) == [
        "finish"
    ]
    assert "absent" in codes(facts(at_work=False), at(10))


@pytest.mark.parametrize(
    ("seen", "now", "worse"),
    [
        # Another buffer more, not a minute less.
        (Gravity(10, False), Gravity(25, False), True),
        (Gravity(10, False), Gravity(24, False), False),
        # What was only feared has happened.
        (Gravity(10, False), Gravity(10, True), True),
        (Gravity(0, True), Gravity(0, True), False),
        (Gravity(40, True), Gravity(10, False), False),
        # Nobody knows any more, or somebody knows at last.
        (Gravity(10, False), Gravity(None, False), True),
        (Gravity(None, False), Gravity(90, False), False),
        (Gravity(None, False), Gravity(None, False), False),
        (Gravity(None, False), Gravity(None, True), True),
    ],
)
def test_an_alarm_is_worse_by_another_buffer_or_when_the_feared_has_happened(
    seen: Gravity, now: Gravity, worse: bool
) -> None:
    assert rules.is_worse(seen, now, step_minutes=15) is worse


def test_without_a_buffer_an_alarm_is_still_worse_by_a_quarter_only() -> None:
    assert not rules.is_worse(Gravity(0, False), Gravity(14, False), step_minutes=0)
    assert rules.is_worse(Gravity(0, False), Gravity(15, False), step_minutes=0)


def test_how_bad_it_is_counts_from_what_was_said_to_what_will_be() -> None:
    assert rules.gravity(at(14), at(14, 40), late_from=at(15), now=at(14, 59)) == Gravity(40, False)
    assert rules.gravity(at(14), at(13), late_from=at(15), now=at(15, 1)) == Gravity(0, True)
    assert rules.gravity(at(14), None, late_from=None, now=at(20)) == Gravity(None, False)
