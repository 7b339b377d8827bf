"""The shop's particulars, rules, hours and bays."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import pytest

from tests.databases import Database
from tests.factories import make_bay, make_branch, make_user
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.shop import branches, calendar, queries
from workshop.shop import week as weeks
from workshop.shop.models import BayKind
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.web import versions
from workshop.web.versions import Quantity, Unit


@pytest.fixture
def manager(database: Database) -> User:
    return make_user(RoleName.SERVICE_MANAGER)


def test_the_particulars_are_changed_by_who_manages_the_shop(manager: User, at: datetime) -> None:
    branch = make_branch()
    values = replace(branches.particulars_of(branch), name="福星汽车", tax_no="91310000")
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    with pytest.raises(NotAllowed):
        branches.change_particulars(branch, values, by=advisor, at=at)
    branches.change_particulars(branch, values, by=manager, at=at)
    assert branches.particulars_of(branch) == values
    with pytest.raises(Invalid):
        branches.change_particulars(branch, replace(values, name=" "), by=manager, at=at)


def test_a_stale_page_of_the_rules_shows_both_versions(manager: User, at: datetime) -> None:
    branch = make_branch()
    old = branches.rules_of(branch)
    seen = versions.mark(branches.state_of(old))
    branches.change_rules(branch, replace(old, buffer_minutes=20), seen=seen, by=manager, at=at)
    wanted = replace(old, buffer_minutes=10)
    with pytest.raises(Conflict) as stale:
        branches.change_rules(branch, wanted, seen=seen, by=manager, at=at)
    label = branches.LABELS["buffer_minutes"]
    assert (stale.value.theirs, stale.value.yours) == (
        {label: Quantity(20, Unit.MINUTES)},
        {label: Quantity(10, Unit.MINUTES)},
    )


@pytest.mark.parametrize(("name", "value"), [("reserve_percent", 95), ("buffer_minutes", -1)])
def test_a_number_that_makes_no_sense_is_refused(
    manager: User, at: datetime, name: str, value: int
) -> None:
    branch = make_branch()
    values = replace(branches.rules_of(branch), **{name: value})
    with pytest.raises(Invalid) as refused:
        branches.change_rules(branch, values, by=manager, at=at)
    assert refused.value.field == name


def test_the_opening_hours_are_what_the_calendar_counts(manager: User, at: datetime) -> None:
    branch = make_branch()
    morning, evening = (time(9), time(12)), (time(13), time(20))
    branches.set_opening(branch, {0: [morning, evening]}, by=manager, at=at)
    monday = calendar.local_day(branch, at)
    assert [round((b - a).total_seconds() / 3600) for a, b in calendar.opening(branch, monday)] == [
        3,
        7,
    ]
    assert branches.opening_of(branch) == {0: [morning, evening]}


def test_hours_that_overlap_or_never_open_are_refused(manager: User, at: datetime) -> None:
    branch = make_branch()
    spans = [(time(9), time(13)), (time(12), time(18))]
    with pytest.raises(Invalid) as refused:
        branches.set_opening(branch, {2: spans}, by=manager, at=at)
    assert refused.value.field == weeks.field_name(2, 1, "from")
    with pytest.raises(Invalid):
        branches.set_opening(branch, {2: [(time(9), time(9))]}, by=manager, at=at)
    with pytest.raises(RuleBroken):
        branches.set_opening(branch, {}, by=manager, at=at)


def test_a_bay_has_one_name_and_may_go_out_of_use(manager: User, at: datetime) -> None:
    branch = make_branch()
    bay = branches.add_bay(branch, " L1 ", BayKind.LIFT, by=manager, at=at)
    assert bay.code == "L1"
    with pytest.raises(RuleBroken):
        branches.add_bay(branch, "L1", BayKind.FLAT, by=manager, at=at)
    with pytest.raises(Invalid):
        branches.add_bay(branch, " ", BayKind.FLAT, by=manager, at=at)
    other = make_bay()
    branches.use_bay(bay, False, by=manager, at=at)
    assert queries.list_bays(branch) == [other]
    assert branches.list_all_bays(branch) == [other, bay]


def test_several_bays_are_added_at_once_or_none(manager: User, at: datetime) -> None:
    branch = make_branch()
    made = branches.add_bays(branch, "L1, L2，L3、", BayKind.LIFT, by=manager, at=at)
    assert [bay.code for bay in made] == ["L1", "L2", "L3"]
    for wrong in ("", " , ", "L9, " + "x" * 21):
        with pytest.raises(Invalid):
            branches.add_bays(branch, wrong, BayKind.LIFT, by=manager, at=at)
    with pytest.raises(RuleBroken):
        branches.add_bays(branch, "L4, L1", BayKind.LIFT, by=manager, at=at)
