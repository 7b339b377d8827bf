from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from workshop.steps.handover import rules
from workshop.steps.handover.rules import Facts, HandoverItem


def test_the_next_service_is_due_by_what_comes_first() -> None:
    on = date(2026, 11, 23)
    # A car that drives little is due by months.
    assert rules.next_due(on, 52_000, 10_000, 6, 20) == rules.NextDue(date(2027, 5, 23), 62_000)
    # One that drives much is due by km: 10 000 km at 100 a day are 100 days.
    assert rules.next_due(on, 52_000, 10_000, 6, 100) == rules.NextDue(date(2027, 3, 3), 62_000)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 11, 23), 1, date(2026, 12, 23)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_end_on_the_last_day_of_a_shorter_month(
    day: date, months: int, expected: date
) -> None:
    assert rules.add_months(day, months) == expected


def test_average_use_needs_two_readings_a_month_apart() -> None:
    start = date(2026, 1, 1)
    assert rules.average_km_a_day([]) == rules.USUAL_KM_A_DAY
    assert rules.average_km_a_day([(start, 100)]) == rules.USUAL_KM_A_DAY
    assert rules.average_km_a_day([(start, 100), (date(2026, 1, 11), 9_000)]) == 40
    assert rules.average_km_a_day([(start, 0), (date(2026, 4, 11), 7_000)]) == 70


def test_the_checklist_asks_only_what_applies() -> None:
    codes = ["clean", *HandoverItem, "own_1"]
    assert rules.codes_for(Facts(True, True, True, True, True, True), codes) == codes
    bare = rules.codes_for(Facts(False, False, False, False, False, False), codes)
    assert bare == ["clean", "keys", "own_1"]


def test_a_follow_up_call_comes_24_to_72_hours_after_the_delivery() -> None:
    # P13, both ends included.
    delivered_at = datetime(2026, 11, 23, 10, tzinfo=UTC)
    for hours, is_time in ((23.99, False), (24, True), (72, True), (72.01, False)):
        at = delivered_at + timedelta(hours=hours)
        assert rules.is_time_to_call(at, delivered_at) is is_time
