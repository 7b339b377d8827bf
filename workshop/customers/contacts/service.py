"""Noting the people of a company, and who mostly drives which of its cars."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workshop.customers import rules
from workshop.customers import service as customers
from workshop.customers.models import ContactRole, Customer, CustomerContact, Vehicle
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid, RuleBroken, Way
from workshop.staff import audit
from workshop.staff.models import User


@dataclass(frozen=True)
class About:
    """What is said of a contact."""

    name: str
    phone: str
    roles: Collection[ContactRole] = ()
    note: str = ""
    is_primary: bool = False


def add_contact(customer: Customer, about: About, *, by: User, at: datetime) -> CustomerContact:
    """Note a person of a company; the first one noted is called first.

    Raises RuleBroken for a private person, Invalid for a missing name or what is no phone number.
    """
    if not customer.is_company:
        raise RuleBroken(
            N_("Only a company has contacts. Mark the customer as one first."),
            code="person",
            way=_way(customer),
        )
    is_first = not customer.people
    contact = CustomerContact(customer=customer)
    _write(contact, about, is_primary=about.is_primary or is_first)
    session.flush()
    changed = {name: [None, value] for name, value in _kept(contact).items() if value}
    audit.write(by, "customers.add_contact", customer, at, changed=changed)
    return contact


def _way(customer: Customer) -> Way:
    return Way("booking.show_customer", N_("Open the customer"), {"customer_id": customer.id})


def change_contact(
    contact: CustomerContact, seen_version: int, about: About, *, by: User, at: datetime
) -> None:
    """Put right or change what is known of a contact.

    Raises Conflict with both versions when the page was stale, Invalid as add_contact does,
    RuleBroken for one who is a contact no more.
    """
    if contact.is_retired:
        raise RuleBroken(
            N_("Bring the contact back first."),
            code="retired",
            way=_way(contact.customer),
        )
    before, note = _kept(contact), contact.note
    if contact.version != seen_version:
        raise Conflict(
            N_("Somebody else changed this meanwhile. Look at both versions and save again."),
            theirs=before,
            yours=_words(about),
            version=contact.version,
        )
    _write(contact, about, is_primary=about.is_primary)
    session.flush()
    after = _kept(contact)
    changed = {name: [before[name], after[name]] for name in after if after[name] != before[name]}
    fields = ["note"] if contact.note != note else []
    audit.write(
        by, "customers.change_contact", contact.customer, at, changed=changed, fields=fields
    )


def use_contact(contact: CustomerContact, in_use: bool, *, by: User, at: datetime) -> None:
    """Take a contact out of use, or bring one back. What they signed stays theirs."""
    if contact.is_retired is not in_use:
        return
    contact.retired_at = None if in_use else at
    if not in_use:
        contact.is_primary = False
    session.flush()
    audit.write(by, "customers.use_contact", contact.customer, at, name=contact.name, in_use=in_use)


def set_driver(
    vehicle: Vehicle, contact: CustomerContact | None, *, by: User, at: datetime
) -> None:
    """Note who of the company mostly drives the car; None for nobody.

    Raises Invalid for somebody who is no contact of the car's owner.
    """
    if contact is not None and contact not in vehicle.customer.people:
        raise Invalid(
            N_("Choose a contact of the company that the car belongs to."), field="driver"
        )
    before, after = vehicle.driver, contact
    if before is after:
        return
    vehicle.driver_id = contact.id if contact is not None else None
    session.flush()
    old, new = (each.name if each is not None else None for each in (before, after))
    audit.write(by, "customers.set_driver", vehicle, at, old=old, new=new)


def _write(contact: CustomerContact, about: About, *, is_primary: bool) -> None:
    contact.name = customers.checked_name(about.name)
    contact.phone = rules.normalise_phone(about.phone, field="phone")
    for role in ContactRole:
        setattr(contact, role.value, role in about.roles)
    contact.note = about.note.strip()[:200]
    second = [each for each in contact.customer.people if each.is_primary and each is not contact]
    if is_primary and second:
        # Two at once would be one too many for the table.
        for each in second:
            each.is_primary = False
        contact.is_primary = False
        session.add(contact)
        session.flush()
    contact.is_primary = is_primary
    session.add(contact)


def _kept(contact: CustomerContact) -> dict[str, Any]:
    return _words(About(contact.name, contact.phone, contact.roles, "", contact.is_primary))


def _words(about: About) -> dict[str, Any]:
    """What is said of a contact, by its name on the page; a note stays out of the trail."""
    roles = {role.label: role in about.roles for role in ContactRole}
    return {
        N_("Name"): about.name,
        N_("Phone"): about.phone,
        **roles,
        N_("Called first"): about.is_primary,
    }
