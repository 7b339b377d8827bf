"""The manager opens the shop: starter set, price of an hour, bays, people."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.front_door.walker import Walker

MANAGER, TECHNICIAN, INSPECTOR, CALLER = "周敏", "李铁", "孙伟", "林晓"
PER_HOUR = "300"


def sign_in(manager: Walker, link: str) -> None:
    """The link leads to the list of what is missing."""
    words = manager.words
    manager.enter(link)
    expect(manager.page.get_by_role("heading", level=1)).to_have_text(words("Set-up"))
    manager.reads(words("There is no bay: no work can be booked or planned."))


def lay_starter(manager: Walker) -> None:
    """One press for the catalogue."""
    words = manager.words
    manager.follow(words("Look at the starter set"))
    manager.send(words("Lay the starter set"))


def _set_up(manager: Walker, step: str) -> None:
    words = manager.words
    manager.open(words("Set-up"))
    manager.follow(words("Set it up: %(step)s", step=words(step)))


def price_an_hour(manager: Walker) -> None:
    """The one number that nobody can lay for a shop."""
    words = manager.words
    _set_up(manager, "Labour rates")
    manager.write(words("An hour for the customer, tax included"), PER_HOUR)
    manager.send(words("Add"))


def add_bays(manager: Walker) -> None:
    """Two lifts."""
    words = manager.words
    _set_up(manager, "Bays")
    manager.write(words("Name of the bay"), "L1, L2")
    manager.send(words("Add the bay"))


def add_people(manager: Walker) -> None:
    """A technician, an inspector and somebody who calls; the manager receives cars too."""
    words = manager.words
    _set_up(manager, "People")
    manager.send(words("I receive cars too"))
    for number, (name, role) in enumerate(
        (
            (TECHNICIAN, "Technician"),
            (INSPECTOR, "Quality inspector"),
            (CALLER, "Customer relations officer"),
        ),
        start=1,
    ):
        line = manager.group(words("Person %(number)s", number=number))
        manager.write(words("Name"), name, line)
        manager.pick(words("Role"), words(role), line)
    first = manager.group(words("Person %(number)s", number=1))
    manager.pick(words("Level"), "3", first)
    manager.send(words("Add these people"))
    manager.reads(TECHNICIAN, INSPECTOR, CALLER)


def link_of(manager: Walker, name: str) -> str:
    """A new one-time link for somebody, as the staff's page shows it."""
    words = manager.words
    manager.open(words("Staff"))
    manager.follow(name)
    manager.send(words("Make a new link"))
    address = manager.page.get_by_label(words("One-time link"), exact=True).input_value()
    return address[address.index("/welcome/") :]
