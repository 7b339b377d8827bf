"""Taking a plan: whole, by customer, with consents; out of date; and back again as one step."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from tests.databases import Database
from tests.factories import AT, make_skill
from tests.shop.factories import hour
from tests.steps.scheduling.replanning.floor import Floor, make_floor, place_of, start
from workshop import db
from workshop.allocation import service as allocations
from workshop.allocation.models import AllocationStatus
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import JobState
from workshop.shop import absences
from workshop.shop.models import Absence
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import more_time
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch.service import Consent
from workshop.steps.scheduling.models import DayConsent
from workshop.steps.scheduling.replanning import acceptance, history
from workshop.steps.scheduling.replanning import service as replan
from workshop.steps.scheduling.replanning.comparison import Comparison
from workshop.steps.scheduling.replanning.models import (
    Cause,
    PlanReason,
    PlanStep,
    RunState,
    StepState,
)
from workshop.steps.scheduling.rules import MoreTimeReason, MoreTimeState

CONSENT = Consent(Channel.PHONE, "王小明", AT)


@pytest.fixture
def floor(database: Database) -> Floor:
    return make_floor()


def test_nothing_moves_before_the_plan_is_accepted_and_then_all_of_it(floor: Floor) -> None:
    # given
    first, second = floor.plan(11), floor.plan(13.5)
    kept = floor.plan(11, who=1)
    before = [place_of(job) for job in (first, second, kept)]
    # when
    run = floor.ask(floor.goes_home())
    # then
    assert [place_of(job) for job in (first, second, kept)] == before
    # when
    steps = floor.accept(run)
    # then
    assert {step.job_id for step in steps} == {first.id, second.id}
    assert run.state is RunState.ACCEPTED
    for job in (first, second):
        assert scheduling.get_live(job).technician is floor.people[1]
    assert place_of(kept) == before[2]
    away = session.scalars(select(Absence)).one()
    assert (away.user_id, away.reason) == (floor.people[0].user_id, "发烧")
    assert (away.starts_at, away.ends_at) == (AT, hour(24))


def test_an_accepted_plan_is_history_that_nobody_rewrites(floor: Floor) -> None:
    # given
    job = floor.plan(14)
    run = floor.ask(floor.goes_home())
    # when
    floor.accept(run)
    # then
    (step,) = history.steps_of([job.id])[job.id]
    assert step.before is not None
    assert step.after is not None
    assert step.before["technician"] == floor.people[0].name
    assert step.after["technician"] == floor.people[1].name
    assert (step.by, step.at, step.run) == (floor.advisor, AT, run)
    db.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(sa.update(PlanStep).values(at=AT + timedelta(days=1)))
    db.rollback()


def test_a_plan_is_accepted_customer_by_customer(floor: Floor) -> None:
    # given
    first, second = floor.plan(11), floor.plan(14)
    run = floor.ask(floor.goes_home())
    was = place_of(first)
    # when
    floor.accept(run, second)
    # then
    assert run.state is RunState.PARTLY_ACCEPTED
    assert place_of(first) == was
    assert scheduling.get_live(second).technician is floor.people[1]
    # when
    with pytest.raises(RuleBroken, match="accepted already"):
        floor.accept(run, second)
    floor.accept(run, first)
    # then
    assert run.state is RunState.ACCEPTED
    assert session.scalars(select(Absence)).one()


def test_a_car_that_takes_the_place_of_another_only_moves_with_it(floor: Floor) -> None:
    # given: the long job pushes the next one of the same technician, for the other is full
    blocker = floor.queue(minutes=300, promised=18)
    scheduling.assign(blocker, floor.people[1], floor.bays[1], hour(13), by=floor.advisor, at=AT)
    running, pushed, last = floor.plan(10, minutes=30), floor.plan(10.75), floor.plan(13)
    start(running, 10)
    run = floor.ask(Cause(PlanReason.OVERRUN, job_id=running.id, minutes=90))
    shown = Comparison(run)
    pairs = {each.order.id: shown.together_with(each.order.id) for each in shown.changes}
    needy = next(order_id for order_id, others in pairs.items() if others)
    # when
    with pytest.raises(RuleBroken, match="accept both"):
        acceptance.accept(run, {needy}, {}, by=floor.advisor, at=AT)
    # then
    assert place_of(pushed)[2] == hour(10.75)
    assert last.id


def test_a_longer_job_holds_its_place_for_longer_and_gives_it_back(floor: Floor) -> None:
    # given
    running, following = floor.plan(10, minutes=30), floor.plan(10.75)
    start(running, 10)
    run = floor.ask(Cause(PlanReason.OVERRUN, job_id=running.id, minutes=60))
    # when
    floor.accept(run)
    # then
    live = scheduling.get_live(running)
    assert (live.starts_at, live.ends_at) == (hour(10), hour(11.5))
    assert place_of(following)[0] == floor.people[1].name
    # when
    acceptance.undo(run, by=floor.advisor, at=AT)
    # then
    assert scheduling.get_live(running).ends_at == hour(10.5)
    assert place_of(following) == (floor.people[0].name, floor.bays[0].code, hour(10.75))


def test_minutes_asked_for_are_granted_with_the_plan_and_asked_again_when_it_is_undone(
    floor: Floor,
) -> None:
    # given: an hour from ten on, and the next car a quarter after it
    job, behind = floor.plan(10), floor.plan(11.25, minutes=30)
    start(job, 10)
    request = more_time.ask(job, 40, MoreTimeReason.STUCK, by=floor.people[0].user, at=AT)
    run = floor.ask(Cause(PlanReason.IMPROVE))
    # when
    floor.accept(run)
    # then: it holds its place for longer, counted once, and the car behind it gives way
    assert scheduling.get_live(job).ends_at == hour(11) + timedelta(minutes=40)
    assert request.state is MoreTimeState.GRANTED
    assert more_time.asked_minutes([job.id]) == {}
    gives_way = scheduling.get_live(behind)
    is_elsewhere = gives_way.technician is not floor.people[0]
    assert is_elsewhere or gives_way.starts_at >= scheduling.get_live(job).blocked_until
    # when
    acceptance.undo(run, by=floor.advisor, at=AT)
    # then
    assert scheduling.get_live(job).ends_at == hour(11)
    assert more_time.asked_minutes([job.id]) == {job.id: 40}


def test_another_day_needs_the_recorded_consent_of_that_customer(floor: Floor) -> None:
    # given: nobody else can do it today, and the promise is far away
    floor.people[1].active = False
    job = floor.plan(14, promised=17 + 24 * 3)
    run = floor.ask(floor.goes_home())
    # when
    with pytest.raises(RuleBroken, match="another day") as refusal:
        floor.accept(run)
    # then
    assert (refusal.value.code, refusal.value.values["order_id"]) == ("consent", job.order_id)
    # when
    late = Consent(Channel.PHONE, "王小明", AT + timedelta(hours=1))
    with pytest.raises(Invalid):
        floor.accept(run, consents={job.order_id: late})
    db.session.expunge_all()


def test_with_the_consent_the_job_goes_to_the_other_day_and_the_ledger_follows(
    floor: Floor,
) -> None:
    # given
    floor.people[1].active = False
    job = floor.plan(14, promised=17 + 24 * 3)
    run = floor.ask(floor.goes_home())
    # when
    floor.accept(run, consents={job.order_id: CONSENT})
    # then
    consent = session.scalars(select(DayConsent)).one()
    assert (consent.agreed_by, consent.to_day.isoformat()) == ("王小明", "2026-11-24")
    assert scheduling.get_live(job).starts_at == hour(8, 1)
    takes = capacity.list_takes(TakeSource.JOB, job.id)
    assert [each.day.isoformat() for each in takes] == ["2026-11-24"]
    # when
    acceptance.undo(run, by=floor.advisor, at=AT + timedelta(minutes=5))
    # then
    assert place_of(job)[2] == hour(14)


def test_a_plan_out_of_date_is_refused_with_both_versions(floor: Floor) -> None:
    # given
    job = floor.plan(14)
    run = floor.ask(floor.goes_home())
    live = scheduling.get_live(job)
    scheduling.move(
        job,
        floor.people[0],
        floor.bays[0],
        hour(16),
        seen_version=live.version,
        by=floor.advisor,
        at=AT,
    )
    # when
    with pytest.raises(Conflict) as conflict:
        floor.accept(run)
    # then
    assert conflict.value.theirs["Starts at"] == hour(16)
    assert conflict.value.yours["Technician"] == floor.people[1].name
    # when
    replan.mark_outdated(run, by=floor.advisor, at=AT)
    # then
    assert run.state is RunState.OUTDATED
    with pytest.raises(RuleBroken, match="decided already"):
        floor.accept(run)


def test_a_job_that_was_planned_meanwhile_is_a_conflict_as_well(floor: Floor) -> None:
    job = floor.queue()
    run = floor.ask(Cause(PlanReason.IMPROVE))
    scheduling.assign(job, floor.people[0], floor.bays[0], hour(16), by=floor.advisor, at=AT)
    with pytest.raises(Conflict):
        floor.accept(run)


def test_the_queue_gets_places_and_undo_gives_them_back(floor: Floor) -> None:
    # given
    job = floor.queue()
    run = floor.ask(Cause(PlanReason.IMPROVE))
    # when
    floor.accept(run)
    # then
    assert queries.find_live(job) is not None
    assert job.order.stage is Stage.SCHEDULED
    # when
    steps = acceptance.undo(run, by=floor.advisor, at=AT)
    # then
    assert [step.state for step in steps] == [StepState.UNDONE]
    assert queries.find_live(job) is None
    assert job.order.stage is Stage.AUTHORISED
    assert run.state is RunState.UNDONE


def test_undo_is_one_step_and_ends_the_absence(floor: Floor) -> None:
    # given
    jobs = [floor.plan(11), floor.plan(14), floor.plan(15.5)]
    before = [place_of(job) for job in jobs]
    run = floor.ask(floor.goes_home())
    floor.accept(run)
    assert [place_of(job) for job in jobs] != before
    # when
    acceptance.undo(run, by=floor.advisor, at=AT + timedelta(minutes=10))
    # then
    assert [place_of(job) for job in jobs] == before
    assert session.scalars(select(Absence)).one().ends_at == AT + timedelta(minutes=10)
    with pytest.raises(RuleBroken, match="decided already"):
        acceptance.undo(run, by=floor.advisor, at=AT)


def test_a_job_that_was_overdue_goes_back_to_its_old_time(floor: Floor) -> None:
    # given: planned for nine, and at ten nobody has begun
    job = floor.queue()
    scheduling.assign(job, floor.people[0], floor.bays[0], hour(9), by=floor.advisor, at=hour(9))
    before = place_of(job)
    run = floor.ask(Cause(PlanReason.IMPROVE))
    # when
    floor.accept(run)
    # then
    assert place_of(job)[2] == AT
    # when
    acceptance.undo(run, by=floor.advisor, at=AT + timedelta(minutes=30))
    # then
    assert place_of(job) == before


def test_undo_is_refused_when_something_has_begun_since(floor: Floor) -> None:
    # given
    job = floor.plan(11)
    run = floor.ask(floor.goes_home())
    floor.accept(run)
    start(job, 10.25)
    # when
    with pytest.raises(RuleBroken, match="has begun since"):
        acceptance.undo(run, by=floor.advisor, at=hour(10.5))
    # then
    assert scheduling.get_live(job).technician is floor.people[1]


def test_undo_is_refused_when_a_job_was_moved_since(floor: Floor) -> None:
    # given
    job = floor.plan(14)
    run = floor.ask(floor.goes_home())
    floor.accept(run)
    live = scheduling.get_live(job)
    scheduling.move(
        job,
        floor.people[1],
        floor.bays[1],
        hour(16),
        seen_version=live.version,
        by=floor.advisor,
        at=AT,
    )
    # when / then
    with pytest.raises(Conflict):
        acceptance.undo(run, by=floor.advisor, at=AT)


def test_a_technician_who_falls_ill_hands_on_the_rest_of_a_paused_job(floor: Floor) -> None:
    # given: an hour of two is done, then a pause
    job = floor.queue(minutes=120)
    scheduling.assign(job, floor.people[0], floor.bays[0], hour(9), by=floor.advisor, at=hour(9))
    start(job, 9)
    job.state, job.paused_at, job.paused_minutes = JobState.PAUSED, hour(9.75), 10
    before = place_of(job)
    run = floor.ask(floor.goes_home())
    # when
    floor.accept(run)
    # then
    live = scheduling.get_live(job)
    assert live.technician is floor.people[1]
    assert live.minutes == 60
    assert job.paused_minutes == 0
    # when
    acceptance.undo(run, by=floor.advisor, at=AT)
    # then the first technician has it back as it was, and not the queue
    assert place_of(job) == before
    live = scheduling.get_live(job)
    assert (live.minutes, live.ends_at) == (120, hour(11))
    assert (job.paused_minutes, job.paused_at) == (10, hour(9.75))
    assert [each.status for each in allocations.list_of([job.id])] == [AllocationStatus.PLANNED]
    [taken] = capacity.list_takes(TakeSource.JOB, job.id)
    assert taken.minutes == 120


def test_undo_puts_a_job_back_though_its_technician_was_away_for_a_while(floor: Floor) -> None:
    # given a job that was to begin when the technician went home
    job = floor.plan(10)
    before = place_of(job)
    run = floor.ask(floor.goes_home())
    floor.accept(run)
    assert place_of(job) != before
    # when it was a mistake, five minutes later
    acceptance.undo(run, by=floor.advisor, at=AT + timedelta(minutes=5))
    # then
    assert place_of(job) == before
    assert scheduling.get_live(job).minutes == 60


def test_undo_is_refused_whole_when_the_first_technicians_time_was_given_away(
    floor: Floor,
) -> None:
    # given the rest of a paused job with the second technician
    job = floor.queue(minutes=120)
    scheduling.assign(job, floor.people[0], floor.bays[0], hour(9), by=floor.advisor, at=hour(9))
    start(job, 9)
    job.state, job.paused_at = JobState.PAUSED, hour(9.75)
    run = floor.ask(floor.goes_home())
    floor.accept(run)
    after = place_of(job)
    # when the first one is there after all, and somebody gives away the time
    absences.end_absence(session.get_one(Absence, run.absence_id), by=floor.advisor, at=AT)
    session.flush()
    floor.plan(10.25, minutes=30)
    db.commit()
    with pytest.raises(RuleBroken, match="is taken from"):
        acceptance.undo(run, by=floor.advisor, at=AT)
    # then
    db.rollback()
    assert place_of(job) == after


def test_work_that_runs_is_named_and_not_given_away(floor: Floor) -> None:
    job = floor.plan(10)
    start(job, 10)
    shown = Comparison(floor.ask(floor.goes_home()))
    assert [each.id for each in shown.at_work] == [job.id]
    assert shown.moves == []


def test_a_job_that_nobody_can_do_names_the_missing_skill(floor: Floor) -> None:
    # given
    job = floor.queue()
    job.skill_id = make_skill("gearbox").id
    session.flush()
    # when
    run = floor.ask(Cause(PlanReason.IMPROVE))
    # then
    (change,) = Comparison(run).changes
    assert change.to_call
    (move,) = change.moves
    assert str(move.why) == (
        "No such skill on any shift: “技能gearbox / Skill gearbox” at level 1."
    )
    with pytest.raises(RuleBroken, match="at least one car"):
        floor.accept(run)


def test_a_planned_job_that_lost_its_only_hands_goes_back_to_the_queue(floor: Floor) -> None:
    # given
    floor.people[1].active = False
    job = floor.plan(14)
    cause = Cause(
        PlanReason.ABSENT, technician_id=floor.people[0].id, until=hour(18, 6), note="住院"
    )
    run = floor.ask(cause)
    (change,) = Comparison(run).changes
    assert str(change.moves[0].why).startswith("Nobody with the skill")
    # when
    floor.accept(run)
    # then
    assert queries.find_live(job) is None
    assert job.order.stage is Stage.AUTHORISED
    # when
    acceptance.undo(run, by=floor.advisor, at=AT)
    # then
    assert place_of(job) == (floor.people[0].name, floor.bays[0].code, hour(14))


def test_who_may_not_change_times_proposes_and_the_advisor_accepts(floor: Floor) -> None:
    # given
    running, following = floor.plan(10, minutes=30), floor.plan(10.75)
    floor.people[1].active = False
    start(running, 10)
    cause = Cause(PlanReason.OVERRUN, job_id=running.id, minutes=60)
    run = floor.ask(cause, by=floor.controller)
    shown = Comparison(run)
    assert not acceptance.may_accept(run, shown, floor.controller)
    # when
    with pytest.raises(NotAllowed):
        acceptance.accept(run, acceptance.open_orders(run, shown), {}, by=floor.controller, at=AT)
    replan.propose(run, by=floor.controller, at=AT)
    # then
    assert history.list_proposed(floor.branch) == [run]
    # when
    floor.accept(run)
    # then
    assert scheduling.get_live(following).starts_at == hour(13)
    assert history.list_proposed(floor.branch) == []


def test_the_controller_alone_changes_technicians_at_the_same_time(floor: Floor) -> None:
    # given: the other one is free at the same time, and not before
    for hours in (10, 13):
        floor.plan(hours, who=1, minutes=120 if hours < 12 else 45)
    job = floor.plan(14)
    run = floor.ask(floor.goes_home(), by=floor.controller)
    shown = Comparison(run)
    assert acceptance.may_accept(run, shown, floor.controller)
    # when
    acceptance.accept(run, acceptance.open_orders(run, shown), {}, by=floor.controller, at=AT)
    # then
    name, _bay, starts_at = place_of(job)
    assert (name, starts_at) == (floor.people[1].name, hour(14))


def test_the_cause_must_be_whole(floor: Floor) -> None:
    floor.plan(14)
    for cause in (
        Cause(PlanReason.ABSENT),
        Cause(PlanReason.OVERRUN),
        Cause(PlanReason.OVERRUN, job_id=floor.jobs[0].id, minutes=0),
        Cause(PlanReason.PART_LATE, job_id=floor.jobs[0].id),
        Cause(PlanReason.PART_LATE, job_id=floor.jobs[0].id, until=AT),
    ):
        with pytest.raises(Invalid):
            replan.ask(floor.branch, cause, by=floor.advisor, at=AT)


def test_an_empty_board_has_nothing_to_plan(floor: Floor) -> None:
    with pytest.raises(RuleBroken, match="no job"):
        replan.ask(floor.branch, Cause(PlanReason.IMPROVE), by=floor.advisor, at=AT)


def test_what_it_saves_is_told_against_starting_everything_later(floor: Floor) -> None:
    # given: the first runs over, the second promise is near, and the other technician is free
    running, tight = floor.plan(10, minutes=30), floor.plan(10.75, promised=12.25)
    start(running, 10)
    # when
    shown = Comparison(floor.ask(Cause(PlanReason.OVERRUN, job_id=running.id, minutes=60)))
    # then
    assert shown.untouched.customers_to_call == 1
    assert shown.objective is not None
    assert shown.objective.customers_to_call == 0
    (move,) = [each for each in shown.moves if each.job.id == tight.id]
    assert move.after is not None
    assert move.after.technician is floor.people[1]
