"""What the identity desk asks about what was typed, beside what is on record."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from workshop.customers.identity import queries, rules
from workshop.customers.identity.rules import Decision, Option, PersonAnswer, Said
from workshop.customers.models import Customer, Vehicle
from workshop.db import session
from workshop.errors import Invalid


@dataclass(frozen=True)
class Typed:
    """What stands in a form, as it was typed, with the answers that were given.

    `picked` is a car that was chosen from the records.
    """

    plate: str = ""
    vin: str = ""
    name: str = ""
    phone: str = ""
    car_code: str = ""
    person_code: str = ""
    picked: Vehicle | None = None

    def read(self) -> Said:
        """What was typed, in its normal form. Raises Invalid."""
        return queries.read_said(self.plate, self.vin, self.name, self.phone, self.picked)

    def decide(self) -> Decision:
        """What is meant, or what must be asked. Raises Invalid."""
        found = queries.find(self.read(), self.picked)
        return rules.decide(self.read(), found, self.car_code, self.person_code)


@dataclass(frozen=True)
class Choice:
    """An answer as the page offers it, with the record that it is about."""

    answer: Enum
    code: str
    is_chosen: bool
    vehicle: Vehicle | None
    customer: Customer | None

    @property
    def label(self) -> str:
        """The answer in words."""
        return str(self.answer.label)  # type: ignore[attr-defined]  # Each answer has one.


@dataclass(frozen=True)
class Questions:
    """What the desk asks; `car` is the one that is meant, where that is known."""

    said: Said
    about_car: list[Choice]
    about_person: list[Choice]
    cars: list[Vehicle]
    car: Vehicle | None
    people: list[Customer]

    @property
    def owner(self) -> Customer | None:
        """Whose the car is on record."""
        return self.car.customer if self.car is not None else None

    @property
    def is_asked(self) -> bool:
        """Whether there is a question; else it only says what is known."""
        return bool(self.about_car or self.about_person)


def find_questions(typed: Typed, only: PersonAnswer | None = None) -> Questions | None:
    """What must be asked about what was typed; None when it is clear or cannot be read yet.

    `only` is what the page is for: other answers about a person are not offered there.
    """
    known = find_known(typed, only)
    return known if known is not None and known.is_asked else None


def find_known(typed: Typed, only: PersonAnswer | None = None) -> Questions | None:
    """What is known of what was typed so far, with what must be asked about it."""
    try:
        said, decision = typed.read(), typed.decide()
    except Invalid:
        return None
    found = queries.find(said, typed.picked)
    cars = [session.get_one(Vehicle, each.id) for each in (found.by_plate, found.by_vin) if each]
    return Questions(
        said,
        [_choice(each, decision.car, Vehicle) for each in decision.about_car],
        [
            _choice(each, decision.person, Customer)
            for each in decision.about_person
            if only in (None, each.answer)
        ],
        list(dict.fromkeys(cars)),
        _car(decision.car),
        [session.get_one(Customer, each.id) for each in found.by_phone],
    )


def _choice(option: Option, chosen: Option | None, kind: type[Vehicle] | type[Customer]) -> Choice:
    record = session.get(kind, option.target) if option.target else None
    return Choice(
        option.answer,
        option.code,
        option == chosen,
        record if isinstance(record, Vehicle) else None,
        record if isinstance(record, Customer) else None,
    )


def _car(option: Option | None) -> Vehicle | None:
    return session.get(Vehicle, option.target) if option and option.target else None
