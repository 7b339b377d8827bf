"""Every page of every role's menu, and every page of an order, is fit for everybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import AT
from tests.e2e import story
from tests.e2e.cast import Enter
from tests.e2e.fitness import TELEVISION, look_at
from tests.e2e.open_shop import CODE, PASSWORD, OpenShop, opened
from tests.e2e.words import Words
from workshop import db
from workshop.demo import shop as demo_shop
from workshop.orders import service as orders
from workshop.orders.stages import Step
from workshop.track import service as track

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ROLES = [username for username, _name, _role in demo_shop.PEOPLE if username[-1].isalpha()]
LOCALES = ["zh_CN", "en"]


@pytest.fixture(scope="module")
def _living_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    folder = tmp_path_factory.mktemp("shop")
    with opened(folder, lambda: story.tell(AT, PASSWORD)) as shop:
        yield shop


@pytest.fixture
def open_shop(_living_shop: OpenShop) -> OpenShop:
    """A shop with a car in each stage; these tests only look, so they share it."""
    return _living_shop


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("username", [*ROLES, "tech1"])
def test_the_pages_of_a_role_are_fit_for_everybody(
    enter: Enter, username: str, locale: str
) -> None:
    visitor = enter(username, locale=Words(locale).browser)
    items = visitor.page.locator("nav.sidebar a.nav-item")
    paths = [str(item.get_attribute("href")) for item in items.all()]
    assert paths or username == "tech1"
    assert [fault for path in paths or ["/my-jobs"] for fault in look_at(visitor, path)] == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("half", [0, 1])
def test_the_page_where_each_order_stands_is_fit_for_everybody(
    enter: Enter, open_shop: OpenShop, half: int, locale: str
) -> None:
    visitor = enter("manager", locale=Words(locale).browser)
    paths = [f"/orders/{no}" for no in open_shop.orders[half::2]]
    for path in tuple(paths):
        visitor.go(path)
        # The one primary action of the order's page leads to where it stands.
        onward = visitor.page.locator(".card-accent .card-actions a")
        paths += [str(each.get_attribute("href")) for each in onward.all()]
    assert len(paths) > len(open_shop.orders[half::2])
    assert [fault for path in paths for fault in look_at(visitor, path)] == []


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
    faults += look_at(enter("greeter", locale=browser), "/booking/welcome", TELEVISION)
    assert faults == []


def _make_link(shop: OpenShop) -> str:
    """The customer's link of the car whose quotation waits for a decision."""
    with shop.app.app_context():
        order = orders.get_order(shop.orders[story.QUOTED])
        token = track.make_link(order, by=order.advisor, at=AT)
        db.commit()
        db.session.remove()
    return f"/t/{token}"
