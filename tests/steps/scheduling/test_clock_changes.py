"""A shop that works through the night in which the clocks change: 23 and 25 hours are right."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete

from tests.allocation.factories import make_allocation
from tests.conftest import AT
from tests.databases import Database
from tests.steps.scheduling.replanning.floor import Floor, is_guarded, make_floor, quick, start
from workshop.capacity import service as capacity
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.orders.models import Job
from workshop.planner import verify
from workshop.shop import calendar, rules
from workshop.shop.models import OpeningHours, Shift
from workshop.steps.scheduling.board import page as board
from workshop.steps.scheduling.closing import service as closing
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.folder import service as folders
from workshop.steps.scheduling.replanning import acceptance, situation
from workshop.steps.scheduling.replanning import service as replan
from workshop.steps.scheduling.replanning.models import Cause, PlanReason
from workshop.steps.scheduling.watch import service as watch
from workshop.steps.scheduling.watch.models import AlarmKind

IMPROVE = Cause(PlanReason.IMPROVE)


@dataclass
class Night:
    """A day with another length, and a shop whose two technicians work from 0 to 6 in it."""

    floor: Floor
    zone: ZoneInfo
    day: date
    hours: int

    @property
    def midnight(self) -> datetime:
        return calendar.day_span(self.floor.branch, self.day)[0]

    @property
    def work_minutes(self) -> int:
        """How long it is from 0 to 6 by the wall."""
        return (self.hours - 24 + 6) * 60

    def wall(self, hours: int, minutes: int = 0, *, again: bool = False) -> datetime:
        """A time of the shop's wall clock; `again` is the second one of its name."""
        at = datetime.combine(self.day, time(hours, minutes, fold=again), tzinfo=self.zone)
        return at.astimezone(ZoneInfo("UTC"))

    def shown(self, at: datetime) -> str:
        return at.astimezone(self.zone).strftime("%H:%M")

    def plan(self, at: datetime, minutes: int, who: int = 0) -> Job:
        """A car with one job at that time, planned at midnight."""
        job = self.floor.queue(minutes=minutes)
        job.order.arrived_at = self.midnight - timedelta(days=1)
        job.order.promised_at = self.wall(12)
        place = (self.floor.people[who], self.floor.bays[who], at)
        scheduling.assign(job, *place, by=self.floor.advisor, at=self.midnight)
        return job


@pytest.fixture(
    params=[
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2027, 3, 28), 23),
        ("Asia/Shanghai", date(1986, 9, 14), 25),
        ("Asia/Shanghai", date(1986, 5, 4), 23),
    ],
    ids=lambda given: f"{given[0]}-{given[1]}",
)
def night(database: Database, request: pytest.FixtureRequest) -> Night:
    name, day, hours = request.param
    floor = make_floor()
    floor.branch.zone = name
    session.execute(delete(OpeningHours))
    session.execute(delete(Shift))
    for weekday in range(7):
        opening = OpeningHours(branch_id=floor.branch.id, weekday=weekday)
        opening.opens, opening.closes = time(0), time(23)
        session.add(opening)
    for each, weekday in itertools.product(floor.people, range(7)):
        shift = Shift(user_id=each.user_id, weekday=weekday, starts=time(0), ends=time(6))
        session.add(shift)
    session.flush()
    return Night(floor, ZoneInfo(name), day, hours)


def test_the_day_and_its_shifts_are_as_long_as_they_are(night: Night) -> None:
    begins, ends = calendar.day_span(night.floor.branch, night.day)
    assert ends - begins == timedelta(hours=night.hours)
    for each in night.floor.people:
        assert rules.minutes_of(calendar.shifts(each, night.day)) == night.work_minutes
    sold = capacity.day_capacity(night.floor.branch, night.day, None)
    assert sold.total_minutes == 2 * night.work_minutes


def test_work_over_the_change_takes_its_own_minutes_and_the_buffer_is_kept(night: Night) -> None:
    # given two hours from half past one on
    job = night.plan(night.wall(1, 30), 120)
    live = scheduling.get_live(job)
    # then they are two hours, whatever the wall says
    assert live.ends_at - live.starts_at == timedelta(hours=2)
    assert night.shown(live.ends_at) == {25: "02:30", 23: "04:30"}[night.hours]
    assert live.blocked_until - live.ends_at == timedelta(minutes=15)
    # and the next work keeps the buffer
    with pytest.raises(RuleBroken, match="buffer included"):
        night.plan(live.ends_at + timedelta(minutes=10), 30)
    night.plan(live.ends_at + timedelta(minutes=15), 30)


def test_the_planner_counts_the_minutes_that_there_are(night: Night) -> None:
    # given work that fits every night but the shorter one
    job = night.floor.queue(minutes=350)
    job.order.arrived_at = night.midnight - timedelta(days=1)
    job.order.promised_at = night.wall(12)
    # when
    found = situation.read(night.floor.branch, night.midnight, IMPROVE)
    run = replan.ask(night.floor.branch, IMPROVE, by=night.floor.advisor, at=night.midnight)
    # then
    shifts = found.problem.technicians[0].shifts
    assert shifts[0] == (0, night.work_minutes)
    assert shifts[1][0] == night.hours * 60
    assert run.plan is not None
    [row] = run.plan["assignments"]
    first = 0 if night.hours == 25 else night.hours * 60
    assert (row["job"], row["start"], row["end"]) == (f"J{job.id}", first, first + 350)
    # when it is accepted
    replan.stop(run, by=night.floor.advisor, at=night.midnight)
    session.flush()
    chosen = {job.order_id}
    acceptance.accept(run, chosen, {}, by=night.floor.advisor, at=night.midnight)
    # then it stands on the wall's time
    live = scheduling.get_live(job)
    assert night.shown(live.starts_at) == "00:00"
    assert live.minutes == 350
    assert not verify.faults(found.problem, quick(found.problem))


