"""Least privilege: a table of its own says which role reads which kind of personal data.

The test opens every page of every role on a filled shop with data that is known again, and looks
for it in the answer; it hears what the sockets say as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_socketio import SocketIO
from sqlalchemy import select
from werkzeug.routing import Rule

from tests import ink, walks
from tests.databases import Database
from tests.e2e import story
from tests.factories import AT, make_user
from tests.privacy import marks
from tests.privacy.marks import Kind
from workshop import db
from workshop.app import FACES
from workshop.db import session
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import AttachmentKind, RepairOrder
from workshop.screen import service as screen
from workshop.shop.models import Branch
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.track import service as track

R, K = RoleName, Kind
ALL = frozenset(Kind)
# They plan, repair, check and bring parts: which car it is, and whose, never how to reach them.
CAR = frozenset({K.VIN, K.NAME, K.PLATE})

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
    # The job card names whose car it is.
    R.TECHNICIAN: CAR,
    # Reports to customers who have gone out for a while.
    R.LOUNGE_ATTENDANT: frozenset({K.NAME, K.PHONE, K.PLATE}),
    # Greets by name who comes with which car.
    R.GREETER: frozenset({K.NAME, K.PLATE}),
    # Which car to wash, and nothing of whose it is.
    R.WASHER: frozenset({K.PLATE}),
    # Whose record somebody has changed stands in the trail.
    R.ADMINISTRATOR: frozenset({K.NAME, K.PLATE}),
}
READS_SIGNATURES = {R.SERVICE_MANAGER, R.SERVICE_ADVISOR, R.SERVICE_ASSISTANT} | {
    R.CASHIER,
    R.CUSTOMER_RELATIONS,
}
# With a quotation and jobs, and with everything.
_STAGES = (Stage.REPAIR, Stage.DELIVERED)
# What finds people: pages that answer to words typed into their address.
_SEARCHES = (
    "/search",
    "/orders/new",
    "/reception/new",
    "/booking/new",
    "/booking/find",
    "/cases/new",
)
_ASKED = ("慕容", "1387777", "LSECRET", "沪")


@pytest.fixture
def shop(database: Database) -> Branch:
    """A small shop whose customers' data is known again."""
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
        user = person(role, shop)
        client = sign_in(user)
        for path in addresses(app, user, shop):
            answer = client.get(path)
            if answer.status_code == 302:
                continue
            found = marks.found_in(walks.read(answer))
            seen.setdefault(role, set()).update(found)
            told += [f"{role.value} reads {kind.name} on {path}" for kind in found - MAY_READ[role]]
    assert not told, "\n".join(told)
    # The data is there to be found.
    assert seen[R.SERVICE_ADVISOR] >= {K.PHONE, K.VIN, K.NAME, K.ADDRESS, K.PLATE}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_file_says_more_than_the_page(
    shop: Branch, sign_in: Callable[[User], FlaskClient]
) -> None:
    told, taken = [], 0
    for role in RoleName:
        client = sign_in(person(role, shop))
        for sheet in [sheet for face in FACES for sheet in face.lists]:
            answer = client.post(f"/export/{sheet.name}.csv")
            if answer.status_code != 200:
                continue
            taken += 1
            found = marks.found_in(answer.get_data(as_text=True))
            answer.close()
            told += [f"{role.value} reads {k.name} in {sheet.name}" for k in found - MAY_READ[role]]
    assert not told, "\n".join(told)
    assert taken > 200


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_signature_is_seen_by_who_deals_with_customers(
    shop: Branch, sign_in: Callable[[User], FlaskClient]
) -> None:
    order = _orders(shop)[0]
    kept = orders.add_attachment(order, ink.png(), AttachmentKind.SIGNATURE, at=AT, by=None)
    address = f"/attachments/{kept.id}"
    for role in RoleName:
        status = sign_in(person(role, shop)).get(address).status_code
        assert status == (200 if role in READS_SIGNATURES else 403), role


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_socket_frame_carries_personal_data(
    shop: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = staff.find_user("admin")
    assert admin is not None
    screen.pair_directly(shop, "客休室", by=admin, at=AT)
    db.commit()
    frames: list[str] = []

    def keep(_self: SocketIO, event: str, *said: Any, **_to: Any) -> None:
        frames.append(event + json.dumps(said, default=str, ensure_ascii=False))

    monkeypatch.setattr(SocketIO, "emit", keep)
    for order in _orders(shop):
        orders.announce(order, AT)
        db.commit()
    assert len(frames) > len(_orders(shop))
    assert not [each for each in frames if marks.found_in(each)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_hangs_in_the_lounge_shows_nobodys_plate_or_name(
    shop: Branch, client: FlaskClient, sign_in: Callable[[User], FlaskClient]
) -> None:
    admin = staff.find_user("admin")
    assert admin is not None
    _, token = screen.pair_directly(shop, "客休室", by=admin, at=AT)
    db.commit()
    client.set_cookie("workshop_screen", token)
    pages = [client.get(f"/screen/{shop.code}")]
    pages.append(sign_in(person(R.SERVICE_ADVISOR, shop)).get("/booking/welcome"))
    # The cars of the board itself come in frames; who is welcome stands in its page.
    assert "•••" in walks.read(pages[1])
    for page in pages:
        assert page.status_code == 200
        assert marks.found_in(walks.read(page)) == set()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_customers_link_shows_no_personal_data_to_who_finds_it(
    shop: Branch, client: FlaskClient
) -> None:
    for order in _orders(shop):
        token = track.make_link(order, by=order.advisor, at=AT)
        db.commit()
        page = client.get(f"/t/{token}")
        assert page.status_code == 200
        assert "•••" in page.text
        # Who signed has typed the name there.
        assert marks.found_in(page.text) <= {K.NAME}


def person(role: RoleName, branch: Branch) -> User:
    """Somebody of this role and no other."""
    for user in session.scalars(select(User).order_by(User.id)):
        if [each.name for each in user.roles] == [role.value]:
            return user
    return make_user(role, branch=branch)


def addresses(app: Flask, user: User, branch: Branch) -> Iterator[str]:
    """Every page that is open to this person, of some orders, and what searches find."""
    urls = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if walks._is_page(rule) and walks._is_open(app, rule, user):
            for values in _values(rule, user, branch):
                yield urls.build(rule.endpoint, values)
            if not rule.arguments and rule.rule in _SEARCHES:
                yield from (f"{rule.rule}?q={asked}" for asked in _ASKED)


def _values(rule: Rule, user: User, branch: Branch) -> list[dict[str, Any]]:
    names = frozenset(rule.arguments)
    if not rule.rule.startswith("/orders/<no>"):
        return walks._values(rule, user, branch)
    # A paper looks alike for all orders, and reading one takes long.
    some = _orders(branch)[-1:] if "pdf" in rule.rule else _orders(branch)
    return [each for order in some for each in walks._of_order(order, names)]


def _orders(branch: Branch) -> list[RepairOrder]:
    return [each for each in walks._order_of_some_stages(branch) if each.stage in _STAGES]
