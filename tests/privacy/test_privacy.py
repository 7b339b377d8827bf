"""Least privilege: a table of its own says which role reads which kind of personal data.

The test opens every page of every role on a filled shop with data that is known again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from tests import walks
from tests.databases import Database
from tests.e2e import story
from tests.factories import AT, make_user
from tests.privacy import marks
from tests.privacy.marks import Kind
from workshop import db
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

R, K = RoleName, Kind
NOTHING: frozenset[Kind] = frozenset()
ALL = frozenset(Kind)
# They plan, repair, check and bring parts: which car it is, and whose, never how to reach them.
CAR = frozenset({K.VIN, K.NAME})

MAY_READ: dict[RoleName, frozenset[Kind]] = {
    R.SERVICE_MANAGER: ALL,
    R.SERVICE_ADVISOR: ALL,
    R.SERVICE_ASSISTANT: ALL,
    R.CASHIER: ALL,
    R.CUSTOMER_RELATIONS: ALL,
    R.JOB_CONTROLLER: CAR,
    R.TEAM_LEADER: CAR,
    R.QUALITY_INSPECTOR: CAR,
    R.PARTS_CLERK: CAR,
    R.WARRANTY_CLERK: CAR,
    R.TECHNICIAN: frozenset({K.VIN}),
    R.LOUNGE_ATTENDANT: frozenset({K.NAME}),
    R.GREETER: frozenset({K.NAME}),
    R.WASHER: NOTHING,
    R.ADMINISTRATOR: NOTHING,
}
_STAGES = (Stage.QUOTED, Stage.REPAIR, Stage.SETTLEMENT, Stage.DELIVERED)


@pytest.fixture
def shop(database: Database, app: Flask) -> Branch:
    story.tell(AT, "x")
    db.commit()
    marks.mark()
    return session.get_one(Branch, 1)


def test_the_table_names_every_role() -> None:
    assert set(MAY_READ) == set(RoleName)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_reads_more_than_the_work_needs(
    shop: Branch, app: Flask, sign_in: Callable[[User], FlaskClient]
) -> None:
    seen: dict[RoleName, set[Kind]] = {}
    told = []
    for role in RoleName:
        client = sign_in(person(role, shop))
        for path, answer in pages(app, client, role, shop):
            found = marks.found_in(answer)
            seen.setdefault(role, set()).update(found)
            told += [f"{role.value} reads {kind.name} on {path}" for kind in found - MAY_READ[role]]
    assert not told, "\n".join(told)
    # The data is there to be found.
    assert seen[R.SERVICE_ADVISOR] >= {K.PHONE, K.VIN, K.NAME, K.ADDRESS}


def person(role: RoleName, branch: Branch) -> User:
    for user in session.scalars(select(User).order_by(User.id)):
        if [each.name for each in user.roles] == [role.value]:
            return user
    return make_user(role, branch=branch)


def pages(app: Flask, client: FlaskClient, role: RoleName, branch: Branch) -> Iterator[tuple[str, str]]:
    user = person(role, branch)
    for path in addresses(app, user, branch):
        answer = client.get(path)
        if answer.status_code in (200, 409, 422):
            yield path, walks.read(answer)


def addresses(app: Flask, user: User, branch: Branch) -> Iterator[str]:
    urls = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if walks._is_page(rule) and walks._is_open(app, rule, user):
            for values in _values(rule, user, branch):
                yield urls.build(rule.endpoint, values)


def _values(rule: Rule, user: User, branch: Branch):
    names = frozenset(rule.arguments)
    if rule.rule.startswith("/orders/<no>"):
        return [each for order in _orders(branch, rule) for each in walks._of_order(order, names)]
    return walks._values(rule, user, branch)


def _orders(branch: Branch, rule: Rule) -> list[RepairOrder]:
    found = [each for each in walks._order_of_some_stages(branch) if each.stage in _STAGES]
    return found[-1:] if re.search("pdf", rule.rule) else found
