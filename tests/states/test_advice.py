"""Every advice that sends somebody elsewhere is followed: it happens, and its page has the act."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from tests import test_ways
from tests.states import pressing
from tests.states.advice import ADVICE, Advice
from tests.states.lives import as_
from tests.states.seldom import SELDOM
from workshop.db import session
from workshop.errors import Missing, Way, WorkshopError
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

# What cannot be made to happen: the page of its way is known to open, no more (`test_ways`).
NOT_TRIED = {
    "The board contradicts itself: %(fault)s. Put that right first.": "the last net of the planner:"
    " the guards of the database and the fixed cards named before leave nothing to make it from",
}
TRIED = ADVICE | SELDOM


def test_every_way_is_followed_or_named() -> None:
    said = {words for words, way in test_ways.list_ways() if words and "nstead" not in way}
    assert said == set(TRIED) | set(NOT_TRIED)


@pytest.mark.parametrize("words", TRIED)
def test_the_way_leads_to_where_it_can_be_done(
    app: Flask, sign_in: Callable[[User], FlaskClient], words: str
) -> None:
    # given
    advice = TRIED[words]
    way = _way_of(advice, words)
    session.flush()
    with app.test_request_context():
        address = url_for(way.endpoint, **way.values)
    client = sign_in(as_(advice.by) if isinstance(advice.by, RoleName) else advice.by())
    # when
    answer = client.get(address)
    if answer.status_code == 302:
        answer = client.get(answer.location)
    # then
    assert answer.status_code == 200, (address, answer.status_code)
    links = re.findall(r'<a\b[^>]*href="([^"?#]+)', answer.text)
    is_link = any(re.search(f"(?:{advice.there})$", link) for link in links)
    form = pressing.find(answer.text, address, advice.there)
    assert form is not None or is_link, [
        (each.action, each.can_be_sent) for each in pressing.forms_on(answer.text, address)
    ]


def _way_of(advice: Advice, words: str) -> Way:
    """Where the refusal sends its reader; it must be the one of these words."""
    try:
        said: list[Missing] | list[WorkshopError] = advice.happens() or []
    except WorkshopError as error:
        said = [error]
    ways = [each.way for each in said if each.message == words]
    assert ways, [each.message for each in said]
    assert isinstance(ways[0], Way)
    return ways[0]
