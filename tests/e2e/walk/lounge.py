"""Step 4: the customer stays; six acts of care, each at its own time, and the first report."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.open_shop import OpenShop
from tests.e2e.person import Person
from tests.e2e.walk import car

ACTS = (
    "Helped to a seat",
    "First cup poured",
    "Lounge and toilet shown",
    "Own attendant named",
    "Internet at hand",
)


def care(attendant: Person, shop: OpenShop) -> None:
    """Ask whether the customer stays, then care for them, one act after the other."""
    words, page = attendant.words, attendant.page
    attendant.open(words("Customer care"))
    question = page.get_by_role("region", name=words("Ask: waits here or leaves?"))
    attendant.send(words("Waits here"), question.get_by_role("listitem").filter(has_text=car.SHOWN))
    guest = page.locator("article.guest").filter(has_text=car.SHOWN)
    expect(guest).to_contain_text(car.OWNER)
    for done, act in enumerate(ACTS, start=1):
        shop.pass_time(minutes=1)
        attendant.press(words(act), guest)
        expect(guest.locator(".act.is-done")).to_have_count(done)
    _report(attendant)


def _report(attendant: Person) -> None:
    words, page = attendant.words, attendant.page
    guest = page.locator("article.guest").filter(has_text=car.SHOWN)
    attendant.follow(words("Progress reported"), guest)
    said = words.either("工单已签，正在安排技师。", "It is signed, a technician is being found.")
    report = page.get_by_role("region", name=words("Progress report"))
    attendant.write(words("What the customer was told"), said, report)
    attendant.choose(words("How"), words("In person"), report)
    attendant.send(words("The customer was told"), report)
    attendant.reads(said, "6 / 6")
