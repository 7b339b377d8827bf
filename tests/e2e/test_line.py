"""The server dies: every live page says so within seconds, and recovers by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, WebSocket, expect

from tests import live_page
from tests.conftest import AT
from tests.e2e.open_shop import PASSWORD, OpenShop
from tests.factories import make_order, make_user
from tests.serve.thread import serving
from workshop import clock, db, events
from workshop.orders.flow import Stage
from workshop.orders.models import OrderMoved, RepairOrder
from workshop.screen import service as screen
from workshop.shop.models import Branch
from workshop.staff.permissions import RoleName
from workshop.track import service as track

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SOON_MS, PATIENCE_MS = 8_000, 20_000
LOST, AMBER = ".line.is-lost", ".board-updated.is-stale"


@pytest.fixture
def person(chromium: Browser) -> Iterator[BrowserContext]:
    """One browser with all the pages open."""
    context = chromium.new_context(locale="en-US", timezone_id="Asia/Shanghai")
    yield context
    context.close()


def fill(app: Flask) -> tuple[str, str]:
    """A car in work: its link, and a television's token."""
    with app.app_context():
        branch = db.session.query(Branch).filter_by(code="main").one()
        boss = make_user(RoleName.SERVICE_MANAGER, branch=branch)
        order = make_order(Stage.REPAIR, branch=branch, promised_at=AT + timedelta(hours=2))
        _device, tv = screen.pair_directly(branch, "TV", by=boss, at=clock.now(), locale="en")
        link = track.make_link(order, by=order.advisor, at=clock.now())
        db.commit()
        db.session.remove()
    return link, tv


def sign_in(person: BrowserContext, address: str) -> None:
    page = person.new_page()
    page.goto(f"{address}/sign-in")
    page.locator("input[name=username]").fill("manager")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form.stack button[type=submit]").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.close()


def test_every_live_page_shows_that_the_line_is_gone_and_comes_back(
    open_shop: OpenShop, person: BrowserContext, tmp_path: Path
) -> None:
    app = open_shop.app
    link, tv = fill(app)
    with ExitStack() as life:
        address = life.enter_context(serving(app))
        sign_in(person, address)
        cookie = {"name": screen.TOKEN_COOKIE, "value": tv, "url": address, "httpOnly": True}
        person.add_cookies([cookie])  # type: ignore[list-item]
        paths = ("/", "/scheduling", "/booking/welcome", "/screen/main", f"/t/{link}")
        pages = {path: person.new_page() for path in paths}
        for path, page in pages.items():
            answer = page.goto(address + path)
            assert answer is not None, path
            assert answer.ok, path
            expect(page.locator(".line, .board-updated")).to_contain_text("10:00")
            expect(page.locator(f"{LOST}, {AMBER}")).to_have_count(0)
        # when: the server is gone
        life.close()
        for path, page in pages.items():
            gone = page.locator(AMBER if path == "/screen/main" else LOST)
            # A customer's page asks less often than the shop's desks.
            expect(gone).to_be_visible(timeout=PATIENCE_MS if path.startswith("/t/") else SOON_MS)
            expect(gone).to_contain_text("10:00")
        # then: it is back, and so are they, without a hand
        with serving(app, int(address.rpartition(":")[2])):
            for page in pages.values():
                expect(page.locator(f"{LOST}, {AMBER}")).to_have_count(0, timeout=PATIENCE_MS)
                expect(page.locator(".line, .board-updated")).to_contain_text("10:00")


def test_a_live_page_is_not_sent_again_while_it_is_the_same(
    open_shop: OpenShop, person: BrowserContext
) -> None:
    """Its script says which page it has; after an act it gets another one."""
    app = open_shop.app
    fill(app)
    with app.app_context():
        order = db.session.query(RepairOrder).filter_by(stage=Stage.REPAIR).first()
        assert order is not None
        moved, order_id = OrderMoved(order.id, order.branch_id, order.stage, AT), order.id
        db.session.remove()

    def hear() -> int:
        """What the page gets when its script hears of the order."""
        with (
            page.expect_response(
                lambda answer: (
                    answer.url == f"{address}/" and answer.request.resource_type == "fetch"
                ),
                timeout=PATIENCE_MS,
            ) as got,
            app.app_context(),
        ):
            events.publish((moved,))
            db.session.remove()
        return got.value.status

    with ExitStack() as life:
        address = life.enter_context(serving(app))
        sign_in(person, address)
        page = person.new_page()
        lines: list[WebSocket] = []
        page.on("websocket", lambda each: lines.append(each))
        live_page.open_joined(page, f"{address}/")
        # Somebody may have noted meanwhile that this session is in use.
        statuses = [hear() for _ in range(4)]
        assert statuses[0] == 200
        assert statuses[-1] == 304
        with app.app_context():
            found = db.session.get_one(RepairOrder, order_id)
            found.mileage_km = 77_123
            db.commit()
            db.session.remove()
        assert hear() == 200
        assert len(lines) == 1
