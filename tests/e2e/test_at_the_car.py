"""The reception at the car on a phone: the walk, photos and the signature, without a line too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import AT
from tests.e2e.cast import Cast
from tests.e2e.fitness import look_over
from tests.e2e.open_shop import OpenShop
from tests.e2e.person import Person, photo
from tests.steps.reception.factories import make_reception
from workshop import db
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.staff import service as staff
from workshop.steps.reception import condition, queries, walkaround
from workshop.steps.reception.rules import PhotoOf

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
VIEWS = ("Front", "Left side", "Rear", "Right side", "From above")
COVERS = ("Seat cover", "Steering wheel cover", "Floor mat cover")


@dataclass
class Facts:
    """What the shop knows of the reception."""

    stage: Stage
    km: int | None
    looked_at: int
    covers: int
    photos: set[PhotoOf]
    marks: list[tuple[str, int]]


def begin(shop: OpenShop) -> str:
    """A car that has just been greeted; gives the order's number."""
    with shop.app.app_context():
        advisor = staff.find_user("advisor")
        order = make_reception(AT - timedelta(minutes=5), advisor=advisor)
        condition.record_vin(order, "", "铭牌看不清", by=order.advisor, at=AT)
        no = order.no
        db.commit()
        db.session.remove()
    return no


def facts(shop: OpenShop, no: str) -> Facts:
    with shop.app.app_context():
        order = orders.get_order(no)
        found = Facts(
            order.stage,
            order.mileage_km,
            len(queries.view_checks(order)),
            len(queries.covers(order)),
            {each.subject for each in queries.list_car_photos(order)},
            [(each.zone, len(each.photos)) for each in queries.list_damage(order)],
        )
        db.session.remove()
    return found


def enter(cast: Cast, no: str) -> Person:
    """The advisor opens the walk on a phone; it is kept for the dead spot."""
    visitor = cast.enter("advisor", width=390, height=844, locale=cast.words.browser)
    advisor = Person(visitor.page, cast.words, visitor.address)
    advisor.go(f"/reception/walk/{no}")
    advisor.page.locator("[data-queue][data-ready]").wait_for(state="attached")
    advisor.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return advisor


def screen(advisor: Person, label: str) -> None:
    strip = advisor.page.get_by_role("navigation", name=advisor.words("Sections"))
    strip.locator("a.walk-dot").filter(has_text=advisor.words(label)).first.click()


def snap(page: Page, subject: str) -> None:
    page.locator(f"#snap-{subject}").set_input_files(photo(f"{subject}.jpg"))


def still_open(advisor: Person, count: int) -> None:
    words = advisor.words("Still open: %(count)s", count=count)
    expect(advisor.page.locator("[data-left]")).to_have_text(words)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_whole_walk_without_a_line_arrives_once_and_signed(
    cast: Cast, open_shop: OpenShop, locale: str
) -> None:
    # given
    no = begin(open_shop)
    advisor, words = enter(cast, no), cast.words
    page = advisor.page
    still_open(advisor, 5)
    page.context.set_offline(True)

    # when: the dashboard, with its photo
    screen(advisor, "Dashboard")
    snap(page, "dial")
    advisor.reads(words("Photos not sent yet: %(count)s", count=1))
    advisor.write(words("Mileage"), "50000")
    page.locator("label.chip").filter(has_text="1/2").click()
    advisor.press(words("Save the readings"))
    # then: the next screen, and less is missing
    still_open(advisor, 3)
    # when: side by side round the car
    for view in VIEWS:
        expect(page.get_by_role("heading", name=words(view), exact=True)).to_be_visible()
        code = page.locator("[data-screen]:visible").get_attribute("data-screen") or ""
        snap(page, code)
        if code == "left":
            _mark(advisor)
        page.get_by_role("button", name=words("Looked at: %(side)s", side=words(view))).click()
    still_open(advisor, 2)
    for cover in COVERS:
        page.get_by_role("button", name=words(cover), exact=True).click()
    still_open(advisor, 1)
    # when: the page is loaded again in the dead spot
    page.reload()
    # then: nothing is lost, and the shop knows nothing of it
    still_open(advisor, 1)
    screen(advisor, "Dashboard")
    expect(page.get_by_role("textbox", name=words("Mileage"))).to_have_value("50000")
    assert facts(open_shop, no) == Facts(Stage.RECEPTION, None, 0, 0, set(), [])
    screen(advisor, "Valuables")
    advisor.press(words("Asked: nothing of value in the car"))
    still_open(advisor, 0)
    screen(advisor, "Signature")
    advisor.sign()
    advisor.press(words("Sign the walk-around"))
    advisor.reads(words("Signed on this phone. It is sent as soon as there is a line."))

    # when
    page.context.set_offline(False)
    # then
    advisor.reads(words("The walk-around is signed and frozen."))
    found = facts(open_shop, no)
    assert found.stage is Stage.INSPECTED
    assert (found.km, found.looked_at, found.covers) == (50_000, 5, 3)
    assert found.photos == set(PhotoOf)
    assert [count for _zone, count in found.marks] == [1]
    assert found.marks[0][0].startswith("left_")


def _mark(advisor: Person) -> None:
    words, page = advisor.words, advisor.page
    page.locator("[data-screen=left] svg.car-live").click()
    box = page.locator("[data-screen=left] form[data-mark]")
    box.locator("label.chip").filter(has_text=words("Scratch")).click()
    box.locator("input[type=file]").set_input_files(photo("scratch.jpg"))
    advisor.press(words("Add the mark"), box)
    advisor.reads(words("Marks not sent yet: %(count)s", count=1))


@pytest.mark.parametrize("locale", ["zh_CN"])
def test_two_devices_on_one_section_show_both_versions(
    cast: Cast, open_shop: OpenShop, locale: str
) -> None:
    # given: the phone is out of the line while the desk writes the wishes
    no = begin(open_shop)
    advisor, words = enter(cast, no), cast.words
    page = advisor.page
    page.context.set_offline(True)
    screen(advisor, "Wishes")
    advisor.choose(words("Replaced parts"), words("Customer takes them"))
    advisor.press(words("Save the wishes"))
    with open_shop.app.app_context():
        order = orders.get_order(no)
        walkaround.record_wishes(
            order, stays=None, old_parts=None, wash_wanted=False, by=order.advisor, at=AT
        )
        db.commit()
        db.session.remove()
    # when
    page.context.set_offline(False)
    # then: both stand there, and mine is kept when I say so
    queue = page.locator("[data-queue]")
    expect(queue.locator("[data-versions]")).to_contain_text(words("Replaced parts"))
    advisor.press(words("Keep what I entered"))
    expect(queue).to_be_hidden()
    with open_shop.app.app_context():
        kept = queries.show_walkaround(orders.get_order(no)).old_parts
        assert kept is not None
        assert kept.value == "take"
        db.session.remove()


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_walk_fits_a_phone_and_a_tablet(cast: Cast, open_shop: OpenShop, locale: str) -> None:
    no = begin(open_shop)
    visitor = cast.enter("advisor", width=390, height=844, locale=cast.words.browser)
    page, faults = visitor.go(f"/reception/walk/{no}"), {}
    for code in ("vin", "gauges", "left", "covers", "concern", "sign"):
        page.evaluate(f"location.hash = '#walk-{code}'")
        expect(page.locator(f"#walk-{code}")).to_be_visible()
        faults[code] = look_over(page, (360, 740), (820, 1180))
    assert not any(faults.values()), faults
