"""What the timers run."""

from __future__ import annotations

from workshop import db, events
from workshop.screen import queries as screens
from workshop.screen.events import PulseDue


def beat() -> None:
    """Let the televisions of each branch hear that they are up to date, or that they are not."""
    with db.reading():
        for branch_id in screens.list_branches_with_screens():
            events.record(PulseDue(branch_id))
    db.commit()


JOBS = ((beat, 10),)
