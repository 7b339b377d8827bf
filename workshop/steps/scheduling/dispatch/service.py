"""Giving jobs a technician, a bay and a time, and changing it by the rules (domain.md step 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from workshop.allocation import placing, team
from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import N_, Invalid, NotAllowed, RuleBroken, Way, require
from workshop.orders import service as orders
from workshop.orders.flow import Action, Stage
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.shop import calendar
from workshop.shop.models import Bay, Branch, Technician
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.closing import holds
from workshop.steps.scheduling.dispatch import counted, gates, pauses
from workshop.steps.scheduling.dispatch.fitness import check_fit
from workshop.steps.scheduling.folder import service as folders
from workshop.steps.scheduling.models import DayConsent


@dataclass(frozen=True)
class Consent:
    """The customer's word that the job may go to another day: how, who, when."""

    channel: Channel
    agreed_by: str
    agreed_at: datetime


def assign(
    job: Job,
    technician: Technician,
    bay: Bay | None,
    starts_at: datetime,
    *,
    minutes: int | None = None,
    across: bool = False,
    by: User,
    at: datetime,
) -> Allocation:
    """Give a job its first time, or the next piece of work that was carried over.

    `minutes` is all that is left of the job unless given; with `across` the work may rest in the
    break. The order becomes SCHEDULED when its last waiting job is planned; a held job is released.
    Raises RuleBroken that names the rule, and the nearest legal slot where there is one.
    """
    staff.require_permission(by, Permission.SCHEDULE)
    order = job.order
    orders.require_stage(order, Action.SCHEDULE)
    if job.state in (JobState.DONE, JobState.CANCELLED):
        raise RuleBroken(N_("This job is over."), code="job_over")
    if queries.find_live(job) is not None:
        raise RuleBroken(
            N_("This job has a time already. Move it instead."),
            code="planned",
            way=Way("scheduling.show", N_("Open the plan of the order"), {"no": order.no}),
        )
    check_fit(job, technician, bay, calendar.local_day(order.branch, starts_at))
    length = queries.minutes_left(job) if minutes is None else minutes
    allocation = allocations.allocate(
        job.id, technician, bay, starts_at, length, by=by, at=at, across=across
    )
    folders.ensure(job, by=by, at=at)
    holds.end(job, by=by, at=at)
    after_change(order, job, allocation, by=by, at=at)
    return allocation


def move(
    job: Job,
    technician: Technician,
    bay: Bay | None,
    starts_at: datetime,
    *,
    minutes: int | None = None,
    across: bool = False,
    seen_version: int,
    consent: Consent | None = None,
    by: User,
    at: datetime,
) -> Allocation:
    """Put a planned job elsewhere.

    Another technician or bay at the same time needs SCHEDULE only; another time is the
    advisor's (NotAllowed otherwise), another day needs the customer's consent (RuleBroken).
    Raises Conflict with both versions when somebody was faster.
    """
    staff.require_permission(by, Permission.SCHEDULE)
    order = job.order
    orders.require_stage(order, Action.SCHEDULE)
    allocation = get_live(job)
    length = allocation.minutes if minutes is None else minutes
    if changes_time(allocation, starts_at, length):
        require_time_right(order.branch, by)
    check_fit(job, technician, bay, calendar.local_day(order.branch, starts_at))
    refuse_running(job, allocation, starts_at)
    place = placing.Place(technician, bay, starts_at, length, across)
    placing.check_version(allocation, seen_version, place)
    record_consent(job, allocation, starts_at, consent, by=by, at=at)
    if job.state is JobState.PAUSED and allocation.starts_at < at and starts_at >= at:
        # What was worked stays where it was; the rest becomes a new piece, of the same people.
        helper = team.helper_of(allocation)
        allocations.finish(allocation, at=at)
        pauses.forget(job)
        rest = queries.minutes_left(job) if minutes is None else minutes
        allocation = allocations.allocate(
            job.id, technician, bay, starts_at, rest, by=by, at=at, across=across, helper=helper
        )
    else:
        allocations.move(
            allocation,
            technician,
            bay,
            starts_at,
            length,
            seen_version=seen_version,
            by=by,
            at=at,
            across=across,
        )
    after_change(order, job, allocation, by=by, at=at)
    return allocation


def swap(
    first: Job, second: Job, *, seen_versions: tuple[int, int], by: User, at: datetime
) -> None:
    """Let two planned jobs of one day change places, by the rules of `move`."""
    staff.require_permission(by, Permission.SCHEDULE)
    here, there = get_live(first), get_live(second)
    for job, place in ((first, there), (second, here)):
        orders.require_stage(job.order, Action.SCHEDULE)
        require_time_right(job.order.branch, by)
        refuse_running(job, get_live(job), place.starts_at)
        day = calendar.local_day(job.order.branch, place.starts_at)
        check_fit(job, place.technician, place.bay, day)
        record_consent(job, get_live(job), place.starts_at, None, by=by, at=at)
    allocations.swap(here, there, seen_versions=seen_versions, by=by, at=at)
    for job, allocation in ((first, here), (second, there)):
        after_change(job.order, job, allocation, by=by, at=at)


