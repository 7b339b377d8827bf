"""The living day: whatever page somebody opens first, there is life on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.databases import Database
from tests.factories import AT
from workshop import db
from workshop.db import session
from workshop.demo import story
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.orders.rows import Bucket
from workshop.screen import queries as screens
from workshop.screen import service as screen
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import Permission
from workshop.web import navigation

# What stands for a row: an order, a car, a person.
_ROW = re.compile(
    r"RO\d{8}-\d{4}|AP\d{8}-\d{4}|沪[A-Z]·\w+|<tr[ >]"
    r"|/shop/technicians/\d+|/devices/\d+|id=.step-\w+"
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_day_fills_every_group_of_the_screen_and_every_page_of_the_menu(
    database: Database, app: Flask, sign_in: Callable[[User], FlaskClient]
) -> None:
    # given
    shop = story.tell(AT)
    screen.pair_directly(shop.branch, "客休室", by=shop.people["admin"], at=AT)
    db.commit()
    # then
    check_stages()
    rows = screens.list_rows(shop.branch, "a secret", AT)
    assert {row.stage for row in rows} == {bucket.value for bucket in Bucket}
    assert len(rows) > 15
    urls = app.url_map.bind("localhost")
    for endpoint, rights in [(each.endpoint, each.rights) for each in navigation.list_entries()]:
        # A made-up shop keeps no backups, and comes from no other system; a request for a time
        # runs out within hours, and so it is for whoever tries the booking page.
        if endpoint not in ("setup.backups", "setup.list_imports", "book.requests"):
            check_page(urls.build(endpoint), rights, sign_in)
    assert story.last_moment() <= AT + timedelta(minutes=1)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_day_that_stands_near_its_end_is_told_too(database: Database, app: Flask) -> None:
    """Who comes later would come when the day has no hours left for them."""
    story.tell(AT + timedelta(hours=7.5))
    db.commit()
    check_stages()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_things_are_put_right_on_the_day(database: Database) -> None:
    """Somebody corrects, joins, takes work off, goes on leave, hands over: as in any shop."""
    story.tell(AT)
    done = set(session.scalars(select(AuditEntry.action).distinct()))
    assert done >= {
        "customers.correct_mileage",
        "customers.join",
        "repair.take_off",
        "shop.add_absence",
        "touched.make_list",
        "duties.offer",
    }


def check_stages() -> None:
    """Today's cars stand in every stage that a car can stand in for a while."""
    seen = set(session.scalars(select(RepairOrder.stage).distinct()))
    assert seen >= set(Stage) - {Stage.SETTLED, Stage.DECLINED, Stage.CANCELLED}


def check_page(
    path: str, rights: frozenset[Permission], sign_in: Callable[[User], FlaskClient]
) -> None:
    """Whoever finds the page in the menu finds rows on it."""
    users = session.scalars(select(User).order_by(User.id)).all()
    found = {
        user.username: count_rows(sign_in(user).get(path)) for user in users if user.rights & rights
    }
    # What hangs on oneself: not everybody holds something.
    holds = any if path == "/duties" else all
    assert holds(found.values()), (path, found)


def count_rows(answer: TestResponse) -> int:
    assert answer.status_code == 200
    return len(set(_ROW.findall(answer.get_data(as_text=True).partition("<main")[2])))
