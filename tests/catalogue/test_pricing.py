"""Prices with a history: by day of the shop's zone, by payer, taken back before they begin."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from tests.databases import Database
from tests.factories import (
    AT,
    make_branch,
    make_labour_price,
    make_operation,
    make_package,
    make_rate,
    make_user,
)
from workshop.catalogue import grades, pricing, queries
from workshop.catalogue.models import LabourRate, Payer
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.shop import calendar
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.web import versions

TODAY = date(2026, 11, 23)
NEXT = date(2026, 12, 1)


def boss() -> User:
    return make_user(RoleName.SERVICE_MANAGER)


def set_price(
    rate: LabourRate, fen: int | None, payer: Payer = Payer.CUSTOMER, **more: object
) -> None:
    values = {"valid_from": NEXT, "today": TODAY, "by": boss(), "at": AT, **more}
    pricing.set_labour_price(rate, payer, fen, **values)  # type: ignore[arg-type]


def hour_fen(day: date, payer: Payer = Payer.CUSTOMER) -> int | None:
    return queries.price_list(make_branch().id, day).hour_fen("standard", payer.value)


def test_a_price_holds_from_its_day_on_in_the_shops_zone(database: Database) -> None:
    # given
    branch = make_branch()
    set_price(make_rate(fen=24_000), 26_000)
    # then: 23:30 of the day before is still the old price, though UTC has the same date as later.
    late = datetime(2026, 11, 30, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
    after = late + timedelta(minutes=40)
    assert late.date() == after.date()
    assert hour_fen(calendar.local_day(branch, late)) == 24_000
    assert hour_fen(calendar.local_day(branch, after)) == 26_000
    assert hour_fen(NEXT + timedelta(days=400)) == 26_000


def test_a_payer_without_an_own_price_pays_what_the_customer_pays(database: Database) -> None:
    rate = make_rate(fen=24_000)
    set_price(rate, 18_000, Payer.WARRANTY, valid_from=TODAY)
    set_price(rate, None, Payer.WARRANTY)
    assert hour_fen(TODAY, Payer.WARRANTY) == 18_000
    assert hour_fen(TODAY, Payer.INSURANCE) == 24_000
    assert hour_fen(NEXT, Payer.WARRANTY) == 24_000


def test_a_price_is_taken_back_before_its_day_and_not_after(database: Database) -> None:
    # given
    rate, by = make_rate(fen=24_000), boss()
    set_price(rate, 26_000)
    coming = queries.list_labour_prices(rate)[0]
    # when
    pricing.take_back_labour_price(rate, coming.id, today=TODAY, by=by, at=AT)
    # then
    assert hour_fen(NEXT) == 24_000
    with pytest.raises(Conflict):
        pricing.take_back_labour_price(rate, coming.id, today=TODAY, by=by, at=AT)
    first = queries.list_labour_prices(rate)[-1]
    with pytest.raises(RuleBroken, match="holds already"):
        pricing.take_back_labour_price(rate, first.id, today=TODAY, by=by, at=AT)


@pytest.mark.parametrize("fen", [0, -1])
def test_a_price_of_nothing_is_refused_at_its_field(database: Database, fen: int) -> None:
    with pytest.raises(Invalid, match="more than nothing") as refused:
        set_price(make_rate(), fen)
    assert refused.value.field == "price"
    with pytest.raises(Invalid) as late:
        set_price(make_rate(), 100, valid_from=TODAY - timedelta(days=1))
    assert late.value.field == "valid_from"
    with pytest.raises(Invalid, match="base of all"):
        set_price(make_rate(), None)


def test_the_later_of_two_managers_sees_both_prices(database: Database) -> None:
    # given
    rate = make_rate(fen=24_000)
    seen = versions.mark(pricing.labour_state(rate, Payer.CUSTOMER))
    set_price(rate, 26_000, seen=seen)
    # when
    with pytest.raises(Conflict) as refused:
        set_price(rate, 27_000, seen=seen)
    # then
    theirs, yours = refused.value.theirs["Price"], refused.value.yours["Price"]
    assert (theirs.number, yours.number) == (26_000, 27_000)
    set_price(rate, 15_000, Payer.WARRANTY, seen=None)


def test_only_who_manages_the_catalogue_sets_prices(database: Database) -> None:
    with pytest.raises(NotAllowed):
        set_price(make_rate(), 100, by=make_user(RoleName.SERVICE_ADVISOR))


def test_the_history_only_grows(database: Database) -> None:
    line = make_labour_price(make_rate(), 25_000)
    for statement in (
        "UPDATE labour_price SET fen = 1",
        f"DELETE FROM labour_price WHERE id = {line.id}",
    ):
        with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
            session.execute(sa.text(statement))


def test_a_package_has_a_fixed_price_from_a_day_on(database: Database) -> None:
    package, by = make_package(make_operation()), boss()

    def fen(day: date) -> int | None:
        return queries.price_list(make_branch().id, day).package_fen(package.id)

    pricing.set_package_price(package, 39_900, valid_from=NEXT, today=TODAY, by=by, at=AT)
    pricing.set_package_price(
        package, None, valid_from=NEXT + timedelta(days=9), today=TODAY, by=by, at=AT
    )
    assert [fen(TODAY), fen(NEXT), fen(NEXT + timedelta(days=9))] == [None, 39_900, None]
    coming = queries.list_package_prices(package)[0]
    pricing.take_back_package_price(package, coming.id, today=TODAY, by=by, at=AT)
    assert fen(NEXT + timedelta(days=9)) == 39_900


def test_a_grade_is_made_with_its_first_price_and_kept_while_it_is_used(database: Database) -> None:
    branch, by = make_branch(), boss()
    grade = grades.make(
        branch.id, "body", "钣金", "Body", 30_000, valid_from=TODAY, today=TODAY, by=by, at=AT
    )
    assert queries.list_rates(branch.id, TODAY) == {"body": 30_000}
    with pytest.raises(Invalid, match="taken"):
        grades.make(branch.id, "body", "x", "x", 1, valid_from=TODAY, today=TODAY, by=by, at=AT)
    operation = make_operation("D-DENT", rate_code="body")
    with pytest.raises(RuleBroken, match="D-DENT"):
        grades.put_in_use(grade, False, by=by, at=AT)
    operation.active = False
    session.flush()
    grades.put_in_use(grade, False, by=by, at=AT)
    assert not grade.active
