"""The money that is open between a car's owner and the shop."""

from __future__ import annotations

from workshop import money
from workshop.customers.models import Customer, Vehicle
from workshop.errors import N_, Way
from workshop.orders.ties import Tie
from workshop.shop.models import Branch
from workshop.steps.settlement import balances


def list_ties(vehicle: Vehicle, owner: Customer, branch: Branch) -> list[Tie]:
    """What is to come in or to be given back for the owner's orders with the car."""
    found = balances.load(branch)
    return [
        Tie(
            N_("%(amount)s of order %(no)s is open: %(why)s"),
            Way("settlement.show", N_("Open the bill"), {"no": each.order.no}),
            {"amount": money.format_fen(each.owed_fen), "no": each.order.no, "why": each.why},
        )
        for each in (*found.to_come, *found.to_give)
        if each.order.vehicle_id == vehicle.id and each.order.customer_id == owner.id
    ]
