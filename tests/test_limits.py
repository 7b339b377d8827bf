"""Who guesses is slowed down; who is expected, is not, and no dead server locks anybody out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from flask_migrate import upgrade

from tests.databases import settings_for
from tests.factories import AT, make_order
from tests.serve.process import free_port
from workshop import clock, db
from workshop.app import create_app
from workshop.orders.flow import Stage
from workshop.staff import service as staff
from workshop.track import service as track

MOST_GUESSES = 60
MOST_SIGN_INS = 30


@pytest.fixture(params=["alone", "Redis is down"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FlaskClient]:
    """A browser before a shop that counts requests, by itself or in a Redis that is gone."""
    redis = None if request.param == "alone" else f"redis://127.0.0.1:{free_port()}/0"
    settings = settings_for(tmp_path, f"sqlite:///{tmp_path / 'shop.db'}")
    app = create_app(replace(settings, redis_url=redis, testing=False))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        upgrade()
        staff.ensure_roles()
        db.commit()
        yield app.test_client()
        db.session.remove()
        db.db.engine.dispose()


def test_only_guessed_links_are_counted(shop: FlaskClient) -> None:
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


def test_guessing_passwords_is_slowed_down(shop: FlaskClient) -> None:
    tries = [
        shop.post("/sign-in", data={"username": "boss", "password": "x"}).status_code
        for _ in range(MOST_SIGN_INS + 1)
    ]
    assert tries[-1] == 429
    assert 429 not in tries[:-1]
    assert 500 not in tries
