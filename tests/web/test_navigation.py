"""The menu marks where one is, on the pages below an item as well."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_order, make_user
from workshop.orders.flow import Stage
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]


def marked(page: str) -> list[tuple[str, str]]:
    """Address and mark of the items that are marked."""
    return re.findall(r'class="nav-item" href="([^"]+)" aria-current="(\w+)"', page)


@pytest.mark.parametrize(
    ("path", "item", "mark"),
    [
        ("/", "/", "page"),
        ("/?whose=all", "/", "page"),
        ("/orders/{no}", "/", "true"),
        ("/orders/{no}/parts", "/parts", "true"),
        ("/orders/{no}/followup", "/followup", "true"),
        ("/parts/stock", "/parts", "true"),
        ("/settlement/day", "/settlement", "true"),
        ("/vehicles/{vehicle}", "/customers", "true"),
        ("/cases", "/cases", "page"),
    ],
)
def test_one_item_is_marked_on_each_page(
    database: Database, sign_in: SignIn, path: str, item: str, mark: str
) -> None:
    order = make_order(Stage.READY)
    browser = sign_in(make_user(RoleName.SERVICE_MANAGER))
    page = browser.get(path.format(no=order.no, vehicle=order.vehicle_id)).text
    assert marked(page) == [(item, mark)]


def test_a_step_that_is_not_on_the_menu_leaves_the_mark_at_home(
    database: Database, sign_in: SignIn
) -> None:
    order = make_order(Stage.READY)
    browser = sign_in(make_user(RoleName.QUALITY_INSPECTOR))
    page = browser.get(f"/orders/{order.no}/settlement").text
    assert marked(page) == [("/", "true")]


@pytest.mark.parametrize("path", ["/account", "/setup/starter", "/no-such-page"])
def test_a_page_that_stands_under_no_item_marks_none_but_its_own(
    database: Database, sign_in: SignIn, path: str
) -> None:
    browser = sign_in(make_user(RoleName.SERVICE_MANAGER))
    found = marked(browser.get(path).text)
    assert ("/", "true") not in found
    assert {item for item, _mark in found} <= {"/setup"}
