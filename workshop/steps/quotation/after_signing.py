"""What a signature sets going, and what a new version stops: jobs, sold hours, deferred work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select

from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.capacity.remaining import Need
from workshop.db import session
from workshop.orders import history
from workshop.orders.models import Job, JobKind, JobState, RepairOrder, Urgency
from workshop.staff.models import User
from workshop.steps.booking import queries as booking
from workshop.steps.booking import service as booking_service
from workshop.steps.quotation import promise, queries
from workshop.steps.quotation.models import LineKind, Quotation, QuotationLine
from workshop.steps.quotation.queries import Group
from workshop.stock import reserving
from workshop.stock import service as stock


def make_jobs(
    quotation: Quotation, groups: Sequence[Group], earliest: promise.EarliestPromise, at: datetime
) -> list[Job]:
    """Make a job of what one technician does in one go, and take the hours that were computed.

    The lines carry the job's id; so it must happen before the quotation is signed.
    """
    order = quotation.order
    release_appointment(order, at)
    kind = JobKind.REPAIR if quotation.is_main else JobKind.ADDITION
    position = _last_position(order)
    labour = [group for group in groups if group.head.kind is LineKind.LABOUR]
    jobs = []
    for number, places in enumerate(earliest.packages, start=1):
        job = Job(order_id=order.id, position=position + number, kind=kind)
        job.hold([earliest.work[each] for each in places])
        session.add(job)
        session.flush()
        for line in (line for each in places for line in labour[each].lines):
            line.job_id = job.id
        jobs.append(job)
    _take_hours(order, jobs, earliest, at)
    return jobs


def _last_position(order: RepairOrder) -> int:
    query = select(sa.func.max(Job.position)).where(Job.order_id == order.id)
    return session.scalar(query) or 0


def _take_hours(
    order: RepairOrder, jobs: Sequence[Job], earliest: promise.EarliestPromise, at: datetime
) -> None:
    job_of = {
        place: job for job, places in zip(jobs, earliest.packages, strict=True) for place in places
    }
    for take in sorted(earliest.takes, key=lambda each: each.day):
        line = earliest.work[take.line]
        capacity.take(
            order.branch,
            take.day,
            Need.of(line.skill_id, line.bay_kinds),
            take.minutes,
            TakeSource.JOB,
            job_of[take.line].id,
            at=at,
            # The promise was computed from these days a moment ago.
            beyond=True,
        )


def see_shelf(
    quotation: Quotation, lines: Sequence[QuotationLine], by: User | None, at: datetime
) -> None:
    """Let nobody else reach for the lines' parts until this signature is kept or refused."""
    order = quotation.order
    parts = [line.part for line in lines if line.is_part and line.part is not None]
    reserving.see_shelf(order.branch_id, parts, by=by or order.advisor, at=at)


def reserve_parts(
    quotation: Quotation, lines: Sequence[QuotationLine], by: User | None, at: datetime
) -> None:
    """Reserve the signed parts; what the shelf has not is waited for (domain.md step 6)."""
    order = quotation.order
    wanted = [
        (line.part, line.quantity_milli) for line in lines if line.is_part and line.part is not None
    ]
    reserving.reserve(
        order,
        wanted,
        lambda part: queries.arrival_at(order.branch, part, at),
        by=by or order.advisor,
        at=at,
    )


def let_parts_go(order: RepairOrder, *, by: User, at: datetime) -> None:
    """Give back what a superseded authorisation kept; once released the counter does it."""
    if order.released_at is None:
        stock.release_all(order.id, by=by, at=at)


def release_appointment(order: RepairOrder, at: datetime) -> None:
    """Give back the hours that the appointment held for this visit."""
    appointment = booking.find_by_order(order)
    if appointment is not None:
        booking_service.release_capacity(appointment, at)


def cancel_jobs(order: RepairOrder, at: datetime) -> None:
    """Call off the waiting jobs of a superseded authorisation; their hours are free again."""
    for job in queries.list_live_jobs(order):
        job.state = JobState.CANCELLED
        capacity.release(TakeSource.JOB, job.id, at=at)
    history.reopen_sold(order)


def note_sold(order: RepairOrder, groups: Sequence[Group]) -> None:
    """Deferred work that was accepted now is offered no more."""
    chosen = {group.head.deferred_id for group in groups}
    operations = {group.head.operation_id for group in groups} - {None}
    for deferred in history.list_deferred(order.vehicle):
        if deferred.id in chosen or deferred.operation_id in operations:
            history.mark_sold(deferred, order)


def note_declined(quotation: Quotation, groups: Sequence[Group], at: datetime) -> None:
    """Keep what was declined, with reason, urgency and price, for the next visit."""
    order = quotation.order
    known = history.list_deferred(order.vehicle)
    kept = {each.id for each in known}
    operations = {each.operation_id for each in known} - {None}
    for group in groups:
        head = group.head
        if head.deferred_id in kept or head.operation_id in operations:
            continue
        history.add_deferred(
            order,
            title=head.title_zh,
            urgency=head.urgency or quotation.urgency or Urgency.YELLOW,
            reason=head.decline_reason,
            price_fen=group.work_fen,
            operation_id=head.operation_id,
            at=at,
        )
