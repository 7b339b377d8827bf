"""Asking the planner for another plan; nothing moves before it is accepted (acceptance.py)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, Way
from workshop.planner import greedy, reading, verify
from workshop.planner import problem as planning
from workshop.shop import queries as shop
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.pinning import clashes as pin_clashes
from workshop.steps.scheduling.replanning import consequences, situation
from workshop.steps.scheduling.replanning.models import Cause, PlanReason, PlanRun, RunState

# How long the planner may search; whoever waits sees the quick answer meanwhile.
SECONDS = 10
_BOARD = Way("scheduling.index", N_("Open the board"))


def ask(branch: Branch, cause: Cause, *, by: User, at: datetime) -> PlanRun:
    """Put the question, with the quick answer at once; the caller starts the planner.

    Raises Invalid when the cause is not whole, RuleBroken when there is nothing to plan.
    """
    staff.require_permission(by, Permission.SCHEDULE)
    _check_job(branch, cause)
    cause = consequences.complete(cause)
    _check_cause(branch, cause, at)
    found = situation.read(branch, at, cause)
    if not found.problem.jobs and found.left_out:
        words = N_("The planner can move none of the jobs: move them on the board.")
        raise RuleBroken(words, code="left_out", way=_BOARD)
    if not found.problem.jobs:
        raise RuleBroken(N_("There is no job to plan."), code="empty")
    _refuse_clashes(found)
    raw = planning.as_json(found.problem)
    faults = reading.faults_of(raw)
    if faults:
        message = N_("The board contradicts itself: %(fault)s. Put that right first.")
        raise RuleBroken(message, code="board", way=_BOARD, fault=faults[0])
    run = PlanRun(
        branch_id=branch.id,
        reason=cause.reason,
        details=cause.as_json(),
        asked_by_id=by.id,
        asked_at=at,
        state=RunState.RUNNING,
        origin_at=found.origin_at,
        problem=raw,
        plan=_quick_plan(found.problem),
        seen=found.seen,
        left_out=found.left_out,
        seconds=SECONDS,
    )
    session.add(run)
    audit.write(by, "scheduling.replan", run, at, reason=cause.reason.value)
    return run


def _check_job(branch: Branch, cause: Cause) -> None:
    if cause.reason in (PlanReason.OVERRUN, PlanReason.PART_LATE):
        if cause.job_id is None:
            raise Invalid(N_("Say which job."), field="job_id")
        queries.get_job_of_branch(branch, cause.job_id)


def _refuse_clashes(found: situation.Situation) -> None:
    clashes = pin_clashes.list_clashes(found)
    if clashes:
        raise RuleBroken(
            N_("Fixed cards that cannot stay where they are: %(count)s. Release or move them."),
            code="pinned",
            way=_BOARD,
            count=len(clashes),
            clashes=clashes,
        )


def _check_cause(branch: Branch, cause: Cause, at: datetime) -> None:
    if cause.reason is PlanReason.ABSENT:
        if cause.technician_id is None:
            raise Invalid(N_("Say who goes home."), field="technician_id")
        shop.get_technician(cause.technician_id, branch)
        if cause.until is not None and cause.until <= at:
            raise Invalid(N_("The end must come after the start."), field="until")
    if cause.reason is PlanReason.OVERRUN and not 1 <= cause.minutes <= 720:
        raise Invalid(N_("Say by how many minutes, 1 to 720."), field="minutes")
    if cause.reason is PlanReason.PART_LATE and (cause.until is None or cause.until <= at):
        raise Invalid(N_("Say when the part comes; that lies in the future."), field="until")


def _quick_plan(problem: planning.Problem) -> dict[str, Any] | None:
    plan = greedy.keep(problem)
    return None if verify.faults(problem, plan) else plan.as_json()


def stop(run: PlanRun, *, by: User, at: datetime) -> None:
    """Take the best answer so far for good; the planner's process ends by itself."""
    staff.require_permission(by, Permission.SCHEDULE)
    require_state(run, RunState.RUNNING)
    if run.plan is None:
        raise RuleBroken(N_("There is no plan yet."), code="no_plan")
    run.state, run.finished_at = RunState.READY, at
    audit.write(by, "scheduling.replan_stop", run, at)


def reject(run: PlanRun, *, by: User, at: datetime) -> None:
    """Leave the board as it is; a planner that is still at work is stopped."""
    staff.require_permission(by, Permission.SCHEDULE)
    require_state(run, RunState.RUNNING, RunState.READY)
    run.state, run.finished_at = RunState.CANCELLED, run.finished_at or at
    audit.write(by, "scheduling.replan_reject", run, at)


def propose(run: PlanRun, *, by: User, at: datetime) -> None:
    """Give the plan to the advisor, who alone may change times (domain.md §2)."""
    staff.require_permission(by, Permission.SCHEDULE)
    require_state(run, RunState.READY, RunState.PARTLY_ACCEPTED)
    run.proposed_by_id, run.proposed_at = by.id, at
    audit.write(by, "scheduling.replan_propose", run, at)


def mark_outdated(run: PlanRun, *, by: User, at: datetime) -> None:
    """The board went on without this plan; only a new one can be accepted."""
    if run.state is RunState.READY:
        run.state = RunState.OUTDATED
        audit.write(by, "scheduling.replan_outdated", run, at)


def require_state(run: PlanRun, *states: RunState) -> None:
    session.refresh(run, ["state"])
    if run.state not in states:
        raise RuleBroken(
            N_("This plan is decided already: %(state)s."), code="decided", state=run.state
        )
