"""How many clicks a car costs: `python -m tests.bench.clicks`.

A real Chromium goes through the parts of a visit, with pages at their real size, and what the hand
does is counted as the page hears it: each press of the mouse or a finger, each choice from a list,
each photo, each signature is one; each value that is typed is counted apart. Prints a line a part.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import select

from tests import factories, servers
from tests.conftest import AT
from tests.e2e.open_shop import PASSWORD, OpenShop, opened
from tests.e2e.person import Person, photo
from tests.e2e.words import Words
from workshop import clock, db
from workshop.catalogue.models import Operation
from workshop.customers.models import Vehicle
from workshop.demo import shop as demo_shop
from workshop.orders.models import RepairOrder
from workshop.shop.models import Branch
from workshop.staff import service as staff
from workshop.steps.booking import making
from workshop.steps.reception import service as reception

# Booked with three operations; known to the shop; just greeted.
BOOKED, KNOWN, GREETED = "粤B24681", "粤B13579", "粤B97531"
WORK = ("C-ROT", "M-CAB", "L-WIPER")
CONCERN = "做个小保养，空调有异味"
VIEWS = ("Front", "Left side", "Rear", "Right side", "From above")
COVERS = ("Seat cover", "Steering wheel cover", "Floor mat cover")
# Counts in the page, where a press is a press whoever makes it; `told` is the bench's ear.
_COUNT = """() => {
  addEventListener("pointerdown", (event) => event.isTrusted && told("press"), true);
  addEventListener("change", (event) => {
    const { tagName, type } = event.target;
    if (tagName === "SELECT" || type === "file") told("press");
  }, true);
  const typed = new WeakSet();
  addEventListener("input", (event) => {
    const { tagName, type } = event.target;
    const isText = tagName === "TEXTAREA" || ["text", "search", "tel", "number"].includes(type);
    if (isText && !typed.has(event.target)) { typed.add(event.target); told("value"); }
  }, true);
}"""


@dataclass
class Hand:
    """What one hand has done so far."""

    counts: dict[str, int] = field(default_factory=lambda: {"press": 0, "value": 0})

    def hear(self, what: str) -> None:
        self.counts[what] += 1


def main() -> None:
    """Open a shop with one known car, and take it through the parts."""
    with tempfile.TemporaryDirectory() as folder:
        clock.freeze(AT)
        with opened(Path(folder), _build) as shop, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=servers.find_chromium(), args=["--no-sandbox", "--disable-gpu"]
            )
            with shop.app.app_context():
                _fill()
            print(f"{'part':<48}{'clicks':>8}{'values':>8}")
            for name, username, size, act in PARTS:
                counts = _count(browser, shop, username, size, act)
                print(f"{name:<48}{counts['press']:>8}{counts['value']:>8}", flush=True)
            browser.close()


Size = tuple[int, int]
Act = Callable[[Person, OpenShop], None]
DESK, PHONE = (1440, 900), (390, 844)


def _build() -> list[str]:
    demo_shop.build(AT - timedelta(days=400), PASSWORD)
    return []


def _fill() -> None:
    """A known car that is booked with three operations, and another that was just greeted."""
    advisor = staff.find_user("advisor")
    assert advisor is not None
    branch = db.session.get_one(Branch, advisor.branch_id)
    car = factories.make_vehicle(plate=BOOKED, vin="LVSHCAMB1KE100001", mileage_km=48_000)
    factories.make_vehicle(plate=KNOWN, mileage_km=21_000)
    work = list(db.session.scalars(select(Operation).where(Operation.code.in_(WORK))))
    assert len(work) == len(WORK), [each.code for each in work]
    wish = making.Wish(concern=CONCERN, operations=work)
    slot_at = AT + timedelta(minutes=30)
    making.book(
        car, car.customer, wish, advisor=advisor, slot_at=slot_at, branch=branch, by=advisor, at=AT
    )
    other = factories.make_vehicle(plate=GREETED, vin="LVSHCAMB1KE100002", mileage_km=30_000)
    reception.receive(other, other.customer, concern=CONCERN, branch=branch, by=advisor, at=AT)
    db.commit()
    db.session.remove()


def _count(
    browser: Browser,
    shop: OpenShop,
    username: str,
    size: Size,
    act: Act,
) -> dict[str, int]:
    shop.choose_language(username, "zh_CN")
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    page, hand = context.new_page(), Hand()
    person = Person(page, Words("zh_CN"), shop.address)
    _sign_in(person, username)
    # From here on all counts.
    context.expose_function("told", hand.hear)
    context.add_init_script(f"({_COUNT})()")
    act(person, shop)
    page.wait_for_timeout(200)
    context.close()
    return hand.counts


def _sign_in(person: Person, username: str) -> None:
    page = person.page
    person.go("/sign-in")
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form.stack button[type=submit]").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    person.go("/reception")


def book(advisor: Person, _shop: OpenShop) -> None:
    """A customer whom the shop knows is on the telephone."""
    words, page = advisor.words, advisor.page
    person = page.get_by_role("searchbox", name=words("Who is calling, or which car?"))
    advisor.open(words("Appointments"))
    advisor.follow(words("New appointment"), page.locator(".page-actions"))
    person.fill(KNOWN[-5:])
    page.locator("a.booking-hit").filter(has_text=KNOWN[-5:]).click()
    advisor.write(words("Customer concern"), CONCERN)
    page.locator("label.booking-offer").first.click()
    advisor.send(words("Book"))


def receive(advisor: Person, _shop: OpenShop) -> None:
    """The booked car drives in; at the desk all is read off a slip."""
    words, page = advisor.words, advisor.page
    advisor.go("/reception")
    row = page.get_by_role("listitem").filter(has_text=BOOKED[-5:])
    advisor.send(words("Arrived"), row)
    advisor.follow(words("Greet"), page.get_by_role("listitem").filter(has_text=BOOKED[-5:]))
    advisor.send(words("Open the repair order"))
    gauges = advisor.unfold("gauges")
    advisor.write(words("Mileage"), "50000", gauges)
    gauges.locator("label.chip").filter(has_text="1/2").click()
    advisor.press(words("Save the readings"), gauges)
    advisor.unfold("car")
    for view in VIEWS:
        _tick(page, words("Looked at: %(side)s", side=words(view)))
    advisor.unfold("covers")
    for cover in COVERS:
        _tick(page, words(cover))
    advisor.unfold("valuables")
    advisor.press(words("Asked: nothing of value in the car"))
    advisor.reads(words("The customer was asked; nothing of value stays in the car."))
    section = advisor.unfold("sign")
    advisor.sign(section)
    advisor.send(words("Sign the walk-around"), section)
    advisor.follow(words("Go on to the quotation"))


def _tick(page: Page, label: str) -> None:
    button = page.get_by_role("button", name=label)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def authorise(advisor: Person, shop: OpenShop) -> None:
    """What was booked is offered; the customer decides line by line and signs on the screen."""
    words, page = advisor.words, advisor.page
    page.goto(f"{advisor.address}/orders/{_no_of(shop, BOOKED)}/quotation")
    advisor.send(words("Take all over"))
    advisor.send(words("Offer to the customer"))
    advisor.follow(words("Decide and sign here"))
    for each in page.get_by_label(words("Do it"), exact=True).all():
        each.check()
    advisor.sign()
    advisor.send(words("Sign the service authorisation"))


def walk(advisor: Person, shop: OpenShop) -> None:
    """Six photos, and all that the signature needs, with one thumb."""
    words, page = advisor.words, advisor.page
    page.goto(f"{advisor.address}/reception/walk/{_no_of(shop, GREETED)}")
    page.locator("#snap-dial").set_input_files(photo("dial.jpg"))
    advisor.write(words("Mileage"), "50000")
    page.locator("label.chip").filter(has_text="1/2").click()
    advisor.press(words("Save the readings"))
    for view in VIEWS:
        expect(page.get_by_role("heading", name=words(view), exact=True)).to_be_visible()
        code = page.locator("[data-screen]:visible").get_attribute("data-screen") or ""
        page.locator(f"#snap-{code}").set_input_files(photo(f"{code}.jpg"))
        page.get_by_role("button", name=words("Looked at: %(side)s", side=words(view))).click()
    for cover in COVERS:
        page.get_by_role("button", name=words(cover), exact=True).click()
    page.locator("#walk-covers .walk-bar a").click()
    advisor.press(words("Asked: nothing of value in the car"))
    expect(page.locator("[data-left]")).to_have_text(words("Still open: %(count)s", count=0))
    page.locator("[data-left]").click()
    advisor.sign()
    advisor.press(words("Sign the walk-around"))
    advisor.reads(words("The walk-around is signed and frozen."))


PARTS: tuple[tuple[str, str, Size, Act], ...] = (
    ("Known car, phone → booked", "advisor", DESK, book),
    ("Arrival → walk-around signed, at the desk", "advisor", DESK, receive),
    ("Quotation of three operations → authorised", "advisor", DESK, authorise),
    ("Walk round a car with six photos, on a phone", "advisor", PHONE, walk),
)


def _no_of(shop: OpenShop, plate: str) -> str:
    with shop.app.app_context():
        order = db.session.scalars(
            select(RepairOrder).join(RepairOrder.vehicle).where(Vehicle.plate == plate)
        ).one()
        no = order.no
        db.session.remove()
    return no


if __name__ == "__main__":
    main()
