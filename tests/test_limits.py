"""Who guesses is slowed down; who is expected, is not, and no dead server locks anybody out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from flask_migrate import upgrade

from tests.conftest import Client
from tests.databases import settings_for
from tests.factories import AT, make_branch, make_order
from tests.serve.process import free_port
from workshop import clock, db
from workshop.app import create_app
from workshop.orders.flow import Stage
from workshop.staff import service as staff
from workshop.staff.permissions import RoleName
from workshop.track import service as track

PASSWORD = "a long password"
MOST_GUESSES = 60
MOST_FOR_ONE_NAME = 30
MOST_AT_ONE_ADDRESS = 120
MOST_OFFERS = 10


@pytest.fixture(params=["alone", "Redis is down"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FlaskClient]:
    """A browser before a shop that counts requests, by itself or in a Redis that is gone."""
    redis = None if request.param == "alone" else f"redis://127.0.0.1:{free_port()}/0"
    settings = settings_for(tmp_path, f"sqlite:///{tmp_path / 'shop.db'}")
    app = create_app(replace(settings, redis_url=redis, testing=False))
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Client
    with app.app_context():
        upgrade()
        staff.ensure_roles()
        db.commit()
        yield app.test_client()
        db.session.remove()
        db.db.engine.dispose()


def test_who_asks_for_many_fonts_waits(shop: FlaskClient) -> None:
    for _ in range(120):
        assert shop.get("/static/writing/x.woff2").status_code != 429
    assert shop.get("/static/writing/x.woff2").status_code == 429


def test_guessed_links_are_counted_and_a_valid_one_always_opens(shop: FlaskClient) -> None:
    # given
    clock.freeze(AT)
    order = make_order(stage=Stage.REPAIR)
    token = track.make_link(order, by=order.advisor, at=AT)
    db.commit()
    # when, then
    for _ in range(MOST_GUESSES + 10):
        assert shop.get(f"/t/{token}").status_code == 200
    for _ in range(MOST_GUESSES):
        assert shop.get("/t/guessed").status_code == 404
    assert shop.get("/t/guessed").status_code == 429
    assert shop.get("/t/another").status_code == 429
    assert shop.get(f"/t/{token}").status_code == 200


def try_in(browser: FlaskClient, name: str, password: str = "") -> int:
    """The status; an empty password is a wrong one that costs the processor nothing."""
    return browser.post("/sign-in", data={"username": name, "password": password}).status_code


def test_guessing_passwords_is_slowed_down_by_name_and_address(shop: FlaskClient) -> None:
    # given: somebody who has signed in on this device before, and somebody who has not
    clock.freeze(AT)
    for name in ("known", "new"):
        staff.create_user(
            name, name, [RoleName.CASHIER], make_branch().id, at=AT, password=PASSWORD
        )
    db.commit()
    device = shop.application.test_client()
    assert try_in(device, "known", PASSWORD) == 302
    device.post("/sign-out")
    # when: a stranger behind the same address guesses
    tries = [try_in(shop, "boss") for _ in range(MOST_FOR_ONE_NAME + 1)]
    # then
    assert tries[-1] == 429
    assert 429 not in tries[:-1]
    assert 500 not in tries
    assert try_in(shop, "new", PASSWORD) == 302
    # when: by many names
    names = (f"name{number}" for number in range(MOST_AT_ONE_ADDRESS))
    many = [try_in(shop.application.test_client(), name) for name in names]
    assert many[-1] == 429
    # then: who is known here comes in all the same
    assert try_in(device, "known", PASSWORD) == 302


def test_too_many_tries_are_answered_in_words(shop: FlaskClient) -> None:
    for _ in range(MOST_FOR_ONE_NAME):
        try_in(shop, "boss")
    answer = shop.post("/sign-in", data={"username": "boss"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 429
    assert "Too many tries. Wait a minute." in answer.text


def test_a_stranger_who_asks_to_be_paired_again_and_again_blocks_nobody(shop: FlaskClient) -> None:
    # given
    make_branch()
    db.commit()
    stranger = {"REMOTE_ADDR": "10.9.9.9"}
    # when
    asked = []
    for _ in range(30):
        shop.delete_cookie("workshop_screen")
        asked.append(shop.post("/screen/main/offer", environ_base=stranger).status_code)
    # then
    assert asked == [200] * MOST_OFFERS + [429] * (30 - MOST_OFFERS)
    shop.delete_cookie("workshop_screen")
    codes = {shop.post("/screen/main/offer").json["code"] for _ in range(MOST_OFFERS + 5)}
    assert len(codes) == 1
