"""Lists of work: each keeps itself fresh when something happens."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_order, make_technician, make_user
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/booking",
        "/reception",
        "/quotation",
        "/lounge",
        "/parts",
        "/repair",
        "/settlement",
        "/washes",
        "/handover",
        "/gate",
        "/followup",
        "/cases",
    ],
)
def test_a_list_of_work_is_renewed_when_an_order_changes(
    database: Database, sign_in: SignIn, path: str
) -> None:
    # given
    make_order()
    # when
    page = sign_in(make_user(RoleName.SERVICE_MANAGER)).get(path).text
    # then
    assert re.search(r'id="[\w-]+"[^>]* data-live="orders"|data-live="orders"[^>]* id="', page)
    assert re.search(r'<script type="module" src="/static/live\.js', page)


def test_the_technicians_phone_is_renewed_when_an_order_changes(
    database: Database, sign_in: SignIn
) -> None:
    page = sign_in(make_technician().user).get("/my-jobs").text
    assert 'id="my-jobs" data-live="orders"' in page
    assert "live.js" in page