def unassign(job: Job, *, seen_version: int, is_own: bool = False, by: User, at: datetime) -> None:
    """Put a job that has not begun back into the queue; the order may fall back to AUTHORISED.

    Who takes back their `is_own` assignment, unchanged since, changes no time that others gave.
    """
    staff.require_permission(by, Permission.SCHEDULE)
    orders.require_stage(job.order, Action.SCHEDULE)
    if not is_own:
        require_time_right(job.order.branch, by)
    allocation = get_live(job)
    require(gates.missing_to_unassign(job))
    here = placing.Place(
        allocation.technician, allocation.bay, allocation.starts_at, allocation.minutes
    )
    placing.check_version(allocation, seen_version, here)
    allocations.cancel(allocation, by=by, at=at)
    follow_stage(job.order, by=by, at=at)
    orders.announce(job.order, at)


def get_live(job: Job) -> Allocation:
    """The time that the job holds; raises RuleBroken when it holds none."""
    allocation = queries.find_live(job)
    if allocation is None:
        raise RuleBroken(
            N_("This job has no time yet. Assign it first."),
            code="unplanned",
            way=Way("scheduling.show", N_("Open the plan of the order"), {"no": job.order.no}),
        )
    return allocation


def changes_time(allocation: Allocation, starts_at: datetime, minutes: int) -> bool:
    """Whether a place differs from the allocation in time, not only in technician or bay."""
    return starts_at != allocation.starts_at or minutes != allocation.minutes


def may_change_time(branch: Branch, user: User) -> bool:
    """Whether the user changes times: the advisor, or the controller where the branch lets it."""
    return user.may(Permission.CHANGE_TIME) or (
        branch.controller_moves_alone and user.may(Permission.SCHEDULE)
    )


def require_time_right(branch: Branch, by: User) -> None:
    """Raise NotAllowed unless `by` may change times (domain.md §2)."""
    if not may_change_time(branch, by):
        raise NotAllowed(
            N_("You may propose another time, and somebody who may change times confirms it."),
            code="advisor_only",
            way=staff.instead(Permission.CHANGE_TIME),
        )


def needs_consent(branch: Branch, allocation: Allocation, starts_at: datetime) -> bool:
    """Whether the new start lies on another day of the shop."""
    return calendar.local_day(branch, allocation.starts_at) != calendar.local_day(branch, starts_at)


def follow_stage(order: RepairOrder, *, by: User | None, at: datetime) -> None:
    """Let the stage follow the facts: SCHEDULED while every waiting job holds a time.

    Once work has begun, allocations do not change the stage any more.
    """
    unplanned = queries.list_unplanned(order)
    if order.stage is Stage.AUTHORISED and not unplanned and queries.list_jobs(order):
        order.move_to(Stage.SCHEDULED, by, at)
    elif order.stage is Stage.SCHEDULED and unplanned:
        order.move_to(Stage.AUTHORISED, by, at, "a job lost its time")


def refuse_running(job: Job, allocation: Allocation, starts_at: datetime) -> None:
    """Raise RuleBroken when the work has begun and its start would change, or when it is over."""
    if job.state in (JobState.DONE, JobState.CANCELLED):
        raise RuleBroken(N_("This job is over."), code="job_over")
    if job.state is JobState.RUNNING and starts_at != allocation.starts_at:
        raise RuleBroken(
            N_("This job is being worked on. Its end may change, its start may not."),
            field="starts_at",
            code="running",
        )


def record_consent(
    job: Job,
    allocation: Allocation,
    starts_at: datetime,
    consent: Consent | None,
    *,
    by: User,
    at: datetime,
) -> None:
    """Write down the customer's consent to another day.

    Raises RuleBroken when another day has none, and Invalid when it is not whole.
    """
    branch = job.order.branch
    if not needs_consent(branch, allocation, starts_at):
        return
    if consent is None:
        raise RuleBroken(
            N_("Another day needs the customer's consent: say how, when and who agreed."),
            field="consent_by",
            code="consent",
        )
    days = (calendar.local_day(branch, allocation.starts_at), calendar.local_day(branch, starts_at))
    note_consent(job, days, consent, by=by, at=at)


def note_consent(
    job: Job, days: tuple[date, date], consent: Consent, *, by: User, at: datetime
) -> None:
    """Write down that the customer lets the job go from one day to another.

    Raises Invalid when the consent is not whole.
    """
    if not consent.agreed_by.strip():
        raise Invalid(N_("Say who agreed."), field="consent_by")
    if consent.agreed_at > at:
        raise Invalid(N_("The consent cannot lie in the future."), field="consent_at")
    session.add(
        DayConsent(
            order_id=job.order_id,
            job_id=job.id,
            from_day=days[0],
            to_day=days[1],
            channel=consent.channel,
            agreed_by=consent.agreed_by.strip(),
            agreed_at=consent.agreed_at,
            noted_by_id=by.id,
            noted_at=at,
        )
    )
    audit.write(by, "scheduling.consent", job, at, to=days[1].isoformat())


def after_change(
    order: RepairOrder, job: Job, allocation: Allocation, *, by: User, at: datetime
) -> None:
    """Let the ledger, the stage and the screens follow a job that got a place."""
    counted.keep(job, calendar.local_day(order.branch, allocation.starts_at), at)
    follow_stage(order, by=by, at=at)
    orders.announce(order, at)
