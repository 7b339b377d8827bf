"""What the timers run."""

from __future__ import annotations

from workshop import clock
from workshop.shop import queries as shop
from workshop.steps.scheduling.replanning import supervise
from workshop.steps.scheduling.watch import service as watch


def watch_plans() -> None:
    """Hold the plan of every branch against what happens."""
    for branch in shop.list_branches():
        watch.look_after(branch, at=clock.now())


JOBS = ((supervise.close_lost, 30), (watch_plans, 60))
