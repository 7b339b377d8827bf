"""The authorisation on paper says what the customer took off again, when, and who agreed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from tests import ink, walks
from tests.databases import Database
from tests.factories import AT
from tests.steps.repair import factories as given
from tests.steps.repair.changing.test_taking_off import head_of
from workshop.orders.models import RepairOrder
from workshop.paper import styles
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.answers import Answer
from workshop.steps.quotation.sheet import pdf
from workshop.steps.repair.changing import taking_off as changing
from workshop.steps.repair.changing.foresight import Wish
from workshop.steps.repair.changing.taking_off import Wanted

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def read(app: Flask, order: RepairOrder) -> str:
    """The words of the order's authorisation, with one blank between them."""
    authorisation = quotation.find_signed(order)
    assert authorisation is not None
    with app.test_request_context(), force_locale("en"):
        data = pdf.service_authorisation(authorisation)
    return " ".join(walks.read_pdf(data).split())


@ON_SQLITE
def test_it_says_what_is_off_and_sums_up_what_is_left(database: Database, app: Flask) -> None:
    # given: two hours are signed for; of the second 20 minutes were worked
    first, second = given.make_running(2)
    order, at = first.order, AT + timedelta(minutes=20)
    wanted = Wanted({head_of(second): Wish()}, "时间来不及")
    signed = Answer("王小明", ink.png())
    changing.take_off(order, wanted, signed, shown_at=at, by=order.advisor, at=at)
    # when
    text = read(app, order)
    # then
    assert "Version 2: taken off by the customer" in text
    assert "Reason: 时间来不及" in text
    assert "2026-11-23 10:20" in text
    assert "Done before it was taken off ¥80.00" in text
    assert "¥320.00" in text
    assert "¥480.00" not in text
    # of ¥240.00 and of ¥80.00, at 13 %
    assert "Tax contained ¥36.81" in text


@ON_SQLITE
def test_what_is_only_asked_is_not_on_it(database: Database, app: Flask) -> None:
    first, second = given.make_planned(2)
    order = first.order
    wanted = Wanted({head_of(second): Wish()}, "时间来不及")
    changing.ask(order, wanted, shown_at=AT, by=order.advisor, at=AT)
    text = read(app, order)
    assert "taken off" not in text
    assert "¥480.00" in text


def test_words_are_struck_through() -> None:
    assert not styles.text("甲").frags[0].us_lines
    assert styles.text("乙", struck=True).frags[0].us_lines
