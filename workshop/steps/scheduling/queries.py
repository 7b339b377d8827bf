"""What is planned, what waits for a place, and what stands in the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import lazyload

from workshop import together
from workshop.allocation import service as allocations
from workshop.allocation.free_time import WorkPiece
from workshop.allocation.models import Allocation, AllocationStatus, TakenTime
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.flow import OPEN, PERMITS, Action
from workshop.orders.models import Job, JobKind, JobState, RepairOrder
from workshop.shop.models import Branch, Technician
from workshop.steps.quotation import queries as quotation
from workshop.steps.scheduling import rules
from workshop.steps.scheduling.closing.models import JobHold
from workshop.steps.scheduling.models import DayConsent, JobFolder, ProposalState, TimeChange
from workshop.stock import queries as stock
from workshop.stock.models import Backorder, Reservation, ReservationState

NOT_OVER = (JobState.WAITING, JobState.RUNNING, JobState.PAUSED)


@dataclass(frozen=True)
class PartsState:
    """Whether an order's parts are there: `needed` at all, `ready`, and when the last comes."""

    needed: bool
    ready: bool
    expected_at: datetime | None = None


def list_jobs(order: RepairOrder) -> list[Job]:
    """The order's jobs in their order, cancelled ones left out."""
    return together.list_of(order.id, "jobs", _jobs_to_do, Job.order_id, {Job})


def _jobs_to_do() -> Select[Job]:
    query = select(Job).where(Job.state != JobState.CANCELLED)
    query = query.options(lazyload(Job.order))  # It is at hand.
    return query.order_by(Job.position, Job.id)


def list_unplanned(order: RepairOrder) -> list[Job]:
    """The waiting jobs of the order that hold no time."""
    jobs = [job for job in list_jobs(order) if job.state is JobState.WAITING]
    planned = {
        each.job_id
        for each in allocations.list_of([job.id for job in jobs])
        if each.status is AllocationStatus.PLANNED
    }
    return [job for job in jobs if job.id not in planned]


def slack_minutes(order: RepairOrder, ends_at: datetime) -> int | None:
    """Minutes to spare if the order's work ends then; negative: the promise breaks (N2)."""
    return rules.slack_minutes(ends_at, order.promised_at, order.branch.delivery_minutes)


def get_job(order: RepairOrder, job_id: int) -> Job:
    """A job of this order; raises NotFound."""
    job = session.get(Job, job_id)
    if job is None or job.order_id != order.id:
        raise NotFound(N_("There is no such job."))
    return job


def get_job_of_branch(branch: Branch, job_id: int) -> Job:
    """A job of this branch; raises NotFound."""
    job = session.get(Job, job_id)
    if job is None or job.order.branch_id != branch.id:
        raise NotFound(N_("There is no such job."))
    return job


def find_allocation(job: Job) -> Allocation | None:
    """The time that the job holds now, or else the last it was worked in."""
    return allocations.find_latest(job.id)


def find_live(job: Job) -> Allocation | None:
    """The time that the job holds now."""
    return allocations.find_live(job.id)


def technician_of(job: Job) -> Technician | None:
    """Who shall do the job, or has done it."""
    allocation = find_allocation(job)
    return allocation.technician if allocation else None


def planned_start(order: RepairOrder) -> datetime | None:
    """When the first piece of the order's work begins."""
    return min((each.starts_at for each in _allocations_of(order)), default=None)


def planned_end(order: RepairOrder) -> datetime | None:
    """When the last piece of the order's work ends."""
    return max((each.ends_at for each in _allocations_of(order)), default=None)


def _allocations_of(order: RepairOrder) -> list[Allocation]:
    found = [each for job in list_jobs(order) for each in allocations.list_of_job(job.id)]
    return sorted(found, key=lambda each: each.starts_at)


def minutes_left(job: Job) -> int:
    """Book minutes that no finished piece has used up; at least a quarter of an hour."""
    worked = sum(
        each.minutes
        for each in allocations.list_of_job(job.id)
        if each.status is AllocationStatus.DONE
    )
    return max(15, job.book_minutes - worked)


def piece_of(job: Job, minutes: int | None = None) -> WorkPiece:
    """What the job needs of people and bays; all that is left of it unless minutes are given."""
    length = minutes_left(job) if minutes is None else minutes
    return WorkPiece(length, job.skill_id, job.level, tuple(job.bay_kinds), job.skills)


def list_queue(branch: Branch) -> list[Job]:
    """Jobs that need a place and are not held, the next one first (priority, then promise)."""
    live = select(Allocation.id).where(
        Allocation.job_id == Job.id, Allocation.status == AllocationStatus.PLANNED
    )
    held = select(JobHold.id).where(JobHold.job_id == Job.id, JobHold.released_at.is_(None))
    query = _in_schedulable_orders(branch).where(
        Job.state.in_((JobState.WAITING, JobState.PAUSED)),
        ~live.exists(),
        ~held.exists(),
    )
    return sorted(session.scalars(query), key=_queue_place)


def list_movable(branch: Branch) -> list[Job]:
    """Jobs that are not over and stand on the board or wait for a place, by promise."""
    query = _in_schedulable_orders(branch).where(Job.state.in_(NOT_OVER))
    by_promise = query.order_by(RepairOrder.promised_at, Job.order_id, Job.position)
    return list(session.scalars(by_promise))


def _in_schedulable_orders(branch: Branch) -> Select[Job]:
    """The jobs of the branch's orders whose stage lets times be given."""
    return (
        select(Job)
        .join(RepairOrder, Job.order_id == RepairOrder.id)
        .where(
            RepairOrder.here(branch.id, PERMITS[Action.SCHEDULE]),
        )
    )


