"""Today is the shop's day: at seven in the morning, when UTC still has yesterday, and at night."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.figures import reading
from workshop import clock
from workshop.db import session
from workshop.staff.models import User

SignIn = Callable[[User], FlaskClient]

# The shop's Monday, from midnight to midnight in Shanghai.
_MONDAY = {"begins": "2026-11-22 16:00:00", "ends": "2026-11-23 16:00:00"}
NIGHT, MORNING = "2026-11-23T23:30", "2026-11-24T07:00"
_DATED = (
    "/settlement/day",
    "/repair/attendance",
    "/scheduling",
    "/scheduling/close",
    "/booking",
)


def _stop(at: str) -> None:
    here = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    clock.freeze(here.astimezone(UTC))


def _count(statement: str) -> int:
    return int(session.execute(text(statement), _MONDAY).scalar_one())


def _monday() -> dict[str, int]:
    """What happened on Monday, by the heading it stands under."""
    span = ">= :begins AND {0} < :ends AND o.branch_id = 1"
    asked = {
        "Settled today": ("settlement s JOIN repair_order o ON o.id = s.order_id", "s.settled_at"),
        "Washed today": ("wash w JOIN repair_order o ON o.id = w.order_id", "w.finished_at"),
        "Left today": ("gate_pass g JOIN repair_order o ON o.id = g.order_id", "g.left_at"),
        "Handed over today": ("repair_order o", "o.delivered_at"),
    }
    return {
        name: _count(f"SELECT count(*) FROM {table} WHERE {column} {span.format(column)}")
        for name, (table, column) in asked.items()
    }


def _shown(manager: FlaskClient) -> dict[str, int]:
    pages = ("/settlement", "/washes", "/gate", "/handover")
    counts = [reading.counts(reading.read(manager, path)) for path in pages]
    return {name: number for each in counts for name, number in each.items() if "today" in name}


def test_at_half_past_eleven_at_night_it_is_still_monday(manager: FlaskClient) -> None:
    _stop(NIGHT)
    happened = _monday()
    assert all(happened.values())
    assert _shown(manager) == happened
    payments = _count(
        "SELECT count(*) FROM payment WHERE branch_id = 1 AND at >= :begins AND at < :ends"
    )
    rows = reading.rows(reading.read(manager, "/settlement/day"), "Every entry")
    assert len(rows) == payments > 0


def test_at_seven_in_the_morning_monday_is_over(manager: FlaskClient) -> None:
    """In UTC it is still Monday at that moment."""
    _stop(MORNING)
    assert _shown(manager) == {}
    assert "No money moved on this day" in reading.read(manager, "/settlement/day")
    assert "No money has come in today" in reading.read(manager, "/settlement")


@pytest.mark.parametrize(
    ("at", "day"),
    [(NIGHT, "2026-11-23"), (MORNING, "2026-11-24"), ("2026-11-23T07:00", "2026-11-23")],
)
def test_a_page_of_a_day_begins_with_the_shops_day(manager: FlaskClient, at: str, day: str) -> None:
    _stop(at)
    for path in _DATED:
        words = reading.words(reading.read(manager, path).partition("<main")[2])
        found = re.search(r"2026-\d\d-\d\d", words)
        assert found is not None, path
        assert found[0] == day, (path, at)
