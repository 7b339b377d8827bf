"""Filling the catalogue and finding in it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.databases import Database
from tests.factories import make_branch
from workshop.catalogue import queries
from workshop.catalogue import service as catalogue
from workshop.catalogue.models import GuaranteeClass
from workshop.errors import Invalid, NotFound


def make_two() -> None:
    catalogue.make_operation(
        "BRK-F",
        "更换前制动片",
        "Replace front brake pads",
        book_minutes=60,
        skill_id=None,
        keywords="异响 noise",
    )
    catalogue.make_operation("OIL-100%", "换机油", "Oil change", book_minutes=30, skill_id=None)


@pytest.mark.parametrize("text", ["brk", "BRK-F", "制动", "front pads", "异响", "noise 更换"])
def test_an_operation_is_found_by_code_name_and_keyword(database: Database, text: str) -> None:
    make_two()
    assert [operation.code for operation in queries.search_operations(text)] == ["BRK-F"]


def test_signs_of_the_query_language_are_only_letters(database: Database) -> None:
    make_two()
    assert [operation.code for operation in queries.search_operations("100%")] == ["OIL-100%"]
    assert queries.search_operations("_") == []


def test_a_rate_is_set_once_and_changed_after(database: Database) -> None:
    branch = make_branch()
    catalogue.set_rate(branch.id, "standard", 24_000, name_zh="标准", name_en="Standard")
    catalogue.set_rate(branch.id, "standard", 26_000, name_zh="标准", name_en="Standard")
    assert queries.fen_per_hour(branch.id, "standard") == 26_000
    with pytest.raises(NotFound, match="body"):
        queries.fen_per_hour(branch.id, "body")


def test_codes_are_unique_and_packages_are_not_empty(database: Database) -> None:
    make_two()
    with pytest.raises(Invalid, match="BRK-F"):
        catalogue.make_operation("BRK-F", "x", "x", book_minutes=1, skill_id=None)
    with pytest.raises(Invalid):
        catalogue.make_operation("X", "x", "x", book_minutes=0, skill_id=None)
    with pytest.raises(Invalid):
        catalogue.make_package("P", "x", "x", [])


def test_a_guarantee_ends_by_the_days_and_kilometres_of_its_class() -> None:
    # R1–R3: overhaul 20,000 km or 100 days, level 2 5,000 km or 30 days, else 2,000 km or 10 days.
    start = date(2026, 11, 23)
    ends = [each.end_after(start, 52_000) for each in GuaranteeClass]
    assert ends == [
        (date(2027, 3, 3), 72_000),
        (date(2026, 12, 23), 57_000),
        (date(2026, 12, 3), 54_000),
    ]
