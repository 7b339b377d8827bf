"""Many callers at once for one technician and one bay: exactly one of them wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from tests.allocation.factories import make_allocation
from tests.databases import Database
from tests.factories import (
    AT,
    make_bay,
    make_branch,
    make_job,
    make_skill,
    make_technician,
    make_user,
)
from tests.shop.factories import hour
from workshop import db
from workshop.allocation import service as allocations
from workshop.allocation import team
from workshop.allocation.models import Allocation, AllocationStatus, Assistance
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.capacity.remaining import Need
from workshop.db import session
from workshop.errors import Conflict, RuleBroken
from workshop.shop.models import Bay, Branch, Technician
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

CALLERS = 24


def race(database: Database, attempt: Callable[[int], None]) -> list[bool]:
    """Let all callers begin at one moment, each with its own transaction; who got through."""
    barrier = threading.Barrier(CALLERS)

    def call(number: int) -> bool:
        with database.app.app_context():
            barrier.wait()
            try:
                attempt(number)
                db.commit()
            except (RuleBroken, Conflict, IntegrityError, OperationalError):
                db.rollback()
                return False
            finally:
                session.remove()
            return True

    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(call, range(CALLERS)))


def count_live() -> int:
    session.rollback()
    query = select(func.count()).where(Allocation.status != AllocationStatus.CANCELLED)
    return session.scalar(query) or 0


@pytest.mark.parametrize("wanted", ["technician", "bay"])
def test_one_of_many_overlapping_callers_gets_what_all_want(
    database: Database, wanted: str
) -> None:
    # given everybody wants the same one at overlapping times, and has the other to themselves
    technician, bay = make_technician(), make_bay()
    advisor_id = make_user(RoleName.SERVICE_ADVISOR).id
    places = [
        (
            make_job().id,
            technician.id if wanted == "technician" else make_technician().id,
            bay.id if wanted == "bay" else make_bay().id,
        )
        for _ in range(CALLERS)
    ]
    db.commit()

    # when
    def attempt(number: int) -> None:
        job_id, technician_id, bay_id = places[number]
        allocations.allocate(
            job_id,
            session.get_one(Technician, technician_id),
            session.get_one(Bay, bay_id),
            hour(14 + number % 4 / 4),
            60,
            by=session.get_one(User, advisor_id),
            at=AT,
        )

    won = race(database, attempt)
    # then
    assert won.count(True) == 1
    assert count_live() == 1


def test_the_days_last_hours_are_sold_once(database: Database) -> None:
    # given one technician's day: 432 minutes may be sold ahead, seven hours of them whole
    make_technician()
    branch_id, skill_id = make_branch().id, make_skill().id
    db.commit()

    # when
    def attempt(number: int) -> None:
        branch = session.get_one(Branch, branch_id)
        day = date(2026, 11, 23)
        capacity.take(branch, day, Need(skill_id), 60, TakeSource.APPOINTMENT, number, at=AT)

    won = race(database, attempt)
    # then
    assert won.count(True) == 7


def test_the_guard_alone_lets_one_through_when_nobody_asks_first(database: Database) -> None:
    # given writers who pass the service by
    technician, bay = make_technician(), make_bay()
    jobs = [make_job().id for _ in range(CALLERS)]
    technician_id, bay_id = technician.id, bay.id
    db.commit()

    # when
    def attempt(number: int) -> None:
        make_allocation(
            session.get_one(Technician, technician_id),
            session.get_one(Bay, bay_id),
            hour(14 + number % 4 / 4),
            job_id=jobs[number],
        )

    won = race(database, attempt)
    # then no two overlap; PostgreSQL may break a tie by refusing more than needed, never fewer
    assert won.count(True) == count_live() == 1


def test_one_of_many_controllers_gets_the_second_technician_whom_all_want(
    database: Database,
) -> None:
    # given as many jobs at overlapping times, each with a lead of its own
    controller_id, helper_id = make_user(RoleName.JOB_CONTROLLER).id, make_technician().id
    leads = [make_allocation(starts_at=hour(14 + number % 4 / 4)).id for number in range(CALLERS)]
    db.commit()

    # when
    def attempt(number: int) -> None:
        lead = session.get_one(Allocation, leads[number])
        team.add(
            lead,
            team.Helper(session.get_one(Technician, helper_id), 50),
            seen_version=lead.version,
            by=session.get_one(User, controller_id),
            at=AT,
        )

    won = race(database, attempt)

    # then
    assert won.count(True) == 1
    session.rollback()
    [helping] = session.scalars(select(Assistance).where(Assistance.technician_id == helper_id))
    assert helping.lead_id == leads[won.index(True)]


def test_one_of_many_controllers_puts_somebody_on_the_job(database: Database) -> None:
    # given a job, and a technician for each controller
    lead_id = make_allocation().id
    controller_id = make_user(RoleName.JOB_CONTROLLER).id
    helpers = [make_technician().id for _ in range(CALLERS)]
    db.commit()

    # when
    def attempt(number: int) -> None:
        lead = session.get_one(Allocation, lead_id)
        team.add(
            lead,
            team.Helper(session.get_one(Technician, helpers[number]), 50),
            seen_version=1,
            by=session.get_one(User, controller_id),
            at=AT,
        )

    won = race(database, attempt)

    # then
    assert won.count(True) == 1
    session.rollback()
    [helping] = session.scalars(select(Assistance).where(Assistance.lead_id == lead_id))
    assert helping.technician_id == helpers[won.index(True)]
