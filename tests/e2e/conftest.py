"""A shop that is open: a real server, a real Chromium, and people signed in to it."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests import servers
from tests.conftest import AT
from tests.e2e.person import Person
from tests.e2e.words import Words
from workshop import clock, db
from workshop.app import create_app
from workshop.config import Settings
from workshop.demo import shop as demo_shop
from workshop.staff import service as staff

AT_HOME = ZoneInfo("Asia/Shanghai")
PASSWORD = "a-password-for-tests"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class QuietHandler(WSGIRequestHandler):
    """Answers without a line of log for every font and icon."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@dataclass
class OpenShop:
    """A running server with the demo's people and catalogue, and the shop clock in hand."""

    app: Flask
    address: str
    code: str

    def pass_time(self, **length: float) -> datetime:
        """Let shop time pass, e.g. `pass_time(minutes=5)`."""
        now = clock.now() + timedelta(**length)
        clock.freeze(now)
        return now

    def wait_until(self, wall_clock: str) -> datetime:
        """Let shop time pass until a time of the same day, such as 10:30."""
        hours, minutes = wall_clock.split(":")
        here = clock.now().astimezone(AT_HOME)
        clock.freeze(here.replace(hour=int(hours), minute=int(minutes)))
        return clock.now()


@pytest.fixture
def open_shop(tmp_path: Path) -> Iterator[OpenShop]:
    """A fresh shop on a free port of the loopback address; it opens on Monday at 10:00."""
    settings = Settings(
        data_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'shop.db'}",
        redis_url=None,
        secret_key="a key for tests only",
        behind_https=False,
        testing=True,
    )
    app = create_app(settings)
    with app.app_context():
        upgrade()
        built = demo_shop.build(AT - timedelta(days=400), PASSWORD)
        code = built.branch.code
        db.commit()
        db.session.remove()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=QuietHandler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    urlopen(f"{address}/healthz").close()
    yield OpenShop(app, address, code)
    server.shutdown()
    with app.app_context():
        db.db.engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One real Chromium for all tests of a worker."""
    servers.need(servers.why_no_chromium())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=servers.find_chromium(), args=FLAGS, headless=True
        )
        yield browser
        browser.close()


@dataclass
class Visitor:
    """One browser context of one person; what the console complains of is kept."""

    context: BrowserContext
    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a path of the shop."""
        self.page.goto(self.address + path)
        return self.page


Enter = Callable[..., Visitor]
_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the fixtures know how the test went."""
    report = yield
    item.stash.setdefault(_FAILED, False)
    item.stash[_FAILED] |= report.failed
    return report


@pytest.fixture
def visit(
    open_shop: OpenShop, chromium: Browser, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Enter]:
    """Open a context without signing in: `visit(width=…, height=…, locale=…)`.

    At the end of the test no console error and no CSP violation may have been seen. Of a failed
    test pictures are kept: what everybody had before them.
    """
    visitors: list[Visitor] = []

    def enter(width: int = 1440, height: int = 900, locale: str = "zh-CN") -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            has_touch=width < 500,
        )
        context.set_default_timeout(15_000)
        visitor = Visitor(context, context.new_page(), open_shop.address)
        visitors.append(visitor)

        def listen(message: ConsoleMessage) -> None:
            # The browser notes every refused form (409, 422) by itself; that is no fault.
            if message.type == "error" and "Failed to load resource" not in message.text:
                visitor.complaints.append(message.text)

        visitor.page.on("console", listen)
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        return visitor

    yield enter
    complaints = list(itertools.chain.from_iterable(each.complaints for each in visitors))
    for number, visitor in enumerate(visitors):
        if request.node.stash.get(_FAILED, False):
            visitor.page.screenshot(path=tmp_path / f"{number}.png", full_page=True)
        visitor.context.close()
    assert not complaints


@pytest.fixture
def person(visit: Enter, open_shop: OpenShop) -> Enter:
    """Sign a person of the demo's shop in by name: `person("advisor", locale="en-US")`."""

    def become(
        username: str, width: int = 1440, height: int = 900, locale: str = "zh-CN"
    ) -> Visitor:
        visitor = visit(width=width, height=height, locale=locale)
        _choose_language(open_shop, username, "zh_CN" if locale == "zh-CN" else "en")
        page = visitor.go("/sign-in")
        page.locator("input[name=username]").fill(username)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("form.stack button[type=submit]").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return visitor

    return become


@dataclass
class Cast:
    """The people of a test. Each comes in with a browser of their own when first called."""

    shop: OpenShop
    words: Words
    enter: Enter
    visit: Enter
    people: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, username: str) -> Person:
        if username not in self.people:
            wide = not username.startswith("tech")
            visitor = self.enter(
                username,
                width=1440 if wide else 360,
                height=900 if wide else 740,
                locale=self.words.browser,
            )
            self.people[username] = Person(visitor.page, self.words, visitor.address)
        return self.people[username]

    def stranger(self, width: int, height: int) -> Person:
        """Somebody who does not sign in: the customer's phone, the television."""
        visitor = self.visit(width=width, height=height, locale=self.words.browser)
        return Person(visitor.page, self.words, visitor.address)


@pytest.fixture
def cast(open_shop: OpenShop, person: Enter, visit: Enter, locale: str) -> Cast:
    """The people of a test, all reading the language of its parameter `locale`."""
    return Cast(open_shop, Words(locale), person, visit)


def _choose_language(open_shop: OpenShop, username: str, locale: str) -> None:
    with open_shop.app.app_context():
        user = staff.find_user(username)
        assert user is not None
        user.locale = locale
        db.commit()
        db.session.remove()
