"""“I need 20 more minutes”: who says it, what changes at once, what only a person moves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.databases import Database
from tests.factories import AT, make_bay, make_job, make_technician, make_user
from tests.steps.repair import factories as given
from workshop import events
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders.models import Job, OrderChanged
from workshop.shop import calendar
from workshop.staff.permissions import RoleName
from workshop.steps.repair import work
from workshop.steps.scheduling.board import page as board
from workshop.steps.scheduling.dispatch import more_time
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.models import MoreTime
from workshop.steps.scheduling.rules import Facts, MoreTimeReason, MoreTimeState, more_time_alarms
from workshop.steps.scheduling.watch import outlook

STUCK = MoreTimeReason.STUCK


def ask(job: Job, minutes: int = 20) -> MoreTime:
    at = AT + timedelta(minutes=30)
    return more_time.ask(job, minutes, STUCK, by=given.worker(job), at=at)


def test_a_request_is_in_the_forecast_at_once_and_in_the_plan_when_granted(
    database: Database,
) -> None:
    # given
    (job,) = given.make_running()
    order = job.order
    live = scheduling.get_live(job)
    planned, ends_at = live.minutes, live.ends_at
    asked_at = AT + timedelta(minutes=30)
    expected = outlook.look(order.branch, asked_at).spans[job.id][1]
    events.take()
    # when
    request = ask(job)
    # then
    assert OrderChanged(order.id, order.branch_id, AT + timedelta(minutes=30)) in events.take()
    assert more_time.list_open(order.branch) == [request]
    assert more_time.asked_minutes([job.id]) == {job.id: 20}
    seen = outlook.look(order.branch, asked_at)
    assert seen.spans[job.id][1] == expected + timedelta(minutes=20)
    assert scheduling.get_live(job).ends_at == ends_at
    # when the advisor lets the plan follow
    more_time.grant(request, by=order.advisor, at=AT + timedelta(minutes=31))
    # then
    assert scheduling.get_live(job).minutes == planned + 20
    assert request.state is MoreTimeState.GRANTED
    assert more_time.asked_minutes([job.id]) == {}
    with pytest.raises(RuleBroken):
        more_time.leave(request, by=order.advisor, at=AT + timedelta(minutes=32))


def test_the_newest_word_counts(database: Database) -> None:
    (job,) = given.make_running()
    first, second = ask(job), ask(job, 45)
    assert first.state is MoreTimeState.REPLACED
    assert more_time.find_open(job) is second
    more_time.leave(second, by=job.order.advisor, at=AT + timedelta(minutes=31))
    assert more_time.list_open(job.order.branch) == []


def test_only_the_own_running_job_and_a_sensible_time(database: Database) -> None:
    (job,) = given.make_ready()
    with pytest.raises(RuleBroken):
        ask(job)
    work.start(job, given.worker(job), AT)
    for minutes in (0, -5, 7, 245):
        with pytest.raises(Invalid):
            ask(job, minutes)
    with pytest.raises(NotAllowed):
        more_time.ask(job, 20, STUCK, by=make_technician().user, at=AT)


def test_the_controller_takes_note_and_only_the_advisor_lengthens(database: Database) -> None:
    (job,) = given.make_running()
    request = ask(job)
    controller = make_user(RoleName.JOB_CONTROLLER)
    with pytest.raises(NotAllowed):
        more_time.grant(request, by=controller, at=AT + timedelta(minutes=31))
    more_time.leave(request, by=controller, at=AT + timedelta(minutes=31))
    assert request.state is MoreTimeState.LEFT


def test_a_longer_job_that_runs_into_the_next_one_is_refused_with_its_reason(
    database: Database,
) -> None:
    # given: the next job of the same technician follows after the buffer
    (job,) = given.make_running()
    live = scheduling.get_live(job)
    advisor = job.order.advisor
    scheduling.assign(
        make_job(),
        live.technician,
        make_bay(),
        live.blocked_until,
        minutes=30,
        by=advisor,
        at=AT,
    )
    request = ask(job)
    # when, then
    with pytest.raises(RuleBroken, match="is taken"):
        more_time.grant(request, by=advisor, at=AT + timedelta(minutes=31))


def test_the_card_on_the_board_says_that_more_time_is_needed(database: Database) -> None:
    (job,) = given.make_running()
    ask(job)
    branch = job.order.branch
    at = AT + timedelta(minutes=31)
    made = board.make_board(branch, calendar.local_day(branch, at), by_bay=False, at=at)
    (card,) = [card for row in made.rows for card in row.cards]
    assert "more_time" in [alarm.code for alarm in card.alarms]


def facts(over: bool = False) -> Facts:
    return Facts(
        starts_at=AT,
        ends_at=AT + timedelta(minutes=60),
        promised_at=AT + timedelta(minutes=90),
        delivery_minutes=15,
        waiting=False,
        over=over,
        folder_taken=True,
        folder_returned=False,
    )


@pytest.mark.parametrize(
    ("minutes", "codes"),
    [(0, []), (15, ["more_time"]), (20, ["promise", "more_time"])],
)
def test_more_time_that_endangers_the_promise_is_an_alarm(minutes: int, codes: list[str]) -> None:
    assert [alarm.code for alarm in more_time_alarms(facts(), minutes)] == codes
    assert more_time_alarms(facts(over=True), minutes) == []
