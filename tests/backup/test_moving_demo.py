"""The demo's own day moves to the other engine: its pages say the same there, and it goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import databases, walks
from tests.backup import shops
from tests.factories import AT, become
from tests.releases import kept
from workshop import clock, db, moving, upgrading
from workshop.app import create_app
from workshop.config import Settings
from workshop.db import session
from workshop.demo import story
from workshop.orders.models import RepairOrder
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

Become = Callable[[User], FlaskClient]


@contextmanager
def shop(settings: Settings) -> Iterator[tuple[Flask, Become]]:
    """The shop as it is served, and the way in for each of its people."""
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield app, partial(become, app.test_client())
        db.session.remove()
        db.db.engine.dispose()


def read_pages(settings: Settings) -> dict[str, str]:
    """What the manager reads on each page of the menu, and of some orders."""
    with shop(settings) as (app, become):
        branch = session.scalars(select(Branch)).one()
        manager = next(
            each for each in session.scalars(select(User).order_by(User.id))
            if each.is_(RoleName.SERVICE_MANAGER)
        )  # fmt: skip
        addresses = [
            each for each in walks.addresses(app, manager, branch)
            if each.count("/") == 1 or re.fullmatch("/orders/[^/]+", each)
        ]  # fmt: skip
        client = become(manager)
        return {each: walks.words(walks.read(client.get(each))) for each in addresses}


def test_the_demo_says_the_same_on_postgresql_and_a_car_comes_in_there(
    tmp_path: Path,
) -> None:
    # given: the demo's own day, on SQLite
    old = databases.settings_for(tmp_path, f"sqlite:///{tmp_path / 'demo.db'}")
    clock.freeze(AT)
    with create_app(old).app_context():
        upgrading.upgrade(at=AT)
        story.tell(AT)
        db.commit()
        db.session.remove()
        db.db.engine.dispose()
    before = read_pages(old)
    assert len(before) > 30
    with kept.place_for("postgresql", tmp_path) as address:
        # when
        moving.move(old, address, at=AT)
        new = replace(old, database_url=address)
        # then
        assert shops.count(new) == shops.count(old)
        after = read_pages(new)
        assert list(after) == list(before)
        for path, said in before.items():
            assert after[path] == said, (path, walks.first_difference(said, after[path]))
        receive_somebody(new)


def receive_somebody(settings: Settings) -> None:
    """A car comes in where the shop is now, with the next number and the next ids."""
    with shop(settings) as (_, become):
        advisor = next(
            each for each in session.scalars(select(User).order_by(User.id))
            if each.is_(RoleName.SERVICE_ADVISOR)
        )  # fmt: skip
        known = session.scalar(select(func.count(RepairOrder.id)))
        answer = become(advisor).post(
            "/reception/new?new=1",
            data={
                "plate": "沪C12345",
                "name": "赵磊",
                "phone": "13800138123",
                "concern": "刹车有异响",
                "stays": "yes",
            },
        )
        assert answer.status_code == 302, walks.words(answer.text)[:400]
        assert session.scalar(select(func.count(RepairOrder.id))) == (known or 0) + 1
