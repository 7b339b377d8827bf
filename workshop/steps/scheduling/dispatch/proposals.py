"""A controller proposes another time; the advisor confirms or refuses it (domain.md §2)."""

from __future__ import annotations

from datetime import datetime

from workshop.allocation import placing
from workshop.allocation.models import Allocation
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.orders import service as orders
from workshop.orders.flow import Action
from workshop.orders.models import Job
from workshop.shop import calendar
from workshop.shop.models import Bay, Technician
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch.fitness import check_fit
from workshop.steps.scheduling.dispatch.service import Consent
from workshop.steps.scheduling.models import ProposalState, TimeChange


def propose(
    job: Job,
    technician: Technician,
    bay: Bay | None,
    starts_at: datetime,
    *,
    minutes: int,
    across: bool = False,
    reason: str,
    seen_version: int,
    by: User,
    at: datetime,
) -> TimeChange:
    """Ask the advisor for another time: a legal one only, and the newest one counts."""
    staff.require_permission(by, Permission.SCHEDULE)
    orders.require_stage(job.order, Action.SCHEDULE)
    if not reason.strip():
        raise Invalid(N_("Say why the time should change."), field="reason")
    allocation = scheduling.get_live(job)
    check_fit(job, technician, bay, calendar.local_day(job.order.branch, starts_at))
    place = placing.Place(technician, bay, starts_at, minutes, across)
    placing.check_version(allocation, seen_version, place)
    placing.check(job.order.branch, place, at, (allocation.id,))
    _withdraw_earlier(allocation, by, at)
    proposal = TimeChange(
        allocation_id=allocation.id,
        job_id=job.id,
        seen_version=seen_version,
        technician_id=technician.id,
        bay_id=bay.id if bay else None,
        starts_at=starts_at,
        minutes=minutes,
        across=across,
        reason=reason.strip()[:200],
        proposed_by_id=by.id,
        proposed_at=at,
    )
    session.add(proposal)
    audit.write(by, "scheduling.propose", proposal, at, reason=proposal.reason)
    orders.announce(job.order, at)
    return proposal


def confirm(
    proposal: TimeChange, *, consent: Consent | None = None, by: User, at: datetime
) -> Allocation:
    """Make the proposed time true; the advisor's act. Raises as `scheduling.move` does."""
    staff.require_permission(by, Permission.CHANGE_TIME)
    _require_open(proposal)
    allocation = scheduling.move(
        proposal.job,
        proposal.technician,
        proposal.bay,
        proposal.starts_at,
        minutes=proposal.minutes,
        across=proposal.across,
        seen_version=proposal.seen_version,
        consent=consent,
        by=by,
        at=at,
    )
    _answer(proposal, ProposalState.CONFIRMED, "", by, at)
    return allocation


def refuse(proposal: TimeChange, answer: str, *, by: User, at: datetime) -> None:
    """Leave the time as it is, and say why."""
    staff.require_permission(by, Permission.CHANGE_TIME)
    _require_open(proposal)
    if not answer.strip():
        raise Invalid(N_("Say why not."), field="answer")
    _answer(proposal, ProposalState.REFUSED, answer.strip()[:200], by, at)
    orders.announce(proposal.job.order, at)


def _withdraw_earlier(allocation: Allocation, by: User, at: datetime) -> None:
    earlier = queries.find_proposal(allocation)
    if earlier is not None:
        _answer(earlier, ProposalState.WITHDRAWN, "", by, at)
        session.flush()


def _require_open(proposal: TimeChange) -> None:
    if proposal.state is not ProposalState.OPEN:
        raise RuleBroken(
            N_("This proposal is answered already: %(state)s."),
            code="answered",
            state=proposal.state,
        )


def _answer(
    proposal: TimeChange, state: ProposalState, answer: str, by: User, at: datetime
) -> None:
    proposal.state, proposal.answer = state, answer
    proposal.answered_by_id, proposal.answered_at = by.id, at
    audit.write(by, f"scheduling.proposal_{state.value}", proposal, at, answer=answer)
