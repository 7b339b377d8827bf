"""Taking a plan: whole, by customer, or not at all; what was accepted is undone as one step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workshop import db
from workshop.allocation import placing
from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation, AllocationStatus
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.shop import absences, calendar
from workshop.shop import queries as shop
from workshop.shop.models import Absence, Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import more_time
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch.service import Consent
from workshop.steps.scheduling.pinning import service as pinning
from workshop.steps.scheduling.replanning import batch
from workshop.steps.scheduling.replanning import service as replan
from workshop.steps.scheduling.replanning.changes import Change, Move
from workshop.steps.scheduling.replanning.comparison import Comparison
from workshop.steps.scheduling.replanning.models import (
    PlanReason,
    PlanRun,
    PlanStep,
    RunState,
    StepState,
)


def accept(
    run: PlanRun,
    order_ids: Collection[int],
    consents: Mapping[int, Consent],
    *,
    by: User,
    at: datetime,
) -> list[PlanStep]:
    """Put the jobs of these orders where the plan wants them, all or none.

    Raises Conflict with both versions when the board has changed since the plan was made,
    NotAllowed when times change and that is the advisor's, RuleBroken when a consent is missing
    or one car can only move together with another.
    """
    staff.require_permission(by, Permission.SCHEDULE)
    db.lock("board", run.branch_id)
    replan.require_state(run, RunState.READY, RunState.PARTLY_ACCEPTED)
    shown = Comparison(run)
    chosen = [each for each in shown.changes if each.order.id in order_ids]
    _check_choice(shown, chosen, open_orders(run, shown), consents)
    changes = [_as_change(run, move) for each in chosen for move in each.moves if _is_real(move)]
    pinning.refuse_moves(changes)
    before = {change.job.id: _describe_job(change.job) for change in changes}
    placed = batch.carry_out(changes, consents=consents, paused_at=run.asked_at, by=by, at=at)
    _note_absence(run, by=by, at=at)
    for change in changes:
        more_time.follow_plan(change.job, run.asked_at, by=by, at=at)
    steps = [
        _step(run, change.job, before[change.job.id], placed.get(change.job.id), by=by, at=at)
        for change in changes
    ]
    accepted = {each.order.id for each in chosen}
    left = open_orders(run, shown) - accepted
    run.state = RunState.PARTLY_ACCEPTED if left else RunState.ACCEPTED
    audit.write(by, "scheduling.replan_accept", run, at, orders=sorted(accepted))
    return steps


def open_orders(run: PlanRun, shown: Comparison) -> set[int]:
    """The orders with moves of the plan that nobody has accepted yet."""
    taken = {step.order_id for step in list_steps(run)}
    wanted = {each.order.id for each in shown.changes if any(map(_is_real, each.moves))}
    return wanted - taken


def _is_real(move: Move) -> bool:
    """Whether accepting changes anything; a job that has no place and had none does not."""
    return move.before is not None or move.after is not None


def _check_choice(
    shown: Comparison,
    chosen: Sequence[Change],
    still_open: set[int],
    consents: Mapping[int, Consent],
) -> None:
    ids = {each.order.id for each in chosen}
    if ids & {step.order_id for step in list_steps(shown.run)}:
        raise RuleBroken(N_("This part of the plan was accepted already."), code="accepted")
    if not ids & still_open:
        raise RuleBroken(N_("Choose at least one car to move."), code="none")
    for each in chosen:
        needed = (shown.together_with(each.order.id) & still_open) - ids
        if needed:
            raise RuleBroken(
                N_("%(plate)s takes a place that %(others)s leaves: accept both, or none."),
                code="together",
                plate=each.order.vehicle.called,
                others=[
                    session.get_one(RepairOrder, other).vehicle.called for other in sorted(needed)
                ],
            )
        if each.needs_consent and each.order.id not in consents:
            raise RuleBroken(
                N_("%(plate)s goes to another day: say how, when and who agreed."),
                field="consent_by",
                code="consent",
                plate=each.order.vehicle.called,
                order_id=each.order.id,
            )


def _named(order_ids: Iterable[int]) -> list[str]:
    return [session.get_one(RepairOrder, each).vehicle.called for each in sorted(order_ids)]


def _as_change(run: PlanRun, move: Move) -> batch.Change:
    seen = run.seen.get(f"J{move.job.id}")
    return batch.Change(move.job, move.after.as_place() if move.after else None, seen)


def undo(run: PlanRun, *, by: User, at: datetime) -> list[PlanStep]:
    """Put everything back to where the plan found it, as one step.

    Raises RuleBroken when one of the jobs has begun since, Conflict when one was moved since.
    """
    staff.require_permission(by, Permission.SCHEDULE)
    db.lock("board", run.branch_id)
    replan.require_state(run, RunState.ACCEPTED, RunState.PARTLY_ACCEPTED)
    steps = [step for step in list_steps(run) if step.state is StepState.ACCEPTED]
    for step in steps:
        _refuse_begun(step, at)
    _end_absence(run, by=by, at=at)
    changes = [_as_return(step, run.branch) for step in steps]
    placed = batch.carry_out(changes, consents={}, back=True, by=by, at=at)
    run.state = RunState.UNDONE
    audit.write(by, "scheduling.replan_undo", run, at)
    undone = []
    for step in steps:
        more_time.reopen(step.job, step.at, by=by, at=at)
        allocation = placed.get(step.job_id)
        undone.append(
            _step(run, step.job, step.after, allocation, by=by, at=at, state=StepState.UNDONE)
        )
    return undone


def _refuse_begun(step: PlanStep, at: datetime) -> None:
    """Work whose length alone has changed may be going on; any other that began is history."""
    job, before, after = step.job, step.before, step.after
    session.refresh(job, ["state"])
    is_ahead = after is None or datetime.fromisoformat(after["starts_at"]) >= at
    stays = before is not None and after is not None and _hands(before) == _hands(after)
    if job.state is JobState.WAITING or (job.state is JobState.PAUSED and is_ahead):
        return
    if job.state in queries.NOT_OVER and stays:
        return
    raise RuleBroken(
        N_("%(plate)s has begun since. What has begun stays; move the others one by one."),
        code="begun",
        plate=step.order.vehicle.called,
    )


def _hands(place: Mapping[str, Any]) -> tuple[Any, ...]:
    return place["technician_id"], place["bay_id"], place["starts_at"]


def _as_return(step: PlanStep, branch: Branch) -> batch.Change:
    version = step.after["version"] if step.after else None
    was = step.before
    if was is None:
        return batch.Change(step.job, None, version)
    place = placing.Place(
        shop.get_technician(was["technician_id"], branch),
        shop.get_bay(was["bay_id"], branch) if was["bay_id"] else None,
        datetime.fromisoformat(was["starts_at"]),
        was["minutes"],
        across=was["across"],
        ends_at=datetime.fromisoformat(was["ends_at"]),
    )
    # Work that was handed on half done had ended where it stood; there it goes on.
    piece = _ended_piece(step.job, place)
    paused_minutes = was.get("paused_minutes", 0)
    return batch.Change(step.job, place, version, piece, paused_minutes)


def _ended_piece(job: Job, place: placing.Place) -> Allocation | None:
    """The piece of a paused job that accepting the plan ended at this place."""
    if job.state is not JobState.PAUSED:
        return None
    for each in allocations.list_of([job.id]):
        is_same = (each.technician, each.starts_at) == (place.technician, place.starts_at)
        if is_same and each.status is AllocationStatus.DONE:
            return each
    return None


def _note_absence(run: PlanRun, *, by: User, at: datetime) -> None:
    """Whoever the plan counts as gone is away from the calendar's view as well."""
    cause = run.cause
    if cause.reason is not PlanReason.ABSENT or cause.technician_id is None or run.absence_id:
        return
    day_ends = calendar.day_span(run.branch, calendar.local_day(run.branch, run.asked_at))[1]
    until = cause.until or day_ends
    away = shop.get_technician(cause.technician_id, run.branch).user
    if until <= at or not absences.list_uncovered(away, at, until):
        return
    run.absence_id = absences.add_absence(away, at, until, cause.note, by=by, at=at).id


