"""The first car of a new shop: booked, received, quoted, worked on, checked and paid."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.front_door.walker import Walker
from tests.e2e.walk import car

# It needs no part, so the shelf of a new shop may be empty.
ROTATION = ("轮胎换位", "Rotate tyres")


def book(manager: Walker) -> None:
    """The first customer calls."""
    words, page = manager.words, manager.page
    manager.open(words("Appointments"))
    manager.follow(words("New appointment"), page.locator(".page-actions"))
    manager.look_for(words("Who is calling, or which car?"), car.PHONE)
    manager.reads(words("We do not know “%(text)s” yet.", text=car.PHONE))
    manager.follow(words("New customer with the number %(phone)s", phone=car.PHONE))
    manager.write(words("Plate"), car.PLATE)
    manager.write(words("Name"), car.OWNER)
    manager.write(words("Customer concern"), car.CONCERN)
    manager.look_for(words("Add an operation"), "C-ROT")
    name = words.either(*ROTATION)
    manager.count.presses += 1
    page.locator("#operation-results").get_by_role("button", name=name).click()
    expect(page.locator("#chosen")).to_contain_text(name)
    manager.count.presses += 1
    page.locator("label.booking-offer").first.click()
    manager.send(words("Book"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("A")
    manager.reads(car.OWNER, car.CONCERN)


def arrive(manager: Walker) -> None:
    """The car comes early."""
    words, page = manager.words, manager.page
    manager.open(words("Appointments"))
    row = page.get_by_role("row").filter(has_text=car.SHOWN)
    manager.send(words("Arrived"), row)


def quote(manager: Walker) -> None:
    """Take over what was booked, offer it, and let the customer sign here."""
    words, page = manager.words, manager.page
    manager.send(words("Take all over"))
    manager.send(words("Offer to the customer"))
    manager.follow(words("Decide and sign here"))
    line = manager.group(words.either(*ROTATION))
    manager.count.presses += 1
    line.get_by_label(words("Do it"), exact=True).check()
    expect(page.locator("#chosen")).to_contain_text("¥")
    manager.sign()
    manager.send(words("Sign the service authorisation"))
    manager.reads(words("Authorised"))


def release(manager: Walker) -> None:
    """No part is needed; the work may begin."""
    words, page = manager.words, manager.page
    manager.open(words("Today"))
    manager.follow(car.SHOWN, page.locator("#cars"))
    steps = page.get_by_role("navigation", name=words("The ten steps"))
    manager.count.presses += 1
    steps.get_by_role("link", name=words("Parts")).click()
    manager.send(words("Release"))


def settle(manager: Walker) -> None:
    """Make the bill, take the money, and the first car is settled."""
    words, page = manager.words, manager.page
    manager.open(words("Settlement"))
    row = page.get_by_role("row").filter(has_text=car.SHOWN)
    manager.send(words("Make the settlement list"), row)
    form = page.locator("#pay")
    manager.choose(words("Paid by"), words("WeChat Pay"), form)
    manager.send(words("Take the payment"), form)
    expect(page.locator(".balance")).to_contain_text(words("Paid"))
    assert manager.pdf(words("Print the list"))
