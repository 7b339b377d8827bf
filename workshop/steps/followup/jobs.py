"""What the timers run."""

from __future__ import annotations

from workshop import clock
from workshop.steps.followup import service as followup


def plan_calls() -> None:
    """Plan the follow-up call of every car that was delivered."""
    followup.plan_due(clock.now())


JOBS = ((plan_calls, 300),)
