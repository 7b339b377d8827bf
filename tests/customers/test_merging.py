"""Two records of one customer or car become one, with all that hangs on them, and part again."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select

from tests import factories
from tests.databases import Database
from tests.guards.rows import put
from workshop import db
from workshop.customers import mileage
from workshop.customers import queries as customer_queries
from workshop.customers import service as customers
from workshop.customers.merging import queries, references
from workshop.customers.merging import service as merging
from workshop.customers.models import Customer, Vehicle
from workshop.db import session
from workshop.errors import Conflict, RuleBroken
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking.joining import service as joining

VIN = "LVSHCAMB1KE100001"


@pytest.fixture
def by(database: Database) -> User:
    return factories.make_user(RoleName.SERVICE_ADVISOR)


@pytest.mark.parametrize("kind", ["customer", "vehicle"])
def test_no_table_that_points_at_a_record_is_forgotten(kind: str) -> None:
    """By its foreign keys: each of them goes over with words for the preview, or says it stays."""
    named = {
        (table.name, column.name)
        for table in db.Model.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == kind
    }
    moving = {(each.table.name, each.name) for each in references.list_moving(kind)}
    assert named == moving | (named & references.STAYS)
    assert {table for table, _ in moving} <= set(references.LABELS)


@pytest.mark.parametrize("kind", ["customer", "vehicle"])
def test_a_row_of_each_such_table_goes_over_and_comes_back(
    database: Database, at: datetime, by: User, kind: str
) -> None:
    # given a record with one row of each table, and an empty one
    gone = factories.make_customer("王伟") if kind == "customer" else factories.make_vehicle()
    kept = factories.make_customer("王伟") if kind == "customer" else factories.make_vehicle()
    gone_id, kept_id = gone.id, kept.id
    if isinstance(gone, Vehicle):
        gone.plate, gone.vin = None, VIN
    columns = references.list_moving(kind)
    for column in columns:
        put(column.table.name, **{column.name: gone_id})
    session.flush()
    # when
    seen = merging.seen_of(gone, kept)
    joining.join(gone, kept, seen, by=by, at=at)
    # then
    for column in columns:
        assert _count(column, gone_id) == 0, column
        assert _count(column, kept_id) >= 1, column
    found = (
        customers.get_customer(gone_id) if kind == "customer" else customers.get_vehicle(gone_id)
    )
    assert found.id == kept_id
    # when
    (merge,) = queries.list_joined(found)
    joining.part(merge, by=by, at=at)
    # then
    for column in columns:
        assert _count(column, gone_id) == 1, column
    assert session.get_one(type(found), gone_id).merged_into_id is None


def test_a_joined_customer_is_found_once_and_its_number_leads_on(by: User, at: datetime) -> None:
    gone, kept = _two_customers()
    gone.address, gone_id = "福田区", gone.id
    session.flush()
    joining.join(gone, kept, merging.seen_of(gone, kept), by=by, at=at)
    assert customers.get_customer(gone_id) is kept
    assert customer_queries.search_customers("王伟") == [kept]
    assert customer_queries.find_customers("13800000001") == [kept]
    assert customer_queries.search_customers("") == [kept]
    assert kept.address == "福田区"
    with pytest.raises(Conflict):
        joining.join(session.get_one(Customer, gone_id), kept, "1.1-2.1", by=by, at=at)


def test_a_joined_car_brings_its_vin_its_plate_and_its_mileage(by: User, at: datetime) -> None:
    owner = factories.make_customer("王伟")
    gone = factories.make_vehicle(customer=owner, plate="粤B11111", vin=VIN)
    kept = factories.make_vehicle(customer=owner, plate="粤B22222")
    customers.record_mileage(gone, 8000, by=by, at=at)
    joining.join(gone, kept, merging.seen_of(gone, kept), by=by, at=at)
    assert (kept.plate, kept.vin, kept.mileage_km) == ("粤B22222", VIN, 8000)
    assert [each.plate for each in customer_queries.list_plate_changes(kept)] == ["粤B11111"]
    assert customer_queries.search_vehicles("粤B11111") == [kept]
    assert [each.km for each in mileage.list_readings(kept)] == [8000]
    # and back
    (merge,) = queries.list_joined(kept)
    joining.part(merge, by=by, at=at)
    assert (gone.plate, gone.vin) == ("粤B11111", VIN)
    assert (kept.plate, kept.vin, kept.mileage_km) == ("粤B22222", None, None)
    assert customer_queries.list_plate_changes(kept) == []


def test_two_vins_are_two_cars_and_two_cars_here_are_not_joined(by: User, at: datetime) -> None:
    one = factories.make_vehicle(plate="粤B11111", vin=VIN)
    two = factories.make_vehicle(plate="粤B22222", vin="LVSHCAMBXKE100014")
    with pytest.raises(RuleBroken) as refusal:
        joining.join(one, two, merging.seen_of(one, two), by=by, at=at)
    assert refusal.value.code == "vins"
    orders = [factories.make_order(), factories.make_order()]
    here, there = (each.vehicle for each in orders)
    with pytest.raises(RuleBroken) as refusal:
        joining.join(here, there, merging.seen_of(here, there), by=by, at=at)
    assert refusal.value.code == "both_here"


def test_nothing_parts_once_something_new_hangs_on_it(by: User, at: datetime) -> None:
    gone, kept = _two_customers()
    joining.join(gone, kept, merging.seen_of(gone, kept), by=by, at=at)
    factories.make_order(customer=kept)
    (merge,) = queries.list_joined(kept)
    with pytest.raises(RuleBroken) as refusal:
        joining.part(merge, by=by, at=at)
    assert refusal.value.code == "new"
    assert "Repair orders with their bills and balances" in refusal.value.values["what"]


def _two_customers() -> tuple[Customer, Customer]:
    return (
        factories.make_customer("王伟", "13800000001"),
        factories.make_customer("王伟", "13800000001"),
    )


def _count(column: sa.Column[int], record_id: int) -> int:
    query = select(func.count()).select_from(column.table).where(column == record_id)
    return session.scalar(query) or 0
