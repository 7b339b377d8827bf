"""Each state that is not the last has a page on which some role presses the way on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import AT
from tests.states import pressing
from tests.states.ends import ENDS
from tests.states.lives import On
from tests.states.tables import ALSO, LIVES
from workshop import clock, db
from workshop.db import Model, session
from workshop.staff.models import User

_NAMES = frozenset({"state", "status", "stage"})
CASES = [
    pytest.param(name, state, way, id=f"{name}-{state}")
    for name, life in LIVES.items()
    for state, way in life.items()
    if isinstance(way, On)
]
CASES += [pytest.param(*each, id=f"{each[0]}-{each[1]}-also") for each in ALSO]


_ENDS = re.compile(
    r"\.(\w+_)?(ended|released|returned|closed|cancelled|withdrawn|undone|credited|dismissed|decided"
    r"|answered|left|booked|dropped|revoked|arrived|cleared|reopened|taken_back|removed|replaced"
    r"|retired|delivered)_at$"
)


def columns() -> dict[str, sa.Enum]:
    """Every column of the models that says how far something is."""
    return {
        f"{table.name}.{column.name}": column.type
        for table in db.Model.metadata.tables.values()
        for column in table.columns
        if column.name in _NAMES and isinstance(column.type, sa.Enum)
    }


def test_every_table_with_a_life_is_walked() -> None:
    assert set(columns()) == set(LIVES)
    for name, kind in columns().items():
        assert kind.enum_class is not None
        assert {each.value for each in kind.enum_class} == set(LIVES[name]), name


def test_what_ends_at_a_moment_is_walked() -> None:
    with_states = {name.partition(".")[0] for name in columns()}
    found = {
        f"{table.name}.{column.name}"
        for table in db.Model.metadata.tables.values()
        if table.name not in with_states
        for column in table.columns
        if column.nullable and _ENDS.search(f"{table.name}.{column.name}")
    }
    # An absence always has an end, a later or an earlier one. A visit of an old system is over,
    # whether that system knew when the car left or not.
    assert found - {"past_visit.left_at"} | {"absence.ends_at"} == set(ENDS)


@pytest.mark.parametrize(("name", "state", "way"), CASES)
def test_a_state_has_a_way_on(
    app: Flask, sign_in: Callable[[User], FlaskClient], name: str, state: str, way: On
) -> None:
    # given
    row, column = way.make(), name.partition(".")[2]
    session.flush()
    assert getattr(row, column).value == state
    # when
    said = _press(sign_in, row, way)
    # then
    assert getattr(row, column).value != state, said


@pytest.mark.parametrize(
    ("name", "way"), [(name, way) for name, way in ENDS.items() if isinstance(way, On)]
)
def test_what_is_open_can_be_ended(
    app: Flask, sign_in: Callable[[User], FlaskClient], name: str, way: On
) -> None:
    # given
    row, column = way.make(), name.partition(".")[2]
    session.flush()
    before = getattr(row, column)
    # when
    said = _press(sign_in, row, way)
    # then
    assert getattr(row, column) != before, said


def _press(sign_in: Callable[[User], FlaskClient], row: Model, way: On) -> str:
    client = sign_in(way.person(row))
    clock.freeze(AT + timedelta(minutes=way.minutes))
    address, action = way.address(row), way.pattern(row)
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    form = pressing.find(answer.text, address, action)
    assert form is not None, [
        (each.action, each.can_be_sent) for each in pressing.forms_on(answer.text, address)
    ]
    told = pressing.press(client, form, way.typed)
    said = pressing.refusal(told.text)
    assert told.status_code < 400, (told.status_code, said)
    session.expire_all()
    return said
