"""The end of a day: nothing unfinished leaves it without a disposition (domain.md step 5).

A job is finished, carried over with the customer's recorded consent, or held with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from workshop import db
from workshop.allocation import queries as allocation_queries
from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation, DayClose
from workshop.db import session
from workshop.errors import N_, Invalid, Missing, RuleBroken, require
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.closing import gates, holding
from workshop.steps.scheduling.closing import queries as closing_queries
from workshop.steps.scheduling.closing.models import JobHold
from workshop.steps.scheduling.closing.queries import Loose
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch import suggestion
from workshop.steps.scheduling.dispatch.service import Consent
from workshop.steps.scheduling.dispatch.suggestion import Suggestion
from workshop.steps.scheduling.models import DayConsent


@dataclass(frozen=True)
class DayEnd:
    """The day as it stands: what is loose, carried over, held, finished; and the next day."""

    branch: Branch
    day: date
    next_day: date
    loose: list[Loose]
    carried: list[tuple[DayConsent, Job]]
    held: list[JobHold]
    finished: int
    closed: DayClose | None
    tomorrow: list[tuple[Allocation, Job]]

    @property
    def missing(self) -> list[Missing]:
        """What keeps the day from being closed, a line for each car."""
        return gates.missing_to_close(self.loose)


def read(branch: Branch, day: date) -> DayEnd:
    """How the day ends if it ended now."""
    next_day = calendar.next_open_day(branch, day)
    begins, ends = calendar.day_span(branch, day)
    return DayEnd(
        branch=branch,
        day=day,
        next_day=next_day,
        loose=closing_queries.list_loose(branch, day),
        carried=_list_carried(branch, day),
        held=closing_queries.list_held(branch),
        finished=_count_finished(branch, begins, ends),
        closed=allocation_queries.find_day_close(branch, day),
        tomorrow=_list_tomorrow(branch, next_day),
    )


def _list_carried(branch: Branch, day: date) -> list[tuple[DayConsent, Job]]:
    query = (
        select(DayConsent, Job)
        .join(Job, Job.id == DayConsent.job_id)
        .join(RepairOrder, RepairOrder.id == DayConsent.order_id)
        .where(RepairOrder.here(branch.id))
        .where(DayConsent.from_day <= day, DayConsent.to_day > day)
        .order_by(DayConsent.id)
    )
    newest = {job.id: (consent, job) for consent, job in session.execute(query)}
    return [each for each in newest.values() if each[1].state in queries.NOT_OVER]


def _count_finished(branch: Branch, begins: datetime, ends: datetime) -> int:
    query = (
        select(func.count())
        .select_from(Job)
        .join(RepairOrder, RepairOrder.id == Job.order_id)
        .where(RepairOrder.branch_id == branch.id, Job.state == JobState.DONE)
        .where(Job.finished_at >= begins, Job.finished_at < ends)
    )
    return session.scalar(query) or 0


def _list_tomorrow(branch: Branch, day: date) -> list[tuple[Allocation, Job]]:
    found = allocations.list_for_day(branch, day)
    jobs = queries.jobs_of(found)
    return [(each, jobs[each.job_id]) for each in found]


def suggest(job: Job, next_day: date, at: datetime) -> Suggestion | None:
    """The first place for the job from the morning of the next open day on, and not in the past."""
    return suggestion.suggest(job, max(at, calendar.day_span(job.order.branch, next_day)[0]))


def carry_over(
    job: Job, day: date, seen_start: datetime | None, consent: Consent, *, by: User, at: datetime
) -> Allocation:
    """Give the job the first place of the next open day, with the customer's consent.

    `seen_start` is the time that the customer was told. One that is planned for another day
    stays there. Raises RuleBroken while somebody works on it, when nobody has time, or when
    the place that was offered has gone.
    """
    branch = job.order.branch
    live = holding.take_hold_of(job, by)
    if live is not None and calendar.local_day(branch, live.starts_at) > day:
        days = (day, calendar.local_day(branch, live.starts_at))
        scheduling.note_consent(job, days, consent, by=by, at=at)
        return live
    place = suggest(job, calendar.next_open_day(branch, day), at)
    if place is None:
        raise RuleBroken(N_("No time is free for it on the next days."), code="full")
    if seen_start is not None and place.starts_at != seen_start:
        message = N_("The next free time is now %(time)s. Ask the customer about that one.")
        raise RuleBroken(message, field="consent_by", code="gone", time=place.starts_at)
    if live is None:
        to_day = calendar.local_day(branch, place.starts_at)
        scheduling.note_consent(job, (day, to_day), consent, by=by, at=at)
        return scheduling.assign(
            job,
            place.technician,
            place.bay,
            place.starts_at,
            minutes=place.minutes,
            across=place.across,
            by=by,
            at=at,
        )
    is_rest = job.state is JobState.PAUSED and live.starts_at < at
    return scheduling.move(
        job,
        place.technician,
        place.bay,
        place.starts_at,
        # What is left of work that was begun is known when its first piece has ended.
        minutes=None if is_rest else place.minutes,
        across=place.across,
        seen_version=live.version,
        consent=consent,
        by=by,
        at=at,
    )


def close_day(branch: Branch, day: date, *, by: User, at: datetime) -> DayClose:
    """Close the day; raises RuleBroken naming every car without a disposition."""
    staff.require_permission(by, Permission.SCHEDULE)
    db.lock("board", branch.id)
    if day > calendar.local_day(branch, at):
        raise RuleBroken(N_("This day has not come yet."), code="future")
    end = read(branch, day)
    if end.closed is not None:
        raise RuleBroken(N_("This day is closed already."), code="closed")
    require(end.missing)
    begins_at, ends_at = calendar.day_span(branch, day)
    close = DayClose(
        branch_id=branch.id,
        day=day,
        begins_at=begins_at,
        ends_at=ends_at,
        finished=end.finished,
        carried=len(end.carried),
        held=len(end.held),
        closed_at=at,
        closed_by_id=by.id,
    )
    session.add(close)
    session.flush()
    audit.write(by, "scheduling.close_day", close, at, day=day.isoformat())
    return close


def reopen_day(branch: Branch, day: date, reason: str, *, by: User, at: datetime) -> DayClose:
    """Let today be planned again. Raises RuleBroken for any other day, Invalid without a reason."""
    staff.require_permission(by, Permission.SCHEDULE)
    scheduling.require_time_right(branch, by)
    db.lock("board", branch.id)
    close = allocation_queries.find_day_close(branch, day)
    if close is None:
        raise RuleBroken(N_("This day is not closed."), code="open")
    if day != calendar.local_day(branch, at):
        raise RuleBroken(N_("This day is over; it stays closed."), code="over")
    if not reason.strip():
        raise Invalid(N_("Say why."), field="reason")
    close.reopened_at, close.reopened_by_id = at, by.id
    close.reopen_reason = reason.strip()
    session.flush()
    audit.write(by, "scheduling.reopen_day", close, at, day=day.isoformat())
    return close


def list_reopened(branch: Branch, day: date) -> list[DayClose]:
    """The closings of the day that somebody has undone, the oldest first."""
    query = select(DayClose).where(
        DayClose.branch_id == branch.id, DayClose.day == day, DayClose.reopened_at.is_not(None)
    )
    return list(session.scalars(query.order_by(DayClose.id)))


def find_left_open(branch: Branch, at: datetime) -> DayEnd | None:
    """The working day before today, if jobs left it loose: it was not closed, or too early."""
    day = _working_day_before(branch, calendar.local_day(branch, at))
    if day is None or not closing_queries.list_loose(branch, day):
        return None
    return read(branch, day)


def _working_day_before(branch: Branch, day: date) -> date | None:
    first = day - timedelta(days=calendar.HORIZON_DAYS)
    table = calendar.Timetable(branch, first, day)
    earlier = [each for each in calendar.days(first, day) if each < day and table.is_open(each)]
    return max(earlier, default=None)
