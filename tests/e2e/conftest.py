"""A shop that is open: a real server, a real Chromium, and people signed in to it."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect

from tests.conftest import AT
from tests.e2e import story
from tests.e2e.cast import Cast, Enter, Visitor
from tests.e2e.open_shop import PASSWORD, OpenShop, opened
from tests.e2e.words import Words
from workshop.demo import shop as demo_shop

PATIENCE_MS = 30_000
FAILED = pytest.StashKey[bool]()


@pytest.fixture
def open_shop(tmp_path: Path) -> Iterator[OpenShop]:
    """A fresh shop on a free port of the loopback address; it opens on Monday at 10:00."""
    with opened(tmp_path, _build) as shop:
        yield shop


@pytest.fixture(scope="module")
def living_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    """A shop in the middle of a day with a car in each stage, for all tests of a module."""
    folder = tmp_path_factory.mktemp("shop")
    with opened(folder, lambda: story.tell(AT, PASSWORD)) as shop:
        yield shop


def _build() -> list[str]:
    demo_shop.build(AT - timedelta(days=400), PASSWORD)
    return []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the fixtures know how the test went."""
    report = yield
    item.stash.setdefault(FAILED, False)
    item.stash[FAILED] |= report.failed
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
    expect.set_options(timeout=PATIENCE_MS)

    def come(width: int = 1440, height: int = 900, locale: str = "zh-CN") -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            has_touch=width < 500,
        )
        context.set_default_timeout(PATIENCE_MS)
        visitor = Visitor(context, context.new_page(), open_shop.address)
        visitors.append(visitor)
        _keep_complaints(visitor)
        return visitor

    yield come
    complaints = list(itertools.chain.from_iterable(each.complaints for each in visitors))
    for number, visitor in enumerate(visitors):
        if request.node.stash.get(FAILED, False):
            visitor.page.screenshot(path=tmp_path / f"{number}.png", full_page=True)
        visitor.context.close()
    assert not complaints


def _keep_complaints(visitor: Visitor) -> None:
    def listen(message: ConsoleMessage) -> None:
        # The browser notes every refused form (409, 422) by itself; that is no fault.
        is_answer = "Failed to load resource" in message.text
        if message.type == "error" and (not is_answer or "/static/" in message.location["url"]):
            visitor.complaints.append(f"{message.text}: {message.location['url']}")

    visitor.page.on("console", listen)
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))


@pytest.fixture
def enter(visit: Enter, open_shop: OpenShop) -> Enter:
    """Sign a person of the shop in by name: `enter("advisor", locale="en-US")`."""

    def become(
        username: str, width: int = 1440, height: int = 900, locale: str = "zh-CN"
    ) -> Visitor:
        visitor = visit(width=width, height=height, locale=locale)
        open_shop.choose_language(username, "zh_CN" if locale == "zh-CN" else "en")
        page = visitor.go("/sign-in")
        page.locator("input[name=username]").fill(username)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("form.stack button[type=submit]").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return visitor

    return become


@pytest.fixture
def cast(open_shop: OpenShop, enter: Enter, visit: Enter, locale: str) -> Cast:
    """The people of a test, all reading the language of its parameter `locale`."""
    return Cast(open_shop, Words(locale), enter, visit)
