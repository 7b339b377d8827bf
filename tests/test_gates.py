"""A gate is a fact, not a button: who tries to pass one without the fact is refused in words.

Each moment is a car just before a gate. Everything that somebody might press there is really
pressed, over HTTP, and afterwards nothing in the database has changed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.gates import back, floor, front
from tests.gates.tries import Moment, Try
from tests.snapshot import changed, take
from workshop import db
from workshop.staff.models import User

MOMENTS = (*front.MOMENTS, *floor.MOMENTS, *back.MOMENTS)


@pytest.mark.parametrize("make", MOMENTS, ids=lambda make: make.__name__)
def test_nobody_passes_a_gate_without_the_fact(
    sign_in: Callable[[User], FlaskClient], make: Moment, subtests: pytest.Subtests
) -> None:
    # given
    tries = make()
    for each in tries:
        each.by.locale = "en"
    db.commit()
    before = take()
    # when
    for each in tries:
        with subtests.test(each.url):
            check(sign_in(each.by), each)
    # then
    assert changed(before, take()) == set()


def check(browser: FlaskClient, each: Try) -> None:
    answer = browser.post(each.url, data=each.data)
    said = read(answer.text)
    assert answer.status_code == each.status, said
    assert each.words
    assert each.words in said


def read(page: str) -> str:
    """What stands in the middle of a page."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", page.rpartition("<main")[2]))
    return re.sub(r"\s+", " ", text)
