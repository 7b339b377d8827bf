"""A second technician beside the lead: the time, what it follows, and the guards behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.allocation.factories import make_allocation
from tests.databases import Database
from tests.factories import AT, make_bay, make_job, make_technician, make_user
from tests.shop.factories import hour
from workshop import db
from workshop.allocation import queries as allocated
from workshop.allocation import service as allocations
from workshop.allocation import team
from workshop.allocation.free_time import FreeTime, WorkPiece
from workshop.allocation.models import Allocation, AllocationStatus, Assistance
from workshop.db import session
from workshop.errors import Conflict, Invalid, RuleBroken
from workshop.shop import absences, calendar
from workshop.shop.models import Branch, Technician
from workshop.staff.models import User
from workshop.staff.permissions import RoleName


@dataclass
class Pair:
    """A piece of work at two o'clock, its lead, and who helps."""

    lead: Allocation
    helping: Assistance
    helper: Technician
    by: User

    def move(self, starts_at: datetime, minutes: int = 60, at: datetime = AT) -> None:
        allocations.move(
            self.lead,
            self.lead.technician,
            self.lead.bay,
            starts_at,
            minutes,
            seen_version=self.lead.version,
            by=self.by,
            at=at,
        )


def allocate(
    hours: float, by: User, minutes: int = 60, who: Technician | None = None
) -> Allocation:
    return allocations.allocate(
        make_job().id, who or make_technician(), make_bay(), hour(hours), minutes, by=by, at=AT
    )


def add(lead: Allocation, helper: Technician, by: User, *, at: datetime = AT) -> Assistance:
    wanted = team.Helper(helper, 50)
    return team.add(lead, wanted, seen_version=lead.version, by=by, at=at)


@pytest.fixture
def controller(database: Database) -> User:
    return make_user(RoleName.JOB_CONTROLLER)


@pytest.fixture
def pair(controller: User) -> Pair:
    lead, helper = allocate(14, controller), make_technician()
    return Pair(lead, add(lead, helper, controller), helper, controller)


def times(taken: Allocation | Assistance) -> tuple[datetime, datetime, datetime]:
    return taken.starts_at, taken.ends_at, taken.blocked_until


def test_who_helps_has_the_time_of_the_lead_and_no_bay(pair: Pair) -> None:
    assert times(pair.helping) == times(pair.lead)
    assert pair.helping.bay_id is None
    assert allocated.find_helper(pair.lead) is pair.helper


def test_everything_that_asks_for_the_job_finds_the_lead(pair: Pair) -> None:
    assert allocations.find_live(pair.lead.job_id) is pair.lead
    assert allocations.find_latest(pair.lead.job_id) is pair.lead
    assert allocations.list_of([pair.lead.job_id]) == [pair.lead]
    day = calendar.local_day(session.get_one(Branch, pair.lead.branch_id), AT)
    branch = session.get_one(Branch, pair.lead.branch_id)
    assert allocations.list_for_day(branch, day) == [pair.lead]
    assert allocated.list_help_between(branch, *calendar.day_span(branch, day)) == [pair.helping]


def test_the_time_of_who_helps_is_taken(pair: Pair) -> None:
    with pytest.raises(RuleBroken, match="buffer included") as refused:
        allocate(14.5, pair.by, who=pair.helper)
    assert refused.value.values["nearest"] == hour(15.25)


def test_nobody_helps_who_is_busy(controller: User) -> None:
    # given
    lead, helper = allocate(14, controller), make_technician()
    allocate(14.5, controller, who=helper)
    # then the nearest time is one at which both are free
    with pytest.raises(RuleBroken, match="who helps with this job, is taken") as refused:
        add(lead, helper, controller)
    assert refused.value.values["nearest"] == hour(15.75)
    assert refused.value.values["assistant"] == helper.name


def test_nobody_helps_who_is_away(controller: User) -> None:
    lead, helper = allocate(14, controller), make_technician()
    absences.add_absence(helper.user, hour(13), hour(14.5), "ill", by=controller, at=AT)
    with pytest.raises(RuleBroken, match="not at work for all of that time") as refused:
        add(lead, helper, controller)
    assert refused.value.values["nearest"] == hour(14.5)


