"""Starting, pausing, finishing, the six points: the services."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from tests.databases import Database
from tests.factories import (
    AT,
    make_bay,
    make_job,
    make_operation,
    make_order,
    make_technician,
    make_user,
)
from tests.steps.quotation import factories as quotations
from tests.steps.repair import factories as given
from workshop.allocation.models import AllocationStatus
from workshop.db import session
from workshop.errors import NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobState
from workshop.phone import applied
from workshop.shop.models import Technician, TechnicianSkill
from workshop.staff.permissions import RoleName
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.models import QuotationState
from workshop.steps.repair import gates as repair_gates
from workshop.steps.repair import notes, queries, work
from workshop.steps.repair.models import WorkSession
from workshop.steps.repair.phone import agenda
from workshop.steps.repair.rules import NextAct, PauseReason, Point
from workshop.steps.scheduling import queries as scheduling
from workshop.steps.scheduling.dispatch import service as plan

MINUTE = timedelta(minutes=1)


def test_the_first_start_puts_the_order_in_repair_and_ticks_its_point(database: Database) -> None:
    # given
    (job,) = given.make_ready()
    # when
    opened = work.start(job, given.worker(job), AT)
    # then
    assert job.order.stage is Stage.REPAIR
    assert (job.state, job.started_at) == (JobState.RUNNING, AT)
    assert opened.ended_at is None
    assert [point.point for point in queries.list_points(job)] == [Point.START]


def test_a_job_does_not_start_before_it_is_released(database: Database) -> None:
    (job,) = given.make_planned()
    with pytest.raises(RuleBroken) as refused:
        work.start(job, given.worker(job), AT)
    assert refused.value.code == "released"
    assert job.order.stage is Stage.SCHEDULED


def test_a_job_without_technician_and_authorisation_names_all_that_is_missing(
    database: Database,
) -> None:
    (job,) = given.make_ready()
    job.order.released_at = None
    allocation = scheduling.find_allocation(job)
    assert allocation is not None
    allocation.status = AllocationStatus.CANCELLED
    signed = quotation.find_signed(job.order)
    assert signed is not None
    signed.state = QuotationState.SUPERSEDED
    session.flush()
    missing = {each.code for each in repair_gates.missing_to_start(job)}
    assert missing == {"authorisation", "technician", "released"}


def test_only_the_assigned_technician_works_on_a_job(database: Database) -> None:
    (job,) = given.make_ready()
    stranger = make_technician().user
    with pytest.raises(NotAllowed):
        work.start(job, stranger, AT)
    with pytest.raises(NotAllowed):
        work.start(job, job.order.advisor, AT)


def test_a_technician_has_one_running_clock(database: Database) -> None:
    technician = make_technician()
    first, second = given.make_ready(2, same=technician)
    work.start(first, technician.user, AT)
    with pytest.raises(RuleBroken) as refused:
        work.start(second, technician.user, AT)
    assert refused.value.code == "other_running"
    assert second.state is JobState.WAITING


def test_the_database_refuses_a_second_open_clock_of_a_technician(database: Database) -> None:
    technician = make_technician()
    first, second = given.make_ready(2, same=technician)
    work.start(first, technician.user, AT)
    session.add(WorkSession(job_id=second.id, technician_id=technician.id, started_at=AT))
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_order_pauses_only_when_all_its_unfinished_jobs_do(database: Database) -> None:
    # given
    first, second = given.make_running(2)
    order = first.order
    # when
    work.pause(first, PauseReason.PARTS, given.worker(first), AT + MINUTE)
    # then
    assert order.stage is Stage.REPAIR
    # when
    work.pause(second, PauseReason.BREAK, given.worker(second), AT + 2 * MINUTE)
    # then
    assert order.stage is Stage.PAUSED
    # when
    work.resume(first, given.worker(first), AT + 3 * MINUTE)
    # then
    assert order.stage is Stage.REPAIR
    assert first.state is JobState.RUNNING


def test_clocked_minutes_leave_the_pauses_out(database: Database) -> None:
    (job,) = given.make_running()
    user = given.worker(job)
    work.pause(job, PauseReason.BREAK, user, AT + 20 * MINUTE)
    work.resume(job, user, AT + 80 * MINUTE)
    assert queries.clocked_minutes(job) == 20
    assert queries.clocked_minutes(job, AT + 90 * MINUTE) == 30


def test_the_controller_stops_a_forgotten_clock_and_a_washer_does_not(database: Database) -> None:
    (job,) = given.make_running()
    with pytest.raises(NotAllowed):
        work.pause(job, PauseReason.BREAK, make_user(RoleName.WASHER), AT + MINUTE)
    work.pause(job, PauseReason.BREAK, make_user(RoleName.JOB_CONTROLLER), AT + MINUTE)
    assert job.state is JobState.PAUSED


def test_the_finish_names_each_point_and_the_self_check_that_are_missing(
    database: Database,
) -> None:
    (job,) = given.make_running()
    with pytest.raises(RuleBroken) as refused:
        work.finish(job, given.worker(job), AT + MINUTE)
    codes = [each.code for each in refused.value.missing]
    assert codes == [
        "point_protection",
        "point_process",
        "point_off_floor",
        "point_additions",
        "self_check",
    ]
    assert job.state is JobState.RUNNING


def test_a_failed_self_check_keeps_the_job_open(database: Database) -> None:
    (job,) = given.make_running()
    given.tick_all(job, AT + MINUTE)
    given.self_check(job, AT + 30 * MINUTE, bad="torque")
    with pytest.raises(RuleBroken) as refused:
        work.finish(job, given.worker(job), AT + 31 * MINUTE)
    assert [each.code for each in refused.value.missing] == ["self_check"]


def test_the_last_finished_job_sends_the_order_to_the_quality_check(database: Database) -> None:
    # given
    first, second = given.make_running(2)
    # when
    given.complete(first, AT + MINUTE)
    # then
    assert first.order.stage is Stage.REPAIR
    # when
    given.complete(second, AT + MINUTE)
    # then
    assert first.order.stage is Stage.QUALITY_CHECK
    assert len(queries.list_points(second)) == 6
    assert second.finished_at == AT + 31 * MINUTE
    allocation = scheduling.find_allocation(second)
    assert allocation is not None
    assert allocation.status is AllocationStatus.DONE


def test_a_finished_job_leaves_the_order_paused_when_the_other_one_is(database: Database) -> None:
    first, second = given.make_running(2)
    work.pause(second, PauseReason.PARTS, given.worker(second), AT + MINUTE)
    given.complete(first, AT + MINUTE)
    assert first.order.stage is Stage.PAUSED


def test_every_point_has_its_own_time_and_haste_is_noted(database: Database) -> None:
    (job,) = given.make_running()
    user = given.worker(job)
    work.tick(job, Point.PROTECTION, user, AT + MINUTE)
    work.tick(job, Point.PROCESS, user, AT + MINUTE + timedelta(seconds=1))
    work.tick(job, Point.OFF_FLOOR, user, AT + 5 * MINUTE)
    times = {each.point: (each.ticked_at, each.hurried) for each in queries.list_points(job)}
    assert times[Point.PROTECTION] == (AT + MINUTE, False)
    assert times[Point.PROCESS] == (AT + MINUTE + timedelta(seconds=1), True)
    assert times[Point.OFF_FLOOR] == (AT + 5 * MINUTE, False)


def test_start_and_finish_are_not_ticked_by_hand(database: Database) -> None:
    (job,) = given.make_running()
    with pytest.raises(RuleBroken) as refused:
        work.tick(job, Point.FINISH, given.worker(job), AT + MINUTE)
    assert refused.value.code == "by_act"


def test_a_tick_is_taken_back_and_made_again_but_not_late(database: Database) -> None:
    # given
    (job,) = given.make_running()
    user = given.worker(job)
    work.tick(job, Point.PROTECTION, user, AT + MINUTE)
    # when
    work.untick(job, Point.PROTECTION, user, AT + MINUTE + timedelta(seconds=9))
    # then
    assert queries.find_point(job, Point.PROTECTION) is None
    # when
    again = work.tick(job, Point.PROTECTION, user, AT + 2 * MINUTE)
    # then
    assert again.ticked_at == AT + 2 * MINUTE
    with pytest.raises(RuleBroken):
        work.untick(job, Point.PROTECTION, user, AT + 3 * MINUTE)


def test_what_comes_next_walks_from_start_to_finish(database: Database) -> None:
    (job,) = given.make_ready()
    user = given.worker(job)
    assert agenda.find_next_act(job) is NextAct.START
    work.start(job, user, AT)
    assert agenda.find_next_act(job) is NextAct.POINTS
    given.tick_all(job, AT + MINUTE)
    assert agenda.find_next_act(job) is NextAct.SELF_CHECK
    given.self_check(job, AT + 30 * MINUTE)
    assert agenda.find_next_act(job) is NextAct.FINISH
    work.pause(job, PauseReason.BREAK, user, AT + 31 * MINUTE)
    assert agenda.find_next_act(job) is NextAct.RESUME


def let_expire(job: Job, day: date) -> Technician:
    """Let the certificate for this job expire on that day."""
    technician = scheduling.technician_of(job)
    assert technician is not None
    held = session.query(TechnicianSkill).filter_by(technician_id=technician.id).one()
    held.expires_on = day
    session.flush()
    return technician


def test_an_expired_certificate_closes_the_job_to_its_technician(database: Database) -> None:
    # given: it was valid when the job was planned
    (job,) = given.make_ready()
    technician = let_expire(job, date(2026, 11, 23) - timedelta(days=1))
    words = "The certificate of %(technician)s expired on %(expired)s."
    # then: the job can neither be started nor planned again with this technician
    assert [each.message for each in repair_gates.missing_to_start(job, AT)] == [words]
    with pytest.raises(RuleBroken) as refused:
        work.start(job, technician.user, AT)
    assert refused.value.code == "skill"
    assert str(refused.value) == (
        f"The certificate of {technician.name} expired on {date(2026, 11, 23) - timedelta(days=1)}."
    )
    assert job.state is JobState.WAITING
    # and on the last day of the certificate it can
    let_expire(job, date(2026, 11, 23))
    work.start(job, technician.user, AT)
    # but a paused job is not taken up again when it has expired overnight
    work.pause(job, PauseReason.BREAK, technician.user, AT + 30 * MINUTE)
    with pytest.raises(RuleBroken, match="expired"):
        work.resume(job, technician.user, AT + timedelta(days=1))


def test_nobody_is_assigned_work_on_a_day_after_the_certificate(database: Database) -> None:
    (job,) = given.make_planned()
    technician = let_expire(job, date(2026, 11, 23))
    other = make_job(make_order(Stage.AUTHORISED))
    advisor = job.order.advisor
    with pytest.raises(RuleBroken, match="expired"):
        plan.assign(other, technician, make_bay(), AT + timedelta(days=1), by=advisor, at=AT)
    plan.assign(other, technician, make_bay(), AT + timedelta(hours=4), by=advisor, at=AT)


def test_an_action_id_counts_once(database: Database) -> None:
    user = make_user(RoleName.TECHNICIAN)
    other = make_user(RoleName.TECHNICIAN)
    assert applied.find_answer("abc", "start", by=user) is None
    applied.keep("abc", "start", {"url": "/my-jobs"}, received_at=AT, by=user, at=AT)
    # the answer of a repeated id is the first one's, for this person and this act
    assert applied.find_answer("abc", "start", by=user) == {"url": "/my-jobs"}
    assert applied.find_answer("abc", "start", by=other) is None
    with pytest.raises(RuleBroken):
        applied.find_answer("abc", "finish", by=user)
    # the guard in the table
    with pytest.raises(IntegrityError), session.begin_nested():
        applied.keep("abc", "start", {}, received_at=AT, by=user, at=AT)
    # an act without an id is always new
    applied.keep("", "start", {}, received_at=AT, by=user, at=AT)
    assert applied.find_answer("", "start", by=user) is None


def test_a_note_needs_words_or_a_photo(database: Database) -> None:
    (job,) = given.make_running()
    user = given.worker(job)
    with pytest.raises(RuleBroken):
        notes.add_note(job, "  ", by=user, at=AT)
    note = notes.add_note(job, "", photo=given.picture(), by=user, at=AT)
    assert note.photo_id is not None


def test_what_waits_for_somebody_else_comes_after_what_can_be_done(database: Database) -> None:
    technician = make_technician()
    first, second = given.make_ready(2, same=technician)
    work.start(first, technician.user, AT)
    assert [each.job for each in agenda.list_my_jobs(technician)] == [first, second]
    work.pause(first, PauseReason.BREAK, technician.user, AT + MINUTE)
    assert [each.job for each in agenda.list_my_jobs(technician)] == [first, second]
    work.resume(first, technician.user, AT + 2 * MINUTE)
    work.pause(first, PauseReason.PARTS, technician.user, AT + 3 * MINUTE)
    assert [each.job for each in agenda.list_my_jobs(technician)] == [second, first]


def test_what_cannot_be_started_comes_after_what_can_be_gone_on_with(database: Database) -> None:
    # given: another car of the same technician whose parts nobody has released
    technician = make_technician()
    (first,) = given.make_ready(same=technician)
    blocked = queries.list_jobs(quotations.make_signed(make_operation()).order)[0]
    given.assign(blocked, technician, 1)
    work.start(first, technician.user, AT)
    # when
    work.pause(first, PauseReason.SUPPORT, technician.user, AT + MINUTE)
    # then
    assert repair_gates.missing_to_start(blocked)
    assert [each.job for each in agenda.list_my_jobs(technician)] == [first, blocked]
