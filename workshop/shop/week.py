"""A week's hours, of the shop or of a technician: up to two intervals a day, the break between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time

from workshop.errors import N_, Invalid
from workshop.web.versions import State

Week = Mapping[int, Sequence[tuple[time, time]]]
"""Weekday (0 = Monday) → its intervals, in the shop's local time; a missing day is free."""

WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
INTERVALS = 2


def field_name(weekday: int, interval: int, end: str) -> str:
    """The form field of an end ("from" or "until") of an interval."""
    return f"day{weekday}_{end}{interval}"


def check(week: Week) -> None:
    """Raise Invalid, at the field, for an interval that ends too early or begins too early."""
    for weekday, spans in week.items():
        for interval, (starts, ends) in enumerate(spans):
            if ends <= starts:
                raise Invalid(
                    N_("The end must come after the start."),
                    field=field_name(weekday, interval, "until"),
                )
            if interval and starts < spans[interval - 1][1]:
                raise Invalid(
                    N_("This begins before the first part of the day has ended."),
                    field=field_name(weekday, interval, "from"),
                )


def state_of(week: Week) -> State:
    """What people see of the week, to notice a stale page."""
    text = as_text(week)
    return {name: text.get(str(weekday), []) for weekday, name in enumerate(WEEKDAYS)}


def as_text(week: Week) -> dict[str, list[str]]:
    """The week in words that JSON can hold, for the audit trail."""
    return {
        str(weekday): [f"{starts:%H:%M}-{ends:%H:%M}" for starts, ends in spans]
        for weekday, spans in sorted(week.items())
        if spans
    }
