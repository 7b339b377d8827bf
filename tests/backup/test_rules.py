"""Which backups are kept, when one is due, and when somebody is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.backup import rules

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = date(2026, 1, 1)


def live_through(days: list[date]) -> list[date]:
    """What is left when a backup is made on each of the days and the rule is asked each time."""
    left: set[date] = set()
    for day in days:
        left = rules.keep({*left, day})
    return sorted(left)


def test_after_a_year_of_nights_7_days_4_weeks_and_12_months_are_there() -> None:
    left = live_through([FIRST + timedelta(days=number) for number in range(365)])
    # then the last seven days
    assert left[-7:] == [date(2026, 12, day) for day in range(25, 32)]
    # and the last day of each of the newest four weeks: 31st (this week), 27th, 20th, 13th
    weeks = [date(2026, 12, 13), date(2026, 12, 20), date(2026, 12, 27)]
    assert all(day in left for day in weeks)
    # and of each month the last day that had a backup
    ends = [date(2026, month + 1, 1) - timedelta(days=1) for month in range(1, 12)]
    assert all(day in left for day in ends)
    assert len(left) == 7 + 2 + 11


def test_days_without_a_backup_cost_no_kept_one() -> None:
    # given a shop that was shut from the 10th of March to the 20th of May
    days = [FIRST + timedelta(days=number) for number in range(68)]
    before = live_through(days)
    # when it is back for one day
    after = live_through([*days, date(2026, 5, 20)])
    # then only the oldest of the seven days may have gone
    assert set(before) - set(after) <= {before[-7]} | set(before[:-7])
    assert date(2026, 3, 9) in after
    assert len(after) >= len(before) - 1


@given(st.sets(st.integers(0, 800), min_size=1))
def test_the_newest_is_always_kept_and_no_more_than_23(numbers: set[int]) -> None:
    days = {FIRST + timedelta(days=number) for number in numbers}
    kept = rules.keep(days)
    assert max(days) in kept
    assert kept <= days
    assert len(kept) <= 7 + 4 + 12
    assert rules.keep(kept) == kept


def test_of_several_on_an_earlier_day_the_newest_stays() -> None:
    evening = datetime(2026, 11, 22, 20, 0, tzinfo=SHANGHAI)
    earlier = [evening - timedelta(hours=hours) for hours in (9, 5, 0)]
    today = [evening + timedelta(hours=hours) for hours in (10, 11)]
    assert rules.forget([*earlier, *today], SHANGHAI) == set(earlier[:2])


def test_a_day_is_the_shops() -> None:
    # 23:30 and 00:30 in Shanghai are one day in UTC.
    late = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
    early = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert rules.forget([late, early], SHANGHAI) == set()
    assert rules.forget([late, early, early + timedelta(days=1)], UTC) == {late}


NIGHT = datetime(2026, 11, 23, 3, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("last_good", "last_failed", "at", "is_due"),
    [
        (None, None, NIGHT, True),
        (NIGHT - timedelta(days=1), None, NIGHT - timedelta(minutes=1), False),
        (NIGHT - timedelta(days=1), None, NIGHT, True),
        (NIGHT, None, NIGHT + timedelta(hours=23), False),
        # Off in the night: caught up when the computer is on again.
        (NIGHT - timedelta(days=1), None, NIGHT + timedelta(hours=6), True),
        # Failed: again within the hour, and not every minute.
        (NIGHT - timedelta(days=1), NIGHT, NIGHT + timedelta(minutes=10), False),
        (NIGHT - timedelta(days=1), NIGHT, NIGHT + timedelta(minutes=50), True),
        # By hand in the evening: the night's is made all the same.
        (NIGHT - timedelta(hours=5), None, NIGHT, True),
    ],
)
def test_when_a_backup_is_due(
    last_good: datetime | None, last_failed: datetime | None, at: datetime, is_due: bool
) -> None:
    assert rules.is_due(last_good, last_failed, at.astimezone(UTC), 3, SHANGHAI) == is_due


def test_the_manager_is_told_after_26_hours() -> None:
    assert rules.is_old(None, NIGHT)
    assert not rules.is_old(NIGHT, NIGHT + timedelta(hours=26))
    assert rules.is_old(NIGHT, NIGHT + timedelta(hours=26, minutes=1))


def test_a_drop_of_more_than_a_fifth_is_told() -> None:
    assert not rules.has_dropped(1, None)
    assert not rules.has_dropped(80, 100)
    assert rules.has_dropped(79, 100)
