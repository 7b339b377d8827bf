"""What is known of a person and of a car's papers beside who and which they are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from workshop.customers.models import Customer, Vehicle
from workshop.errors import N_, Invalid

FIRST_YEAR, LAST_YEAR = 1900, 2100
# The law lets a car be inspected three months ahead; its shop speaks of it in time.
NOTICE_DAYS = 60


@dataclass(frozen=True)
class Person:
    """When a customer was born, how they came here, and what the shop calls a good one."""

    birthday: date | None = None
    source: str = ""
    tier: str = ""


@dataclass(frozen=True)
class Papers:
    """What stands in the papers of a car, and until when they hold."""

    engine_no: str = ""
    first_registered_on: date | None = None
    model_year: int | None = None
    inspection_due_on: date | None = None
    insurance_due_on: date | None = None


@dataclass(frozen=True)
class Due:
    """A paper (msgid) that ends soon or has ended, and its last day."""

    label: str
    on: date
    is_over: bool


PERSON_LABELS = {
    "birthday": N_("Birthday"),
    "source": N_("How they came here"),
    "tier": N_("Tier"),
}
PAPER_LABELS = {
    "engine_no": N_("Engine number"),
    "first_registered_on": N_("First registered"),
    "model_year": N_("Model year"),
    "inspection_due_on": N_("Inspection due"),
    "insurance_due_on": N_("Insurance ends"),
}


def person_of(customer: Customer) -> Person:
    """What is kept of the customer."""
    return Person(**{name: getattr(customer, name) for name in PERSON_LABELS})


def papers_of(vehicle: Vehicle) -> Papers:
    """What is kept of the car's papers."""
    return Papers(**{name: getattr(vehicle, name) for name in PAPER_LABELS})


def told_person(person: Person) -> dict[str, Any]:
    """What is shown of it, by label."""
    return {PERSON_LABELS[name]: value for name, value in asdict(person).items()}


def told_papers(papers: Papers) -> dict[str, Any]:
    """What is shown of them, by label."""
    return {PAPER_LABELS[name]: value for name, value in asdict(papers).items()}


def write_person(customer: Customer, person: Person, today: date) -> None:
    """Keep it. Raises Invalid for a birthday that cannot be one."""
    birthday = person.birthday
    if birthday is not None and (birthday.year < FIRST_YEAR or birthday > today):
        raise Invalid(N_("This cannot be a birthday."), field="birthday")
    customer.birthday = birthday
    customer.source, customer.tier = person.source.strip(), person.tier.strip()


def write_papers(vehicle: Vehicle, papers: Papers) -> None:
    """Keep them. Raises Invalid for a year in which no car was built."""
    if papers.model_year is not None and not FIRST_YEAR <= papers.model_year <= LAST_YEAR:
        raise Invalid(
            N_("Write the model year with four figures, such as 2024."), field="model_year"
        )
    vehicle.engine_no = papers.engine_no.strip()
    vehicle.first_registered_on, vehicle.model_year = papers.first_registered_on, papers.model_year
    vehicle.inspection_due_on = papers.inspection_due_on
    vehicle.insurance_due_on = papers.insurance_due_on


def list_due(vehicle: Vehicle, on: date) -> list[Due]:
    """Which papers end within `NOTICE_DAYS`, or have ended."""
    return [
        Due(PAPER_LABELS[name], until, until < on)
        for name in ("inspection_due_on", "insurance_due_on")
        if (until := getattr(vehicle, name)) is not None
        and until - on <= timedelta(days=NOTICE_DAYS)
    ]
