"""What the floor reads, against plain arithmetic on the tables: parts, hours, lists, counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.factories import AT
from tests.figures import reading
from tests.walks import read_pdf
from workshop.db import session
from workshop.staff.models import User

SignIn = Callable[[User], FlaskClient]

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_BEGINS = datetime(2026, 11, 23, tzinfo=_SHANGHAI).astimezone(UTC)
_SPAN = {"begins": "2026-11-22 16:00:00", "ends": "2026-11-23 16:00:00"}


def _ask(statement: str, **values: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(text(statement), values).mappings()]


def _at(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _clock(stored: str) -> str:
    return _at(stored).astimezone(_SHANGHAI).strftime("%H:%M")


def _quantity(text_: str) -> float:
    found = re.match(r"[\d.]+", text_)
    assert found is not None, text_
    return float(found[0])


# ---- Parts ----


def test_the_tabs_of_the_parts_counter_count_its_lists(manager: FlaskClient) -> None:
    lines = _ask(
        "SELECT l.* FROM pick_line l JOIN pick_list p ON p.id = l.pick_list_id WHERE"
        " p.branch_id = 1 AND p.state IN ('open', 'partly_picked', 'picked')"
    )
    on_shelf = {e["pick_list_id"] for e in lines if e["reserved_milli"] > e["picked_milli"]}
    in_basket = {e["pick_list_id"] for e in lines if e["picked_milli"] > e["issued_milli"]}
    short = _ask("SELECT id FROM backorder WHERE branch_id = 1 AND arrived_at IS NULL")
    counts = reading.counts(reading.read(manager, "/parts"))
    assert counts["To pick"] == len(on_shelf) > 0
    assert counts["To issue"] == len(in_basket - on_shelf)
    assert counts["Short"] == len(short)
    for tab, view in (("To pick", ""), ("To issue", "issue"), ("Short", "short")):
        page = reading.read(manager, f"/parts?view={view}")
        assert len(reading.rows(page, tab)) == counts[tab]


def test_each_list_to_pick_shows_what_is_picked_and_short(manager: FlaskClient) -> None:
    rows = reading.rows(reading.read(manager, "/parts"), "To pick")
    assert rows
    for row in rows:
        no = re.findall(r"PL[\d-]+", row["Pick list"])[0]
        lines = _ask(
            "SELECT l.* FROM pick_line l JOIN pick_list p ON p.id = l.pick_list_id"
            " WHERE p.no = :no",
            no=no,
        )
        picked = sum(line["picked_milli"] >= line["ordered_milli"] for line in lines)
        short = sum(line["ordered_milli"] > line["reserved_milli"] for line in lines)
        assert f"{picked} of {len(lines)} picked" in row["Lines"], no
        assert (f"Short: {short}" in row["Lines"]) == bool(short), no


def test_a_part_is_needed_fifteen_minutes_before_its_job(manager: FlaskClient) -> None:
    rows = reading.rows(reading.read(manager, "/parts"), "To pick")
    for row in rows:
        no = re.findall(r"PL[\d-]+", row["Pick list"])[0]
        (first,) = _ask(
            "SELECT min(a.starts_at) AS at FROM allocation a JOIN job j ON j.id = a.job_id"
            " JOIN pick_list p ON p.order_id = j.order_id WHERE p.no = :no"
            " AND a.status IN ('planned', 'running') AND a.lead_id IS NULL",
            no=no,
        )
        if first["at"] is None:
            assert "Not planned" in row["Needed by"]
            continue
        needed = _at(first["at"]) - timedelta(minutes=15)
        assert needed.astimezone(_SHANGHAI).strftime("%m-%d %H:%M") in row["Needed by"], no


def test_the_stock_page_shows_each_shelf(manager: FlaskClient) -> None:
    shelf = reading.table(reading.read(manager, "/parts/stock"), "Stock")
    shown = [(cells[0], row) for cells, row in zip(shelf.cells, shelf.rows, strict=True) if row]
    levels = _ask(
        "SELECT p.no, p.id, l.on_hand_milli, p.price_fen FROM stock_level l"
        " JOIN part p ON p.id = l.part_id WHERE l.branch_id = 1"
    )
    assert len(shown) == len(levels) > 20
    for level in levels:
        (row,) = [row for name, row in shown if level["no"] in re.split(r"[ ·]+", name)]
        _check_level(row, level)


def _check_level(row: dict[str, str], level: dict[str, Any]) -> None:
    moved = _ask(
        "SELECT sum(quantity_milli) AS all_in FROM stock_entry"
        " WHERE branch_id = 1 AND part_id = :id",
        id=level["id"],
    )
    held = _ask(
        "SELECT quantity_milli FROM reservation WHERE branch_id = 1 AND part_id = :id"
        " AND state = 'held'",
        id=level["id"],
    )
    reserved = sum(each["quantity_milli"] for each in held) / 1000
    on_hand = level["on_hand_milli"] / 1000
    assert _quantity(row["On hand"]) == on_hand == (moved[0]["all_in"] or 0) / 1000
    assert _quantity(row["Reserved"]) == reserved
    assert _quantity(row["Available"]) == on_hand - reserved
    assert reading.fen(row["Price"]) == level["price_fen"]


def test_a_pick_list_on_paper_shows_what_to_pick_and_what_is_short(manager: FlaskClient) -> None:
    lists = _ask(
        "SELECT p.id, p.no, p.basket_no, o.no AS order_no FROM pick_list p JOIN repair_order o"
        " ON o.id = p.order_id WHERE p.branch_id = 1 AND p.state IN"
        " ('open', 'partly_picked', 'picked')"
    )
    assert lists
    for each in lists:
        address = f"/orders/{each['order_no']}/parts/{each['no']}.pdf"
        paper = read_pdf(manager.get(address).get_data())
        lines = _ask(
            "SELECT l.*, part.no FROM pick_line l JOIN part ON part.id = l.part_id"
            " WHERE l.pick_list_id = :id",
            id=each["id"],
        )
        assert str(each["basket_no"]) in paper.split()
        for line in lines:
            (shown,) = re.findall(rf"{re.escape(line['no'])} .*", paper)
            cells = re.split(r"\s{2,}", shown.strip())
            short = (line["ordered_milli"] - line["reserved_milli"]) / 1000
            assert _quantity(cells[3]) == line["ordered_milli"] / 1000, shown
            assert (float(cells[4]) if len(cells) > 5 else 0) == short, shown


# ---- Hours ----


def test_the_attendance_register_adds_up_the_day(manager: FlaskClient) -> None:
    page = reading.read(manager, "/repair/attendance")
    found = reading.rows(page, "") or [
        row for table in reading.tables(page) for row in table.rows if "Attended" in row
    ]
    people = {row["Technician"].split(" ")[0]: row for row in found if "Technician" in row}
    technicians = _ask(
        'SELECT t.id, u.display_name AS name FROM technician t JOIN "user" u ON u.id = t.user_id'
        " WHERE t.branch_id = 1"
    )
    assert set(people) == {each["name"] for each in technicians}
    total = {"Attended": 0, "Clocked on jobs": 0}
    for each in technicians:
        expected = {
            "Attended": _attended(each["id"]),
            "Clocked on jobs": _clocked(each["id"]),
        }
        for name, minutes in expected.items():
            assert reading.minutes(people[each["name"]][name]) == minutes, (each["name"], name)
            total[name] += minutes
    (together,) = [row for row in found if "Technician" not in row]
    for name, minutes in total.items():
        assert reading.minutes(together[name]) == minutes, name
    assert total["Attended"] > 600


def _attended(technician_id: int) -> int:
    """Minutes here since midnight in Shanghai until ten, breaks taken off."""
    stays = _ask(
        "SELECT * FROM attendance a WHERE technician_id = :id"
        " AND NOT EXISTS (SELECT 1 FROM attendance c WHERE c.corrects_id = a.id)",
        id=technician_id,
    )
    seconds = 0.0
    for stay in stays:
        seconds += _overlap(stay["started_at"], stay["ended_at"])
        for each in _ask("SELECT * FROM attendance_break WHERE attendance_id = :id", id=stay["id"]):
            seconds -= _overlap(each["started_at"], each["ended_at"] or stay["ended_at"])
    return int(seconds // 60)


def _clocked(technician_id: int) -> int:
    found = _ask("SELECT * FROM work_session WHERE technician_id = :id", id=technician_id)
    return int(sum(_overlap(each["started_at"], each["ended_at"]) for each in found) // 60)


def _overlap(started: str, ended: str | None) -> float:
    begins = max(_at(started), _BEGINS)
    ends = min(_at(ended) if ended else AT, AT)
    return max(0.0, (ends - begins).total_seconds())


def test_the_head_of_the_board_adds_up_planned_and_available_hours(manager: FlaskClient) -> None:
    words = reading.words(reading.read(manager, "/scheduling"))
    found = re.search(r"([\d.]+) of ([\d.]+) h planned", words)
    assert found is not None
    planned = _ask(
        "SELECT starts_at, ends_at FROM allocation WHERE branch_id = 1 AND status <> 'cancelled'"
        " AND starts_at < :ends AND ends_at > :begins AND technician_id IS NOT NULL",
        **_SPAN,
    )
    # Each card counts its whole minutes.
    spans = [(_at(each["ends_at"]) - _at(each["starts_at"])).total_seconds() for each in planned]
    minutes = sum(seconds // 60 for seconds in spans)
    # Eight technicians, 7:30 to 12:00 and 12:45 to 20:00: the demo's shifts.
    assert float(found[2]) == 8 * (4.5 + 7.25)
    assert float(found[1]) == pytest.approx(minutes / 60, abs=0.06)


# ---- Lists and their counts ----


def test_the_chips_of_the_home_page_count_its_rows(manager: FlaskClient) -> None:
    page = reading.read(manager, "/?whose=all")
    rows = reading.rows(page, "Cars by what they need")
    open_ones = _ask(
        "SELECT no, promised_at FROM repair_order WHERE branch_id = 1 AND stage NOT IN"
        " ('delivered', 'followed_up', 'closed', 'cancelled')"
    )
    assert len(rows) == len(open_ones)
    words = reading.words(page)
    assert f"{len(open_ones)} cars need something" in words
    needs = Counter(
        next(name for name in _needs(words) if row["Needs"].startswith(name)) for row in rows
    )
    assert dict(needs) == _needs(words)
    promises = {each["no"]: each["promised_at"] for each in open_ones}
    for row in rows:
        no = re.findall(r"RO[\d-]+", row["Vehicle"])[0]
        promised = promises[no]
        assert promised is None or _clock(promised) in row["Promised time"], no


def _needs(words: str) -> dict[str, int]:
    chips = words.partition(" Needs Vehicle")[0].rpartition(" All ")[2]
    return {name.strip(): int(count) for name, count in re.findall(r"([^()]+) \((\d+)\)", chips)}


def test_a_changed_promise_is_shown_beside_the_first(manager: FlaskClient) -> None:
    (order,) = _ask("SELECT * FROM repair_order WHERE concern = '改时间' AND branch_id = 1")
    assert _clock(order["promised_at"]) == "15:07"
    rows = reading.rows(reading.read(manager, "/?whose=all"), "Cars by what they need")
    (row,) = [each for each in rows if order["no"] in each["Vehicle"]]
    assert "15:07" in row["Promised time"]


def test_the_handover_lists_count_ready_and_delivered_cars(manager: FlaskClient) -> None:
    page = reading.read(manager, "/handover")
    paid = _ask(
        "SELECT o.id FROM repair_order o WHERE o.branch_id = 1 AND o.ready_at IS NOT NULL"
        " AND o.settled_at IS NOT NULL AND o.delivered_at IS NULL"
    )
    unpaid = _ask(
        "SELECT o.id FROM repair_order o WHERE o.branch_id = 1 AND o.ready_at IS NOT NULL"
        " AND o.settled_at IS NULL AND o.delivered_at IS NULL"
    )
    gone = _ask(
        "SELECT delivered_at, first_promised_at FROM repair_order WHERE branch_id = 1"
        " AND delivered_at >= :begins AND delivered_at < :ends",
        **_SPAN,
    )
    words = reading.words(page)
    assert f"{len(paid)} to hand over now, {len(unpaid)} ready and not paid" in words
    rows = reading.rows(page, "Handed over today")
    assert len(rows) == len(gone) == reading.counts(page)["Handed over today"]
    on_time = sum(each["delivered_at"] <= (each["first_promised_at"] or "") for each in gone)
    assert sum("On time" in row["Promise"] for row in rows) == on_time
    shown = sorted(row["Handed over"] for row in rows)
    assert shown == sorted(_clock(each["delivered_at"]) for each in gone)


def test_the_wash_and_the_gate_count_todays_cars(manager: FlaskClient) -> None:
    waiting = _ask("SELECT id FROM repair_order WHERE branch_id = 1 AND stage = 'wash'")
    washed = _ask(
        "SELECT w.id FROM wash w JOIN repair_order o ON o.id = w.order_id WHERE o.branch_id = 1"
        " AND w.finished_at >= :begins AND w.finished_at < :ends",
        **_SPAN,
    )
    passes = _ask("SELECT left_at FROM gate_pass WHERE branch_id = 1")
    left = [
        each
        for each in passes
        if each["left_at"] and _SPAN["begins"] <= each["left_at"] < _SPAN["ends"]
    ]
    page = reading.read(manager, "/washes")
    assert f"{len(waiting)} cars wait" in reading.words(page)
    assert reading.counts(page)["Washed today"] == len(washed)
    counts = reading.counts(reading.read(manager, "/gate"))
    assert counts["On their way out"] == sum(each["left_at"] is None for each in passes)
    assert counts["Left today"] == len(left)


def test_the_calls_that_are_due_are_counted(manager: FlaskClient) -> None:
    planned = _ask("SELECT planned_at FROM follow_up WHERE branch_id = 1 AND state = 'planned'")
    due = [each for each in planned if _at(each["planned_at"]) <= AT]
    counts = reading.counts(reading.read(manager, "/followup"))
    assert counts["To call now"] == len(due)
    assert counts["Later"] == len(planned) - len(due)
    assert planned


# ---- Quotation and its paper ----


def _list_off(quotation_id: int) -> list[dict[str, Any]]:
    """The lines that the customer took off again, and what is billed of each."""
    return _ask(
        "SELECT l.id, t.billed_fen FROM take_off_line t JOIN take_off v ON v.id = t.take_off_id"
        " JOIN quotation_line l ON l.id = t.quotation_line_id"
        " WHERE v.state = 'agreed' AND l.quotation_id = :id",
        id=quotation_id,
    )


def test_a_quotation_shows_the_sum_of_its_lines(manager: FlaskClient) -> None:
    offered = _ask(
        "SELECT q.id, o.no FROM quotation q JOIN repair_order o ON o.id = q.order_id"
        " WHERE o.branch_id = 1 AND q.state IN ('offered', 'signed') AND o.stage IN"
        " ('quoted', 'authorised', 'repair', 'settlement') ORDER BY q.id LIMIT 8"
    )
    assert len(offered) > 4
    for each in offered:
        lines = _ask("SELECT * FROM quotation_line WHERE quotation_id = :id", id=each["id"])
        accepted = [line for line in lines if line["decision"] != "declined"]
        total = sum(line["total_fen"] for line in accepted if line["payer"] == "customer")
        page = reading.read(manager, f"/orders/{each['no']}/quotation")
        figures = {
            int(yuan.replace(",", "")) * 100 + int(fen)
            for yuan, fen in re.findall(r"¥([\d,]+)\.(\d\d)", reading.words(page))
        }
        assert total in figures, each["no"]
        for line in lines:
            assert line["total_fen"] in figures, (each["no"], line["title_en"])
        paper = read_pdf(
            manager.get(f"/orders/{each['no']}/quotation/authorisation.pdf").get_data()
        )
        off = {row["id"]: row["billed_fen"] for row in _list_off(each["id"])}
        mine = [line for line in accepted if line["payer"] == "customer"]
        left = sum(off.get(line["id"], line["total_fen"]) for line in mine)
        assert f"{left / 100:,.2f}" in paper, each["no"]
