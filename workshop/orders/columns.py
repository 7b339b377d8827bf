"""The columns that lists of orders share: the car, its customer, its advisor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workshop.customers import shown
from workshop.errors import N_
from workshop.listing import Column
from workshop.orders.models import RepairOrder

Get = Callable[[Any], RepairOrder]


def car(order: Get) -> tuple[Column, ...]:
    """The order's number, and how its car is called and what it is."""
    return (
        Column(N_("Order no."), lambda row: order(row).no),
        Column(N_("Plate"), lambda row: order(row).vehicle.called),
        Column(N_("Vehicle"), lambda row: order(row).vehicle.title),
    )


def customer(order: Get) -> tuple[Column, ...]:
    """Who brought it; the number as its reader may read it."""
    return (
        Column(N_("Customer"), lambda row: order(row).customer.name),
        Column(N_("Phone"), lambda row: shown.phone(order(row).customer.phone)),
    )


def advisor(order: Get) -> Column:
    """Whose order it is."""
    return Column(N_("Service advisor"), lambda row: order(row).advisor.display_name)
