"""Timers: jobs are found, one process leads, and a failing job harms no other."""

from __future__ import annotations

import threading
from importlib import import_module
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from tests.databases import Database
from tests.factories import make_user
from workshop import db, timers
from workshop.staff.models import User
from workshop.staff.permissions import RoleName


def test_every_listed_job_has_a_sensible_interval(app: Flask) -> None:
    jobs = list(timers.list_jobs(app))
    package = Path(timers.__file__).parent
    files = [path.relative_to(package.parent) for path in package.rglob("jobs.py")]
    modules = [import_module(".".join(path.with_suffix("").parts)) for path in files]
    assert sorted(jobs, key=str) == sorted([job for each in modules for job in each.JOBS], key=str)
    assert all(seconds >= 10 for _, seconds in jobs)


def test_exactly_one_process_leads_and_another_takes_over(
    database: Database, tmp_path: Path
) -> None:
    # given
    first, second = timers.Leader(database.app, tmp_path), timers.Leader(database.app, tmp_path)
    # when, then
    assert first.try_lead()
    assert not second.try_lead()
    assert first.try_lead()
    first.resign()
    assert second.try_lead()
    second.resign()


def test_a_job_commits_and_a_failing_one_is_rolled_back(database: Database, tmp_path: Path) -> None:
    # given
    make_user(RoleName.CASHIER, name="前")
    db.commit()
    leader = timers.Leader(database.app, tmp_path)

    def rename(name: str) -> None:
        db.session.scalars(select(User)).one().display_name = name

    def succeed() -> None:
        rename("后")

    def fail() -> None:
        rename("坏")
        raise ValueError("a fault in a job")

    # when
    for job in (succeed, fail):
        thread = threading.Thread(target=timers.run_one, args=(database.app, leader, job))
        thread.start()
        thread.join()
    leader.resign()
    # then
    db.session.expire_all()
    assert db.session.scalars(select(User)).one().display_name == "后"
