"""What the timers run."""

from __future__ import annotations

from workshop import clock, db
from workshop.steps.booking.online import holding


def give_back() -> None:
    """Give back what customers held too long, and what nobody confirmed in time."""
    if holding.give_back_run_out(None, clock.now()):
        db.commit()


JOBS = ((give_back, 60),)
"""What the timers run."""
