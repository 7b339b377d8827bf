"""What is missing to make a car or a customer whom nobody knows yet."""

from __future__ import annotations

from workshop.customers import rules as customer_rules
from workshop.customers.identity import queries
from workshop.customers.identity.rules import Said
from workshop.customers.models import Vehicle
from workshop.errors import Invalid


def missing_fields(
    plate: str,
    vin: str,
    name: str,
    phone: str,
    car_code: str = "",
    person_code: str = "",
    picked: Vehicle | None = None,
) -> dict[str, str]:
    """What is still missing, as message by field; empty while something must be asked first.

    A plate or VIN that is known needs no name and number: the car brings its customer.
    """
    try:
        said = queries.read_said(plate, vin, name, phone, picked)
    except Invalid:
        # Its own words say at its field what is wrong.
        return {}
    if not said.plate and not said.vin:
        return {"plate": customer_rules.NO_PLATE, **_missing_of_person(said)}
    person = queries.look(said, car_code, person_code, picked).person
    return _missing_of_person(said) if person is not None and not person.target else {}


def _missing_of_person(said: Said) -> dict[str, str]:
    missing = {} if said.name else {"name": customer_rules.NO_NAME}
    return missing if said.phone else {**missing, "phone": customer_rules.NO_PHONE}
