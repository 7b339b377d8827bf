"""What the pages of a customer and of a vehicle show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workshop.customers import mileage
from workshop.customers import queries as customers
from workshop.customers.models import Customer, Vehicle
from workshop.orders import history
from workshop.shop.models import Branch
from workshop.staff.access import me
from workshop.staff.permissions import Permission
from workshop.steps.booking import known
from workshop.steps.booking.forms import CustomerForm, PlateForm, VehicleForm


def show(customer: Customer, branch: Branch, at: datetime, **submitted: Any) -> dict[str, Any]:
    """A customer with the cars; `submitted` are forms that come back with what was typed."""
    cars = customers.list_vehicles(customer)
    return {
        "customer": customer,
        "cars": [known.look_up(vehicle, branch, at) for vehicle in cars],
        "form": CustomerForm(formdata=None, obj=customer),
        "new_form": VehicleForm(formdata=None, prefix="new-"),
        "may_change": _may_change(),
        **submitted,
    }


def show_vehicle(
    vehicle: Vehicle, branch: Branch, at: datetime, **submitted: Any
) -> dict[str, Any]:
    """A vehicle with its visits, plates and mileages."""
    found = known.look_up(vehicle, branch, at)
    return {
        "vehicle": vehicle,
        "known": found,
        "can_receive": found.open_order is None and me().may(Permission.RECEIVE),
        "may_change": _may_change(),
        "visits": history.list_visits(vehicle),
        "plates": customers.list_plate_changes(vehicle),
        "readings": list(reversed(mileage.list_readings(vehicle)))[:10],
        "form": VehicleForm(formdata=None, obj=vehicle, vehicle_class=vehicle.size or ""),
        "plate_form": PlateForm(formdata=None, prefix="plate-"),
        **submitted,
    }


def _may_change() -> bool:
    """Whether the reader may correct what is known of a customer or a car."""
    return me().may(Permission.BOOK) or me().may(Permission.RECEIVE)
