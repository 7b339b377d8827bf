"""Each concern of the customer ends in a job, a finding, or a recorded no."""

from __future__ import annotations

from datetime import datetime

from workshop.db import session
from workshop.errors import N_, Conflict, Invalid
from workshop.orders import service as orders
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.repair.concerns.models import ConcernAnswer
from workshop.steps.repair.concerns.queries import Concern
from workshop.steps.repair.concerns.rules import Outcome

# Whoever checks, hands over or quotes knows what became of it.
MAY_ANSWER = (
    Permission.FINAL_CHECK,
    Permission.DELIVER,
    Permission.QUOTE,
    Permission.INSPECT,
)


def answer(
    order: RepairOrder,
    concern: Concern,
    outcome: Outcome,
    *,
    job: Job | None = None,
    note: str = "",
    by: User,
    at: datetime,
) -> ConcernAnswer:
    """Say how a concern ended: by which job, with which finding, or that it is not wanted.

    Raises NotAllowed for who may not say it, Conflict when it is answered already, Invalid
    without the job or the words.
    """
    _require_right(by)
    orders.lock(order)
    if concern.answer is not None:
        raise Conflict(N_("Somebody else has answered this concern meanwhile."))
    if outcome.is_job:
        _require_job(order, job)
    elif not note.strip():
        raise Invalid(N_("Say what was found, or why the customer does not want it."), field="note")
    made = ConcernAnswer(
        order_id=order.id,
        words=concern.words,
        outcome=outcome,
        job_id=job.id if job is not None and outcome.is_job else None,
        note=note.strip()[:300],
        at=at,
        by_id=by.id,
    )
    session.add(made)
    session.flush()
    audit.write(by, "repair.answer_concern", order, at, concern=made.words, outcome=outcome.value)
    return made


def take_back(given: ConcernAnswer, order: RepairOrder, *, by: User, at: datetime) -> None:
    """The answer was wrong: the concern is open again, and the line stays."""
    _require_right(by)
    given.taken_back_at, given.taken_back_by_id = at, by.id
    audit.write(by, "repair.reopen_concern", order, at, concern=given.words)


def _require_right(by: User) -> None:
    staff.require_one_of(by, MAY_ANSWER)


def _require_job(order: RepairOrder, job: Job | None) -> None:
    if job is None or job.order_id != order.id or job.state is JobState.CANCELLED:
        raise Invalid(N_("Choose the job that answers it."), field="job")
