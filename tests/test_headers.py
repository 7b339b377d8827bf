"""What every answer carries, whatever it answers, and what no button does without its page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_order, make_user
from workshop.orders.flow import Stage
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.web import own_path

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ASKED = (
    *("/", "/sign-in", "/orders/{no}", "/orders/{no}/reception/walkaround.pdf", "/healthz"),
    *("/nowhere", "/t/guessed", "/orders/{no}%0d%0aX:1", "/catalogue/lists", "/attachments/999"),
    *("/search?q=x", "/scheduling/close?day=nonsense", "/staff"),
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_answer_is_hardened_errors_and_papers_too(
    database: Database, sign_in: Callable[[User], FlaskClient]
) -> None:
    order = make_order(Stage.INSPECTED)
    client = sign_in(order.advisor)
    seen = set()
    for path in ASKED:
        for method in ("GET", "POST", "PUT"):
            answer = client.open(path.format(no=order.no), method=method)
            seen.add(answer.status_code)
            for name, value in ALWAYS.items():
                assert answer.headers.get(name) == value, (method, path, name)
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy or "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
            assert answer.headers.get("Cache-Control"), path
    assert seen >= {200, 302, 403, 404, 405, 422}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_button_works_without_the_token_of_its_page(
    database: Database, app: Flask, sign_in: Callable[[User], FlaskClient]
) -> None:
    client = sign_in(make_user(RoleName.SERVICE_MANAGER))
    app.config["WTF_CSRF_ENABLED"] = True
    urls, asked = app.url_map.bind("localhost"), 0
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        path = urls.build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method="POST")
        answer = client.post(path)
        assert answer.status_code in (302, 403, 404), (path, answer.status_code)
        asked += 1
        if answer.status_code == 302:
            # Sent to where one signs in or proves oneself: nothing was done.
            assert answer.headers["Location"].startswith(("/sign-in", "/verify", "/account")), path
    assert asked > 100


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_has_lost_the_cookie_still_changes_the_language_of_a_link(
    database: Database, app: Flask
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    answer = client.post("/language", data={"locale": "en", "next": "/t/guessed"})
    assert (answer.status_code, answer.location) == (302, "/t/guessed")
    assert "not valid any more" in client.get("/t/guessed").text


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/orders/1?x=2#y", "/orders/1?x=2#y"),
        ("/客户", "/客户"),
        *((bad, "/") for bad in ("", "x", "//evil.example", "/\\evil.example", "\\\\evil.example")),
        *(
            (bad, "/")
            for bad in ("https://evil.example", "javascript:alert(1)", "http://[", "/a\r\nb")
        ),
        *((bad, "/") for bad in ("/\tevil", "/a\x00b", "/a\u2028b", "/\u202eevil")),
    ],
)
def test_what_follows_an_act_is_a_page_of_this_site(target: str, leads_to: str) -> None:
    assert own_path(target) == leads_to


@pytest.mark.parametrize(
    "path",
    [
        *("/orders/%0d%0aX:%201", "/orders/1%0d%0a/quotation", "/%0d%0aSet-Cookie:%20x=1"),
        *("/sign-in?next=/a%0d%0aX:%201", "/t/a%0d%0ab", "/static/%0d%0a.css"),
    ],
)
def test_a_line_end_in_an_address_breaks_nothing(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code < 500
    assert "Set-Cookie: x=1" not in str(answer.headers)
    assert "X" not in answer.headers
