"""Jobs that are ready to be started: authorised, planned and released through the services."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from PIL import Image
from sqlalchemy import select

from tests.factories import AT, make_bay, make_operation, make_technician
from tests.steps.quotation import factories as quotations
from workshop.db import session
from workshop.orders.models import Job, RepairOrder
from workshop.shop.models import Skill, Technician
from workshop.staff.models import User
from workshop.steps.parts import service as parts
from workshop.steps.repair import queries, rules, work
from workshop.steps.repair.models import Inspection
from workshop.steps.repair.quality import service as quality
from workshop.steps.repair.rules import Answer, Cause, Drive, Fault, Level, Verdict
from workshop.steps.scheduling import queries as plan
from workshop.steps.scheduling.dispatch import service as scheduling

DRIVE = Drive(58_000, 58_006, "中环一圈", "制动平顺")


def make_planned(count: int = 1, *, same: Technician | None = None) -> list[Job]:
    """`count` jobs of one signed order, each planned with a technician of its own, not released."""
    operations = [make_operation() for _ in range(count)]
    for skill in session.scalars(select(Skill)):
        # Each line is a job of its own, also in a shop that groups its skills.
        skill.work_group = None
    signed = quotations.make_signed(*operations)
    jobs = queries.list_jobs(signed.order)
    for number, job in enumerate(jobs):
        assign(job, same or make_technician(), number if same else 0)
    return jobs


def make_ready(count: int = 1, *, same: Technician | None = None) -> list[Job]:
    """`count` jobs of one order that may be started; none needs parts."""
    jobs = make_planned(count, same=same)
    parts.release(jobs[0].order, by=jobs[0].order.advisor, at=AT)
    return jobs


def assign(job: Job, technician: Technician, place: int = 0, at: datetime = AT) -> None:
    """Plan the job; `place` puts it behind others of the same technician."""
    starts_at = at + timedelta(minutes=75 * place + (105 if place > 0 else 0))
    scheduling.assign(job, technician, make_bay(), starts_at, by=job.order.advisor, at=at)


def worker(job: Job) -> User:
    """The technician of the job, as a user."""
    technician = plan.technician_of(job)
    assert technician is not None
    return technician.user


def make_running(count: int = 1) -> list[Job]:
    """Jobs whose clocks run since 10:00."""
    jobs = make_ready(count)
    for job in jobs:
        work.start(job, worker(job), AT)
    return jobs


def tick_all(job: Job, at: datetime) -> None:
    """The four points by hand, five minutes apart."""
    for number, point in enumerate(rules.POINTS_BY_HAND):
        work.tick(job, point, worker(job), at + timedelta(minutes=5 * number))


# What every shop's lists ask at first, and a value of a car that is in order where one is measured.
ASKED: dict[Level, dict[str, str]] = {
    Level.SELF_CHECK: dict.fromkeys(("complete", "works", "torque", "tight", "tidy"), ""),
    Level.QUALITY_CHECK: {
        "order": "",
        "concern": "",
        "torque": "7.5",
        "brakes": "7.5",
        "tyres": "7.5",
        "fluids": "",
        "codes": "7.5",
        "battery": "12.6",
    },
    Level.FINAL_CHECK: dict.fromkeys(("concern", "order", "walkaround", "clean", "promise"), ""),
}


def answers(level: Level, bad: str | None = None) -> list[Answer]:
    """Everything in order, but for the item `bad`."""
    return [
        Answer(code, Verdict.BAD if code == bad else Verdict.GOOD, measured=measured)
        for code, measured in ASKED[level].items()
    ]


def self_check(job: Job, at: datetime, bad: str | None = None) -> Inspection:
    """The self-check of the job's own technician."""
    return quality.self_check(job, answers(Level.SELF_CHECK, bad), by=worker(job), at=at)


def complete(job: Job, at: datetime) -> None:
    """All points, the self-check and the finish of a running job."""
    tick_all(job, at)
    self_check(job, at + timedelta(minutes=25))
    work.finish(job, worker(job), at + timedelta(minutes=30))


def make_checked_in(count: int = 1) -> RepairOrder:
    """An order at the quality check, its jobs done."""
    jobs = make_running(count)
    for job in jobs:
        complete(job, AT + timedelta(minutes=5))
    return jobs[0].order


def fault(order: RepairOrder, complaint: str = "卡钳螺栓未打扭力") -> Fault:
    """A fault of the order's first job."""
    return Fault(queries.list_jobs(order)[0].id, Cause.WORKMANSHIP, complaint, 30)


def picture() -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return out.getvalue()
