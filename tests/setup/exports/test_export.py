"""Taking a list along: its filter, all its pages, cells that run nowhere, a line of the trail."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from tests.databases import Database
from tests.factories import (
    AT,
    make_branch,
    make_customer,
    make_part,
    make_technician,
    make_user,
    make_vehicle,
)
from workshop.db import session
from workshop.listing import Asked, Column, ListSheet, money
from workshop.orders.flow import Stage
from workshop.setup.exports import export_page
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import RoleName
from workshop.web import lists

SignIn = Callable[[User], FlaskClient]
# What a customer may be called to make a table program act.
FORMULAS = ("=1+1", "@x", "-2", "+cmd|' /C calc'!A0", "王小明")


def rows_of(client: FlaskClient, address: str) -> list[list[str]]:
    answer = client.post(address)
    assert answer.status_code == 200, answer.text[:200]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    answer.close()
    return rows


def book_of(client: FlaskClient, address: str) -> Any:
    answer = client.post(address)
    assert answer.status_code == 200
    data = answer.data
    answer.close()
    return openpyxl.load_workbook(io.BytesIO(data)).active


@pytest.fixture
def advisor(database: Database) -> User:
    return make_user(RoleName.SERVICE_ADVISOR)


def test_what_begins_like_a_formula_is_text(advisor: User, sign_in: SignIn) -> None:
    for name in FORMULAS:
        make_customer(name)
    client = sign_in(advisor)
    plain = [row[0] for row in rows_of(client, "/export/customers.csv")[1:]]
    assert not [each for each in plain if each.startswith(("=", "+", "-", "@", "\t"))]
    assert {each.lstrip("'").strip() for each in plain} == {each.strip() for each in FORMULAS}
    book = book_of(client, "/export/customers.xlsx")
    cells = [row[0] for row in book.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {str(cell.value).strip() for cell in cells} == {each.strip() for each in FORMULAS}


def test_all_pages_are_in_the_file_and_only_what_the_filter_finds(
    database: Database, sign_in: SignIn
) -> None:
    clerk = make_user(RoleName.PARTS_CLERK)
    for number in range(120):
        make_part(f"OIL-{number:03}")
    make_part("PAD-1")
    client = sign_in(clerk)
    assert len(rows_of(client, "/export/parts.csv")) == 122
    found = rows_of(client, "/export/parts.csv?q=oil&page=2")
    assert len(found) == 121
    assert {row[0][:4] for row in found[1:]} == {"OIL-"}


def test_each_file_is_one_line_of_the_trail(advisor: User, sign_in: SignIn) -> None:
    make_customer("王小明")
    make_customer("李雷")
    rows_of(sign_in(advisor), "/export/customers.csv?q=王&page=1")
    line = session.scalars(select(AuditEntry).where(AuditEntry.action == "trail.export")).one()
    assert line.by_id == advisor.id
    assert line.details == {"list": "Customers", "kind": "csv", "filters": {"q": "王"}, "rows": 1}


def test_a_cost_is_for_who_may_see_it(database: Database, sign_in: SignIn) -> None:
    make_part("OIL-1", cost_fen=12_34)
    manager, clerk = make_user(RoleName.SERVICE_MANAGER), make_user(RoleName.PARTS_CLERK)
    clerk.roles[0].permissions = ["pick_parts"]
    manager.locale = clerk.locale = "en"
    seen = book_of(sign_in(manager), "/export/parts.xlsx")
    heads = [cell.value for cell in seen[1]]
    assert seen[2][heads.index("Cost")].value == 12.34
    hidden = book_of(sign_in(clerk), "/export/parts.xlsx")
    assert not {"Cost", "Margin"} & {cell.value for cell in hidden[1]}


def test_who_may_not_open_the_page_is_told_who_may(database: Database, sign_in: SignIn) -> None:
    make_user(RoleName.SERVICE_ADVISOR)
    answer = sign_in(make_user(RoleName.WASHER)).post("/export/customers.csv")
    assert answer.status_code == 403
    assert "服务顾问" in answer.text
    assert (
        session.scalars(select(AuditEntry).where(AuditEntry.action == "trail.export")).all() == []
    )


def test_a_list_that_is_not_there_is_not_found(advisor: User, sign_in: SignIn) -> None:
    client = sign_in(advisor)
    assert client.post("/export/nothing.csv").status_code == 404
    assert client.post("/export/customers.exe").status_code == 404
    # Names of the path that stand in the address as well do no harm.
    assert rows_of(client, "/export/customers.csv?name=x&kind=y")
    assert client.get("/customers?name=x&kind=y").status_code == 200


def test_a_day_that_is_none_is_refused_in_words(database: Database, sign_in: SignIn) -> None:
    client = sign_in(make_user(RoleName.SERVICE_MANAGER))
    answer = client.post("/export/audit.csv?first=yesterday")
    assert answer.status_code == 422
    assert "yesterday" in answer.text


def test_several_days_are_in_one_file(database: Database, sign_in: SignIn) -> None:
    manager = make_user(RoleName.SERVICE_MANAGER)
    make_technician()
    said = {"day": "2026-11-19", "last": "2026-11-20", "csrf_token": "x"}
    answer = sign_in(manager).post("/export/attendance.csv", data=said)
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    answer.close()
    assert [row[1] for row in rows[1:]] == ["2026-11-19", "2026-11-20"]
    line = session.scalars(select(AuditEntry).where(AuditEntry.action == "trail.export")).one()
    assert line.details["filters"] == {"day": "2026-11-19", "last": "2026-11-20"}


def test_the_file_is_called_as_the_list_and_the_day(advisor: User, sign_in: SignIn) -> None:
    answer = sign_in(advisor).post("/export/customers.xlsx")
    answer.get_data()
    answer.close()
    assert "2026-11-23.xlsx" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_times_are_the_shops_and_numbers_are_numbers(app: Flask) -> None:
    with app.test_request_context():
        moment = datetime(2026, 11, 23, 2, 0, 30, 5, tzinfo=UTC)
        assert lists.cell(moment) == datetime(2026, 11, 23, 10, 0, 30)  # noqa: DTZ001 - the shop's
        assert lists.cell(Decimal("12.30")) == Decimal("12.30")
        assert lists.cell(Stage.REPAIR) == "维修中"
        assert (lists.cell(True), lists.cell(7), lists.cell(None)) == ("是", 7, None)
        assert lists.cell([Stage.REPAIR, None, "x"]) == "维修中; x"


def test_fifty_thousand_rows_are_written_as_they_come(app: Flask, database: Database) -> None:
    """Rows are read and written one by one: the file grows on the disk, the memory does not."""
    alive = 0
    most = 0

    class Row:
        def __init__(self) -> None:
            nonlocal alive, most
            alive += 1
            most = max(most, alive)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def rows(_asked: Asked) -> Iterator[Row]:
        return (Row() for _ in range(50_000))

    sheet = ListSheet(
        "many",
        "Customers",
        "booking.list_customers",
        (Column("Customer", lambda _row: "王小明" * 5), money("Price", lambda _row: 123_45)),
        rows,
    )
    with app.test_request_context(), io.BytesIO() as file:
        tracemalloc.start()
        written = export_page.write(sheet, Asked(make_branch(), None, MultiDict(), AT), "csv", file)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert written == 50_000
    assert most <= 2
    assert peak < 40 * 1024 * 1024


def test_a_car_is_a_line_with_its_owner(advisor: User, sign_in: SignIn) -> None:
    owner = make_customer("两车之主")
    for plate in ("粤B11111", "粤B22222"):
        make_vehicle(plate=plate, customer=owner)
    make_customer("无车之人")
    rows = rows_of(sign_in(advisor), "/export/customers.csv")
    plates = rows[0].index("车牌号")
    assert sorted((row[0], row[plates]) for row in rows[1:]) == [
        ("两车之主", "粤B·11111"),
        ("两车之主", "粤B·22222"),
        ("无车之人", ""),
    ]