def test_the_lead_does_not_help_himself(controller: User) -> None:
    lead = allocate(14, controller)
    with pytest.raises(RuleBroken, match="cannot lead it as well"):
        add(lead, lead.technician, controller)


def test_one_helps_and_not_two(pair: Pair) -> None:
    with pytest.raises(RuleBroken, match="helps with this job already"):
        add(pair.lead, make_technician(), pair.by)


def test_help_changes_the_version_of_the_piece(controller: User) -> None:
    # given a page that shows the piece as it was
    lead = allocate(14, controller)
    seen = lead.version
    add(lead, make_technician(), controller)
    # then
    with pytest.raises(Conflict) as refused:
        allocations.move(
            lead,
            lead.technician,
            lead.bay,
            hour(15),
            60,
            seen_version=seen,
            by=controller,
            at=AT,
        )
    assert " + " in refused.value.theirs["Technician"]


def test_a_move_takes_who_helps_along(pair: Pair) -> None:
    pair.move(hour(16), 90)
    assert times(pair.helping) == times(pair.lead) == (hour(16), hour(17.5), hour(17.75))
    db.commit()


def test_a_move_is_refused_when_who_helps_is_not_free(pair: Pair) -> None:
    # given
    allocate(16, pair.by, who=pair.helper)
    db.commit()
    # when
    with pytest.raises(RuleBroken, match="who helps with this job") as refused:
        pair.move(hour(15.5))
    db.rollback()
    # then
    assert refused.value.values["nearest"] == hour(32)
    assert times(pair.helping) == times(pair.lead) == (hour(14), hour(15), hour(15.25))


def test_the_job_does_not_go_to_who_helps_with_it(pair: Pair) -> None:
    with pytest.raises(RuleBroken, match="cannot lead it as well"):
        allocations.move(
            pair.lead,
            pair.helper,
            pair.lead.bay,
            hour(14),
            60,
            seen_version=pair.lead.version,
            by=pair.by,
            at=AT,
        )


def test_two_pairs_change_places(pair: Pair) -> None:
    # given
    other = allocate(15.25, pair.by, who=pair.lead.technician)
    helping = add(other, pair.helper, pair.by)
    # when
    versions = (pair.lead.version, other.version)
    allocations.swap(pair.lead, other, seen_versions=versions, by=pair.by, at=AT)
    db.commit()
    # then
    assert (pair.helping.starts_at, helping.starts_at) == (hour(15.25), hour(14))


def test_what_is_cancelled_frees_both(pair: Pair) -> None:
    allocations.cancel(pair.lead, by=pair.by, at=AT)
    db.commit()
    assert pair.helping.status is AllocationStatus.CANCELLED
    assert allocate(14, pair.by, who=pair.helper)


def test_what_is_finished_frees_both(pair: Pair) -> None:
    allocations.finish(pair.lead, at=hour(14.5))
    db.commit()
    assert times(pair.helping) == times(pair.lead)
    assert pair.helping.status is AllocationStatus.DONE
    assert allocate(14.75, pair.by, who=pair.helper)


def test_who_is_taken_off_before_the_work_is_free(pair: Pair) -> None:
    team.release(pair.helping, seen_version=pair.helping.version, by=pair.by, at=AT)
    db.commit()
    assert pair.helping.status is AllocationStatus.CANCELLED
    # and the piece may be moved, and have somebody else
    pair.move(hour(15))
    assert add(pair.lead, make_technician(), pair.by)
    db.commit()


def test_who_is_taken_off_during_the_work_has_helped_until_then(pair: Pair) -> None:
    # when
    team.release(pair.helping, seen_version=pair.helping.version, by=pair.by, at=hour(14.5))
    allocations.finish(pair.lead, at=hour(15))
    db.commit()
    # then
    assert times(pair.helping) == (hour(14), hour(14.5), hour(14.75))
    assert pair.helping.status is AllocationStatus.DONE


