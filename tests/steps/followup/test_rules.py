"""When the call is due, and what makes it a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workshop.steps.followup import rules

DELIVERED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_the_call_is_planned_on_the_second_day_unless_a_time_was_wished() -> None:
    assert rules.plan(DELIVERED, None) == DELIVERED + timedelta(hours=48)
    wished = DELIVERED + timedelta(hours=30)
    assert rules.plan(DELIVERED, wished) == wished


@pytest.mark.parametrize(("hours", "kept"), [(2, 24), (24, 24), (72, 72), (200, 72)])
def test_a_wish_is_kept_within_24_to_72_hours(hours: int, kept: int) -> None:
    wished = DELIVERED + timedelta(hours=hours)
    assert rules.plan(DELIVERED, wished) == DELIVERED + timedelta(hours=kept)


@pytest.mark.parametrize(
    ("scores", "is_fixed", "recommendation", "opens"),
    [
        ([5, 5, 5, 5, 5], True, 10, False),
        ([3, 3, 3, 3, 3], True, 7, False),
        ([5, 5, 2, 5, 5], True, 10, True),
        ([5, 5, 5, 5, 5], False, 10, True),
        ([5, 5, 5, 5, 5], True, 6, True),
        ([5, 5, 5, 5, 5], True, None, False),
    ],
)
def test_a_low_answer_or_an_unfixed_car_opens_a_case(
    scores: list[int], is_fixed: bool, recommendation: int | None, opens: bool
) -> None:
    assert rules.is_dissatisfied(scores, is_fixed, recommendation) is opens


def test_the_next_try_is_a_day_later() -> None:
    assert rules.next_attempt(DELIVERED) == DELIVERED + timedelta(days=1)
