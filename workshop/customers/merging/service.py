"""Joining two records of one customer or car, with what hangs on them; and taking it back.

What is kept leads: the other record's number is led there everywhere. It can be taken back while
nothing new hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from workshop.customers import particulars
from workshop.customers import service as customers
from workshop.customers.merging import references
from workshop.customers.merging.models import CustomerMerge, VehicleMerge
from workshop.customers.models import (
    Customer,
    PlateChange,
    Vehicle,
    VehicleClass,
)
from workshop.db import session
from workshop.errors import N_, Conflict, RuleBroken, Way
from workshop.staff import audit
from workshop.staff.models import User

M = TypeVar("M", CustomerMerge, VehicleMerge)
_OF_CUSTOMER = ("credit_code", "address", "remark", *particulars.PERSON_LABELS)
_OF_VEHICLE = (
    *("vin", "plate", "make", "model", "colour", "vehicle_class", *particulars.PAPER_LABELS),
    *("mileage_km", "next_due_on", "next_due_km", "driver_id"),
)


def join_customers(
    gone: Customer, kept: Customer, seen: str, *, by: User, at: datetime
) -> CustomerMerge:
    """Join one record of a customer to another; what the kept one misses is taken from it.

    Raises Conflict when either was changed since it was shown, RuleBroken for what cannot be.
    """
    _begin(gone, kept, seen)
    newest, before = references.newest("customer"), _values(kept, _OF_CUSTOMER)
    second = _yield_first_call(gone, kept)
    moved = references.move("customer", gone.id, kept.id)
    for name in _OF_CUSTOMER:
        setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    gone.merged_into_id = kept.id
    merge = CustomerMerge(moved=moved, newest=newest, before={"kept": before, "second": second})
    return _finish(merge, gone, kept, by=by, at=at)


def _yield_first_call(gone: Customer, kept: Customer) -> list[int]:
    """Only one is called first: that of the kept company, where it has one."""
    if not any(each.is_primary for each in kept.contacts):
        return []
    second = [each for each in gone.contacts if each.is_primary]
    for each in second:
        each.is_primary = False
    session.flush()
    return [each.id for each in second]


def _call_first_again(gone: Customer, second: Iterable[int]) -> None:
    session.flush()
    session.expire_all()
    if not any(each.is_primary for each in gone.contacts):
        for each in gone.people:
            each.is_primary = each.id in second


def join_vehicles(
    gone: Vehicle, kept: Vehicle, seen: str, *, by: User, at: datetime
) -> VehicleMerge:
    """Join one record of a car to another; its plate stays in the history of the kept one.

    Raises Conflict when either was changed since it was shown, RuleBroken for two VINs.
    """
    _begin(gone, kept, seen)
    if gone.vin and kept.vin:
        raise RuleBroken(
            N_("Two VINs are two cars. If one is a typing error, put it right first."),
            code="vins",
            way=Way("booking.show_vehicle", N_("Open the vehicle"), {"vehicle_id": gone.id}),
        )
    newest = references.newest("vehicle")
    before = {"kept": _values(kept, _OF_VEHICLE), "gone": _values(gone, ("plate", "vin"))}
    moved = references.move("vehicle", gone.id, kept.id)
    own = {name: getattr(gone, name) for name in _OF_VEHICLE}
    gone.plate = gone.vin = None
    gone.merged_into_id = kept.id
    session.flush()
    for name, value in own.items():
        if getattr(kept, name) in (None, ""):
            setattr(kept, name, value)
    if own["mileage_km"] is not None:
        kept.mileage_km = max(kept.mileage_km or 0, own["mileage_km"])
    merge = VehicleMerge(moved=moved, newest=newest, before=before)
    if own["plate"] and own["plate"] != kept.plate:
        former = PlateChange(vehicle_id=kept.id, plate=own["plate"], until=at, by_id=by.id)
        session.add(former)
        session.flush()
        merge.before = {**before, "former": former.id}
        merge.newest = {**newest, "plate_change": former.id}
    return _finish(merge, gone, kept, by=by, at=at)


def part_customers(merge: CustomerMerge, *, by: User, at: datetime) -> Customer:
    """Take a joining back. Raises RuleBroken when something new hangs on the record."""
    gone, kept = session.get_one(Customer, merge.gone_id), session.get_one(Customer, merge.kept_id)
    _begin_parting(merge, kept, "customer")
    _restore(kept, merge.before["kept"])
    gone.merged_into_id = None
    references.move_back("customer", merge.moved, gone.id)
    _call_first_again(gone, merge.before.get("second", ()))
    _end(merge, gone, by=by, at=at)
    return gone


def part_vehicles(merge: VehicleMerge, *, by: User, at: datetime) -> Vehicle:
    """Take a joining back. Raises RuleBroken when something new hangs on the record."""
    gone, kept = session.get_one(Vehicle, merge.gone_id), session.get_one(Vehicle, merge.kept_id)
    _begin_parting(merge, kept, "vehicle")
    former = merge.before.get("former")
    if former is not None:
        session.delete(session.get_one(PlateChange, former))
    _restore(kept, merge.before["kept"])
    session.flush()
    _restore(gone, merge.before["gone"])
    gone.merged_into_id = None
    references.move_back("vehicle", merge.moved, gone.id)
    _end(merge, gone, by=by, at=at)
    return gone


def seen_of(gone: Customer | Vehicle, kept: Customer | Vehicle) -> str:
    """What a page shows of two records, so that a change in between is noticed."""
    return f"{gone.id}.{gone.version}-{kept.id}.{kept.version}"


def _begin(gone: Customer | Vehicle, kept: Customer | Vehicle, seen: str) -> None:
    customers.lock_identity()
    session.flush()
    session.expire_all()
    if gone.id == kept.id:
        raise RuleBroken(N_("This is one record already."), code="one")
    if gone.merged_into_id is not None or seen != seen_of(gone, kept):
        raise Conflict(N_("Somebody else changed one of the two meanwhile. Look at them again."))


def _finish(
    merge: M, gone: Customer | Vehicle, kept: Customer | Vehicle, *, by: User, at: datetime
) -> M:
    session.flush()
    merge.gone_id, merge.kept_id, merge.by_id, merge.at = gone.id, kept.id, by.id, at
    merge.before = {**merge.before, "version": kept.version}
    session.add(merge)
    moved = {name: len(ids) for name, ids in merge.moved.items()}
    audit.write(by, "customers.join", kept, at, gone=gone.id, moved=moved)
    session.flush()
    session.expire_all()
    return merge


def _begin_parting(
    merge: CustomerMerge | VehicleMerge, kept: Customer | Vehicle, kind: str
) -> None:
    customers.lock_identity()
    session.flush()
    session.expire_all()
    if merge.undone_at is not None:
        raise RuleBroken(N_("This was taken back already."), code="parted")
    new = references.list_new(kind, merge.kept_id, merge.newest)
    if new:
        raise RuleBroken(
            N_("Something new hangs on the joined record: %(what)s. It stays joined."),
            code="new",
            what=new,
        )
    if kept.merged_into_id is not None or kept.version != merge.before["version"]:
        raise RuleBroken(
            N_("The joined record was changed since then. It stays joined."), code="changed"
        )


def _end(
    merge: CustomerMerge | VehicleMerge, gone: Customer | Vehicle, *, by: User, at: datetime
) -> None:
    merge.undone_at, merge.undone_by_id = at, by.id
    audit.write(by, "customers.part", gone, at, kept=merge.kept_id)
    session.flush()
    session.expire_all()


def _values(record: Customer | Vehicle, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _plain(getattr(record, name)) for name in names}


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return getattr(value, "value", value)


def _restore(record: Customer | Vehicle, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, _typed(name, value))


def _typed(name: str, value: Any) -> Any:
    if value is not None and name == "vehicle_class":
        return VehicleClass(value)
    if value is not None and (name.endswith("_on") or name == "birthday"):
        return date.fromisoformat(value)
    return value
