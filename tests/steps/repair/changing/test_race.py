"""The customer takes work off in the moment in which the technician starts it."""

from __future__ import annotations

from tests.databases import Database
from tests.factories import AT
from tests.steps.repair import factories as given
from tests.steps.repair.test_race import at_once
from workshop import db
from workshop.db import session
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.staff.models import User
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.answers import Answer
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.repair import queries, work
from workshop.steps.repair.changing import taking_off as changing
from workshop.steps.repair.changing.foresight import Wish
from workshop.steps.repair.changing.taking_off import Wanted


def test_work_is_off_whether_or_not_somebody_starts_it_just_then(database: Database) -> None:
    # given
    first, second = given.make_ready(2)
    order_id, job_id, user_id = first.order.id, second.id, given.worker(second).id
    lines = quotation.list_authorised_lines(first.order)
    wishes = {next(each.id for each in lines if each.job_id == job_id): Wish()}
    db.commit()

    def start() -> None:
        work.start(session.get_one(Job, job_id), session.get_one(User, user_id), AT)

    def take_off() -> None:
        order = session.get_one(RepairOrder, order_id)
        wanted = Wanted(wishes, "时间来不及")
        changing.take_off(order, wanted, Answer("王小明"), shown_at=AT, by=order.advisor, at=AT)

    # when
    answers = at_once(database.app, [start, take_off, start, take_off])
    # then: it is off once, no clock runs, and nothing is billed twice
    session.expire_all()
    job = session.get_one(Job, job_id)
    assert answers.count("done") in (1, 2)
    assert job.state is JobState.CANCELLED
    assert queries.find_open_session(job) is None
    assert len(taking_off.list_off(job.order)) == 1
