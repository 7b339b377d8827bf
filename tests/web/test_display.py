"""How values look on a page."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from tests.databases import Database
from workshop.web import display


def test_a_moment_of_today_is_a_time_and_any_other_has_its_day(
    database: Database, app: Flask, at: datetime
) -> None:
    with app.test_request_context("/"):
        assert display.show_moment(at + timedelta(minutes=95)) == "11:35"
        assert display.show_moment(at - timedelta(days=1)) == "11-22 10:00"
        assert display.show_moment(None) == display.DASH
