"""One way for the board and the order page to put a job somewhere, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.orders.models import Job
from workshop.shop.models import Bay, Technician
from workshop.staff.models import User
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import proposals
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch.service import Consent


@dataclass(frozen=True)
class Wish:
    """Where somebody wants a job; `seen_version` is of the time that the page showed, if any."""

    technician: Technician
    bay: Bay | None
    starts_at: datetime
    minutes: int
    across: bool = False
    reason: str = ""
    seen_version: int | None = None
    consent: Consent | None = None


class Outcome(LabelledEnum):
    """What became of a wish."""

    ASSIGNED = "assigned", N_("Assigned: %(plate)s, %(technician)s, %(start)s.")
    MOVED = "moved", N_("Moved: %(plate)s, %(technician)s, %(start)s.")
    PROPOSED = "proposed", N_("Proposed to the advisor: %(plate)s, %(technician)s, %(start)s.")


def place(job: Job, wish: Wish, *, by: User, at: datetime) -> Outcome:
    """Assign, move, or propose to the advisor, as the job and the person allow."""
    live = queries.find_live(job)
    where = (job, wish.technician, wish.bay, wish.starts_at)
    if live is None or wish.seen_version is None:
        scheduling.assign(*where, minutes=wish.minutes, across=wish.across, by=by, at=at)
        return Outcome.ASSIGNED
    if only_proposes(job, by) and scheduling.changes_time(live, wish.starts_at, wish.minutes):
        proposals.propose(
            *where,
            minutes=wish.minutes,
            across=wish.across,
            reason=wish.reason,
            seen_version=wish.seen_version,
            by=by,
            at=at,
        )
        return Outcome.PROPOSED
    scheduling.move(
        *where,
        minutes=wish.minutes,
        across=wish.across,
        seen_version=wish.seen_version,
        consent=wish.consent,
        by=by,
        at=at,
    )
    return Outcome.MOVED


def only_proposes(job: Job, user: User) -> bool:
    """Whether a change of time by this person needs the advisor."""
    return not scheduling.may_change_time(job.order.branch, user)
