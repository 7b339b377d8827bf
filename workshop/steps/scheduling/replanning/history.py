"""Why a job stands where it stands: the steps of the plans that were accepted."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.shop.models import Branch
from workshop.steps.scheduling.replanning.models import PlanRun, PlanStep, RunState


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
