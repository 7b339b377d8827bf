"""Why a job stands where it stands: the steps of the plans that were accepted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from workshop.allocation.models import Allocation
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.models import Job
from workshop.shop.models import Branch
from workshop.steps.scheduling.closing import queries as closing
from workshop.steps.scheduling.closing.models import JobHold
from workshop.steps.scheduling.replanning.models import PlanRun, PlanStep, RunState, StepState


def get_run(branch: Branch, run_id: int) -> PlanRun:
    """A run of this branch; raises NotFound."""
    run = session.get(PlanRun, run_id)
    if run is None or run.branch_id != branch.id:
        raise NotFound(N_("There is no such plan."))
    return run


def list_runs(branch: Branch, limit: int = 20) -> list[PlanRun]:
    """The branch's last runs, the newest first."""
    query = select(PlanRun).where(PlanRun.branch_id == branch.id)
    return list(session.scalars(query.order_by(PlanRun.id.desc()).limit(limit)))


def list_proposed(branch: Branch) -> list[PlanRun]:
    """The plans that wait for an advisor."""
    query = select(PlanRun).where(
        PlanRun.branch_id == branch.id,
        PlanRun.proposed_at.is_not(None),
        PlanRun.state.in_((RunState.READY, RunState.PARTLY_ACCEPTED)),
    )
    return list(session.scalars(query.order_by(PlanRun.id)))


def steps_of(job_ids: Iterable[int]) -> dict[int, list[PlanStep]]:
    """What plans have done with these jobs, by job, the newest first."""
    query = (
        select(PlanStep)
        .where(PlanStep.job_id.in_(list(job_ids)))
        .options(joinedload(PlanStep.run), joinedload(PlanStep.by))
        .order_by(PlanStep.id.desc())
    )
    found: dict[int, list[PlanStep]] = {}
    for step in session.scalars(query):
        found.setdefault(step.job_id, []).append(step)
    return found


def list_left_out(run: PlanRun) -> list[tuple[Job, JobHold | None]]:
    """Jobs that the run could not plan: those that are held, and those whose parts have no date."""
    held = closing.held_of(run.left_out)
    jobs = session.scalars(select(Job).where(Job.id.in_(run.left_out)).order_by(Job.id))
    return [(job, held.get(job.id)) for job in jobs]


def placed_by_plan(found: Iterable[Allocation]) -> set[int]:
    """Which of these allocations (by id) stand where an accepted plan has put their job.

    One that a person has moved since, or whose plan was undone, is not among them.
    """
    mine = {each.job_id: each for each in found}
    query = select(PlanStep.job_id, PlanStep.state, PlanStep.after)
    query = query.where(PlanStep.job_id.in_(list(mine))).order_by(PlanStep.id)
    latest = {job_id: (state, after) for job_id, state, after in session.execute(query)}
    return {
        mine[job_id].id
        for job_id, (state, after) in latest.items()
        if state is StepState.ACCEPTED and after and _stands(mine[job_id], after)
    }


def _stands(here: Allocation, after: dict[str, Any]) -> bool:
    there = (after["technician_id"], after["bay_id"], after["starts_at"])
    return there == (here.technician_id, here.bay_id, here.starts_at.isoformat())
