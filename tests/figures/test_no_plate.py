"""Cars without a plate are bookable by their VIN: every page of every role names them honestly."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import walks
from workshop import db
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.shop.models import Branch, Technician
from workshop.staff import service as staff
from workshop.staff.models import User

# Not the catalogue, the parts register, the shop and its people.
_NAMES_CARS = re.compile(
    r"^/$|^/(orders|booking|vehicles|customers|reception|scheduling|parts$|my-jobs|lounge|settlement"
    r"|handover|gate|washes|followup|cases|repair|quotation|search)"
)
SignIn = Callable[[User], FlaskClient]


def test_every_page_opens_for_cars_without_a_plate(
    app: Flask, sign_in: SignIn, branch: Branch
) -> None:
    # given
    for vehicle in session.scalars(select(Vehicle)):
        vehicle.plate, vehicle.vin = None, f"WNOPLATE0AA{vehicle.id:06}"
    db.commit()
    manager = staff.find_user("manager")
    assert manager is not None
    technician = session.scalars(select(Technician).order_by(Technician.id)).first()
    assert technician is not None
    # when
    seen = {}
    for user in (manager, technician.user):
        client = sign_in(user)
        for path in walks.addresses(app, user, branch):
            if _NAMES_CARS.match(path):
                seen[path] = client.get(path)
    # then
    assert not {path: answer.status for path, answer in seen.items() if answer.status_code >= 500}
    assert len(seen) > 60
    told = [path for path, answer in seen.items() if "VIN …" in walks.read(answer)]
    assert {"/scheduling", "/settlement", "/handover", "/my-jobs", "/lounge"} <= set(told)
    assert not [path for path in told if ">None<" in walks.read(seen[path])]
