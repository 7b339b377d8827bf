"""A customer's data on request: all that is kept of them, and nothing of anybody else."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import walks
from tests.databases import Database
from tests.e2e import story
from tests.factories import AT, make_customer, make_order, make_user, make_vehicle
from workshop import db
from workshop.customers.identity.models import OwnerChange
from workshop.customers.models import OdometerReading
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.orders.past.models import PastLine, PastVisit
from workshop.setup.on_request import collecting, reach
from workshop.shop.models import Branch
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]


def read(client: FlaskClient, customer_id: int) -> tuple[dict[str, Any], dict[str, bytes]]:
    answer = client.post(f"/customers/{customer_id}/data")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    answer.close()
    return json.loads(files.pop("data.json")), files


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_file_holds_the_whole_visit_with_its_papers(
    database: Database, sign_in: SignIn
) -> None:
    # given: a shop full of cars
    story.tell(AT, "x")
    db.commit()
    query = select(RepairOrder).where(RepairOrder.stage == Stage.DELIVERED)
    order = session.scalars(query.order_by(RepairOrder.id)).first()
    assert order is not None
    mine, no = order.customer, order.no
    others = [
        (each.no, each.customer.name, each.customer.phone)
        for each in session.scalars(select(RepairOrder))
        if each.customer_id != mine.id
    ]
    boss = make_user(RoleName.SERVICE_MANAGER, branch=session.get_one(Branch, 1))
    # when
    said, files = read(sign_in(boss), mine.id)
    # then
    records = said["records"]
    assert said["about"]["name"] == mine.name
    for table in (
        "customer",
        "vehicle",
        "repair_order",
        "quotation",
        "quotation_line",
        "settlement",
        "payment",
        "walkaround",
        "inspection",
        "follow_up",
        "stage_change",
        "gate_pass",
    ):
        assert records.get(table), table
    assert [each["no"] for each in records["repair_order"]] == [no]
    assert said["trail"]
    text = json.dumps(said, ensure_ascii=False)
    for number, name, phone in others:
        assert number not in text, number
        assert name == mine.name or name not in text, name
        assert phone not in text, phone
    papers = {name.split("/")[1] for name in files if name.endswith(".pdf")}
    assert len(papers) >= 4, papers
    for name, data in files.items():
        if name.endswith(".pdf"):
            assert no in walks.read_pdf(data), name
        else:
            assert name.startswith("pictures/"), name
    line = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "trail.data_on_request")
    ).one()
    assert (line.subject, line.subject_id, line.by_id) == ("customer", mine.id, boss.id)
    assert line.details["rows"] == sum(len(rows) for rows in records.values())


def test_a_customer_of_the_same_name_is_somebody_else(database: Database) -> None:
    mine, other = make_customer("王伟", "13811111111"), make_customer("王伟", "13822222222")
    own = make_order(vehicle=make_vehicle(customer=mine))
    make_order(vehicle=make_vehicle(customer=other))
    kept = collecting.collect(mine)
    assert [each.no for each in kept.orders] == [own.no]
    assert "13822222222" not in json.dumps(kept.rows)
    assert kept.ids["customer"] == {mine.id}


def test_of_a_car_that_changed_its_owner_each_reads_the_own_time(database: Database) -> None:
    # given: sold on the second day
    by = make_user(RoleName.SERVICE_ADVISOR)
    before, after = make_customer("前车主"), make_customer("后车主")
    car = make_vehicle(customer=after)
    first = make_order(Stage.DELIVERED, vehicle=car, customer_id=before.id, bringer_name="前车主")
    second = make_order(vehicle=car, customer_id=after.id)
    sold = AT + timedelta(days=2)
    session.add(OwnerChange(vehicle_id=car.id, owner_id=before.id, until=sold, by_id=by.id))
    for days, km in ((1, 1000), (3, 2000)):
        at = AT + timedelta(days=days)
        session.add(OdometerReading(vehicle_id=car.id, mileage_km=km, at=at, by_id=by.id))
        visit = PastVisit(branch_id=by.branch_id, vehicle_id=car.id, no=f"OLD-{km}", arrived_at=at)
        session.add(visit)
        session.flush()
        session.add(PastLine(visit_id=visit.id, title=f"做了 {km}"))
    session.flush()
    # when
    theirs, ours = collecting.collect(before), collecting.collect(after)
    # then
    assert [each.no for each in theirs.orders] == [first.no]
    assert [each.no for each in ours.orders] == [second.no]
    assert [each["mileage_km"] for each in theirs.rows["odometer_reading"]] == [1000]
    assert [each["mileage_km"] for each in ours.rows["odometer_reading"]] == [2000]
    assert [each["no"] for each in theirs.rows["past_visit"]] == ["OLD-1000"]
    assert [each["title"] for each in ours.rows["past_line"]] == ["做了 2000"]
    assert "plate" not in theirs.rows["vehicle"][0]
    assert ours.rows["vehicle"][0]["plate"] == car.plate
    assert "后车主" not in json.dumps(theirs.rows, ensure_ascii=False)
    assert "前车主" not in json.dumps(ours.rows, ensure_ascii=False)


def test_a_record_that_was_joined_comes_along(database: Database) -> None:
    kept_record = make_customer("李雷")
    gone = make_customer("李磊", merged_into_id=kept_record.id)
    order = make_order(vehicle=make_vehicle(customer=kept_record))
    found = collecting.collect(kept_record)
    assert found.ids["customer"] == {kept_record.id, gone.id}
    assert [each.no for each in found.orders] == [order.no]


def test_secrets_and_pictures_are_not_in_the_words(database: Database) -> None:
    for columns in collecting_columns().values():
        assert not {"token_hash", "pick_up_code", "data", "client_id"} & columns


def collecting_columns() -> dict[str, set[str]]:
    return {
        name: {c.name for c in db.Model.metadata.tables[name].columns} - reach.HIDDEN
        for name in reach.list_tables() | reach.list_below_cars()
    }


def test_no_table_that_speaks_of_a_person_is_forgotten() -> None:
    """A new table that refers to a customer, a car or an order comes along or says why not."""
    read = set(reach.list_tables()) | set(reach.list_below_cars()) | set(reach.OF_CAR)
    forgotten = [
        table.name
        for table in db.Model.metadata.sorted_tables
        if table.name not in read | set(reach.STAYS)
        and {reach.parent_of(column) for column in table.columns} & read
    ]
    assert not forgotten
    assert set(reach.STAYS) <= set(db.Model.metadata.tables)


@pytest.mark.parametrize("role", [RoleName.SERVICE_ADVISOR, RoleName.CASHIER])
def test_only_who_supervises_hands_it_out(
    database: Database, sign_in: SignIn, role: RoleName
) -> None:
    customer = make_customer()
    client = sign_in(make_user(role))
    assert client.post(f"/customers/{customer.id}/data").status_code == 403
    assert f"/customers/{customer.id}/data" not in client.get(f"/customers/{customer.id}").text
