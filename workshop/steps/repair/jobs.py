"""What the timers run."""

from __future__ import annotations

from workshop import clock, db
from workshop.shop import queries as shop
from workshop.steps.repair.clocks import forgotten


def end_forgotten_clocks() -> None:
    """End the clocks of earlier days that nobody stopped."""
    for branch in shop.list_branches():
        forgotten.end_forgotten(branch, at=clock.now())
    db.commit()


JOBS = ((end_forgotten_clocks, 300),)
