"""Step 3: the menu quotation, offered, and signed line by line by the customer."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.e2e.person import Person
from tests.e2e.walk import car

PADS = ("更换前制动片", "Replace front brake pads")
CABIN = ("更换空调滤清器", "Replace cabin filter")
PADS_PRICE, CABIN_PRICE = "¥660.00", "¥179.00"


def offer(advisor: Person) -> None:
    """Take over what was booked, add what was seen, and offer both."""
    words, page = advisor.words, advisor.page
    advisor.send(words("Take all over"))
    page.get_by_role("searchbox", name=words("Search operations and parts")).fill("M-CAB")
    found = page.get_by_role("list", name=words("Found"))
    advisor.send(f"{words('Add')} : {words.either(*CABIN)}", found)
    lines = page.locator("#lines")
    advisor.reads(words.either(*PADS), words.either(*CABIN), within=lines)
    advisor.send(words("Offer to the customer"))
    advisor.reads(words("Offered promised time"), words("Decide and sign here"), within=lines)


def make_link(advisor: Person, no: str) -> str:
    """Make the customer's link; gives its address."""
    words = advisor.words
    advisor.go(f"/orders/{no}/link")
    advisor.send(words("Make the link"))
    return advisor.page.get_by_label(words("Address of the link")).input_value()


def decide_on_phone(customer: Person, link: str) -> None:
    """The customer opens the link, decides on each line, and signs with a finger."""
    words, page = customer.words, customer.page
    page.goto(link)
    customer.reads(words("Your quotation is ready."), car.MASKED)
    _decide(customer)
    expect(page.locator("[id^=chosen-]")).to_contain_text(PADS_PRICE)
    customer.sign()
    customer.send(words("Sign and send"))
    customer.reads(words("Thank you. We are planning the work."), words("What you answered"))
    assert customer.pdf(words("PDF"), customer.page.locator("#signed"))


def decide_on_screen(advisor: Person, no: str) -> None:
    """The customer decides and signs on the advisor's screen."""
    words, page = advisor.words, advisor.page
    advisor.go(f"/orders/{no}/quotation")
    advisor.follow(words("Decide and sign here"))
    # Nothing is ticked beforehand, and one open line is one too many.
    advisor.sign()
    advisor.send(words("Sign the service authorisation"))
    advisor.reads(words("Please decide on this line."))
    _decide(advisor)
    expect(page.locator("#chosen")).to_contain_text(PADS_PRICE)
    advisor.sign()
    advisor.send(words("Sign the service authorisation"))


def _decide(reader: Person) -> None:
    words = reader.words
    for names, answer, price in ((PADS, "Do it", PADS_PRICE), (CABIN, "Not now", CABIN_PRICE)):
        line = _line(reader, names)
        expect(line).to_contain_text(price)
        line.get_by_label(words(answer), exact=True).check()
    reason = words.either("下次再换", "Next time")
    reader.write(words("Why not? (if you like)"), reason, _line(reader, CABIN))


def _line(reader: Person, names: tuple[str, str]) -> Locator:
    return reader.group(reader.words.either(*names))


def read_authorised(advisor: Person, no: str) -> None:
    """The advisor sees what was signed and what was declined, and prints it."""
    words = advisor.words
    advisor.go(f"/orders/{no}/quotation")
    lines = advisor.page.locator("#lines")
    advisor.reads(words("Accepted"), words("Declined"), within=lines)
    advisor.reads(words("Declined because: %(why)s", why=words.either("下次再换", "Next time")))
    assert advisor.pdf(words("Service authorisation (PDF)"))
    advisor.reads(words("Authorised"))
