"""The one error handler: nothing that anybody sends is an error page without words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from tests import factories
from tests.databases import Database
from workshop.staff.access import public
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]
HUGE = "9" * 30


def advisor() -> User:
    user = factories.make_user(RoleName.SERVICE_ADVISOR)
    user.locale = "en"
    return user


@pytest.mark.parametrize(
    "path", [f"/vehicles/{HUGE}", f"/customers/{HUGE}", f"/attachments/{HUGE}"]
)
def test_a_number_that_no_record_can_have_is_no_page(
    database: Database, sign_in: SignIn, path: str
) -> None:
    answer = sign_in(advisor()).get(path)
    assert answer.status_code == 404
    assert "There is no such page." in answer.text


def test_a_number_or_text_that_cannot_be_kept_is_refused_in_words(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(advisor())
    assert browser.get(f"/reception/new?vehicle={HUGE}").status_code == 422
    assert browser.get("/customers?q=%00").status_code in (200, 422)


@pytest.mark.parametrize(
    ("button", "page"),
    [
        ("/booking/new/plan", "/booking/new"),
        ("/orders/RO1/reception/gauges", "/orders/RO1/reception"),
        ("/customers/3/vehicles", "/customers/3"),
        ("/scheduling/undo", "/scheduling"),
    ],
)
def test_opening_the_address_of_a_button_leads_to_its_page(
    database: Database, sign_in: SignIn, button: str, page: str
) -> None:
    answer = sign_in(advisor()).get(button)
    assert answer.status_code == 302
    assert answer.location == page


def test_what_nobody_expected_is_told_in_words_and_saves_nothing(
    database: Database, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    @public
    def fail() -> str:
        raise ZeroDivisionError

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "health.healthz", fail)
    with capture_logs([structlog.contextvars.merge_contextvars]) as log:
        answer = app.test_client().get("/healthz", headers={"Accept-Language": "en"})
    assert answer.status_code == 500
    assert f"In the log under the number {log[0]['request']}" in answer.text
    assert "Nothing was saved" in answer.text
