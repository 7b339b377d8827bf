"""A refusal that advises something leads to where it can be done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import login_user

from tests import factories
from tests.databases import Database
from workshop import web
from workshop.errors import Missing, RuleBroken, Way
from workshop.staff.access import public
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

_WAY = Way("parts.stock_levels", "Stock")


def _refuse() -> str:
    raise RuleBroken("Nothing goes.", way=_WAY, missing=[Missing("Nothing.", "none", way=_WAY)])


def test_a_refusal_links_for_who_may_and_names_who_may_for_others(
    app: Flask,
    database: Database,
    sign_in: Callable[[User], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # given
    monkeypatch.setitem(app.view_functions, "health.healthz", public(_refuse))
    clerk = factories.make_user(RoleName.PARTS_CLERK)
    washer = factories.make_user(RoleName.WASHER)
    clerk.locale = washer.locale = "en"
    # when
    may, may_not = sign_in(clerk).get("/healthz"), sign_in(washer).get("/healthz")
    told = sign_in(clerk).get("/healthz", headers={"Accept": "application/json"})
    # then
    assert '<a class="way" href="/parts/stock">Stock</a>' in may.text
    assert f"{clerk.display_name} may do it." in may_not.text
    assert 'href="/parts/stock"' not in may_not.text
    assert told.get_json()["way"]["url"] == "/parts/stock"


def test_a_missing_fact_shows_its_way_in_a_template_only(app: Flask, database: Database) -> None:
    with app.test_request_context("/"):
        login_user(factories.make_user(RoleName.PARTS_CLERK))
        said = web.missing_words(Missing("Nothing.", "none", way=_WAY))
        assert said == "Nothing."
        assert 'href="/parts/stock"' in said.__html__()


def test_a_stranger_is_shown_no_way_into_the_shops_pages(app: Flask, database: Database) -> None:
    with app.test_request_context("/"):
        assert web.missing_words(Missing("Nothing.", "none", way=_WAY)).__html__() == "Nothing."


def test_no_link_leads_to_the_page_that_it_stands_on(app: Flask, database: Database) -> None:
    with app.test_request_context("/parts/stock"):
        login_user(factories.make_user(RoleName.PARTS_CLERK))
        assert web.missing_words(Missing("Nothing.", "none", way=_WAY)).__html__() == "Nothing."
