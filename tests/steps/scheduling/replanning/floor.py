"""A shop whose board can go wrong: two technicians, two lifts, and cars with promises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from tests.factories import (
    AT,
    make_bay,
    make_branch,
    make_job,
    make_order,
    make_part,
    make_skill,
    make_technician,
    make_user,
)
from tests.shop.factories import hour
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobState
from workshop.planner import greedy
from workshop.planner import problem as planning
from workshop.shop.models import Bay, Branch, Technician
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch.service import Consent
from workshop.steps.scheduling.replanning import acceptance
from workshop.steps.scheduling.replanning import service as replan
from workshop.steps.scheduling.replanning.comparison import Comparison
from workshop.steps.scheduling.replanning.models import Cause, PlanReason, PlanRun, PlanStep
from workshop.stock.models import Backorder


@dataclass
class Floor:
    """The people and places of a test, and its jobs in the order in which they were planned."""

    branch: Branch
    advisor: User
    controller: User
    people: list[Technician]
    bays: list[Bay]
    jobs: list[Job]

    def plan(
        self, hours: float, who: int = 0, *, promised: float = 17, minutes: int = 60, **values: Any
    ) -> Job:
        """A car with one job of an hour, planned with one of the technicians in a bay."""
        job = self.queue(promised=promised, minutes=minutes, **values)
        scheduling.assign(
            job, self.people[who], self.bays[who], hour(hours), by=self.advisor, at=AT
        )
        self.jobs.append(job)
        return job

    def queue(self, *, promised: float = 17, minutes: int = 60, **values: Any) -> Job:
        """A car with one job that waits for a place."""
        order = make_order(
            Stage.AUTHORISED, advisor=self.advisor, promised_at=hour(promised), **values
        )
        job = make_job(order, book_minutes=minutes)
        session.flush()
        return job

    def ask(self, cause: Cause, by: User | None = None) -> PlanRun:
        """The quick answer, as if the planner had said nothing better."""
        run = replan.ask(self.branch, cause, by=by or self.advisor, at=AT)
        replan.stop(run, by=by or self.advisor, at=AT)
        session.flush()
        return run

    def goes_home(self, who: int = 0) -> Cause:
        return Cause(PlanReason.ABSENT, technician_id=self.people[who].id, note="发烧")

    def accept(
        self, run: PlanRun, *jobs: Job, consents: Mapping[int, Consent] | None = None
    ) -> list[PlanStep]:
        """Accept the plan for the cars of these jobs, or all of it."""
        chosen = {job.order_id for job in jobs}
        chosen = chosen or acceptance.open_orders(run, Comparison(run))
        return acceptance.accept(run, chosen, consents or {}, by=self.advisor, at=AT)


def make_floor(technicians: int = 2) -> Floor:
    """The floor on Monday at ten, with nothing planned."""
    branch = make_branch()
    skill = make_skill()
    floor = Floor(
        branch=branch,
        advisor=make_user(RoleName.SERVICE_ADVISOR, name="顾问甲"),
        controller=make_user(RoleName.JOB_CONTROLLER, name="控工乙"),
        people=[make_technician(skill=skill) for _ in range(technicians)],
        bays=[make_bay() for _ in range(technicians)],
        jobs=[],
    )
    session.flush()
    return floor


def start(job: Job, hours: float) -> None:
    """The job has been at work since then."""
    job.state, job.started_at = JobState.RUNNING, hour(hours)
    session.flush()


def place_of(job: Job) -> tuple[str, str | None, object]:
    """Who does the job, where, and from when."""
    live = scheduling.get_live(job)
    return live.technician.name, live.bay.code if live.bay else None, live.starts_at


def quick(problem: planning.Problem) -> planning.Plan:
    """The quick answer by itself."""
    return greedy.keep(problem)


def is_guarded(change: Callable[[], object], words: str | None = None) -> None:
    """The database itself refuses the change, with these words."""
    with pytest.raises(IntegrityError, match=words):
        _write(change)


def _write(change: Callable[[], object]) -> None:
    with session.begin_nested():
        change()
        session.flush()


def make_shortage(job: Job, expected_at: datetime) -> Backorder:
    """A part that the job needs, and when the parts counter expects it."""
    shortage = Backorder(
        branch_id=job.order.branch_id,
        part_id=make_part(on_hand=0).id,
        order_id=job.order_id,
        quantity_milli=1000,
        expected_at=expected_at,
        noted_at=AT,
        noted_by_id=job.order.advisor_id,
    )
    session.add(shortage)
    session.flush()
    return shortage
