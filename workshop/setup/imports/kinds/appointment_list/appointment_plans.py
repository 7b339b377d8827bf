"""The rows that an appointment is made of: itself, its work, the hours it takes, its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from workshop.capacity.models import TakeSource
from workshop.catalogue.models import Operation
from workshop.customers.contacts import queries as contacts
from workshop.customers.models import Channel, Vehicle
from workshop.setup.imports.kind import AT, BY, Put, Ref, Row
from workshop.staff.models import User
from workshop.steps.booking.estimates import Estimate
from workshop.steps.booking.models import AppointmentKind, AppointmentSource
from workshop.steps.booking.rules import AppointmentStatus


def make(
    row: Row,
    no: str,
    vehicle: Vehicle,
    advisor: User,
    branch_id: int,
    slot_at: datetime,
    day: date,
    operations: Sequence[Operation],
    needed: Estimate,
) -> Iterator[Put]:
    """An appointment as `booking.making.book` writes one, with the hours of its day."""
    phone = row.get("contact_phone")
    said = row.get("contact_name", ""), phone.numbers[0] if phone else ""
    comes = contacts.complete(vehicle.customer, vehicle, *said)
    ref = Ref(f"appointment:{row.line}")
    values = {
        "branch_id": branch_id,
        "no": no,
        "customer_id": vehicle.customer_id,
        "vehicle_id": vehicle.id,
        "advisor_id": advisor.id,
        "slot_at": slot_at,
        "day": day,
        "concern": row.values["concern"],
        "status": AppointmentStatus.REQUESTED,
        "kind": row.get("kind", AppointmentKind.REPAIR),
        "source": AppointmentSource.PHONE,
        "stays": row.get("stays"),
        "contact_name": comes.name,
        "contact_phone": comes.phone,
        "channel": Channel.PHONE,
        "estimated_minutes": needed.minutes,
        "estimated_fen": needed.fen,
        "created_at": AT,
        "created_by_id": BY,
    }
    yield Put("appointment", values, ref=ref.name)
    for operation in operations:
        wished = {"appointment_id": ref, "operation_id": operation.id}
        yield Put("appointment_operation", wished, part_of=ref)
    yield from _take_hours(ref, branch_id, day, slot_at, needed)
    change = {
        "appointment_id": ref,
        "to_status": AppointmentStatus.REQUESTED,
        "at": AT,
        "by_id": BY,
    }
    yield Put("appointment_change", change, part_of=ref)


def _take_hours(
    appointment: Ref, branch_id: int, day: date, slot_at: datetime, needed: Estimate
) -> Iterator[Put]:
    for need, minutes in needed.needs.items():
        taken = {
            "branch_id": branch_id,
            "day": day,
            "skill_id": need.skill_id,
            "bay_kinds": sorted(need.bay_kinds),
            "minutes": minutes,
            "source": TakeSource.APPOINTMENT,
            "source_id": appointment,
            "not_before_at": slot_at,
            "taken_at": AT,
        }
        yield Put("capacity_take", taken, part_of=appointment)