def test_the_watch_counts_the_minutes_that_have_passed(night: Night) -> None:
    # given work over the change that has begun on time
    job = night.plan(night.wall(1, 30), 120)
    folders.take(job, by=night.floor.advisor, at=night.midnight)
    start(job, 0)
    job.started_at = night.wall(1, 30)
    live = scheduling.get_live(job)
    branch, ends_at = night.floor.branch, live.ends_at
    # when
    early = ends_at - timedelta(minutes=16)
    assert watch.look_after(branch, at=early) == []
    # then the folder is missed a quarter before the end, and the overrun when it is one
    [folder] = watch.look_after(branch, at=ends_at - timedelta(minutes=15))
    assert (folder.kind, folder.due_at) == (AlarmKind.FOLDER_NOT_BACK, ends_at)
    found = {
        each.kind: each for each in watch.look_after(branch, at=ends_at + timedelta(minutes=5))
    }
    over = found[AlarmKind.OVERRUN]
    assert (over.due_at, over.until_at) == (ends_at, ends_at + timedelta(minutes=5))


def test_the_board_has_a_column_for_each_hour_that_there_is(night: Night) -> None:
    # given
    job = night.plan(night.wall(1, 30), 120)
    # when
    shown = board.make_board(night.floor.branch, night.day, by_bay=False, at=night.midnight)
    # then
    labels = [night.shown(each) for each in shown.hours]
    first = {
        25: ["00:00", "01:00", again(night), "02:00", "03:00"],
        23: ["00:00", "01:00", skipped(night), "04:00", "05:00"],
    }
    assert labels[:5] == first[night.hours]
    assert len(labels) == night.hours
    card = next(card for row in shown.rows for card in row.cards)
    assert card.job.id == job.id
    assert card.allocation.minutes == 120
    assert shown.available_minutes == 2 * night.work_minutes
    assert not card.alarms


def again(night: Night) -> str:
    """The hour that comes twice comes a first time."""
    return {"Europe/Berlin": "02:00", "Asia/Shanghai": "01:00"}[night.zone.key]


def skipped(night: Night) -> str:
    return {"Europe/Berlin": "03:00", "Asia/Shanghai": "03:00"}[night.zone.key]


def test_the_whole_day_is_closed_and_not_a_minute_more(night: Night) -> None:
    floor = night.floor
    begins, ends = calendar.day_span(floor.branch, night.day)
    job = floor.queue()
    job.order.promised_at = ends + timedelta(days=2)
    closing.close_day(floor.branch, night.day, by=floor.advisor, at=night.wall(22))
    place = (floor.people[0], floor.bays[0])
    for at in (begins, ends - timedelta(minutes=1)):
        is_guarded(partial(make_allocation, *place, at, job_id=job.id), "closed-day")
    make_allocation(*place, ends, job_id=job.id)


def test_hours_that_lie_in_the_gap_are_no_hours(night: Night) -> None:
    # given a shift that is lost in the gap, or lies in the hour that comes twice
    session.execute(delete(Shift))
    session.execute(delete(OpeningHours))
    technician = night.floor.people[0]
    for weekday in range(7):
        shift = Shift(user_id=technician.user_id, weekday=weekday)
        shift.starts, shift.ends = time(2, 30), time(3, 15)
        opening = OpeningHours(branch_id=night.floor.branch.id, weekday=weekday)
        opening.opens, opening.closes = time(2, 30), time(3, 15)
        session.add_all([shift, opening])
    session.flush()
    # then nobody works backwards, and no bay is open so
    spans = calendar.shifts(technician, night.day) + calendar.opening(night.floor.branch, night.day)
    assert all(begins < ends for begins, ends in spans)
    assert night.hours == 25 or spans == []


def test_the_hours_of_the_board_are_those_of_the_wall(database: Database) -> None:
    # given a zone half an hour beside the others
    floor = make_floor()
    floor.branch.zone = "Asia/Kolkata"
    day = date(2026, 11, 23)
    # when
    shown = board.make_board(floor.branch, day, by_bay=False, at=AT)
    # then
    zone = ZoneInfo("Asia/Kolkata")
    assert [f"{each.astimezone(zone):%H:%M}" for each in shown.hours] == [
        f"{hour:02}:00" for hour in range(8, 19)
    ]


def test_a_closed_day_of_23_hours_still_shows_eight_to_six(database: Database) -> None:
    floor = make_floor()
    floor.branch.zone = "Europe/Berlin"
    shown = board.make_board(floor.branch, date(2027, 3, 28), by_bay=False, at=AT)
    zone = ZoneInfo("Europe/Berlin")
    assert shown.closed
    labels = [f"{each.astimezone(zone):%H:%M}" for each in (shown.begins, shown.ends)]
    assert labels == ["08:00", "18:00"]
