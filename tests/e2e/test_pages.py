"""Every page of every role's menu, and every page of an order, is fit for everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import AT
from tests.e2e import story
from tests.e2e.cast import Enter
from tests.e2e.fitness import DESK, PHONE, TELEVISION, look_at, look_over
from tests.e2e.open_shop import CODE, OpenShop
from tests.e2e.words import Words
from workshop import db
from workshop.demo import shop as demo_shop
from workshop.orders import service as orders
from workshop.orders.flow import Step
from workshop.screen import service as screen
from workshop.staff import service as staff
from workshop.track import service as track

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ROLES = [username for username, _name, _role in demo_shop.PEOPLE if username[-1].isalpha()]
LOCALES = ["zh_CN", "en"]
THUMB = ((360, 740), PHONE)
BEHIND = (
    "/booking/new",
    "/cases/new",
    "/customers/1",
    "/lounge/round",
    "/parts/receipts",
    "/parts/stock",
    "/parts/stock/1",
    "/reception/new",
    "/repair/attendance/1",
    "/repair/attendance?day=2026-11-22",
    "/scheduling/calendar",
    "/scheduling/close",
    "/scheduling/replan",
    "/scheduling/watch",
    "/scheduling/week",
    "/screens/pair",
    "/settlement/day",
    "/settlement/owed",
    "/settlement/claims",
    "/setup",
    "/setup/people",
    "/shop/papers",
    "/shop/technicians/1",
    "/staff/2",
    "/style",
    "/vehicles/1",
)
# A page with every fault that there is to be found, and what is said of it.
UNFIT = """<html lang="la"><title>Unfit</title><main><h1>Unfit</h1>
<p style="font-style: italic">斜体字</p><p style="color: #999">Pale</p>
<p style="width: 2000px">Wide</p><button style="width: 9px; height: 9px; padding: 0">·</button>
<a href="/" style="display: block; outline: none">Home</a>
<a href="/far" style="position: fixed; bottom: 0">Far</a>
<div style="width: 9em; overflow-y: auto"><p style="width: 20em">Pushed</p></div>
<div class="scroll-x" style="width: 9em; overflow-x: auto"><table class="table"><tr><td>
<p style="width: 20em">Far</p><td><button class="btn">Hidden</button></table></div>
<table style="table-layout: fixed; width: 12px"><tr><td>一字一行的列<br>长长长长长</td></tr></table>
<b style="position: fixed; inset: 80% 0 0; background: #fff">Over it</b></main>"""
FOUND = (
    "color-contrast",
    "to the side",
    "9 × 9 px",
    "leans",
    "“la”",
    "“Home”",
    "“Far” has",
    "is squeezed",
    "by pushing",
    "hidden at the side",
)


@pytest.fixture
def open_shop(living_shop: OpenShop) -> OpenShop:
    """A shop with a car in each stage; these tests only look, so they share it."""
    return living_shop


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("username", ROLES)
def test_the_pages_of_a_role_are_fit_for_everybody(
    enter: Enter, username: str, locale: str
) -> None:
    visitor = enter(username, locale=Words(locale).browser)
    items = visitor.page.locator("nav.sidebar a.nav-item")
    paths = [str(item.get_attribute("href")) for item in items.all()]
    assert paths
    assert [fault for path in paths for fault in look_at(visitor, path)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_technicians_phone_is_fit_for_thumbs(
    enter: Enter, open_shop: OpenShop, locale: str
) -> None:
    visitor = enter(story.AT_WORK, width=360, height=740, locale=Words(locale).browser)
    faults = look_at(visitor, "/my-jobs", THUMB)
    job = visitor.page.locator("main a[href^='/my-jobs/']").first.get_attribute("href") or ""
    for path in ("", "/found", "/note", "/self-check", "/unused"):
        faults += look_at(visitor, job + path, THUMB)
    assert faults == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_pages_behind_the_menu_are_fit_for_everybody(enter: Enter, locale: str) -> None:
    visitor = enter("manager", locale=Words(locale).browser)
    assert [fault for path in BEHIND for fault in look_at(visitor, path)] == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("half", [0, 1])
def test_the_page_where_each_order_stands_is_fit_for_everybody(
    enter: Enter, open_shop: OpenShop, half: int, locale: str
) -> None:
    visitor = enter("manager", locale=Words(locale).browser)
    faults, onward = [], []
    for no in open_shop.orders[half::2]:
        faults += look_at(visitor, f"/orders/{no}")
        # The one primary action of the order's page leads to where it stands.
        leads = visitor.page.locator(".card-accent .card-actions a").all()
        onward += [str(each.get_attribute("href")) for each in leads]
    assert onward
    assert faults + [fault for path in onward for fault in look_at(visitor, path)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_all_ten_pages_of_an_order_are_fit_for_everybody(
    enter: Enter, open_shop: OpenShop, locale: str
) -> None:
    visitor = enter("manager", locale=Words(locale).browser)
    oldest = open_shop.orders[0]
    paths = [f"/orders/{oldest}/{step.value}" for step in Step]
    assert [fault for path in paths for fault in look_at(visitor, path)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_pages_that_need_no_sign_in_are_fit_for_everybody(
    visit: Enter, enter: Enter, open_shop: OpenShop, locale: str
) -> None:
    browser = Words(locale).browser
    visitor = visit(locale=browser)
    faults = look_at(visitor, "/sign-in")
    faults += look_at(visitor, _make_link(open_shop))
    faults += look_at(visitor, "/t/guessed", status=404)
    faults += look_at(visitor, f"/screen/{CODE}", TELEVISION)
    token, address = _pair(open_shop, locale), open_shop.address
    visitor.context.add_cookies([{"name": screen.TOKEN_COOKIE, "value": token, "url": address}])
    faults += look_at(visitor, f"/screen/{CODE}", TELEVISION)
    expect(visitor.page.locator(".board-row").first).to_be_visible()
    faults += look_at(enter("greeter", locale=browser), "/booking/welcome", TELEVISION)
    assert faults == []


def test_what_is_wrong_with_a_page_is_found(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(UNFIT)
    faults = look_over(page, DESK, PHONE)
    page.close()
    assert [each for each in FOUND if not any(each in fault for fault in faults)] == []


def _pair(shop: OpenShop, locale: str) -> str:
    """A television of the shop: the token that its browser keeps."""
    with shop.app.app_context():
        order = orders.get_order(shop.orders[0])
        manager, branch = staff.find_user("manager"), order.branch
        assert manager is not None
        _device, token = screen.pair_directly(branch, locale, by=manager, at=AT, locale=locale)
        db.commit()
        db.session.remove()
    return token


def _make_link(shop: OpenShop) -> str:
    """The customer's link of the car whose quotation waits for a decision."""
    with shop.app.app_context():
        order = orders.get_order(shop.orders[story.QUOTED])
        token = track.make_link(order, by=order.advisor, at=AT)
        db.commit()
        db.session.remove()
    return f"/t/{token}"
