"""Step 6: the order is released, the pick list makes itself, the basket is filled and issued."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.walk import car, scheduling

PADS = ("前制动片", "Front brake pads")
FLUID = ("制动液 DOT4", "Brake fluid DOT4")


def release(controller: Person, no: str) -> None:
    """Release the order to the workshop."""
    words = controller.words
    controller.go(f"/orders/{no}/parts")
    controller.send(words("Release"))
    list_no = controller.number(r"PL\d{8}-\d{4}")
    controller.is_told(words("Released. Pick list %(no)s is at the parts counter.", no=list_no))


def pick_and_issue(clerk: Person, *names: tuple[str, str]) -> None:
    """Find the list at the counter, lay each part into the basket, and hand it out."""
    words, page = clerk.words, clerk.page
    clerk.open(words("Parts"))
    waiting = page.get_by_role("row").filter(has_text=car.SHOWN)
    expect(waiting).to_contain_text(scheduling.TECHNICIAN)
    clerk.follow(words("Pick"), waiting)
    clerk.reads(words("The basket is empty: pick the parts first."))
    for name in names:
        line = page.locator("li.pick").filter(has_text=words.either(*name))
        clerk.send(words("Into the basket"), line)
        expect(line).to_contain_text(words("In the basket"))
    clerk.send(words("Issue the basket"))
    clerk.is_told(words("Issued to %(name)s.", name=scheduling.TECHNICIAN))
