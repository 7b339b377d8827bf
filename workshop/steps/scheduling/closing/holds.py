"""The end of a hold, whoever brings it about: a release, or a place on the board."""

from __future__ import annotations

from datetime import datetime

from workshop.db import session
from workshop.orders.models import Job
from workshop.staff import audit
from workshop.staff.models import User
from workshop.steps.scheduling.closing import queries
from workshop.steps.scheduling.closing.models import JobHold


def end(job: Job, *, by: User, at: datetime) -> JobHold | None:
    """The job is held no more; its hold, if there was one. Whoever gives it a place ends it so."""
    held = queries.find_hold(job)
    if held is not None:
        held.released_at, held.released_by_id = at, by.id
        audit.write(by, "scheduling.release", held, at)
        session.flush()
    return held
