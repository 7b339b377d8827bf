"""One way for the board and the order page to put a job somewhere, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from workshop.errors import N_
from workshop.orders.models import Job
from workshop.shop.models import Bay, Technician
from workshop.staff.models import User
from workshop.steps.scheduling import proposals, queries
from workshop.steps.scheduling import service as scheduling
from workshop.steps.scheduling.service import Consent


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


class Outcome(Enum):
    """What became of a wish."""

    ASSIGNED = "assigned"
    MOVED = "moved"
    PROPOSED = "proposed"

    @property
    def label(self) -> str:
        return OUTCOMES[self]


OUTCOMES = {
    Outcome.ASSIGNED: N_("Assigned: %(plate)s, %(technician)s, %(start)s."),
    Outcome.MOVED: N_("Moved: %(plate)s, %(technician)s, %(start)s."),
    Outcome.PROPOSED: N_("Proposed to the advisor: %(plate)s, %(technician)s, %(start)s."),
}


def place(job: Job, wish: Wish, *, by: User, at: datetime) -> Outcome:
    """Assign, move, or propose to the advisor, as the job and the person allow."""
    live = queries.find_live(job)
    if live is None or wish.seen_version is None:
        scheduling.assign(
            job,
            wish.technician,
            wish.bay,
            wish.starts_at,
            minutes=wish.minutes,
            across=wish.across,
            by=by,
            at=at,
        )
        return Outcome.ASSIGNED
    if only_proposes(job, by) and scheduling.changes_time(live, wish.starts_at, wish.minutes):
        proposals.propose(
            job,
            wish.technician,
            wish.bay,
            wish.starts_at,
            minutes=wish.minutes,
            across=wish.across,
            reason=wish.reason,
            seen_version=wish.seen_version,
            by=by,
            at=at,
        )
        return Outcome.PROPOSED
    scheduling.move(
        job,
        wish.technician,
        wish.bay,
        wish.starts_at,
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
