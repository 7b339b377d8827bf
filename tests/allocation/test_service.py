"""Taking time, moving it, giving it back; and the guards behind it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from tests.allocation.factories import make_allocation
from tests.databases import Database
from tests.factories import AT, make_bay, make_branch, make_job, make_technician, make_user
from tests.shop.factories import hour
from workshop import db
from workshop.allocation import placing
from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation, AllocationStatus
from workshop.db import session
from workshop.errors import Conflict, Invalid, RuleBroken
from workshop.shop import calendar
from workshop.shop.models import Bay, Technician
from workshop.staff.models import User
from workshop.staff.permissions import RoleName


@pytest.fixture
def advisor(database: Database) -> User:
    return make_user(RoleName.SERVICE_ADVISOR)


@pytest.fixture
def technician(database: Database) -> Technician:
    return make_technician()


@pytest.fixture
def bay(database: Database) -> Bay:
    return make_bay()


def allocate(
    technician: Technician, bay: Bay, hours: float, by: User, minutes: int = 60
) -> Allocation:
    return allocations.allocate(make_job().id, technician, bay, hour(hours), minutes, by=by, at=AT)


def test_time_is_taken_with_the_buffer_behind_it(
    technician: Technician, bay: Bay, advisor: User
) -> None:
    taken = allocate(technician, bay, 14, advisor)
    assert (taken.ends_at, taken.blocked_until) == (hour(15), hour(15.25))
    assert allocations.find_live(taken.job_id) is taken


@pytest.mark.parametrize(
    ("hours", "minutes", "code", "nearest"),
    [
        (11.5, 60, "gap", 13),
        (12.25, 30, "shift", 13),
        (17.5, 60, "gap", 32),
        (9, 30, "past", None),
    ],
)
def test_time_outside_the_shift_is_refused_with_the_nearest_slot(
    technician: Technician,
    bay: Bay,
    advisor: User,
    hours: float,
    minutes: int,
    code: str,
    nearest: float | None,
) -> None:
    with pytest.raises(RuleBroken) as refused:
        allocate(technician, bay, hours, advisor, minutes)
    assert refused.value.code == code
    assert refused.value.values.get("nearest") == (hour(nearest) if nearest else None)


def test_work_may_rest_in_the_break_when_asked_to(
    technician: Technician, bay: Bay, advisor: User
) -> None:
    taken = allocations.allocate(
        make_job().id, technician, bay, hour(11), 120, by=advisor, at=AT, across=True
    )
    assert taken.ends_at == hour(14)


def test_the_buffer_of_the_technician_is_kept(
    technician: Technician, bay: Bay, advisor: User
) -> None:
    # given
    allocate(technician, bay, 14, advisor)
    # then the next may not begin within the 15 minutes, nor end too near before
    for hours in (15, 13.25, 14.5):
        with pytest.raises(RuleBroken, match="buffer included") as refused:
            allocate(technician, make_bay(), hours, advisor, 45)
        assert refused.value.values["nearest"] == hour(15.25)
    assert allocate(technician, make_bay(), 15.25, advisor)


def test_the_buffer_of_the_bay_is_kept(technician: Technician, bay: Bay, advisor: User) -> None:
    allocate(technician, bay, 14, advisor)
    with pytest.raises(RuleBroken, match="Bay") as refused:
        allocate(make_technician(), bay, 15, advisor)
    assert refused.value.field == "bay_id"


def test_a_cancelled_time_is_free_again(technician: Technician, bay: Bay, advisor: User) -> None:
    taken = allocate(technician, bay, 14, advisor)
    allocations.cancel(taken, by=advisor, at=AT)
    assert allocations.find_live(taken.job_id) is None
    assert allocate(technician, bay, 14, advisor)


def test_what_ends_early_frees_the_rest_and_what_ends_late_does_not_grow(
    technician: Technician, bay: Bay, advisor: User
) -> None:
    # given
    early = allocate(technician, bay, 14, advisor)
    late = allocate(technician, bay, 16, advisor)
    # when
    allocations.finish(early, hour(14.5))
    allocations.finish(late, hour(17.5))
    # then
    assert (early.status, early.ends_at, early.blocked_until) == (
        AllocationStatus.DONE,
        hour(14.5),
        hour(14.75),
    )
    assert late.ends_at == hour(17)
    assert allocate(technician, bay, 14.75, advisor)
    assert allocations.find_latest(early.job_id) is early


def test_a_move_needs_the_version_that_was_seen(
    technician: Technician, bay: Bay, advisor: User
) -> None:
    # given
    taken = allocate(technician, bay, 14, advisor)
    seen = taken.version
    allocations.move(taken, technician, bay, hour(15), 60, seen_version=seen, by=advisor, at=AT)
    # then
    with pytest.raises(Conflict) as refused:
        allocations.move(taken, technician, bay, hour(16), 60, seen_version=seen, by=advisor, at=AT)
    assert refused.value.theirs["Starts at"] == hour(15)
    assert refused.value.yours["Starts at"] == hour(16)


def test_a_move_may_overlap_its_own_old_time(
    technician: Technician, bay: Bay, advisor: User
) -> None:
    taken = allocate(technician, bay, 14, advisor)
    allocations.move(
        taken, technician, bay, hour(14.25), 90, seen_version=taken.version, by=advisor, at=AT
    )
    assert (taken.starts_at, taken.ends_at) == (hour(14.25), hour(15.75))
    assert taken.status is AllocationStatus.PLANNED


def test_two_change_places(technician: Technician, bay: Bay, advisor: User) -> None:
    # given two neighbours with exactly the buffer between
    first = allocate(technician, bay, 14, advisor)
    second = allocate(technician, bay, 15.25, advisor)
    # when
    allocations.swap(
        first, second, seen_versions=(first.version, second.version), by=advisor, at=AT
    )
    # then
    assert (first.starts_at, second.starts_at) == (hour(15.25), hour(14))
    assert first.status is second.status is AllocationStatus.PLANNED


def test_a_swap_that_does_not_fit_leaves_nothing_half_done(
    technician: Technician, bay: Bay, advisor: User
) -> None:
    # given a long one that does not fit where the short one is
    short = allocate(technician, bay, 13, advisor)
    long = allocate(technician, bay, 14.25, advisor, 120)
    db.commit()
    # when
    with pytest.raises(RuleBroken):
        allocations.swap(
            short, long, seen_versions=(short.version, long.version), by=advisor, at=AT
        )
    db.rollback()
    # then
    session.expire_all()
    assert (short.starts_at, long.starts_at) == (hour(13), hour(14.25))
    assert short.status is AllocationStatus.PLANNED


def test_too_short_a_time_is_wrong_in_itself(
    technician: Technician, bay: Bay, advisor: User
) -> None:
    with pytest.raises(Invalid):
        allocate(technician, bay, 14, advisor, 0)


def test_the_database_itself_refuses_an_overlap(technician: Technician, bay: Bay) -> None:
    make_allocation(technician, bay, hour(14))
    for other_technician, other_bay in ((technician, make_bay()), (make_technician(), bay)):
        with pytest.raises(IntegrityError, match="overlap"), session.begin_nested():
            make_allocation(other_technician, other_bay, hour(15))


def test_the_database_refuses_to_move_one_onto_another(technician: Technician, bay: Bay) -> None:
    make_allocation(technician, bay, hour(14))
    other = make_allocation(technician, bay, hour(16))
    other.starts_at = hour(14.5)
    with pytest.raises(IntegrityError, match="overlap"):
        session.flush()
    db.rollback()


def test_the_database_lets_neighbours_touch_and_cancelled_ones_lie(
    technician: Technician, bay: Bay
) -> None:
    make_allocation(technician, bay, hour(14))
    make_allocation(technician, bay, hour(15.25))
    make_allocation(technician, bay, hour(14), status=AllocationStatus.CANCELLED)


def test_the_database_refuses_a_time_longer_than_a_day(technician: Technician, bay: Bay) -> None:
    minute = timedelta(minutes=1)
    make_allocation(technician, bay, hour(8), 24 * 60 - 15)
    with pytest.raises(IntegrityError), session.begin_nested():
        make_allocation(make_technician(), make_bay(), hour(8) + minute, 24 * 60 - 14)


def test_what_is_over_before_its_time_gives_its_whole_time_back(
    technician: Technician, bay: Bay, advisor: User
) -> None:
    # given a job of the afternoon that was worked in the morning
    planned = allocate(technician, bay, 14, advisor)
    # when
    allocations.finish(planned, hour(10.75), worked=(hour(10.5), hour(10.75)))
    # then
    assert (planned.starts_at, planned.ends_at) == (hour(10.5), hour(10.75))
    assert (planned.shown_from, planned.shown_until) == (hour(10.5), hour(10.75))
    assert allocate(technician, bay, 14, advisor)
    found = allocations.list_for_day(make_branch(), calendar.local_day(make_branch(), AT))
    assert planned in found


def test_what_was_over_while_others_had_the_time_leaves_a_minute_and_is_shown_where_it_was(
    technician: Technician, bay: Bay, advisor: User
) -> None:
    # given: all of the morning is planned for another job, which rests
    allocate(technician, bay, 10, advisor, minutes=120)
    planned = allocate(technician, bay, 14, advisor)
    # when
    allocations.finish(planned, hour(10.75), worked=(hour(10.5), hour(10.75)))
    # then
    assert planned.blocked_until == hour(14) + timedelta(minutes=1)
    assert (planned.shown_from, planned.shown_buffer_until) == (hour(10.5), hour(10.75))


def test_what_ran_late_is_shown_to_its_real_end(
    technician: Technician, bay: Bay, advisor: User
) -> None:
    late = allocate(technician, bay, 14, advisor)
    allocations.finish(late, hour(16), worked=(hour(14.25), hour(16)))
    assert (late.starts_at, late.ends_at) == (hour(14), hour(15))
    assert (late.shown_from, late.shown_until) == (hour(14.25), hour(16))
    assert late.shown_buffer_until == hour(16)
    # and whoever puts it back to be done again has no end of it
    place = placing.Place(technician, bay, hour(14), 60)
    allocations.rearrange([(late, late.version, place)], by=advisor, at=AT, back=True)
    assert (late.worked_from, late.shown_until) == (None, hour(15))
