"""The watch: raised once, worded, acknowledged, cleared; and its pages through HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories import AT, make_user
from tests.shop.factories import hour
from tests.steps.scheduling.replanning.floor import Floor, make_floor, make_shortage, start
from workshop import clock, db, events
from workshop.db import session
from workshop.errors import Invalid
from workshop.orders.models import Job, JobState, OrderChanged
from workshop.shop import absences
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.scheduling import jobs, queries
from workshop.steps.scheduling.dispatch import pauses
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.folder import service as folders
from workshop.steps.scheduling.watch import page
from workshop.steps.scheduling.watch import service as watch
from workshop.steps.scheduling.watch.models import AlarmKind, WatchAlarm

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def floor(client: FlaskClient) -> Floor:
    floor = make_floor()
    for user in (floor.advisor, floor.controller):
        user.locale = "en"
    return floor


def running(floor: Floor, since: float, minutes: int = 60, **values: object) -> Job:
    """A car at work since then, planned from then on, with its folder taken."""
    job = floor.plan(10, minutes=minutes, **values)  # type: ignore[arg-type]
    live = scheduling.get_live(job)
    live.starts_at = hour(since)
    live.ends_at = live.starts_at + timedelta(minutes=minutes)
    live.blocked_until = live.ends_at + timedelta(minutes=15)
    folders.take(job, by=floor.advisor, at=AT)
    start(job, since)
    return job


def look(floor: Floor, hours: float = 10) -> dict[tuple[AlarmKind, int], WatchAlarm]:
    """The open alarms at that hour, by kind and order."""
    found = watch.look_after(floor.branch, at=hour(hours))
    return {(each.kind, each.order_id): each for each in found}


def kinds(floor: Floor, hours: float = 10) -> list[AlarmKind]:
    return [each.kind for each in watch.look_after(floor.branch, at=hour(hours))]


def test_an_overrun_that_endangers_a_promise_of_five_is_shown_at_half_past_ten(
    floor: Floor,
) -> None:
    # given a job of an hour since a quarter past nine, and a day that is full behind it
    first = running(floor, 9.25, promised=18)
    folders.give_back(first, by=floor.advisor, at=AT)
    for begins, minutes, promised in ((10.5, 90, 18), (13.25, 90, 18), (15, 105, 17)):
        floor.plan(begins, minutes=minutes, promised=promised)
    second, last = floor.jobs[1], floor.jobs[-1]
    folders.take(second, by=floor.advisor, at=AT)
    assert look(floor, 10.25) == {}
    # when it overruns by a quarter of an hour
    found = look(floor, 10.5)
    # then the morning runs into the afternoon, and the promise of five is known to be in danger
    assert set(found) == {
        (AlarmKind.OVERRUN, first.order_id),
        (AlarmKind.PROMISE, last.order_id),
    }
    alarm = found[AlarmKind.PROMISE, last.order_id]
    assert alarm.cause_job_id == first.id
    assert alarm.due_at == hour(16.75)
    assert alarm.until_at is not None
    assert alarm.until_at > alarm.due_at
    assert watch.replan_query(alarm, floor.branch) == {
        "reason": "overrun",
        "job_id": str(first.id),
        "minutes": "30",
    }


def test_an_alarm_is_raised_once_and_cleared_when_the_fact_is_gone(floor: Floor) -> None:
    # given
    job = floor.plan(11)
    events.take()
    raised = look(floor, 11.25)[AlarmKind.LATE_START, job.order_id]
    assert raised.raised_at == hour(11.25)
    assert {each.order_id for each in events.take() if isinstance(each, OrderChanged)} == {
        job.order_id
    }
    # when the fact goes on
    assert look(floor, 11.5)[AlarmKind.LATE_START, job.order_id].id == raised.id
    assert events.take() == ()
    # when the work begins
    folders.take(job, by=floor.advisor, at=hour(11.5))
    start(job, 11.5)
    assert look(floor, 11.55) == {}
    # then it is over, and told
    assert raised.cleared_at == hour(11.55)
    assert any(isinstance(each, OrderChanged) for each in events.take())


def test_the_folder_is_missed_a_quarter_before_the_start_and_before_the_end(floor: Floor) -> None:
    job = floor.plan(11)
    assert kinds(floor, 10.7) == []
    assert kinds(floor, 10.75) == [AlarmKind.FOLDER_NOT_TAKEN]
    folders.take(job, by=floor.advisor, at=hour(10.8))
    start(job, 11)
    assert kinds(floor, 11.5) == []
    assert kinds(floor, 11.75) == [AlarmKind.FOLDER_NOT_BACK]
    folders.give_back(job, by=floor.advisor, at=hour(11.8))
    assert kinds(floor, 11.8) == []


def test_a_part_that_comes_after_the_planned_start_is_late(floor: Floor) -> None:
    # given
    job = floor.plan(14)
    shortage = make_shortage(job, hour(13))
    assert kinds(floor) == []
    # when the supplier calls
    shortage.expected_at = hour(15.5)
    alarm = look(floor)[AlarmKind.PART_LATE, job.order_id]
    # then the question to the planner is filled in
    assert watch.replan_query(alarm, floor.branch) == {
        "reason": "part_late",
        "job_id": str(job.id),
        "until": "2026-11-23T15:30",
    }
    # when it arrives
    shortage.arrived_at = AT
    assert kinds(floor) == []


def test_a_report_that_is_due_is_an_alarm(floor: Floor) -> None:
    job = floor.plan(14)
    job.order.stays, job.order.authorised_at = True, AT
    session.flush()
    assert kinds(floor, 10.9) == []
    assert kinds(floor, 11) == [AlarmKind.REPORT_DUE]


def test_the_question_to_the_planner_names_what_happened(floor: Floor) -> None:
    # given an overrun of twenty minutes, and a technician who is away at the planned start
    over = running(floor, 9.5)
    waits = floor.plan(11, 1)
    absences.add_absence(
        floor.people[1].user, hour(10.5), hour(18), "发烧", by=floor.advisor, at=AT
    )
    session.flush()
    found = look(floor, 11.1)
    # then
    overrun = found[AlarmKind.OVERRUN, over.order_id]
    assert watch.replan_query(overrun, floor.branch) == {
        "reason": "overrun",
        "job_id": str(over.id),
        "minutes": "45",
    }
    late = found[AlarmKind.ABSENT, waits.order_id]
    assert watch.replan_query(late, floor.branch) == {
        "reason": "absent",
        "technician_id": str(floor.people[1].id),
    }


def test_pauses_count_only_the_technicians_hours_and_the_present_piece(floor: Floor) -> None:
    # given
    job = running(floor, 10, minutes=120)
    pauses.begin(job, at=hour(11.5))
    # when it rests over the break
    pauses.end(job, at=hour(13.25))
    # then the break is no pause
    assert job.paused_minutes == 45
    assert job.paused_at is None
    # when the rest of it becomes a piece of its own
    pauses.begin(job, at=hour(13.5))
    job.state = JobState.PAUSED
    live = scheduling.get_live(job)
    scheduling.move(
        job,
        live.technician,
        live.bay,
        hour(15),
        seen_version=live.version,
        by=floor.advisor,
        at=hour(13.75),
    )
    assert job.paused_minutes == 0
    assert pauses.minutes_so_far(job, hour(14)) == 0


def test_the_timer_watches_every_branch(floor: Floor) -> None:
    floor.plan(11)
    db.commit()
    clock.freeze(hour(11.25))
    jobs.watch_plans()
    db.commit()
    assert {each.kind for each in session.scalars(select(WatchAlarm))} == {
        AlarmKind.LATE_START,
        AlarmKind.FOLDER_NOT_TAKEN,
    }


def test_the_page_says_it_in_words_with_the_ways_out(floor: Floor, sign_in: SignIn) -> None:
    # given nothing
    desk = sign_in(floor.advisor)
    assert "Everything goes as planned" in desk.get("/scheduling/watch").text
    # when a job overruns
    job = running(floor, 9.5, promised=10.75)
    look(floor, 10.6)
    clock.freeze(hour(10.6))
    page = desk.get("/scheduling/watch").text
    # then
    assert "for the promise of 10:45 it must end by 10:30: 6 min too late" in page
    assert f"/scheduling/replan?reason=overrun&amp;job_id={job.id}&amp;minutes=15" in page
    assert f"/orders/{job.order.no}/scheduling#promise" in page
    assert "Tell the customer" in page
    assert "Overrun" in page
    # and the board and the home say it too
    assert "All cars with alarms (1)" in desk.get("/scheduling").text
    home = desk.get("/").text
    assert "Promise at risk (1)" in home


def test_a_report_that_is_due_leads_to_the_call(floor: Floor, sign_in: SignIn) -> None:
    # given a report to the customer that is due, and nothing else
    job = running(floor, 9.5, promised=18)
    job.order.stays, job.order.authorised_at = True, AT
    session.flush()
    assert (AlarmKind.REPORT_DUE, job.order_id) in look(floor, 11)
    clock.freeze(hour(11))
    # when who cares for customers looks, and who only plans
    page = sign_in(floor.advisor).get("/scheduling/watch").text
    planner = make_user(RoleName.TEAM_LEADER, branch=floor.branch)
    planner.locale = "en"
    other = sign_in(planner).get("/scheduling/watch").text
    # then
    assert "The customer should have heard from us at 11:00." in page
    assert f"/orders/{job.order.no}/lounge#report" in page
    assert "The customer should have heard from us at 11:00." in other
    assert f"/orders/{job.order.no}/lounge#report" not in other


def test_the_link_fills_in_the_question(floor: Floor, sign_in: SignIn) -> None:
    job = running(floor, 9.5)
    alarm = look(floor, 10.6)[AlarmKind.OVERRUN, job.order_id]
    query = watch.replan_query(alarm, floor.branch)
    page = sign_in(floor.advisor).get("/scheduling/replan", query_string=query).text
    assert f'<option selected value="{job.id}">' in page
    assert 'value="15"' in page


def test_somebody_sees_to_it_and_a_second_one_is_told(floor: Floor, sign_in: SignIn) -> None:
    # given
    job = floor.plan(11)
    alarm = look(floor, 11.25)[AlarmKind.LATE_START, job.order_id]
    url = f"/scheduling/watch/{alarm.id}/acknowledge"
    # when
    assert sign_in(floor.controller).post(url).status_code == 302
    # then
    assert "控工乙 sees to it" in sign_in(floor.advisor).get("/scheduling/watch").text
    answer = sign_in(floor.advisor).post(url)
    assert answer.status_code == 409
    assert "控工乙 sees to it already." in answer.text
    # when the fact is gone
    session.get_one(WatchAlarm, alarm.id).cleared_at = hour(11.5)
    answer = sign_in(floor.advisor).post(url)
    assert answer.status_code == 409
    assert "This alarm is over already." in answer.text


def test_the_watch_is_for_those_who_plan(floor: Floor, sign_in: SignIn) -> None:
    job = floor.plan(11)
    alarm = look(floor, 11.25)[AlarmKind.LATE_START, job.order_id]
    cashier = sign_in(make_user(RoleName.CASHIER))
    assert cashier.get("/scheduling/watch").status_code == 403
    assert cashier.post(f"/scheduling/watch/{alarm.id}/acknowledge").status_code == 403
    assert sign_in(floor.advisor).post("/scheduling/watch/999/acknowledge").status_code == 404
    assert queries.find_live(job) is not None


def test_an_alarm_that_somebody_sees_to_speaks_again_when_it_gets_worse(
    floor: Floor, sign_in: SignIn
) -> None:
    # given work that goes on past its end, and a controller who sees to it
    job = running(floor, 9)
    folders.give_back(job, by=floor.advisor, at=AT)
    alarm = look(floor, 10.25)[AlarmKind.OVERRUN, job.order_id]
    watch.acknowledge(alarm, by=floor.controller, at=hour(10.25))
    # when it goes on for less than another buffer
    look(floor, 10.25 + 14 / 60)
    # then it is quiet
    assert alarm.is_seen
    events.take()
    # when it goes on
    look(floor, 10.5)
    # then it speaks again, and says since when
    assert (alarm.is_seen, alarm.worse_at) == (False, hour(10.5))
    assert any(isinstance(each, OrderChanged) for each in events.take())
    clock.freeze(hour(10.5))
    desk = sign_in(floor.advisor)
    words = "Worse since 控工乙 saw it at 10:15: 15 min more."
    for path in ("/scheduling/watch", "/scheduling"):
        assert words in desk.get(path).text
    # when the advisor sees to it
    assert desk.post(f"/scheduling/watch/{alarm.id}/acknowledge").status_code == 302
    # then it is quiet until the next buffer
    look(floor, 10.7)
    assert alarm.is_seen
    assert words not in desk.get("/scheduling/watch").text
    look(floor, 10.75)
    assert not alarm.is_seen


def test_a_warning_speaks_again_when_what_it_warned_of_has_happened(floor: Floor) -> None:
    # given a folder that is missed before the start
    job = floor.plan(11)
    alarm = look(floor, 10.8)[AlarmKind.FOLDER_NOT_TAKEN, job.order_id]
    watch.acknowledge(alarm, by=floor.controller, at=hour(10.8))
    look(floor, 11)
    assert alarm.is_seen
    # when the work should have begun
    look(floor, 11.05)
    # then
    assert not alarm.is_seen


def test_a_part_whose_date_is_gone_speaks_again(floor: Floor) -> None:
    job = floor.plan(11)
    short = make_shortage(job, hour(12))
    alarm = look(floor, 10)[AlarmKind.PART_LATE, job.order_id]
    watch.acknowledge(alarm, by=floor.controller, at=AT)
    short.expected_at = None
    look(floor, 10.1)
    assert not alarm.is_seen


def test_the_folder_is_handled_where_the_alarm_stands(floor: Floor, sign_in: SignIn) -> None:
    # given
    job = floor.plan(11)
    look(floor, 10.8)
    clock.freeze(hour(10.8))
    desk = sign_in(floor.controller)
    url = f"/orders/{job.order.no}/scheduling/jobs/{job.id}/folder"
    # when
    for path in ("/scheduling/watch", "/scheduling?by=bay"):
        page = desk.get(path).text
        form = page[page.index(url) :]
        back = re.search(r'name="back" value="([^"]+)"', form)
        assert back is not None
        assert back[1] == path
    answer = desk.post(url, data={"step": "take", "back": "/scheduling/watch"})
    # then
    assert (answer.status_code, answer.location) == (302, "/scheduling/watch")
    assert "Folder taken" in desk.get("/scheduling/watch").text
    assert AlarmKind.FOLDER_NOT_TAKEN not in kinds(floor, 10.8)
    assert desk.post(url, data={"step": "return", "back": "//evil.example"}).location == "/"


def test_the_alarms_of_a_car_are_put_off_and_come_back_by_themselves(
    floor: Floor, sign_in: SignIn
) -> None:
    # given
    job = floor.plan(11)
    alarm = look(floor, 11.25)[AlarmKind.LATE_START, job.order_id]
    clock.freeze(hour(11.25))
    # when
    answer = sign_in(floor.controller).post(
        f"/orders/{job.order.no}/watch/later", data={"minutes": "15"}
    )
    # then
    assert answer.status_code == 302
    assert alarm.is_seen
    assert "控工乙 put it off until 11:30" in sign_in(floor.advisor).get("/scheduling/watch").text
    # when the time has come
    look(floor, 11.5)
    # then
    assert not alarm.is_seen
    assert (alarm.later_until, alarm.acknowledged_by) == (None, None)


def test_what_was_put_off_comes_back_earlier_when_it_gets_worse(floor: Floor) -> None:
    job = running(floor, 9)
    folders.give_back(job, by=floor.advisor, at=AT)
    alarm = look(floor, 10.25)[AlarmKind.OVERRUN, job.order_id]
    watch.put_off(floor.branch, job.order, 60, by=floor.controller, at=hour(10.25))
    look(floor, 10.5)
    assert (alarm.is_seen, alarm.later_until) == (False, None)


def test_several_alarms_of_one_car_are_one_line(floor: Floor, sign_in: SignIn) -> None:
    # given a car whose folder stands on the rack when the work should have begun
    job = floor.plan(11)
    found = look(floor, 11.25)
    assert len([key for key in found if key[1] == job.order_id]) > 1
    clock.freeze(hour(11.25))
    # when
    page = sign_in(floor.controller).get("/scheduling/watch").text
    # then
    assert page.count('class="wt-row') == 1


def test_only_a_time_that_is_offered_puts_off(floor: Floor) -> None:
    job = floor.plan(11)
    look(floor, 11.25)
    with pytest.raises(Invalid):
        watch.put_off(floor.branch, job.order, 999, by=floor.controller, at=hour(11.25))


def test_a_car_that_another_holds_up_stands_in_its_line(floor: Floor, sign_in: SignIn) -> None:
    # given work that overruns, and a full day behind it whose last promise it endangers
    first = running(floor, 9.25, promised=18)
    folders.give_back(first, by=floor.advisor, at=AT)
    for begins, minutes, promised in ((10.5, 90, 18), (13.25, 90, 18), (15, 105, 17)):
        floor.plan(begins, minutes=minutes, promised=promised)
    folders.take(floor.jobs[1], by=floor.advisor, at=AT)
    look(floor, 10.5)
    last = floor.jobs[-1].order
    # when
    (line,) = page.list_cars(floor.branch, floor.controller)
    # then
    assert line.order.id == first.order_id
    assert [each.order.id for each in line.held_up] == [last.id]
    clock.freeze(hour(10.5))
    told = sign_in(floor.controller).get("/scheduling/watch").text
    assert told.count('class="wt-row') == 1
    assert f"/orders/{last.no}/scheduling" in told
