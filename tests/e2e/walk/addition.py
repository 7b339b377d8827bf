"""Additional work: priced by the advisor, and not begun before the customer has consented."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.walk import car, repair

PRICE = "¥256.00"


def price(advisor: Person) -> None:
    """The advisor finds the request, sees the photo, and offers it at a price."""
    words, page = advisor.words, advisor.page
    advisor.open(words("Repair & quality"))
    row = page.get_by_role("row").filter(has_text=words("Waiting for the price"))
    expect(row).to_contain_text(car.SHOWN)
    advisor.follow(words("Price it"), row)
    request = page.locator("#additions article")
    expect(request.get_by_role("img")).to_be_visible()
    advisor.send(words("Price and offer"), request)
    advisor.reads(words("Offered. Ask the customer now: price and time."), PRICE)


def record_by_phone(advisor: Person, no: str) -> None:
    """The customer says yes on the phone; who and when is the evidence."""
    words, page = advisor.words, advisor.page
    advisor.go(f"/orders/{no}/quotation")
    advisor.follow(words("Record the customer's answer"))
    _agree(advisor)
    expect(page.locator("#chosen")).to_contain_text(PRICE)
    advisor.choose(words("How the customer answers"), words("By phone"))
    advisor.write(words("Who was on the phone"), car.OWNER)
    advisor.write(words("When"), "10:50")
    advisor.send(words("Record the answer"))
    advisor.reads(words("By phone"), words("Accepted"))


def agree_on_phone(customer: Person, link: str) -> None:
    """The customer reads what was found on the own phone, agrees, and signs."""
    words, page = customer.words, customer.page
    page.goto(link)
    customer.reads(words("We found something more"), words.either(*repair.FLUID), PRICE)
    expect(page.get_by_role("img", name=words("Photo of the finding"))).to_be_visible()
    _agree(customer)
    expect(page.locator("[id^=chosen-]")).to_contain_text(PRICE)
    customer.sign()
    customer.send(words("Sign and send"))
    customer.reads(words("Additional work agreed"))


def _agree(reader: Person) -> None:
    words = reader.words
    reader.choose(words.either(*repair.FLUID), words("Do it"))
