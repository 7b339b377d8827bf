"""Records that may be one, and joinings that stand."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, or_, select, union

from workshop.customers.merging.models import CustomerMerge, VehicleMerge
from workshop.customers.models import Customer, Vehicle
from workshop.db import session
from workshop.errors import N_, NotFound


def list_alike(customer: Customer, limit: int = 8) -> list[Customer]:
    """Other customers of the same phone or the same name, the oldest first."""

    def first(same: ColumnElement[bool]) -> Select[int]:
        # Of a frequent name not all are read: the index has them in this order.
        others = select(Customer.id).where(
            same, Customer.id != customer.id, Customer.merged_into_id.is_(None)
        )
        found = others.order_by(Customer.id).limit(limit).subquery()
        return select(found.c.id)

    alike = union(first(Customer.phone == customer.phone), first(Customer.name == customer.name))
    query = select(Customer).where(Customer.id.in_(alike)).order_by(Customer.id).limit(limit)
    return list(session.scalars(query))


def list_cars_alike(vehicle: Vehicle, limit: int = 8) -> list[Vehicle]:
    """Other cars of the same owner without the plate or the VIN."""
    query = select(Vehicle).where(
        Vehicle.id != vehicle.id,
        Vehicle.merged_into_id.is_(None),
        Vehicle.customer_id == vehicle.customer_id,
        or_(Vehicle.plate.is_(None), Vehicle.vin.is_(None)),
    )
    return list(session.scalars(query.order_by(Vehicle.id).limit(limit)))


def list_joined(record: Customer | Vehicle) -> list[CustomerMerge] | list[VehicleMerge]:
    """The joinings into this record that stand, the newest first."""
    if isinstance(record, Customer):
        of_customer = select(CustomerMerge).where(
            CustomerMerge.kept_id == record.id, CustomerMerge.undone_at.is_(None)
        )
        return list(session.scalars(of_customer.order_by(CustomerMerge.id.desc())))
    of_vehicle = select(VehicleMerge).where(
        VehicleMerge.kept_id == record.id, VehicleMerge.undone_at.is_(None)
    )
    return list(session.scalars(of_vehicle.order_by(VehicleMerge.id.desc())))


def get_customer_merge(merge_id: int) -> CustomerMerge:
    """The joining; raises NotFound."""
    found = session.get(CustomerMerge, merge_id)
    if found is None:
        raise NotFound(N_("There is no such joining of records."))
    return found


def get_vehicle_merge(merge_id: int) -> VehicleMerge:
    """The joining; raises NotFound."""
    found = session.get(VehicleMerge, merge_id)
    if found is None:
        raise NotFound(N_("There is no such joining of records."))
    return found