def _end_absence(run: PlanRun, *, by: User, at: datetime) -> None:
    if run.absence_id is not None:
        absences.end_absence(session.get_one(Absence, run.absence_id), by=by, at=at)
        session.flush()


def may_accept(run: PlanRun, shown: Comparison, user: User) -> bool:
    """Whether the user may take the plan; who may not change times proposes it."""
    if scheduling.may_change_time(run.branch, user):
        return True
    return not any(_changes_time(move) for move in shown.moves)


def _changes_time(move: Move) -> bool:
    if move.before is None:
        return False
    if move.after is None:
        return True
    return (move.before.starts_at, move.before.ends_at) != (
        move.after.starts_at,
        move.after.ends_at,
    )


def list_steps(run: PlanRun) -> list[PlanStep]:
    """What was accepted and undone of the run, the oldest first."""
    query = select(PlanStep).where(PlanStep.run_id == run.id).order_by(PlanStep.id)
    return list(session.scalars(query))


def _describe_job(job: Job) -> dict[str, Any] | None:
    found = _describe(queries.find_live(job))
    return found and found | {"paused_minutes": job.paused_minutes}


def _describe(allocation: Allocation | None) -> dict[str, Any] | None:
    """An allocation as a step of an accepted plan keeps it; names stay readable for ever."""
    if allocation is None:
        return None
    return {
        "technician_id": allocation.technician_id,
        "technician": allocation.technician.name,
        "bay_id": allocation.bay_id,
        "bay": allocation.bay.code if allocation.bay else None,
        "starts_at": allocation.starts_at.isoformat(),
        "ends_at": allocation.ends_at.isoformat(),
        "minutes": allocation.minutes,
        "across": allocation.rest_minutes > 0,
        "version": allocation.version,
    }


def _step(
    run: PlanRun,
    job: Job,
    before: dict[str, Any] | None,
    allocation: Allocation | None,
    *,
    by: User,
    at: datetime,
    state: StepState = StepState.ACCEPTED,
) -> PlanStep:
    step = PlanStep(
        run_id=run.id,
        order_id=job.order_id,
        job_id=job.id,
        before=before,
        after=_describe(allocation),
        state=state,
        at=at,
        by_id=by.id,
    )
    session.add(step)
    session.flush()
    return step
