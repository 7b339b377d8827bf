"""Every column that may be empty is shown once as empty on every page that reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

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
            _set_null(table, column)
    db.commit()
    session.expire_all()


def _set_null(table: str, column: str) -> None:
    session.execute(sa.text(f'UPDATE OR IGNORE "{table}" SET "{column}" = NULL'))


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
            if fault := _fault_of(client.get(path)):
                wrong[path] = fault
    return wrong


def _fault_of(answer: TestResponse) -> str:
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return answer.status
    is_page = answer.mimetype == "text/html"
    return "None" if is_page and re.search(r"\bNone\b", walks.words(answer.text)) else ""


def test_every_page_stands_whatever_is_empty(app: Flask, sign_in: SignIn, branch: Branch) -> None:
    columns = list(list_columns())
    assert len(columns) > 150
    empty(columns)
    assert look(app, sign_in, branch) == {}


# Of the pages that read a table, so many look at each of its columns alone.
_PAGES_OF_A_TABLE = 2


def test_every_page_stands_when_one_thing_alone_is_empty(
    app: Flask, sign_in: SignIn, branch: Branch
) -> None:
    """All at once hides what one empty value does beside others that are there."""
    manager = staff.find_user("manager")
    assert manager is not None
    client = sign_in(manager)
    readers = _find_readers(client, walks.addresses(app, manager, branch))
    tried, wrong = 0, {}
    with twin.asleep_guards():
        for table, column in list_columns():
            pages = readers.get(table, [])
            kept = _empty_one(table, column) if pages else []
            for path in pages if kept else []:
                tried += 1
                if fault := _fault_of(client.get(path)):
                    wrong[f"{table}.{column} on {path}"] = fault
            _fill_again(table, column, kept)
    assert not wrong
    assert tried > 150


def _find_readers(client: FlaskClient, paths: list[str]) -> dict[str, list[str]]:
    """Some pages of each table: those of different kinds that read the fewest other tables."""
    names = [each.name for each in db.Model.metadata.sorted_tables]
    read: list[str] = []
    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", lambda *said: read.append(said[2]))
    of_page = {}
    for path in paths:
        read.clear()
        if client.get(path).status_code == HTTPStatus.OK:
            text = " ".join(read)
            of_page[path] = {
                name for name in names if re.search(rf'\b(FROM|JOIN) "?{name}\b', text)
            }
    found: dict[str, list[str]] = {}
    for path, tables in sorted(of_page.items(), key=lambda each: len(each[1])):
        for table in tables:
            found.setdefault(table, []).append(path)
    return {table: _of_different_kinds(pages) for table, pages in found.items()}


def _of_different_kinds(paths: list[str]) -> list[str]:
    kinds = {re.sub(r"[^/]*\d[^/]*", "#", path): path for path in paths}
    return list(kinds.values())[:_PAGES_OF_A_TABLE]


def _empty_one(table: str, column: str) -> list[tuple[int, object]]:
    """Empty one column; what stood there, by the row. Nothing where the database says no."""
    query = f'SELECT id, "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'
    kept = [(key, value) for key, value in session.execute(sa.text(query))]
    _set_null(table, column)
    db.commit()
    left = session.scalar(sa.text(f'SELECT COUNT(*) FROM "{table}" WHERE "{column}" IS NOT NULL'))
    return [] if left == len(kept) else kept


def _fill_again(table: str, column: str, kept: list[tuple[int, object]]) -> None:
    for key, value in kept:
        session.execute(
            sa.text(f'UPDATE "{table}" SET "{column}" = :value WHERE id = :key'),
            {"value": value, "key": key},
        )
    db.commit()
    session.expire_all()
