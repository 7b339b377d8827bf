"""Labels: their size on paper, what stands on them, and who prints them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests import servers
from tests.databases import Database
from tests.factories import AT, make_branch, make_order, make_part, make_user
from tests.walks import read_pdf
from workshop import paper
from workshop.db import session
from workshop.desk.labels import sizes
from workshop.desk.labels.rules import LabelKind, LabelSize
from workshop.errors import Conflict, NotAllowed
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.reception.models import Walkaround
from workshop.web import versions

SignIn = Callable[[User], FlaskClient]
MM = 72 / 25.4


def boxes(data: bytes) -> list[tuple[int, int]]:
    """Width and height of each page, in whole millimetres."""
    found = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", data)
    return [(round(float(width) / MM), round(float(height) / MM)) for width, height in found]


@pytest.mark.parametrize("size", list(LabelSize))
def test_a_label_is_as_large_as_its_roll(size: LabelSize) -> None:
    label = paper.Label(
        "很长很长很长的配件编号 ABC-1234567890-XYZ", ("前制动片",) * 4, "https://x/1"
    )
    data = paper.labels([label] * 3, *size.millimetres, title="x")
    width, height = (int(each) for each in size.value.split("x"))
    assert boxes(data) == [(width, height)] * 3


def test_a_key_tag_shows_the_tail_of_the_plate_and_nobody(
    database: Database, sign_in: SignIn
) -> None:
    servers.need(servers.why_no_poppler())
    order = make_order()
    client = sign_in(order.advisor)
    answer = client.get(f"/orders/{order.no}/labels/key.pdf")
    assert boxes(answer.data) == [(60, 40)]
    said = read_pdf(answer.data)
    assert order.no in said
    assert (order.vehicle.plate or "")[-5:] in said
    assert order.customer.name not in said
    assert order.customer.phone not in said


def test_four_wheels_have_a_label_each(database: Database, sign_in: SignIn) -> None:
    servers.need(servers.why_no_poppler())
    order = make_order()
    order.advisor.locale = "en"
    client = sign_in(order.advisor)
    assert "Wheels that we keep" in client.get(f"/orders/{order.no}/labels").text
    answer = client.get(f"/orders/{order.no}/labels/wheels.pdf?fl=5.5&place=A-12")
    assert boxes(answer.data) == [(100, 70)] * 4
    said = read_pdf(answer.data)
    assert said.count("A-12") == 4
    assert said.count("Tread 5.5 mm") == 1
    assert "Rear right" in said


def test_a_part_has_as_many_labels_as_were_asked_for(database: Database, sign_in: SignIn) -> None:
    part = make_part()
    client = sign_in(make_user(RoleName.PARTS_CLERK))
    url = f"/parts/stock/{part.id}/label.pdf"
    assert f"{url}" in client.get(f"/parts/stock/{part.id}").text
    assert boxes(client.get(f"{url}?copies=3").data) == [(40, 30)] * 3
    assert len(boxes(client.get(f"{url}?copies=９９９").data)) == 50
    assert len(boxes(client.get(f"{url}?copies=x").data)) == 1
    assert client.get("/parts/stock/999999/label.pdf").status_code == 404
    assert sign_in(make_user(RoleName.WASHER)).get(url).status_code == 403


def test_the_rolls_are_a_setting_and_the_later_sees_both(
    database: Database, sign_in: SignIn
) -> None:
    branch, manager = make_branch(), make_user(RoleName.SERVICE_MANAGER)
    manager.locale = "en"
    client = sign_in(manager)
    page = client.get("/shop/labels").text
    seen = re.search(r'name="seen" type="hidden" value="(\w+)"', page)
    assert seen is not None
    form = {"seen": seen[1], "part": "60x40", "basket": "100x70", "key": "60x40", "tyre": "100x70"}
    assert client.post("/shop/labels", data=form).status_code == 302
    assert sizes.find(make_branch())[LabelKind.PART] is LabelSize.MIDDLE
    answer = client.post("/shop/labels", data=form | {"part": "100x70"})
    assert answer.status_code == 409
    assert "Saved meanwhile" in answer.text
    known = sizes.find(branch)
    with pytest.raises(NotAllowed):
        sizes.choose(branch, known, seen=None, by=make_user(RoleName.SERVICE_ADVISOR), at=AT)
    with pytest.raises(Conflict):
        sizes.choose(
            branch,
            known | {LabelKind.KEY: LabelSize.LARGE},
            seen=versions.mark({}),
            by=manager,
            at=AT,
        )


@pytest.mark.parametrize("typed", ["6", "6 mm", "6mm"])
def test_the_tread_has_its_unit_once(database: Database, sign_in: SignIn, typed: str) -> None:
    order = make_order()
    checks = {"tyres": {"grade": "yellow", "measure": typed}}
    session.add(Walkaround(order_id=order.id, checks=checks))
    order.advisor.locale = "en"
    page = sign_in(order.advisor).get(f"/orders/{order.no}/labels").text
    assert "measured 6 mm as the least tread" in page
