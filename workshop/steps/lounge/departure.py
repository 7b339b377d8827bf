"""The sheet of a customer who leaves, and the loaner car that went along."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workshop.customers import rules as customer_rules
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import N_, Invalid, NotFound, RuleBroken
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.orders.signed import names as signed
from workshop.staff import audit
from workshop.staff.models import User
from workshop.steps.lounge import queries
from workshop.steps.lounge import service as lounge
from workshop.steps.lounge.enums import CostBearer, Transport
from workshop.steps.lounge.models import Departure

LABELS = {
    "left_at": N_("Left at"),
    "transport": N_("How they travel on"),
    "destination": N_("Destination"),
    "cost_bearer": N_("Who pays for the way"),
    "driver": N_("Driver or vehicle"),
    "reachable_phone": N_("Reachable number while away"),
    "best_time": N_("Best time to call"),
    "report_channel": N_("Progress report by"),
    "report_at": N_("Progress report at"),
    "pick_up_name": N_("Who picks up the car"),
    "pick_up_phone": N_("Their phone"),
    "loaner_contract_no": N_("Loaner contract number"),
    "loaner_plate": N_("Plate of the loaner car"),
    "loaner_km_out": N_("Mileage on leaving"),
    "loaner_energy_out": N_("Fuel or charge on leaving"),
    "loaner_licence_checked": N_("Driving licence looked at"),
    "loaner_deposit_fen": N_("Deposit taken"),
    "loaner_damage": N_("Damage on the loaner car"),
    "loaner_due_at": N_("Comes back at"),
}
"""What people call the parts of the sheet."""


@dataclass(frozen=True)
class Loaner:
    """The contract of a loaner car as it goes out; energy is fuel or charge in percent."""

    contract_no: str
    plate: str
    km_out: int | None
    energy_out: int | None
    licence_checked: bool
    deposit_fen: int | None
    damage: str
    due_at: datetime | None


@dataclass(frozen=True)
class Sheet:
    """What the departure information sheet says; `loaner` only with a loaner car."""

    left_at: datetime
    transport: Transport
    destination: str
    cost_bearer: CostBearer
    driver: str
    reachable_phone: str
    best_time: str
    report_channel: Channel
    report_at: datetime | None
    pick_up_name: str
    pick_up_phone: str
    loaner: Loaner | None = None


def save_sheet(
    order: RepairOrder, sheet: Sheet, *, seen_version: int, by: User, at: datetime
) -> Departure:
    """Fill in or correct the sheet; who leaves no longer waits. It gets its pick-up code once.

    `seen_version` is that of the page, 0 for a new sheet. Raises Invalid for a wrong field,
    RuleBroken for a loaner car without a licence or one that is out, Conflict for a stale page.
    """
    lounge.record_stay(order, False, by=by, at=at)
    values = _checked(order, sheet)
    departure = queries.find_departure(order)
    if departure is None:
        code = f"{secrets.randbelow(1_000_000):06d}"
        departure = Departure(
            order_id=order.id, pick_up_code=code, noted_at=at, by_id=by.id, **values
        )
        session.add(departure)
    else:
        if departure.version != seen_version:
            raise orders.stale(departure, values, LABELS)
        for name, value in values.items():
            setattr(departure, name, value)
        departure.noted_at, departure.by_id = at, by.id
    signed.keep(order, at)
    audit.write(by, "lounge.save_sheet", departure, at, transport=sheet.transport.value)
    return departure


def return_loaner(
    departure: Departure,
    *,
    km_in: int,
    energy_in: int,
    damage: str,
    by: User,
    at: datetime,
) -> None:
    """Take the loaner car back. Raises RuleBroken when it is not out, or its mileage fell."""
    lounge.require_care(by)
    if departure.loaner_plate is None or departure.loaner_returned_at is not None:
        raise RuleBroken(N_("No loaner car is out for this order."), code="no_loaner")
    if departure.loaner_km_out is not None and km_in < departure.loaner_km_out:
        raise RuleBroken(
            N_("The mileage %(new)s km is below the one it left with, %(old)s km."),
            field="km_in",
            new=km_in,
            old=departure.loaner_km_out,
        )
    departure.loaner_km_in, departure.loaner_energy_in = km_in, energy_in
    departure.loaner_returned_at = at
    if damage.strip():
        departure.loaner_damage = "\n".join(filter(None, (departure.loaner_damage, damage.strip())))
    audit.write(by, "lounge.return_loaner", departure, at, km=km_in)


def _checked(order: RepairOrder, sheet: Sheet) -> dict[str, Any]:
    values = asdict(sheet)
    del values["loaner"]
    values["reachable_phone"] = customer_rules.normalise_phone(
        sheet.reachable_phone, field="reachable_phone"
    )
    values["pick_up_phone"] = customer_rules.normalise_phone(
        sheet.pick_up_phone, field="pick_up_phone"
    )
    if not sheet.pick_up_name.strip():
        raise Invalid(N_("Write down who picks up the car."), field="pick_up_name")
    if sheet.report_at is not None and sheet.report_at <= sheet.left_at:
        raise Invalid(
            N_("The report must be agreed for a time after the customer left."), field="report_time"
        )
    return values | _checked_loaner(order, sheet)


def _checked_loaner(order: RepairOrder, sheet: Sheet) -> dict[str, Any]:
    if sheet.transport is not Transport.LOANER or sheet.loaner is None:
        return {}
    loaner = sheet.loaner
    _require_contract(loaner, sheet.left_at)
    plate = customer_rules.normalise_plate(loaner.plate)
    _refuse_taken(order, plate)
    return {
        "loaner_contract_no": loaner.contract_no.strip(),
        "loaner_plate": plate,
        "loaner_km_out": loaner.km_out,
        "loaner_energy_out": loaner.energy_out,
        "loaner_licence_checked": loaner.licence_checked,
        "loaner_deposit_fen": loaner.deposit_fen,
        "loaner_damage": loaner.damage.strip(),
        "loaner_due_at": loaner.due_at,
    }


def _require_contract(loaner: Loaner, left_at: datetime) -> None:
    missing = [
        (not loaner.contract_no.strip(), "contract_no", N_("Enter the loaner contract number.")),
        (not loaner.plate.strip(), "loaner_plate", N_("Enter the plate of the loaner car.")),
        (loaner.km_out is None, "km_out", N_("Read the mileage of the loaner car.")),
        (loaner.energy_out is None, "energy_out", N_("Read the fuel or charge level.")),
        (loaner.due_at is None, "due_back", N_("Agree when the loaner car comes back.")),
    ]
    for is_missing, field, words in missing:
        if is_missing:
            raise Invalid(words, field=field)
    if loaner.due_at is not None and loaner.due_at <= left_at:
        raise Invalid(N_("The loaner car must come back after it left."), field="due_back")
    if not loaner.licence_checked:
        raise RuleBroken(
            N_("Look at the driving licence before you hand over a loaner car."),
            field="licence_checked",
            code="licence",
        )


def _refuse_taken(order: RepairOrder, plate: str) -> None:
    query = (
        select(RepairOrder.no)
        .join(Departure, Departure.order_id == RepairOrder.id)
        .where(
            Departure.loaner_plate == plate,
            Departure.loaner_returned_at.is_(None),
            Departure.order_id != order.id,
        )
    )
    no = session.scalar(query)
    if no is not None:
        raise RuleBroken(
            N_("The loaner car %(plate)s is still out for order %(no)s."),
            field="loaner_plate",
            code="loaner_out",
            plate=plate,
            no=no,
        )


def get_sheet(order: RepairOrder) -> Departure:
    """The sheet of the order; raises NotFound."""
    departure = queries.find_departure(order)
    if departure is None:
        raise NotFound(N_("There is no departure information sheet yet."))
    return departure
