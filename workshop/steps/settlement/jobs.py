"""What the timers run."""

from __future__ import annotations

from workshop.steps.settlement import even


def forget_even() -> None:
    """Take the orders whose money is even out of the list of those that may owe."""
    even.forget_even()


JOBS = ((forget_even, 3600),)
