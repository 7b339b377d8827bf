"""Whom of a company to call for what, and who of it may agree."""

from __future__ import annotations

from dataclasses import dataclass

from workshop import characters
from workshop.customers.models import ContactRole, Customer, CustomerContact, Vehicle
from workshop.db import session
from workshop.errors import N_, NotFound


@dataclass(frozen=True)
class Reach:
    """Whom to call: a person, or a company that has named nobody."""

    name: str
    phone: str

    def beside(self, customer: Customer) -> str:
        """The name, where it is another one than the customer's; else empty."""
        return self.name if self.name != customer.name else ""


def get_contact(customer: Customer, contact_id: int) -> CustomerContact:
    """The contact of this company, in use or not; raises NotFound."""
    found = session.get(CustomerContact, contact_id)
    if found is None or found.customer_id != customer.id:
        raise NotFound(N_("There is no such contact."))
    return found


def find_named(customer: Customer, role: ContactRole) -> Reach | None:
    """Whom the company has named for this, the first of several; None when it has named nobody."""
    found = next((each for each in customer.people if role in each.roles), None)
    return Reach(found.name, found.phone) if found is not None else None


def reach(customer: Customer, vehicle: Vehicle | None = None) -> Reach:
    """Whom to call: the customer; of a company who drives this car, else its first contact."""
    people = list_offered(customer, vehicle)
    found = people[0] if people else customer
    return Reach(found.name, found.phone)


def complete(customer: Customer, vehicle: Vehicle, name: str, phone: str) -> Reach:
    """Who comes, as far as it was said: the rest is that of the person of the company, or of the
    customer.
    """
    if not name and not phone:
        return reach(customer, vehicle)
    plain = characters.plain_name(name)
    known = [each for each in customer.people if plain == each.name or phone == each.phone]
    found = known[0] if known else customer
    return Reach(name or found.name, phone or found.phone)


def list_offered(customer: Customer, vehicle: Vehicle | None = None) -> list[CustomerContact]:
    """The people of a company in the order in which a page offers them: the car's driver first."""
    driver = vehicle.driver if vehicle is not None else None
    return sorted(customer.people, key=lambda each: each is not driver)


def list_agreeing(customer: Customer) -> list[CustomerContact]:
    """Who of a company is offered where it agrees to work: who may authorise first.

    Empty where it has named nobody for it: then anybody agrees, as for a private person.
    """
    if not list_authorising(customer):
        return []
    return sorted(customer.people, key=lambda each: not each.authorises)


def list_authorising(customer: Customer) -> list[CustomerContact]:
    """Who of the company may agree to work; empty while it has named nobody for it."""
    return [each for each in customer.people if each.authorises]


def may_agree(customer: Customer, name: str) -> bool:
    """Whether this person may agree for the customer; anybody, where nobody was named for it."""
    named = list_authorising(customer)
    plain = characters.plain_name(name)
    return not named or any(each.name == plain for each in named)