def test_who_is_called_to_work_that_has_begun_joins_it_now(controller: User) -> None:
    # given somebody who was busy when it began
    lead, helper = allocate(14, controller, 120), make_technician()
    allocations.finish(allocate(13.5, controller, 30, who=helper), at=hour(14))
    # when
    helping = add(lead, helper, controller, at=hour(14.5))
    db.commit()
    # then, and more minutes for the lead are more for both
    assert (helping.starts_at, helping.ends_at) == (hour(14.5), hour(16))
    pair = Pair(lead, helping, helper, controller)
    pair.move(hour(14), 150, at=hour(14.75))
    db.commit()
    assert (helping.starts_at, helping.ends_at) == (hour(14.5), hour(16.5))
    # and less than until the joining is none
    with pytest.raises(RuleBroken, match="cannot end before"):
        pair.move(hour(14), 20, at=hour(14.75))


def test_a_break_of_the_lead_is_none_of_the_work_of_who_helps(controller: User) -> None:
    lead = allocations.allocate(
        make_job().id,
        make_technician(),
        make_bay(),
        hour(11),
        120,
        by=controller,
        at=AT,
        across=True,
    )
    helping = add(lead, make_technician(), controller)
    assert (helping.minutes, helping.rest_minutes) == (120, 60)


@pytest.mark.parametrize("percent", [0, 5, 52, 95, 100])
def test_a_share_that_is_none_is_refused(pair: Pair, percent: int) -> None:
    with pytest.raises(Invalid, match="A share is from"):
        team.set_share(pair.helping, percent, seen_version=pair.helping.version, by=pair.by, at=AT)


def test_a_share_needs_the_version_that_was_seen(pair: Pair) -> None:
    seen = pair.helping.version
    team.set_share(pair.helping, 30, seen_version=seen, by=pair.by, at=AT)
    with pytest.raises(Conflict):
        team.set_share(pair.helping, 40, seen_version=seen, by=pair.by, at=AT)


def test_who_helps_later_gets_of_what_is_left(pair: Pair) -> None:
    # given somebody who has helped for half of it
    team.release(pair.helping, seen_version=pair.helping.version, by=pair.by, at=hour(14.5))
    # then
    with pytest.raises(Invalid, match="at most 40 %"):
        add(pair.lead, make_technician(), pair.by, at=hour(14.5))


def test_a_slot_beside_somebody_is_free_for_both(pair: Pair) -> None:
    other, branch = make_technician(), session.get_one(Branch, pair.lead.branch_id)
    free = FreeTime(branch, AT, beside=pair.helper)
    slot = free.find_earliest(WorkPiece(60), hour(14), [other])
    assert slot is not None
    assert slot.starts_at == hour(15.25)
    assert free.find_earliest(WorkPiece(60), hour(14), [pair.helper]) is None


# ---- The database itself ----


def test_the_database_refuses_an_overlap_with_who_helps(pair: Pair) -> None:
    with pytest.raises(IntegrityError, match="overlap"), session.begin_nested():
        make_allocation(pair.helper, make_bay(), hour(14.5))


@pytest.mark.parametrize(
    "change",
    [
        "ends_at = blocked_until",
        "status = 'done'",
        "lead_starts_at = ends_at, starts_at = ends_at, ends_at = blocked_until",
    ],
)
def test_the_database_refuses_help_apart_from_the_lead(pair: Pair, change: str) -> None:
    db.commit()
    for row in (pair.helping.id, pair.lead.id):
        what = (
            change if row == pair.helping.id else change.replace("lead_starts_at = ends_at, ", "")
        )
        session.execute(text(f"UPDATE allocation SET {what} WHERE id = {row}"))
        with pytest.raises(IntegrityError):
            db.commit()
        db.rollback()


@pytest.mark.parametrize(
    "change",
    [
        "share_percent = 100",
        "share_percent = NULL",
        "lead_id = NULL",
        "lead_starts_at = NULL",
        "bay_id = {bay}",
        "role = 'lead'",
    ],
)
def test_the_database_refuses_what_is_no_help(pair: Pair, change: str) -> None:
    what = change.format(bay=pair.lead.bay_id)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(f"UPDATE allocation SET {what} WHERE id = {pair.helping.id}"))
