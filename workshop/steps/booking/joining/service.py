"""Joining two records where both may be in the shop or expected; screens and desks follow."""

from __future__ import annotations

from datetime import datetime

from workshop.customers.merging import service as merging
from workshop.customers.merging.models import CustomerMerge, VehicleMerge
from workshop.customers.models import Customer, Vehicle
from workshop.errors import N_, RuleBroken, Way
from workshop.staff.models import User
from workshop.steps.booking import following, queries


def join(
    gone: Customer | Vehicle, kept: Customer | Vehicle, seen: str, *, by: User, at: datetime
) -> None:
    """Join one record to the other. Raises as the two joinings do, and for two open orders."""
    if isinstance(gone, Customer) and isinstance(kept, Customer):
        merging.join_customers(gone, kept, seen, by=by, at=at)
        following.tell_of_customer(kept, at)
    elif isinstance(gone, Vehicle) and isinstance(kept, Vehicle):
        _refuse_both_here(gone, kept)
        merging.join_vehicles(gone, kept, seen, by=by, at=at)
        following.tell_of(kept, at)


def part(merge: CustomerMerge | VehicleMerge, *, by: User, at: datetime) -> None:
    """Take a joining back. Raises RuleBroken when something new hangs on the record."""
    if isinstance(merge, CustomerMerge):
        following.tell_of_customer(merging.part_customers(merge, by=by, at=at), at)
    else:
        following.tell_of(merging.part_vehicles(merge, by=by, at=at), at)


def _refuse_both_here(gone: Vehicle, kept: Vehicle) -> None:
    here = [queries.find_open_order(each) for each in (gone, kept)]
    if all(here):
        raise RuleBroken(
            N_("Both are in the shop now, under %(nos)s. Close one of the orders first."),
            code="both_here",
            way=Way("desk.order", N_("Open the order"), {"no": next(e.no for e in here if e)}),
            nos=[each.no for each in here if each],
        )
