"""Operations, packages and kinds of parts: made, corrected, copied, retired, confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.catalogue.factories import build, particulars
from tests.databases import Database
from tests.factories import AT, make_branch, make_kind, make_package, make_part, make_user
from workshop.catalogue import checking, kinds, operations, packages, queries
from workshop.catalogue.models import BayNeed, Energy, GuaranteeClass
from workshop.catalogue.packages import Particulars as PackageParticulars
from workshop.catalogue.particulars import Need, particulars_of, state_of
from workshop.customers.models import EnergyType
from workshop.db import session
from workshop.errors import Conflict, Invalid, RuleBroken
from workshop.shop.models import BayKind
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.web import versions


def boss() -> User:
    return make_user(RoleName.SERVICE_MANAGER)


def make_two() -> None:
    build("BRK-F", keywords="异响 noise", name_en="Replace front brake pads")
    build("OIL-100%", name_zh="换机油", name_en="Oil change")


@pytest.mark.parametrize("text", ["brk", "BRK-F", "制动", "front pads", "异响", "noise 更换"])
def test_an_operation_is_found_by_code_name_and_keyword(database: Database, text: str) -> None:
    make_two()
    assert [operation.code for operation in queries.search_operations(text)] == ["BRK-F"]


def test_signs_of_the_query_language_are_only_letters(database: Database) -> None:
    make_two()
    assert [operation.code for operation in queries.search_operations("100%")] == ["OIL-100%"]
    assert queries.search_operations("_") == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": " "}, "code"),
        ({"code": "BRK-F"}, "code"),
        ({"name_en": ""}, "name_en"),
        ({"book_minutes": 0}, "book_minutes"),
        ({"suv_minutes": -5}, "suv_minutes"),
        ({"skill_id": 999}, "skill_id"),
        ({"level": 6}, "level"),
        ({"rate_code": ""}, "rate_code"),
        ({"needs": (Need(1000),)}, "needs"),
        ({"needs": (Need(0, kind_id=1),)}, "needs"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    database: Database, wrong: dict[str, object], field: str
) -> None:
    make_two()
    with pytest.raises(Invalid) as refused:
        operations.make(
            replace(particulars(), **wrong),  # type: ignore[arg-type]
            branch_id=make_branch().id,
            by=boss(),
            at=AT,
        )
    assert refused.value.field == field


def test_all_that_is_said_is_kept(database: Database) -> None:
    # given
    kind, part = make_kind("oil", unit="升"), make_part("FIL")
    said = particulars(
        compact_minutes=50,
        suv_minutes=75,
        level=2,
        energies=("fuel", "hybrid"),
        flags=("road_test",),
        models="蒙迪欧",
        guarantee=GuaranteeClass.OVERHAUL,
        keywords="异响",
        needs=(
            Need(4500, kind_id=kind.id, compact_milli=4000, suv_milli=5500),
            Need(1000, part_id=part.id),
        ),
    )
    # when
    made = operations.make(said, branch_id=make_branch().id, by=boss(), at=AT)
    session.expire_all()
    # then
    assert particulars_of(made) == replace(
        said,
        bay_kinds=["lift"],
        energies=["fuel", "hybrid"],
        flags=["road_test"],
    )
    assert [made.minutes_of(size) for size in ("compact", "mid", "suv", None)] == [50, 60, 75, 60]
    assert made.parts[0].milli_of("suv") == 5500


def test_the_later_of_two_managers_sees_both_versions(database: Database) -> None:
    # given
    operation, branch = build(), make_branch()
    seen = versions.mark(state_of(particulars_of(operation)))
    first, second = particulars(book_minutes=70), particulars(book_minutes=80)
    operations.change(operation, first, branch_id=branch.id, seen=seen, by=boss(), at=AT)
    # when
    with pytest.raises(Conflict) as refused:
        operations.change(operation, second, branch_id=branch.id, seen=seen, by=boss(), at=AT)
    # then
    assert refused.value.theirs == {"Book minutes, mid-size car": 70}
    assert refused.value.yours == {"Book minutes, mid-size car": 80}


def test_a_copy_has_its_own_code_and_the_rest(database: Database) -> None:
    operation = build("B-PAD-F", needs=(Need(1000, kind_id=make_kind().id),))
    first = operations.copy(operation, by=boss(), at=AT)
    second = operations.copy(operation, by=boss(), at=AT)
    assert [first.code, second.code] == ["B-PAD-F-2", "B-PAD-F-3"]
    known = particulars_of(operation)
    assert particulars_of(second) == replace(known, code="B-PAD-F-3")


def test_a_retired_operation_is_found_no_more_and_comes_back(database: Database) -> None:
    operation, by = build(), boss()
    package = make_package(operation, code="PK-1")
    with pytest.raises(RuleBroken, match="PK-1"):
        operations.put_in_use(operation, False, by=by, at=AT)
    packages.put_in_use(package, False, by=by, at=AT)
    operations.put_in_use(operation, False, by=by, at=AT)
    assert queries.search_operations("B-PAD-F") == []
    with pytest.raises(RuleBroken, match="B-PAD-F is retired"):
        packages.put_in_use(package, True, by=by, at=AT)
    operations.put_in_use(operation, True, by=by, at=AT)
    assert [each.code for each in queries.search_operations("B-PAD-F")] == ["B-PAD-F"]


def test_a_package_has_operations_and_an_interval(database: Database) -> None:
    by, one, two = boss(), build("ONE"), build("TWO")
    said = PackageParticulars("PK", "套餐", "Package", (two.id, one.id), 5000, 6)
    other = replace(said, code="PK-2")
    made = packages.make(said, by=by, at=AT)
    session.expire_all()
    assert packages.particulars_of(made) == said
    assert [each.code for each in made.operations] == ["TWO", "ONE"]
    for wrong, field in (
        ({"operation_ids": ()}, "operations"),
        ({"operation_ids": (999,)}, "operations"),
        ({"interval_km": 0}, "interval_km"),
        ({"interval_months": 999}, "interval_months"),
        ({"code": "PK"}, "code"),
    ):
        with pytest.raises(Invalid) as refused:
            packages.make(replace(other, **wrong), by=by, at=AT)  # type: ignore[arg-type]
        assert refused.value.field == field
    packages.change(made, replace(said, operation_ids=(one.id,)), by=by, at=AT)
    assert [each.code for each in made.operations] == ["ONE"]


def test_a_kind_goes_by_its_code_and_stays_while_it_is_needed(database: Database) -> None:
    by = boss()
    kind = kinds.make("pad-front", "前制动片", "Front pads", "套", by=by, at=AT)
    make_part("PAD-1", choice_group="pad-front")
    build(needs=(Need(1000, kind_id=kind.id),))
    assert queries.count_parts_of_kinds() == {"pad-front": 1}
    assert queries.count_needs_of_kinds() == {kind.id: 1}
    with pytest.raises(RuleBroken, match="B-PAD-F"):
        kinds.put_in_use(kind, False, by=by, at=AT)
    with pytest.raises(Invalid, match="taken"):
        kinds.make("pad-front", "x", "x", "件", by=by, at=AT)


def test_what_came_from_the_starter_waits_until_somebody_has_looked(database: Database) -> None:
    # given
    branch, by = make_branch(), boss()
    one, two, own = (
        operations.build(particulars(code), branch_id=branch.id, starter_version=version)
        for code, version in (("ONE", "1"), ("TWO", "1"), ("OWN", None))
    )
    assert [each.is_unchecked for each in (one, two, own)] == [True, True, False]
    # when
    operations.change(one, particulars("ONE"), branch_id=branch.id, by=by, at=AT)
    number = checking.confirm([one, two, own], by=by, at=AT)
    # then
    assert number == 1
    assert [each.is_unchecked for each in (one, two)] == [False, False]
    assert (one.changed_at, two.checked_by_id) == (None, by.id)
    with pytest.raises(RuleBroken):
        checking.confirm([one, two], by=by, at=AT)


def test_its_words_for_bays_and_energies_are_those_of_shop_and_customers() -> None:
    assert [(each.value, each.label) for each in BayNeed] == [
        (each.value, each.label) for each in BayKind
    ]
    assert {each.value for each in Energy} == {each.value for each in EnergyType}


def test_a_guarantee_ends_by_the_days_and_kilometres_of_its_class() -> None:
    # R1–R3: overhaul 20,000 km or 100 days, level 2 5,000 km or 30 days, else 2,000 km or 10 days.
    start = date(2026, 11, 23)
    ends = [each.end_after(start, 52_000) for each in GuaranteeClass]
    assert ends == [
        (date(2027, 3, 3), 72_000),
        (date(2026, 12, 23), 57_000),
        (date(2026, 12, 3), 54_000),
    ]
