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
from workshop.db import session
from workshop.errors import Missing, Way, WorkshopError
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

# What is not made to happen here: the page of its way is known to open, no more (`test_ways`).
NOT_TRIED = frozenset({
    # The same refusal of another act, with the same way, is tried.
    "%(name)s is on a break already, since %(since)s.",
    # It needs a crowd of devices, an hour's wait, or a second session.
    "Too many devices wait to be paired. Pair one of them, or try in an hour.",
    "Too many screens wait to be paired. Pair one of them, or try again tomorrow.",
    "Your password was asked too long ago. Open “My account” and confirm it again.",
    "You are using this session. Sign out instead.",
    # A whole planned floor or two joined records; their own tests make them.
    "%(plate)s was fixed in place by %(name)s. Release it, or leave it out.",
    "Fixed cards that cannot stay where they are: %(count)s. Release or move them.",
    "The board contradicts itself: %(fault)s. Put that right first.",
    "The planner can move none of the jobs: move them on the board.",
    "Both are in the shop now, under %(nos)s. Close one of the orders first.",
    "Both have %(what)s that there may be only once. Settle that first.",
    "Order %(no)s goes on with this mileage. Enter the right one instead.",
    "%(part)s: %(after)s %(unit)s would be left, %(reserved)s are reserved for orders. "
    "Count again, or release them first.",
    "%(value)s is outside the limit: this is not in order. Propose the work first; only what the "
    "customer has declined may stay so.",
    "There is another attendance from %(since)s in this time. Correct that one.",
    "Operations are charged by it, such as %(operation)s. Change them first.",
    "The labour rate “%(rate)s” is not set for this branch. Set it first.",
    "No more parts are issued for this work. The order shows where it stands.",
    "A draft is not printed; offer it first.",
    "The shop is closed on %(day)s. Make it an open day in the calendar first.",
    "Today was closed at %(time)s. Open the day again first.",
})  # fmt: skip


def test_every_way_is_followed_or_named() -> None:
    said = {words for words, way in test_ways.list_ways() if words and "nstead" not in way}
    assert said == set(ADVICE) | NOT_TRIED


@pytest.mark.parametrize("words", ADVICE)
def test_the_way_leads_to_where_it_can_be_done(
    app: Flask, sign_in: Callable[[User], FlaskClient], words: str
) -> None:
    # given
    advice = ADVICE[words]
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
