"""The papers of one car and the customer's link, against the tables: times, minutes, money, km."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.factories import AT
from tests.figures import reading
from tests.walks import read_pdf
from workshop.db import session
from workshop.orders import service as orders
from workshop.staff.models import User
from workshop.track import service as track

SignIn = Callable[[User], FlaskClient]
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_LENGTH = r"(\d+ h(?: \d+ min)?|\d+ min)"
# What the law says of each class of repair (R1 to R3): kilometres, days.
_GUARANTEE = {
    "overhaul": (20_000, 100),
    "level_2_maintenance": (5_000, 30),
    "minor": (2_000, 10),
}


def _ask(statement: str, **values: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(text(statement), values).mappings()]


def _local(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).astimezone(_SHANGHAI)


def _moment(stored: str) -> str:
    return _local(stored).strftime("%Y-%m-%d %H:%M")


def _paper(client: FlaskClient, no: str, path: str) -> str:
    answer = client.get(f"/orders/{no}/{path}")
    assert answer.mimetype == "application/pdf", (no, path)
    return re.sub(r"[ \n]+", " ", read_pdf(answer.get_data()))


def _delivered() -> list[dict[str, Any]]:
    """The cars of Monday that have gone, through every step."""
    return _ask(
        "SELECT * FROM repair_order WHERE branch_id = 1 AND delivered_at >= '2026-11-22 16:00'"
        " AND first_promised_at IS NOT NULL"
    )


def test_the_job_card_tells_when_and_how_long(manager: FlaskClient) -> None:
    for order in _delivered():
        paper = _paper(manager, order["no"], "scheduling/jobcard.pdf")
        assert f"Promised time {_moment(order['promised_at'])}" in paper
        assert f"Mileage {order['mileage_km']:,} km" in paper
        for job in _ask("SELECT * FROM job WHERE order_id = :id", id=order["id"]):
            (place,) = _ask(
                "SELECT * FROM allocation WHERE job_id = :id AND lead_id IS NULL"
                " AND status <> 'cancelled'",
                id=job["id"],
            )
            span = f"{_moment(place['starts_at'])} {_moment(place['ends_at'])}"
            found = re.search(rf"{span} {_LENGTH}", paper)
            assert found is not None, (order["no"], span)
            assert reading.minutes(found[1]) == job["book_minutes"]


def test_the_inspection_record_tells_clocked_and_book_minutes(manager: FlaskClient) -> None:
    for order in _delivered():
        paper = _paper(manager, order["no"], "repair/inspection.pdf")
        (drive,) = _ask(
            "SELECT t.* FROM road_test t JOIN inspection i ON i.id = t.inspection_id"
            " WHERE i.order_id = :id",
            id=order["id"],
        )
        assert f"Road test {drive['from_km']:,}–{drive['to_km']:,} km" in paper
        for job in _ask("SELECT * FROM job WHERE order_id = :id", id=order["id"]):
            _check_work(paper, job)


def _check_work(paper: str, job: dict[str, Any]) -> None:
    sessions = _ask("SELECT * FROM work_session WHERE job_id = :id", id=job["id"])
    clocked = sum(
        (_local(each["ended_at"]) - _local(each["started_at"])).total_seconds() for each in sessions
    )
    span = f"{_moment(job['started_at'])} {_moment(job['finished_at'])}"
    found = re.search(rf"{span} {_LENGTH} {_LENGTH}", paper)
    assert found is not None, (span, paper)
    assert abs(reading.minutes(found[1]) - clocked / 60) <= 0.5
    assert reading.minutes(found[2]) == job["book_minutes"]


def test_the_handover_sheet_tells_the_guarantee_and_the_next_service(manager: FlaskClient) -> None:
    for order in _delivered():
        paper = _paper(manager, order["no"], "handover/sheet.pdf")
        (record,) = _ask("SELECT * FROM handover WHERE order_id = :id", id=order["id"])
        assert f"Handed over {_moment(order['delivered_at'])}" in paper
        assert f"Mileage out {record['mileage_km']:,} km" in paper
        due = (str(record["next_due_on"]), f"{record['next_due_km']:,} km")
        assert f"Next service on {due[0]} or at {due[1]}" in paper
        gone_on = _local(order["delivered_at"]).date()
        for each in _ask("SELECT * FROM guarantee WHERE order_id = :id", id=order["id"]):
            km, days = _GUARANTEE[each["guarantee_class"]]
            ends_on: date = gone_on + timedelta(days=days)
            ends = f"{ends_on} or {record['mileage_km'] + km:,} km"
            assert f"{km:,} km or {days} days {ends}" in paper, order["no"]


def test_the_gate_pass_names_its_car_and_its_times(manager: FlaskClient) -> None:
    for order in _delivered():
        paper = _paper(manager, order["no"], "handover/gate-pass.pdf")
        (gate_pass,) = _ask("SELECT * FROM gate_pass WHERE order_id = :id", id=order["id"])
        (car,) = _ask("SELECT * FROM vehicle WHERE id = :id", id=order["vehicle_id"])
        assert f"{car['plate'][:2]}·{car['plate'][2:]}" in paper
        assert gate_pass["no"] in paper
        assert f"Pass issued {_moment(gate_pass['issued_at'])}" in paper
        assert _moment(gate_pass["left_at"]) in paper


def test_the_customers_link_adds_up_what_is_offered(app: Flask) -> None:
    offered = _ask(
        "SELECT q.id, o.no, o.advisor_id FROM quotation q JOIN repair_order o ON o.id = q.order_id"
        " WHERE o.branch_id = 1 AND q.state = 'offered' AND q.kind = 'main'"
    )
    assert len(offered) > 1
    for each in offered:
        advisor = session.get_one(User, each["advisor_id"])
        link = track.make_link(orders.get_order(each["no"]), by=advisor, at=AT)
        page = reading.words(reading.read(app.test_client(), f"/t/{link}"))
        lines = _ask("SELECT * FROM quotation_line WHERE quotation_id = :id", id=each["id"])
        total = sum(line["total_fen"] for line in lines if line["payer"] == "customer")
        found = re.search(r"(?:Price of all|全部金额)\D*?(¥[\d,.]+)", page)
        assert found is not None, page
        assert reading.fen(found[1]) == total
        for line in lines:
            assert f"¥{line['total_fen'] / 100:,.2f}" in page
