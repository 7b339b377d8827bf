"""A second branch stands beside the first: no page of the first one may change by it."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import twin, walks
from tests.factories import AT
from workshop import db
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.screen import queries as screens
from workshop.shop.models import Branch
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.track import service as track

SignIn = Callable[[User], FlaskClient]

# A group's branches share customers, vehicles and roles: these pages count them everywhere.
_OF_THE_GROUP = re.compile(r"^/(customers$|search$|staff/roles/)")
# What a quick look asks for: the lists of each counter.
_LISTS = (
    "/?whose=all",
    "/booking",
    "/quotation",
    "/parts",
    "/parts/stock",
    "/settlement",
    "/settlement/owed",
    "/washes",
    "/handover",
    "/gate",
    "/followup",
    "/cases",
)


def test_a_second_branch_changes_no_page_of_the_first(
    app: Flask, sign_in: SignIn, branch: Branch
) -> None:
    """No name, no row, no count and no sum of the twin: every page of every role is as before."""
    # given
    before = walks.walk(app, sign_in, branch)
    # when
    twin.fill()
    db.commit()
    after = walks.walk(app, sign_in, branch)
    # then
    assert len(before) > 250
    assert before.keys() == after.keys()
    changed = [
        (place, walks.first_difference(before[place], after[place]))
        for place in before
        if before[place] != after[place] and not _OF_THE_GROUP.match(place[1])
    ]
    assert not changed, "\n".join(f"{place}: {words[:60]}" for place, words in changed)


def test_no_list_of_the_manager_shows_the_twin(app: Flask, sign_in: SignIn, branch: Branch) -> None:
    """The quick part of the walk above."""
    manager = staff.find_user("manager")
    assert manager is not None
    client = sign_in(manager)
    before = {path: _look(client, path) for path in _LISTS}
    twin.fill()
    db.commit()
    assert {path: _look(client, path) for path in _LISTS} == before


def _look(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return walks.read(answer)


def test_each_branch_knows_only_its_own_documents(
    app: Flask, sign_in: SignIn, branch: Branch
) -> None:
    """An address of the twin opens nothing, to whoever may open the same page of their own."""
    twin.fill()
    manager = staff.find_user("manager")
    assert manager is not None
    client = sign_in(manager)
    own = walks.addresses(app, manager, branch)
    numbered = [path for path in own if re.search(r"[A-Z]{2}\d{8}-\d{4}", path)]
    assert len(numbered) > 60
    for path in numbered:
        foreign = re.sub(r"([A-Z]{2}\d{8})-(\d{4})", r"\1-2-\2", path)
        assert client.get(foreign).status_code == 404, foreign


def test_the_search_shows_no_order_of_another_branch(
    app: Flask, sign_in: SignIn, branch: Branch
) -> None:
    """The car is found, for it may come here next; its order there is no business of this one."""
    twin.fill()
    manager = staff.find_user("manager")
    assert manager is not None
    for wanted in ("RO2026", "浙", "沪", twin.MARK, "2-0001"):
        page = sign_in(manager).get(f"/search?q={wanted}").get_data(as_text=True)
        assert not re.search(r"RO\d{8}-2-", page), wanted


def test_the_customers_of_the_group_are_shared(app: Flask, sign_in: SignIn, branch: Branch) -> None:
    """Both branches find a customer; their pages show none of the other's numbers."""
    twin.fill()
    manager = staff.find_user("manager")
    assert manager is not None
    page = sign_in(manager).get("/customers").get_data(as_text=True)
    assert twin.MARK in page
    assert not re.search(r"[A-Z]{2}\d{8}-2-", page)


def test_the_lounge_screen_and_the_customers_link_show_their_own_branch(
    app: Flask, branch: Branch
) -> None:
    # given
    order = _waiting_order()
    link = track.make_link(order, by=session.get_one(User, order.advisor_id), at=AT)
    client = app.test_client()
    rows, page = (
        screens.list_rows(branch, "a secret", AT),
        walks.read(client.get(f"/t/{link}")),
    )
    # when
    other = session.get_one(Branch, twin.fill())
    # then: what the socket sends to the television, and what the customer reads
    assert len(rows) > 10
    assert screens.list_rows(branch, "a secret", AT) == rows
    assert len(screens.list_rows(other, "a secret", AT)) == len(rows)
    assert walks.read(client.get(f"/t/{link}")) == page


def _waiting_order() -> RepairOrder:
    query = select(RepairOrder).where(RepairOrder.stage == Stage.QUOTED)
    return session.scalars(query.order_by(RepairOrder.id)).all()[-1]
