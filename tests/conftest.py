"""Fixtures: a database of each kind, a client that sees what the test wrote, a stopped clock."""

from __future__ import annotations

import contextvars
import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tests import databases, servers, turns
from tests.factories import become
from workshop import clock, db
from workshop.setup.imports import background
from workshop.staff.models import User

# A slow machine is no failing property.
settings.register_profile("workshop", deadline=None)
settings.load_profile("workshop")

AT = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


# What holds a test for many seconds comes first, or one worker is still at it when the others end.
LONG = (
    "tests/e2e/test_walk",
    "tests/e2e/test_front_door",
    "tests/e2e/",
    "tests/test_serve",
    "tests/test_crash",
    "tests/demo/",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Whether the whole suite leaves out what has its turn another day."""
    parser.addoption(
        "--turns",
        choices=("today", "all"),
        default="today",
        help="what runs on two engines or in two languages: today's part, or all",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Before any worker starts."""
    turns.begin()


def pytest_report_header(config: pytest.Config) -> str:
    """How to repeat the choice of a day."""
    return f"turns: {config.getoption('--turns')}, day {turns.today()} (tests/turns.py)"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests first; what has its turn another day is left out."""
    items.sort(key=_place)
    if config.getoption("--turns") == "all" or config.args != config.getini("testpaths"):
        return
    waiting = turns.not_today(item.nodeid for item in items)
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in waiting])
    items[:] = [item for item in items if item.nodeid not in waiting]


def pytest_collection_finish() -> None:
    """What imports made stays: looking through it for garbage cost a quarter of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _place(item: pytest.Item) -> int:
    starts = (place for place, name in enumerate(LONG) if item.nodeid.startswith(name))
    return next(starts, len(LONG))


class Client(FlaskClient):
    """Commits what the test wrote before a request, and reads again what the request wrote.

    The request runs outside the test's application context, as a real one does.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.commit()
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        db.rollback()
        db.session.expire_all()
        return answer


@pytest.fixture
def at() -> datetime:
    """Monday 2026-11-23, 10:00 in Shanghai."""
    return AT


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    clock.freeze(AT)
    yield
    clock.reset()


@pytest.fixture(scope="session")
def _databases(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Callable[[str], databases.Database]]:
    made: dict[str, databases.Database] = {}

    def get(kind: str) -> databases.Database:
        if kind not in made:
            folder: Path = tmp_path_factory.mktemp(kind)
            made[kind] = databases.make(kind, worker_id, folder)
        return made[kind]

    yield get
    for database in made.values():
        database.drop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, _databases: Callable[[str], databases.Database]
) -> Iterator[databases.Database]:
    """A freshly migrated database, with an application context on it."""
    if request.param == "postgresql":
        servers.need(servers.why_no_postgresql())
    database = _databases(request.param)
    database.renew()
    with database.app.app_context():
        yield database
        db.rollback()
        db.session.remove()
        db.db.engine.dispose()


@pytest.fixture(autouse=True)
def _imports_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs in the background is done before the answer: no thread outlives its test."""

    def at_once(batch_id: int, runner: str) -> None:
        db.rollback()
        background.run(current_app._get_current_object(), batch_id, runner)  # type: ignore[attr-defined]

    monkeypatch.setattr(background, "launch", at_once)


@pytest.fixture
def app(database: databases.Database) -> Flask:
    """The application on the test's database."""
    database.app.config["WTF_CSRF_ENABLED"] = False
    database.app.test_client_class = Client
    return database.app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts, signed out."""
    return app.test_client()


@pytest.fixture
def sign_in(client: FlaskClient) -> Callable[[User], FlaskClient]:
    """Sign a user in: `sign_in(user).get(…)`; call it again to become another one."""

    return partial(become, client)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One real Chromium for all tests of a worker; Playwright runs only once in a process.

    It has a Chinese font, like nearly every device; `tests/bench/weight.py` knows one without.
    """
    servers.need(servers.why_no_chromium())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=servers.find_chromium(),
            args=servers.CHROMIUM_FLAGS,
            env=dict(servers.chinese_device(tmp_path_factory.mktemp("device"))),
        )
        yield browser
        browser.close()
