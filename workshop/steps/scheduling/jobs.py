"""What the timers run."""

from __future__ import annotations

from workshop import clock, db
from workshop.shop import queries as shop
from workshop.steps.scheduling.replanning import supervise
from workshop.steps.scheduling.watch import service as watch


def watch_plans() -> None:
    """Hold the plan of every branch against what happens."""
    for branch in shop.list_branches():
        watch.look_after(branch, at=clock.now())


def close_lost_runs() -> None:
    """Say of every plan run whose server has gone that it has failed."""
    supervise.close_lost(at=clock.now())
    db.commit()


JOBS = ((close_lost_runs, 30), (watch_plans, 60))
