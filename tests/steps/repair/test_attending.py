"""Who is not here starts nothing; who leaves stops the clock first; who falls ill at noon."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.databases import Database
from tests.factories import (
    AT,
    make_attendance,
    make_bay,
    make_operation,
    make_technician,
    make_user,
)
from tests.shop.factories import hour
from tests.steps.quotation import factories as quotations
from tests.steps.repair import factories as given
from workshop.attendance import leaving, presence
from workshop.attendance import service as attendance
from workshop.attendance.presence import State
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobState
from workshop.shop import calendar
from workshop.shop.models import Technician
from workshop.staff.permissions import RoleName
from workshop.steps.parts import service as parts
from workshop.steps.repair import attending, queries, work
from workshop.steps.repair.phone import agenda
from workshop.steps.repair.rules import PauseReason
from workshop.steps.scheduling.board import page as board
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.replanning import acceptance
from workshop.steps.scheduling.replanning import service as replan
from workshop.steps.scheduling.replanning.comparison import Comparison
from workshop.steps.scheduling.replanning.models import Cause, PlanReason
from workshop.steps.scheduling.watch import service as watch
from workshop.steps.scheduling.watch.models import AlarmKind

MINUTE = timedelta(minutes=1)


def test_nobody_starts_work_who_is_not_clocked_in(database: Database) -> None:
    # given
    technician = make_technician(here_since=None)
    (job,) = given.make_ready(same=technician)
    # when / then
    with pytest.raises(RuleBroken, match="not clocked in") as caught:
        work.start(job, technician.user, AT)
    assert caught.value.code == "not_clocked_in"
    assert job.state is JobState.WAITING
    attending.arrive(technician.user, AT)
    work.start(job, technician.user, AT + MINUTE)
    assert job.state is JobState.RUNNING


def test_nobody_goes_on_during_a_break(database: Database) -> None:
    technician = make_technician()
    (job,) = given.make_ready(same=technician)
    work.start(job, technician.user, AT)
    # when
    attending.take_break(technician.user, AT + 10 * MINUTE)
    # then: the job rests for the meal, and the order with it
    (stretch,) = queries.list_sessions(job)
    assert (stretch.ended_at, stretch.pause_reason) == (AT + 10 * MINUTE, PauseReason.BREAK)
    assert job.order.stage is Stage.PAUSED
    with pytest.raises(RuleBroken, match="on a break") as caught:
        work.resume(job, technician.user, AT + 20 * MINUTE)
    assert caught.value.code == "on_break"
    # when
    attending.come_back(technician.user, AT + 30 * MINUTE)
    work.resume(job, technician.user, AT + 30 * MINUTE)
    # then
    assert job.state is JobState.RUNNING
    assert queries.clocked_minutes(job, AT + 40 * MINUTE) == 20


def test_going_home_stops_the_clock(database: Database) -> None:
    technician = make_technician()
    (job,) = given.make_ready(same=technician)
    work.start(job, technician.user, AT)
    attending.go_home(technician.user, AT + 10 * MINUTE)
    assert job.state is JobState.PAUSED
    assert presence.of(technician, AT + 11 * MINUTE).state is State.GONE
    # the job keeps its place as the first one for the morning
    assert agenda.list_my_jobs(technician, AT + 11 * MINUTE)[0].job is job


def test_one_act_comes_in_or_back_from_the_break(database: Database) -> None:
    technician = make_technician(here_since=None)
    attending.be_here(technician.user, AT)
    assert presence.of(technician, AT).is_here
    attending.be_here(technician.user, AT + MINUTE)
    attending.take_break(technician.user, AT + 2 * MINUTE)
    attending.be_here(technician.user, AT + 3 * MINUTE)
    here = presence.of(technician, AT + 3 * MINUTE)
    assert (here.state, here.since) == (State.IN, AT)


def test_a_forgotten_clock_out_ends_with_the_shift(database: Database) -> None:
    technician = make_technician()
    (job,) = given.make_ready(same=technician)
    work.start(job, technician.user, AT)
    work.pause(job, PauseReason.PARTS, technician.user, AT + 50 * MINUTE)
    attending.arrive(technician.user, hour(8, 1))
    monday, _tuesday = presence.list_stays([technician], (hour(0), hour(12, 1)))
    assert (monday.ended_at, monday.is_end_assumed) == (hour(18), True)


def test_only_technicians_clock_in(database: Database) -> None:
    with pytest.raises(RuleBroken, match="not on the list"):
        attending.arrive(make_user(RoleName.SERVICE_MANAGER), AT)


def test_a_technician_who_falls_ill_at_noon(database: Database) -> None:
    # given: one job at work since eleven, one planned for half past two, and colleagues
    ill, _colleague = make_technician(), make_technician()
    running, planned = _plan(ill, 11, minutes=120), _plan(ill, 14.5, minutes=60)
    parts.release(running.order, by=running.order.advisor, at=AT)
    work.start(running, ill.user, hour(11))
    branch, advisor = running.order.branch, running.order.advisor
    controller = make_user(RoleName.JOB_CONTROLLER)
    # when
    leaving.send_home(ill, hour(18), "发烧", by=controller, at=hour(12))
    # then: gone home, away for the day, and the clock stands with the reason
    assert presence.of(ill, hour(12)).state is State.GONE
    assert calendar.shifts(ill, date(2026, 11, 23)) == [(hour(8), hour(12))]
    assert running.state is JobState.PAUSED
    assert queries.list_sessions(running)[-1].pause_reason is PauseReason.ABSENT
    # and what is planned stands where it stood, as a conflict on the board and in the watch
    live = scheduling.get_live(planned)
    assert (live.technician, live.starts_at) == (ill, hour(14.5))
    day = calendar.local_day(branch, hour(12))
    made = board.make_board(branch, day, by_bay=False, at=hour(12))
    (row,) = (each for each in made.rows if each.technician is ill)
    assert row.here is not None
    assert row.here.state is State.GONE
    told = {each.allocation.job_id: [one.code for one in each.alarms] for each in row.cards}
    assert "absent" in told[planned.id]
    alarms = {each.job_id: each for each in watch.look_after(branch, at=hour(12.1))}
    away = alarms[planned.id]
    assert (away.kind, away.absent_technician) == (AlarmKind.ABSENT, ill)
    # and one click asks the planner the right thing
    assert watch.replan_query(away, branch) == {
        "reason": "absent",
        "technician_id": str(ill.id),
    }

    # when the plan is asked for and accepted
    cause = Cause(PlanReason.ABSENT, technician_id=ill.id, until=hour(18), note="发烧")
    run = replan.ask(branch, cause, by=advisor, at=hour(12.1))
    replan.stop(run, by=advisor, at=hour(12.1))
    session.flush()
    chosen = acceptance.open_orders(run, Comparison(run))
    acceptance.accept(run, chosen, {}, by=advisor, at=hour(12.1))
    # then colleagues have both cars today
    for job in (running, planned):
        live = scheduling.get_live(job)
        assert live.technician is not ill
        assert live.ends_at <= hour(18)
    assert [each.kind for each in watch.look_after(branch, at=hour(12.2))] == []
    # and one goes on with what rested
    live = scheduling.get_live(running)
    work.resume(running, live.technician.user, live.starts_at)
    assert running.state is JobState.RUNNING


def _plan(technician: Technician, hours: float, minutes: int) -> Job:
    """A car that is promised for six, with one job of so many minutes."""
    order = quotations.make_signed(make_operation(book_minutes=minutes)).order
    order.promised_at = hour(18)
    (job,) = queries.list_jobs(order)
    where = {"minutes": minutes, "across": True, "by": order.advisor, "at": AT}
    scheduling.assign(job, technician, make_bay(), hour(hours), **where)
    return job


def test_going_home_needs_a_reason_and_the_right(database: Database) -> None:
    technician = make_technician()
    controller = make_user(RoleName.JOB_CONTROLLER)
    with pytest.raises(Invalid) as caught:
        leaving.send_home(technician, hour(18), " ", by=controller, at=AT)
    assert caught.value.field == "reason"
    with pytest.raises(NotAllowed):
        leaving.send_home(technician, hour(18), "发烧", by=technician.user, at=AT)
    assert presence.of(technician, AT).is_here


def test_who_never_came_is_noted_away_all_the_same(database: Database) -> None:
    technician = make_technician(here_since=None)
    controller = make_user(RoleName.JOB_CONTROLLER)
    leaving.send_home(technician, hour(18), "发烧", by=controller, at=AT)
    assert presence.of(technician, AT).state is State.OUT
    assert calendar.shifts(technician, date(2026, 11, 23)) == [(hour(8), AT)]


def test_a_late_tap_counts_at_its_own_moment(database: Database) -> None:
    # given: here in the morning, gone at eleven
    technician = make_technician(here_since=None)
    make_attendance(technician, hour(8), hour(11))
    # then: what was tapped at half past ten was done by somebody who was here
    attendance.require_here(technician, hour(10.5))
    with pytest.raises(RuleBroken, match="not clocked in"):
        attendance.require_here(technician, hour(11))
