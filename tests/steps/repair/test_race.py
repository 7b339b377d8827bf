"""Taps that come at the same moment, each in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask

from tests.databases import Database
from tests.factories import AT
from tests.steps.repair import factories as given
from workshop import db
from workshop.db import session
from workshop.errors import WorkshopError
from workshop.orders.flow import Stage
from workshop.orders.models import Job, RepairOrder
from workshop.phone import applied
from workshop.staff.models import User
from workshop.steps.repair import queries, work


def at_once(app: Flask, calls: list[Callable[[], None]]) -> list[str]:
    """Let all calls begin together; what each was answered."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], None]) -> str:
        barrier.wait()
        with app.app_context():
            try:
                call()
                db.commit()
            except WorkshopError as refusal:
                db.rollback()
                return refusal.code
            return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_a_double_tap_starts_the_clock_once(database: Database) -> None:
    # given
    (job,) = given.make_ready()
    job_id, user_id = job.id, given.worker(job).id
    db.commit()

    def tap() -> None:
        user = session.get_one(User, user_id)
        if applied.find_answer("the-same-tap", "start", by=user) is None:
            work.start(session.get_one(Job, job_id), user, AT)
            applied.keep("the-same-tap", "start", {"n": 1}, received_at=AT, by=user, at=AT)

    # when
    answers = at_once(database.app, [tap] * 6)
    # then
    assert answers == ["done"] * 6
    assert len(queries.list_sessions(session.get_one(Job, job_id))) == 1


def test_two_last_jobs_finished_at_once_send_the_car_to_the_check(database: Database) -> None:
    # given
    jobs = given.make_running(2)
    for job in jobs:
        given.tick_all(job, AT + timedelta(minutes=5))
        given.self_check(job, AT + timedelta(minutes=30))
    order_id = jobs[0].order_id
    pairs = [(job.id, given.worker(job).id) for job in jobs]
    db.commit()

    def finisher(job_id: int, user_id: int) -> Callable[[], None]:
        def finish() -> None:
            user = session.get_one(User, user_id)
            work.finish(session.get_one(Job, job_id), user, AT + timedelta(minutes=40))

        return finish

    # when
    answers = at_once(database.app, [finisher(*pair) for pair in pairs])
    # then
    assert answers == ["done", "done"]
    assert session.get_one(RepairOrder, order_id).stage is Stage.QUALITY_CHECK
