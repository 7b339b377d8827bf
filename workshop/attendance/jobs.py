"""What the timers run."""

from __future__ import annotations

from workshop import clock, db
from workshop.attendance import forgotten
from workshop.shop import queries as shop


def end_forgotten_attendance() -> None:
    """End the stays of earlier days that nobody ended."""
    for branch in shop.list_branches():
        forgotten.end_forgotten(branch, at=clock.now())
    db.commit()


JOBS = ((end_forgotten_attendance, 300),)
