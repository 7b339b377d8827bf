"""The command line and the timers take nothing away: there is nobody whom they could ask first.

A page shows what such an act touches before it is kept (workshop/touched/asking_views.py); a
command and a timer have no page.
"""

from __future__ import annotations

import click
import pytest
from flask import Flask

from tests.databases import Database
from tests.touched.reach import Code, Place
from workshop import cli, timers
from workshop.touched.rules import TAKES_AWAY

# The demo's people act in a shop that nobody has.
NO_SHOP = {"demo"}
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def code() -> Code:
    return Code()


def roots(app: Flask) -> list[Place]:
    """What runs without a page: the function behind each command, and each timer."""
    assert isinstance(cli.main, click.Group)
    commands = [
        command.callback
        for name, command in cli.main.commands.items()
        if command.callback is not None and name not in NO_SHOP
    ]
    jobs = [job for job, _seconds in timers.list_jobs(app)]
    return [(each.__module__, each.__name__) for each in (*commands, *jobs)]


def unasked(code: Code, root: Place) -> dict[str, str]:
    """The acts that take away which it can reach, each with the way to it."""
    reached = code.reached([root])
    found = {}
    for place in reached:
        for act in code.words_at(place) & set(TAKES_AWAY):
            way: list[str] = []
            at: Place | None = place
            while at is not None:
                way.insert(0, ".".join(at))
                at = reached[at]
            found[act] = " → ".join(way)
    return found


def test_no_command_and_no_timer_takes_something_away(
    database: Database, app: Flask, code: Code
) -> None:
    found = roots(app)
    assert len(found) >= 13
    for root in found:
        assert unasked(code, root) == {}, "nobody is asked there: do it on a page"


@pytest.mark.parametrize(
    ("module", "text", "act"),
    [
        (
            "workshop.steps.repair.jobs",
            "from workshop.shop import calendar\n"
            "def end_forgotten_clocks():\n"
            "    [calendar.forget_day(each) for each in ()]\n",
            "shop.forget_day",
        ),
        (
            "workshop.cli",
            "from workshop.staff import people as others\n"
            "def user(): _away()\n"
            "def _away(): others.leave(None)\n",
            "staff.leave",
        ),
        (
            "workshop.steps.parts.returns",
            "from workshop.stock.parts.service import use\ndef close_finished(): carry_out(use)\n",
            "stock.use_part",
        ),
    ],
)
def test_one_that_does_is_found(
    database: Database, app: Flask, code: Code, module: str, text: str, act: str
) -> None:
    changed = code.with_more(module, text)
    assert act in {each for root in roots(app) for each in unasked(changed, root)}
