"""The calls and cases that are open with a car's owner."""

from __future__ import annotations

from workshop.cases import service as cases
from workshop.customers.models import Customer, Vehicle
from workshop.errors import N_, Way
from workshop.orders.ties import Tie
from workshop.shop.models import Branch
from workshop.steps.followup import queries


def list_ties(vehicle: Vehicle, owner: Customer, branch: Branch) -> list[Tie]:
    """The owner's calls to come about the car, and their open cases with it."""
    calls = [
        Tie(
            N_("Follow-up call about order %(no)s on %(at)s"),
            Way("followup.show", N_("Open the call"), {"no": each.order.no}),
            {"no": each.order.no, "at": each.planned_at},
        )
        for each in queries.list_planned(branch.id)
        if each.order.vehicle_id == vehicle.id and each.order.customer_id == owner.id
    ]
    open_cases = [
        Tie(
            N_("Case %(no)s is open"),
            Way("followup.case", N_("Open the case"), {"no": each.no}),
            {"no": each.no},
        )
        for each in cases.list_open(branch.id)
        if each.customer_id == owner.id and each.order and each.order.vehicle_id == vehicle.id
    ]
    return [*calls, *open_cases]
