"""A package with a season is offered in its months, and is kept with them."""

from __future__ import annotations

import pytest

from tests.databases import Database
from tests.factories import AT, make_operation, make_order, make_package, make_rate, make_user
from workshop.catalogue import packages, rules
from workshop.errors import Invalid
from workshop.orders.flow import Stage
from workshop.setup.starter import contents
from workshop.staff.permissions import RoleName
from workshop.steps.quotation import menu


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (4, 6, {4, 5, 6}),
        (11, 2, {11, 12, 1, 2}),
        (7, 7, {7}),
        (None, None, set(range(1, 13))),
    ],
)
def test_a_season_may_go_round_the_end_of_the_year(
    first: int | None, last: int | None, months: set[int]
) -> None:
    assert {month for month in range(1, 13) if rules.in_season(first, last, month)} == months


def test_the_starter_offers_three_packages_by_season() -> None:
    """Cold comes before winter, air conditioning before summer (starter.md §2)."""
    seasons = {
        each.code: (each.season_from, each.season_to)
        for each in contents.packages()
        if each.season_from
    }
    assert seasons == {"PK-AC": (4, 6), "PK-WIN": (10, 11), "PK-SUM": (4, 5)}


def test_the_menu_leaves_out_what_is_not_of_the_season(database: Database) -> None:
    # given: it is November
    make_rate()
    order, boss = make_order(Stage.INSPECTED), make_user(RoleName.SERVICE_MANAGER)
    always = make_package(make_operation("A1"))
    package = make_package(make_operation("A2"))
    given = packages.particulars_of(package)
    # when
    for first, last in ((4, 6), (10, 11)):
        told = packages.Particulars(
            given.code, given.name_zh, given.name_en, given.operation_ids, None, None, first, last
        )
        packages.change(package, told, by=boss, at=AT)
        # then
        shown = {entry.record.id for entry in menu.Menu(order, None, AT).packages()}
        assert shown == ({always.id} if first == 4 else {always.id, package.id})
    # and: half a season is none
    half = packages.Particulars(
        given.code, given.name_zh, given.name_en, given.operation_ids, None, None, 4, None
    )
    with pytest.raises(Invalid, match="a first and a last month"):
        packages.change(package, half, by=boss, at=AT)
