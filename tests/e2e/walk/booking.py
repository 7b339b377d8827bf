"""Step 1: the car is booked by phone, and its arrival is stamped at the gate."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.walk import car

ADVISOR = "陈思远"


def book_by_phone(assistant: Person) -> str:
    """A stranger calls: from the phone number to a booked time. Gives the time, such as 10:30."""
    words, page = assistant.words, assistant.page
    assistant.open(words("Appointments"))
    assistant.follow(words("New appointment"), page.locator(".page-actions"))
    page.get_by_role("searchbox", name=words("Who is calling, or which car?")).fill(car.PHONE)
    assistant.reads(words("We do not know “%(text)s” yet.", text=car.PHONE))
    assistant.follow(words("New customer with the number %(phone)s", phone=car.PHONE))
    _enter_the_car(assistant)
    add_operation(assistant, words.either("更换前制动片", "Replace front brake pads"), "brake")
    slot = take_offer(assistant)
    assistant.send(words("Book"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("A")
    assistant.reads(car.OWNER, car.CONCERN, slot)
    assistant.send(words("Confirm"))
    assistant.reads(words("Confirmed"))
    return slot


def _enter_the_car(assistant: Person) -> None:
    words = assistant.words
    expect(assistant.page.get_by_role("textbox", name=words("Phone"))).to_have_value(car.PHONE)
    assistant.write(words("Plate"), car.PLATE.lower())
    assistant.write(words("Name"), car.OWNER)
    assistant.write(words("Make"), car.MAKE)
    assistant.write(words("Model"), car.MODEL)
    assistant.write(words("Customer concern"), car.CONCERN)


def add_operation(person: Person, name: str, search: str) -> None:
    """Find an operation by a word and take it on; the day is planned again with it."""
    words, page = person.words, person.page
    page.get_by_role("searchbox", name=words("Add an operation")).fill(search)
    page.locator("#operation-results").get_by_role("button", name=name).click()
    expect(page.locator("#chosen")).to_contain_text(name)


def take_offer(person: Person) -> str:
    """Take the first time offered with the advisor of this walk; gives it."""
    words, page = person.words, person.page
    person.pick(words("Service advisor"), ADVISOR)
    offer = page.locator("label.booking-offer").filter(has_text=ADVISOR).first
    slot = offer.locator(".booking-offer-time").inner_text()
    offer.click()
    return slot


def stamp_arrival(greeter: Person) -> None:
    """The greeter sees the plate at the gate and stamps its time."""
    words, page = greeter.words, greeter.page
    greeter.open(words("Appointments"))
    row = page.get_by_role("row").filter(has_text=car.SHOWN)
    greeter.send(words("Arrived"), row)
    greeter.is_told(words("Arrival stamped: %(plate)s", plate=car.SHOWN))
    here = page.get_by_role("region", name=words("Here, waiting for reception"))
    expect(here.get_by_role("row").filter(has_text=car.SHOWN)).to_contain_text(words("On time"))
    # Who stamps arrivals needs no phone numbers.
    greeter.misses(car.PHONE)