def priority_of(job: Job) -> int:
    """The job's place in the queue by kind; see `rules.priority`."""
    order = job.order
    return rules.priority(
        rework=job.kind is JobKind.REWORK,
        repeat=order.repeat_repair,
        stays=order.stays,
        walk_in=order.is_walk_in,
    )


def _queue_place(job: Job) -> tuple[int, float, int, int]:
    promised_at = job.order.promised_at
    due = promised_at.timestamp() if promised_at else float("inf")
    return priority_of(job), due, job.order_id, job.position


def jobs_of(found: Iterable[TakenTime]) -> dict[int, Job]:
    """The jobs of these pieces of time, by id, read at once."""
    ids = {each.job_id for each in found}
    return {job.id: job for job in session.scalars(select(Job).where(Job.id.in_(ids)))}


def folders_of(job_ids: Iterable[int]) -> dict[int, JobFolder]:
    """The folders of these jobs, by job."""
    query = select(JobFolder).where(JobFolder.job_id.in_(list(job_ids)))
    return {folder.job_id: folder for folder in session.scalars(query)}


def find_folder(job: Job) -> JobFolder | None:
    """The job's folder."""
    return folders_of([job.id]).get(job.id)


def find_proposal(allocation: Allocation) -> TimeChange | None:
    """The open proposal for this allocation."""
    query = select(TimeChange).where(
        TimeChange.allocation_id == allocation.id, TimeChange.state == ProposalState.OPEN
    )
    return session.scalars(query).one_or_none()


def get_proposal(order: RepairOrder, proposal_id: int) -> TimeChange:
    """A proposal for a job of this order; raises NotFound."""
    proposal = session.get(TimeChange, proposal_id)
    if proposal is None or proposal.job.order_id != order.id:
        raise NotFound(N_("There is no such proposal."))
    return proposal


def list_proposals(branch: Branch) -> list[TimeChange]:
    """All proposals that wait for an advisor, the oldest first."""
    query = (
        select(TimeChange)
        .join(Allocation, TimeChange.allocation_id == Allocation.id)
        .where(
            TimeChange.state == ProposalState.OPEN,
            Allocation.branch_id == branch.id,
            Allocation.status == AllocationStatus.PLANNED,
        )
        .order_by(TimeChange.id)
    )
    return list(session.scalars(query))


def list_proposals_of(order: RepairOrder) -> list[TimeChange]:
    """Every proposal made for the order, the newest first."""
    query = select(TimeChange).join(Job, TimeChange.job_id == Job.id)
    query = query.where(Job.order_id == order.id).order_by(TimeChange.id.desc())
    return list(session.scalars(query))


def list_consents(order: RepairOrder) -> list[DayConsent]:
    """What the customer agreed to about other days, the newest first."""
    query = select(DayConsent).where(DayConsent.order_id == order.id)
    return list(session.scalars(query.order_by(DayConsent.id.desc())))


def list_stopped(branch: Branch) -> list[Job]:
    """Jobs that were begun and stand still."""
    query = (
        select(Job)
        .join(RepairOrder, Job.order_id == RepairOrder.id)
        .where(RepairOrder.here(branch.id), Job.state == JobState.PAUSED)
        .order_by(Job.id)
    )
    return list(session.scalars(query))


def list_waiting_for_parts(branch: Branch) -> list[tuple[RepairOrder, datetime | None]]:
    """Orders with a shortage that has not arrived, and when the last of it is expected."""
    awaited = Backorder.arrived_at.is_(None) & Backorder.cancelled_at.is_(None)
    query = select(Backorder.order_id, func.max(Backorder.expected_at))
    query = query.where(Backorder.branch_id == branch.id, awaited).group_by(Backorder.order_id)
    expected = {row[0]: row[1] for row in session.execute(query)}
    orders = session.scalars(select(RepairOrder).where(RepairOrder.id.in_(expected)))
    return [(order, expected[order.id]) for order in orders if order.stage in OPEN]


def parts_state(order: RepairOrder) -> PartsState:
    """Whether all authorised parts are kept for the order or free on the shelf."""
    wanted: dict[int, int] = defaultdict(int)
    for line in quotation.list_part_lines(order):
        if line.part_id is not None:
            wanted[line.part_id] += line.quantity_milli
    if not wanted:
        return PartsState(needed=False, ready=True)
    there = _parts_there(order, list(wanted))
    ready = all(there.get(part_id, 0) >= quantity for part_id, quantity in wanted.items())
    return PartsState(True, ready, None if ready else _expected_at(order))


def _parts_there(order: RepairOrder, part_ids: Sequence[int]) -> dict[int, int]:
    there: dict[int, int] = defaultdict(int)
    for part_id in part_ids:
        level = stock.find_level(order.branch_id, part_id)
        there[part_id] += level.free_milli if level is not None else 0
    for reservation in together.list_of(order.id, "kept", _kept, Reservation.order_id):
        there[reservation.part_id] += reservation.quantity_milli
    return there


def _kept() -> Select[Reservation]:
    return select(Reservation).where(Reservation.state != ReservationState.RELEASED)


def _expected_at(order: RepairOrder) -> datetime | None:
    awaited = together.list_of(order.id, "awaited", _awaited, Backorder.order_id)
    return max((each for each in awaited if each is not None), default=None)


def _awaited() -> Select[datetime | None]:
    return select(Backorder.expected_at).where(
        Backorder.arrived_at.is_(None), Backorder.cancelled_at.is_(None)
    )
