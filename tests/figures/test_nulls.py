"""Every column that may be empty is shown once as empty on every page that reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import twin, walks
from workshop import db
from workshop.db import session
from workshop.shop.models import Branch, Technician
from workshop.staff import service as staff
from workshop.staff.models import User

SignIn = Callable[[User], FlaskClient]

# Who signs in, and what no page shows: without them nobody would open any page.
_LEFT_OUT = frozenset(
    {"user", "role", "sign_in", "applied_action", "audit_entry", "known_permission"}
)


def list_columns() -> Iterator[tuple[str, str]]:
    """Every column that may be empty, by table; the next one is found as well."""
    for table in db.Model.metadata.sorted_tables:
        if table.name not in _LEFT_OUT:
            for column in table.columns:
                if column.nullable and not column.primary_key:
                    yield table.name, column.name


def empty(columns: list[tuple[str, str]]) -> None:
    """Empty them wherever the database allows it; rows that its checks protect stay."""
    with twin.asleep_guards():
        for table, column in columns:
            session.execute(sa.text(f'UPDATE OR IGNORE "{table}" SET "{column}" = NULL'))
    db.commit()
    session.expire_all()


def look(app: Flask, sign_in: SignIn, branch: Branch) -> dict[str, str]:
    """What is wrong on the pages, by address: a fault, or a program's word for nothing."""
    manager = staff.find_user("manager")
    technician = session.scalars(select(Technician).order_by(Technician.id)).first()
    assert manager is not None
    assert technician is not None
    wrong = {}
    for user in (manager, technician.user):
        client = sign_in(user)
        for path in walks.addresses(app, user, branch):
            answer = client.get(path)
            if answer.status_code >= 500:
                wrong[path] = answer.status
            elif answer.mimetype == "text/html" and re.search(
                r"\bNone\b", walks.words(answer.text)
            ):
                wrong[path] = "None"
    return wrong


def test_every_page_stands_whatever_is_empty(app: Flask, sign_in: SignIn, branch: Branch) -> None:
    columns = list(list_columns())
    assert len(columns) > 150
    empty(columns)
    assert look(app, sign_in, branch) == {}
