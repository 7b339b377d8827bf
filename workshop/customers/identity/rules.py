"""Which car and which person are meant, or what must be asked when that is not clear.

Plate, VIN, phone and name come in as somebody said them, beside the records that they find. Nothing
that was typed is dropped in silence: where it disagrees with the record, somebody says what it is.
Source: domain.md §7 (a vehicle is known by its VIN, a plate changes) and steps 1–2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from workshop.enums import LabelledEnum
from workshop.errors import N_


class CarAnswer(LabelledEnum):
    """What a plate and a VIN that disagree with the record mean."""

    KNOWN = "known", N_("The car on record")
    NEW = "new", N_("A car that nobody knows yet")
    NEW_PLATE = "new_plate", N_("The same car with a new plate")
    CORRECT_PLATE = "correct_plate", N_("The plate on record was a typing error: correct it")
    CORRECT_VIN = "correct_vin", N_("The VIN on record was a typing error: correct it")
    PLATE_MOVED = "plate_moved", N_("The plate has moved to this car")
    BY_PLATE = "by_plate", N_("The VIN is mistyped here: it is the car with this plate")
    BY_VIN = "by_vin", N_("The plate is mistyped here: it is the car on record")
    ANOTHER_CAR = "another_car", N_("Another car: what belongs to the one on record is not noted")


class PersonAnswer(LabelledEnum):
    """What a name and a phone number that disagree with the record mean."""

    KNOWN = "known", N_("The customer on record")
    NEW = "new", N_("A customer whom nobody knows yet")
    BRINGS = "brings", N_("Only calls or brings the car; the owner stays")
    NEW_OWNER = "new_owner", N_("The car has a new owner")
    SAME = "same", N_("It is the customer on record; the name is mistyped here")
    CORRECT = "correct", N_("It is the customer on record, who was noted wrongly: correct it")
    AS_RECORDED = "as_recorded", N_("Mistyped here; the record is right")
    ANOTHER = "another", N_("Another person with the same phone")


C, P = CarAnswer, PersonAnswer


@dataclass(frozen=True)
class Person:
    """A customer as the record has them."""

    id: int
    name: str
    phone: str
    # Name and number of each person of a company.
    contacts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Car:
    """A vehicle as the record has it."""

    id: int
    plate: str | None
    vin: str | None
    owner: Person


@dataclass(frozen=True)
class Said:
    """What was said, in its normal form; empty where nothing was."""

    plate: str = ""
    vin: str = ""
    name: str = ""
    phone: str = ""

    @property
    def names_person(self) -> bool:
        """Whether anything was said of a person."""
        return bool(self.name or self.phone)


@dataclass(frozen=True)
class Found:
    """The records that what was said finds; `by_vin` is also the car that was picked."""

    by_plate: Car | None = None
    by_vin: Car | None = None
    by_phone: Sequence[Person] = ()


@dataclass(frozen=True)
class Option:
    """One answer, to which record it is given, and in view of what."""

    answer: Enum
    target: int = 0
    basis: str = ""

    @property
    def code(self) -> str:
        """How the answer travels in a form. In view of other facts it is another one."""
        return f"{self.answer.value}:{self.target}:{self.basis}"


@dataclass(frozen=True)
class Decision:
    """What is to be done, or what must be asked first: of the car, then of the person."""

    car: Option | None = None
    person: Option | None = None
    about_car: list[Option] = field(default_factory=list)
    about_person: list[Option] = field(default_factory=list)

    @property
    def is_clear(self) -> bool:
        """Whether nothing is left to ask."""
        return self.car is not None and self.person is not None


def decide(said: Said, found: Found, car_code: str = "", person_code: str = "") -> Decision:
    """Decide what is meant. The codes are answers to what was asked before, if anything was."""
    about_car = _with_basis(_ask_car(said, found), said, found)
    car = _chosen(about_car, car_code) if about_car else _plain_car(found)
    if car is None:
        return Decision(about_car=about_car)
    about_person = _with_basis(_ask_person(said, found, car), said, found)
    person = _chosen(about_person, person_code) if about_person else _plain_person(said, found, car)
    return Decision(car, person, about_car, about_person)


def _chosen(options: list[Option], code: str) -> Option | None:
    return next((each for each in options if each.code == code), None)


def _with_basis(options: list[Option], said: Said, found: Found) -> list[Option]:
    seen = repr((said, found.by_plate, found.by_vin, tuple(found.by_phone)))
    basis = hashlib.sha256(seen.encode()).hexdigest()[:12]
    return [Option(each.answer, each.target, basis) for each in options]


# ---- The car ----


def _ask_car(said: Said, found: Found) -> list[Option]:
    by_plate, by_vin = found.by_plate, found.by_vin
    if by_plate and by_vin:
        if by_plate.id == by_vin.id:
            return []
        return [
            Option(C.PLATE_MOVED, by_vin.id),
            Option(C.BY_PLATE, by_plate.id),
            Option(C.BY_VIN, by_vin.id),
        ]
    if by_plate and by_plate.vin and said.vin:
        return [
            Option(C.PLATE_MOVED),
            Option(C.BY_PLATE, by_plate.id),
            Option(C.CORRECT_VIN, by_plate.id),
            Option(C.ANOTHER_CAR),
        ]
    if by_vin and by_vin.plate and said.plate:
        return [
            Option(C.NEW_PLATE, by_vin.id),
            Option(C.BY_VIN, by_vin.id),
            Option(C.CORRECT_PLATE, by_vin.id),
            Option(C.ANOTHER_CAR),
        ]
    return []


def _plain_car(found: Found) -> Option:
    """The one car that is meant; what it had no plate or VIN for is added to it."""
    known = found.by_plate or found.by_vin
    return Option(C.KNOWN, known.id) if known else Option(C.NEW)


# ---- The person ----


def _ask_person(said: Said, found: Found, car: Option) -> list[Option]:
    owner = _owner(found, car)
    if owner is None:
        return _ask_new_owner(said, found)
    if _is(said, owner):
        return []
    known = [each for each in found.by_phone if each.id != owner.id]
    options = [Option(P.BRINGS, owner.id)]
    options += [Option(P.NEW_OWNER, each.id) for each in known]
    if said.name and said.phone and not any(said.name in _names(said, each) for each in known):
        options.append(Option(P.NEW_OWNER))
    if said.name in ("", owner.name) or said.phone in ("", owner.phone):
        options.append(Option(P.CORRECT, owner.id))
    return [*options, Option(P.AS_RECORDED, owner.id)]


def _ask_new_owner(said: Said, found: Found) -> list[Option]:
    if _namesake(said, found):
        return []
    options = [Option(P.SAME, each.id) for each in found.by_phone]
    if not options or not said.name:
        return options
    # Whose person has the number is not called as that person.
    options += [Option(P.CORRECT, each.id) for each in found.by_phone if each.phone == said.phone]
    return [*options, Option(P.ANOTHER)]


def _plain_person(said: Said, found: Found, car: Option) -> Option:
    owner = _owner(found, car) or _namesake(said, found)
    if owner is None and not said.names_person and found.by_plate:
        # Who keeps the plate and names nobody else keeps the car as well.
        owner = found.by_plate.owner
    return Option(P.KNOWN, owner.id) if owner else Option(P.NEW)


def _owner(found: Found, car: Option) -> Person | None:
    cars = (each for each in (found.by_plate, found.by_vin) if each is not None)
    return next((each.owner for each in cars if each.id == car.target), None)


def _is(said: Said, person: Person) -> bool:
    """Whether the customer was said, or somebody of the company."""
    return any(
        said.name in ("", name) and said.phone in ("", phone)
        for name, phone in ((person.name, person.phone), *person.contacts)
    )


def _namesake(said: Said, found: Found) -> Person | None:
    return next((each for each in found.by_phone if said.name in _names(said, each)), None)


def _names(said: Said, person: Person) -> tuple[str, ...]:
    """What whoever has the number that was said may be called."""
    return (person.name, *(name for name, phone in person.contacts if phone == said.phone))
