"""Who is calling: found by whatever they say first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from workshop.customers import queries as customer_queries
from workshop.customers import rules as customer_rules
from workshop.customers import service as customers
from workshop.customers.models import Customer, Vehicle

_FEWEST_PHONE_DIGITS = 7


@dataclass(frozen=True)
class Found:
    """What a search for a caller brings, and what of it a new record could begin with."""

    text: str
    vehicles: list[Vehicle] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    plate: str = ""
    phone: str = ""
    vin: str = ""


def find(text: str) -> Found:
    """Look for a caller by plate, phone, VIN or name."""
    if not text.strip():
        return Found("")
    vehicles = customers.search_vehicles(text, 8)
    owners = {vehicle.customer_id for vehicle in vehicles}
    people = customer_queries.search_customers(text, 8)
    code = customer_rules.normalise_plate(text)
    known = {code for vehicle in vehicles for code in (vehicle.plate, vehicle.vin)}
    return Found(
        text=text.strip(),
        vehicles=vehicles,
        customers=[each for each in people if each.id not in owners],
        # A plate or VIN that we know begins no new record.
        **({} if code in known else _begin_with(code)),
    )


def meant(found: Found) -> dict[str, Any] | None:
    """The one thing that a search can mean, as the screen's address says it; None for a choice."""
    if len(found.vehicles) == 1 and not found.customers:
        return {"vehicle": found.vehicles[0].id}
    if not is_unknown(found):
        return None
    begins = {"plate": found.plate, "phone": found.phone, "vin": found.vin}
    return {"new": 1, **{name: text for name, text in begins.items() if text}}


def is_unknown(found: Found) -> bool:
    """Whether a whole plate, VIN or phone was typed that no customer here has: a new one."""
    begins = found.plate or found.phone or found.vin
    return bool(begins) and not found.vehicles and not found.customers


def _begin_with(code: str) -> dict[str, str]:
    if code.removeprefix("+").isdigit():
        return {"phone": code} if len(code) >= _FEWEST_PHONE_DIGITS else {}
    if len(code) == 17:
        return {"vin": code}
    looks_like_plate = customer_rules.plate_kind(code) is not customer_rules.PlateKind.ODD
    return {"plate": code} if looks_like_plate else {}
