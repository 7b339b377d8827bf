"""How the values of a refusal look to its reader."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.databases import Database
from workshop import web
from workshop.errors import Conflict
from workshop.web.versions import Quantity, Unit, quantity


@pytest.mark.parametrize(
    ("number", "unit", "shown"),
    [
        (45_200, Unit.KM, "45,200 km"),
        (15, Unit.MINUTES, "15 min"),
        (40, Unit.PERCENT, "40 %"),
        (1300, Unit.BASIS_POINTS, "13 %"),
        (650, Unit.BASIS_POINTS, "6.5 %"),
        (12_345, Unit.FEN, "¥123.45"),
    ],
)
def test_both_versions_of_a_conflict_show_the_unit(
    database: Database, app: Flask, number: int, unit: Unit, shown: str
) -> None:
    clash = Conflict(
        "Changed.", theirs={"It": quantity(None, unit)}, yours={"It": Quantity(number, unit)}
    )
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert web.both_versions(clash) == [("It", None, shown)]
