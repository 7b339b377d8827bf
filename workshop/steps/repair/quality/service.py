"""The three levels: self-check, quality check by somebody else, final check by the advisor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, require
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.orders.signed import names as signed
from workshop.shop.separation import service as separation
from workshop.shop.separation.rules import Ruling
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.steps.repair import queries, rules, work
from workshop.steps.repair.models import Inspection, RoadTest
from workshop.steps.repair.quality import answering, checklists, gates, rework
from workshop.steps.repair.quality.checklists import Asked
from workshop.steps.repair.rules import Answer, Drive, Fault, Level


def self_check(
    job: Job,
    answers: Sequence[Answer],
    *,
    remarks: str = "",
    seen: str = "",
    by: User,
    at: datetime,
) -> Inspection:
    """The technician checks the own job, item by item; “not in order” means to go on mending.

    `seen` are the versions of the lists that were answered. Raises RuleBroken unless the job is
    running, Invalid for an item without an answer.
    """
    work.require_own_job(job, by)
    if job.state is not JobState.RUNNING:
        raise RuleBroken(N_("The self-check is made while the job is running."), code="not_running")
    asked = checklists.find_questions(Level.SELF_CHECK, [job], seen=seen, at=at)
    return _record(job.order, Level.SELF_CHECK, asked.lines, answers, remarks, by, at, job=job)


def quality_check(
    order: RepairOrder,
    answers: Sequence[Answer],
    *,
    drive: Drive | None = None,
    fault: Fault | None = None,
    remarks: str = "",
    exception: str = "",
    seen: str = "",
    by: User,
    at: datetime,
) -> Inspection:
    """Somebody who did not work on the car checks it, with a road test where one is needed.

    Passed → final check. Failed → internal rework, which needs `fault`. Raises NotAllowed for
    the technicians of the order and for its advisor, RuleBroken off the stage.
    """
    said = _begin(order, Level.QUALITY_CHECK, exception, by, at)
    _require_drive(order, drive)
    asked = _asked(order, Level.QUALITY_CHECK, seen, at)
    check = _record(order, Level.QUALITY_CHECK, asked, answers, remarks, by, at, said=said)
    if drive is not None:
        _add_drive(check, drive, by)
    if not check.passed:
        rework.open_internal(order, _need(fault), check=check, by=by, at=at)
        return check
    rework.close_internal(order, by=by, at=at)
    order.move_to(Stage.FINAL_CHECK, by, at)
    return check


def final_check(
    order: RepairOrder,
    answers: Sequence[Answer],
    *,
    wash: bool,
    fault: Fault | None = None,
    remarks: str = "",
    exception: str = "",
    seen: str = "",
    by: User,
    at: datetime,
) -> Inspection:
    """The order's advisor looks as the customer will. Passed → wash if wanted, else ready.

    Failed → internal rework, which needs `fault`. Raises NotAllowed for everybody else, but for
    another advisor while the named one is not at work: `exception` says why.
    """
    said = _begin(order, Level.FINAL_CHECK, exception, by, at)
    asked = _asked(order, Level.FINAL_CHECK, seen, at)
    check = _record(order, Level.FINAL_CHECK, asked, answers, remarks, by, at, said=said)
    if not check.passed:
        rework.open_internal(order, _need(fault), check=check, by=by, at=at)
        return check
    rework.close_external(order, by=by, at=at)
    signed.keep(order, at)
    if wash:
        order.move_to(Stage.WASH, by, at)
    else:
        order.ready_at = at
        order.move_to(Stage.READY, by, at)
    return check


Said = tuple[Ruling, str]
"""What is excepted in a check, and the reason that was given for it."""

_NOTHING: Said = (Ruling(), "")


def _begin(order: RepairOrder, level: Level, exception: str, by: User, at: datetime) -> Said:
    orders.lock(order)
    staff.require_permission(by, gates.ACTIONS[level][1])
    require(gates.missing_to_check(order, level))
    ruling = gates.judge(order, level, by, at)
    separation.require(ruling, exception)
    return ruling, exception


def _asked(order: RepairOrder, level: Level, seen: str, at: datetime) -> tuple[Asked, ...]:
    jobs = queries.list_jobs(order)
    return checklists.find_questions(level, jobs, seen=seen, at=at).lines


def _need(fault: Fault | None) -> Fault:
    if fault is None:
        raise Invalid(N_("A failed check needs its cause and what must be mended."), field="cause")
    return fault


def _require_drive(order: RepairOrder, drive: Drive | None) -> None:
    if drive is None:
        if queries.needs_road_test(order):
            raise Invalid(N_("This work needs a road test."), field="road_from_km")
        return
    if drive.to_km <= drive.from_km:
        raise Invalid(
            N_("The mileage after the road test must be above the one before."),
            field="road_to_km",
        )
    if order.mileage_km is not None and drive.from_km < order.mileage_km:
        raise Invalid(
            N_("The car came in with %(km)s km already."),
            field="road_from_km",
            km=order.mileage_km,
        )
    if not drive.route.strip():
        raise Invalid(N_("Say where the road test went."), field="road_route")


def _add_drive(check: Inspection, drive: Drive, by: User) -> None:
    check.road_test = RoadTest(
        from_km=drive.from_km,
        to_km=drive.to_km,
        route=drive.route.strip(),
        findings=drive.findings.strip(),
        driver_id=by.id,
    )
    session.flush()


def _record(
    order: RepairOrder,
    level: Level,
    asked: Sequence[Asked],
    answers: Sequence[Answer],
    remarks: str,
    by: User,
    at: datetime,
    *,
    job: Job | None = None,
    said: Said = _NOTHING,
) -> Inspection:
    chosen = answering.require_answers(order, asked, answers, job)
    check = Inspection(
        order_id=order.id,
        job_id=job.id if job else None,
        level=level,
        passed=rules.is_passed(verdict for _, _, verdict in chosen),
        remarks=remarks.strip(),
        at=at,
        by_id=by.id,
    )
    session.add(check)
    for position, answered in enumerate(chosen, start=1):
        check.items.append(answering.make_item(order, position, answered, by, at))
    session.flush()
    ruling, reason = said
    separation.note(ruling, check, order.branch, reason, by=by, at=at)
    told = separation.told(ruling, reason)
    audit.write(by, f"repair.{level.value}", check, at, passed=check.passed, **told)
    return check
