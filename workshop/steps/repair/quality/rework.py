"""Work done again at our cost: internal rework found by a check, comebacks of customers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.capacity.remaining import Need
from workshop.db import session
from workshop.errors import N_, Invalid, Missing, RuleBroken
from workshop.orders import guarantees
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobKind, RepairOrder
from workshop.orders.work.rules import WorkLine
from workshop.shop import calendar, numbers
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.repair import queries, rules
from workshop.steps.repair.models import Inspection, ReworkOrder
from workshop.steps.repair.rules import Cause, Fault, ReworkKind


def open_internal(
    order: RepairOrder, fault: Fault, *, check: Inspection | None, by: User, at: datetime
) -> ReworkOrder:
    """Send the order back with a rework order and a rework job, which waits for a technician.

    Raises Invalid when the fault is not described or its job is none of the order's.
    """
    responsible = _get_responsible(order, fault)
    line = _get_line(responsible, fault)
    job = _make_job(order, responsible, line, fault, at)
    rework = ReworkOrder(
        no=_next_number(order, at),
        order_id=order.id,
        kind=ReworkKind.INTERNAL,
        job_id=job.id,
        responsible_job_id=responsible.id,
        at_fault_line_id=line.id,
        inspection_id=check.id if check else None,
        found_at=check.level if check else None,
        cause=fault.cause,
        complaint=fault.complaint.strip(),
        opened_at=at,
        opened_by_id=by.id,
    )
    session.add(rework)
    order.ready_at = None
    order.move_to(Stage.REWORK, by, at, fault.complaint.strip())
    audit.write(by, "repair.open_rework", rework, at, cause=fault.cause.value)
    return rework


def send_back(order: RepairOrder, fault: Fault, *, by: User, at: datetime) -> ReworkOrder:
    """A fault is seen on a car that was ready already: it goes back, and is checked again."""
    staff.require_permission(by, Permission.FINAL_CHECK)
    orders.lock(order)
    if order.stage is not Stage.READY:
        raise RuleBroken(N_("Only a car that is ready can be sent back."), code="stage")
    return open_internal(order, fault, check=None, by=by, at=at)


def open_external(
    order: RepairOrder,
    original: RepairOrder,
    *,
    complaint: str = "",
    cause: Cause | None = None,
    by: User,
    at: datetime,
) -> ReworkOrder:
    """Record that `order` is the comeback of `original`, once; gives back the one that is there.

    Counts how often this fault has come back; twice within the guarantee is the R8 alarm.
    """
    known = find_external(order)
    if known is not None:
        return known
    earlier = find_external(original)
    rework = ReworkOrder(
        no=_next_number(order, at),
        order_id=order.id,
        kind=ReworkKind.EXTERNAL,
        original_order_id=original.id,
        cause=cause,
        complaint=complaint.strip() or order.concern,
        days_since_delivery=_days_since(original, order.arrived_at),
        km_since_delivery=_km_since(original, order),
        in_guarantee=_is_in_guarantee(original, order),
        repeat_count=(earlier.repeat_count if earlier else 0) + 1,
        opened_at=at,
        opened_by_id=by.id,
    )
    session.add(rework)
    order.repeat_repair = True
    audit.write(by, "repair.open_comeback", rework, at, repeat=rework.repeat_count)
    return rework


def ensure_external(order: RepairOrder, *, by: User, at: datetime) -> ReworkOrder | None:
    """Record the comeback of an order that was opened as one, if nobody has done so."""
    if order.repeat_of_id is None:
        return None
    original = session.get_one(RepairOrder, order.repeat_of_id)
    return open_external(order, original, by=by, at=at)


def find_external(order: RepairOrder) -> ReworkOrder | None:
    """The comeback that this order is, if it is one."""
    query = select(ReworkOrder).where(
        ReworkOrder.order_id == order.id, ReworkOrder.kind == ReworkKind.EXTERNAL
    )
    return session.scalars(query).one_or_none()


def find_alarm(order: RepairOrder) -> Missing | None:
    """What R8 asks of the shop when the same fault was repaired twice within the guarantee."""
    rework = find_external(order)
    if rework is None or not rules.must_offer_other_shop(
        rework.repeat_count, in_guarantee=bool(rework.in_guarantee)
    ):
        return None
    return Missing(
        N_(
            "The same fault has come back %(count)s times within the guarantee. If it is not right "
            "now, another repair shop must be arranged at our cost."
        ),
        "other_shop",
        {"count": rework.repeat_count},
    )


def close_internal(order: RepairOrder, *, by: User, at: datetime) -> None:
    """The quality check was passed: what was sent back is mended."""
    _close(order, ReworkKind.INTERNAL, by, at)


def close_external(order: RepairOrder, *, by: User, at: datetime) -> None:
    """The final check was passed: the comeback is mended, as far as we can see."""
    _close(order, ReworkKind.EXTERNAL, by, at)


def _close(order: RepairOrder, kind: ReworkKind, by: User, at: datetime) -> None:
    for rework in queries.list_reworks(order, kind):
        if rework.closed_at is None:
            rework.closed_at = at
            rework.closed_by_id = by.id


def _get_responsible(order: RepairOrder, fault: Fault) -> Job:
    if not fault.complaint.strip():
        raise Invalid(N_("Say what must be mended."), field="complaint")
    if fault.minutes <= 0:
        raise Invalid(N_("Estimate the minutes for the rework."), field="minutes")
    job = session.get(Job, fault.responsible_job_id)
    if job is None or job.order_id != order.id:
        raise Invalid(N_("Choose the job whose work has to be done again."), field="job")
    return job


def _get_line(job: Job, fault: Fault) -> WorkLine:
    """The line of the job that is at fault; a job of one line is that line."""
    lines = [each for each in job.lines if fault.line_id in (None, each.id)]
    if len(lines) != 1:
        raise Invalid(N_("Choose the work that has to be done again."), field="job")
    return lines[0]


def _make_job(
    order: RepairOrder, responsible: Job, line: WorkLine, fault: Fault, at: datetime
) -> Job:
    last = session.scalar(select(func.max(Job.position)).where(Job.order_id == order.id)) or 0
    # Bilingual data of a record, not words of a page: both are kept side by side.
    job = Job(
        order_id=order.id,
        position=last + 1,
        title_zh=_limit(f"返修：{_root_title(line.title_zh, '返修：')}"),
        title_en=_limit(f"Rework: {_root_title(line.title_en, 'Rework: ')}"),
        kind=JobKind.REWORK,
        skill_id=line.skill_id,
        level=line.level,
        book_minutes=fault.minutes,
        bay_kinds=list(line.bay_kinds),
        rework_of_id=responsible.id,
    )
    session.add(job)
    session.flush()
    _take_hours(job, at)
    return job


def _take_hours(job: Job, at: datetime) -> None:
    """Rework needs hours like any job; it stands first, so it takes today's whatever is left."""
    branch = job.order.branch
    capacity.take(
        branch,
        calendar.local_day(branch, at),
        Need.of(job.skill_id, job.bay_kinds),
        job.book_minutes,
        TakeSource.JOB,
        job.id,
        at=at,
        beyond=True,
    )


def _root_title(title: str, prefix: str) -> str:
    return title.removeprefix(prefix)


def _limit(title: str) -> str:
    return title[:200]


def _next_number(order: RepairOrder, at: datetime) -> str:
    return numbers.next_number(order.branch_id, "RW", calendar.local_day(order.branch, at))


def _days_since(original: RepairOrder, at: datetime) -> int | None:
    return (at - original.delivered_at).days if original.delivered_at else None


def _km_since(original: RepairOrder, order: RepairOrder) -> int | None:
    if original.mileage_km is None or order.mileage_km is None:
        return None
    return max(0, order.mileage_km - original.mileage_km)


def _is_in_guarantee(original: RepairOrder, order: RepairOrder) -> bool:
    day = calendar.local_day(order.branch, order.arrived_at)
    in_force = guarantees.list_in_force(order.vehicle, day, order.mileage_km)
    return any(guarantee.order_id == original.id for guarantee in in_force)
