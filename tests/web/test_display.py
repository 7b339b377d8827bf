"""How values look on a page."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from flask_babel import force_locale

import workshop
from tests.databases import Database
from workshop.web import display


def test_a_moment_of_today_is_a_time_and_any_other_has_its_day(
    database: Database, app: Flask, at: datetime
) -> None:
    with app.test_request_context("/"):
        assert display.show_moment(at + timedelta(minutes=95)) == "11:35"
        assert display.show_moment(at - timedelta(days=1)) == "11-22 10:00"
        assert display.show_moment(None) == display.DASH


def test_every_unit_of_the_starter_and_the_demo_has_an_english_word(
    database: Database, app: Flask
) -> None:
    root = Path(workshop.__file__).parent
    lists = ("setup/starter/kinds.toml", "demo/assortment.toml")
    text = "".join((root / each).read_text(encoding="utf-8") for each in lists)
    units = set(re.findall(r'unit = "([^"]+)"', text))
    assert len(units) > 6
    with app.test_request_context("/"), force_locale("en"):
        assert all(display.show_unit(unit).isascii() for unit in units)
