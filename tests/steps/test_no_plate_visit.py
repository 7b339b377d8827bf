"""A car without a plate goes through all ten steps; every role's pages stand on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import walks
from tests.databases import Database
from tests.factories import AT
from workshop import db
from workshop.customers import service as customers
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.demo import shop as demo_shop
from workshop.demo.timeline import Plan
from workshop.demo.visit import Visit
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]
VIN = "LVSHCAMB1KE100001"
# There the pages of all roles are opened; elsewhere those of who leads and of who works.
_ALL_ROLES = {Stage.REPAIR}
_TWO = {RoleName.SERVICE_MANAGER.value, RoleName.TECHNICIAN.value}


class Watched(Visit):
    """A visit at each stage of which somebody looks around."""

    look: Callable[[Stage], None]

    def _reached(self, stage: Stage) -> None:
        db.commit()
        self.look(stage)
        super()._reached(stage)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_car_without_a_plate_goes_through_all_ten_steps(
    database: Database, app: Flask, sign_in: SignIn
) -> None:
    # given a car that is booked by its VIN
    shop = demo_shop.build(AT - timedelta(days=400), "x")
    advisor = shop.people["advisor"]
    owner = customers.make_customer("王小明", "13800138000", by=advisor, at=AT)
    session.flush()
    car = customers.make_vehicle(owner, None, vin=VIN, make="福特", model="锐界", by=advisor, at=AT)
    db.commit()
    looker = _Looker(app, sign_in, shop.branch, car)
    plan = Plan(
        vehicle=car,
        arrived_at=AT - timedelta(days=4),
        concern="踩刹车的时候前面有吱吱的异响",
        operations=("B-PAD-F",),
        package=None,
        km=41_200,
        booked=True,
        stays=False,
        score=5,
    )
    visit = Watched(shop, plan, AT)
    visit.look = looker.look

    # when it is booked, received, …, handed over, and its customer called
    visit.walk()
    db.commit()

    # then each page stood at each stage, and named the car by its VIN
    looker.look(Stage.CLOSED)
    order = session.scalars(select(RepairOrder)).one()
    assert order.stage is Stage.CLOSED
    assert looker.stages >= {Stage.RECEPTION, Stage.QUOTED, Stage.REPAIR, Stage.DELIVERED}
    assert looker.wrong == []
    assert looker.named > 60
    assert looker.papers >= 8


class _Looker:
    """Opens the pages that name the car, and writes down what is wrong with them."""

    def __init__(self, app: Flask, sign_in: SignIn, branch: Branch, car: Vehicle) -> None:
        self.app, self.sign_in, self.branch = app, sign_in, branch
        self.own = re.compile(
            rf"^/$|^/(orders/|booking|vehicles/{car.id}|customers|reception|scheduling|parts$"
            r"|my-jobs|lounge|settlement|handover|gate|washes|followup|cases|repair|quotation|desk)"
        )
        self.stages: set[Stage] = set()
        self.wrong: list[tuple[str, str, str]] = []
        self.named = self.papers = 0

    def look(self, stage: Stage) -> None:
        self.stages.add(stage)
        for user in list(walks.one_of_each_role(self.branch)):
            role = user.roles[0].name
            if stage in _ALL_ROLES or role in _TWO:
                self._look_as(user, role, stage)

    def _look_as(self, user: User, role: str, stage: Stage) -> None:
        client = self.sign_in(user)
        for path in walks.addresses(self.app, user, self.branch):
            if self.own.match(path):
                answer = client.get(path)
                said = walks.read(answer)
                self.papers += answer.mimetype == "application/pdf"
                self.named += VIN[-6:] in said
                fault = (
                    answer.status if answer.status_code >= 500 else _none_in(answer.mimetype, said)
                )
                if fault:
                    self.wrong.append((role, f"{stage.value} {path}", fault))


def _none_in(mimetype: str, said: str) -> str:
    text = walks.words(said) if mimetype == "text/html" else said
    is_read = mimetype in ("text/html", "application/pdf")
    return "None" if is_read and re.search(r"\bNone\b", text) else ""
