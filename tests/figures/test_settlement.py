"""The cashier's pages and the settlement list against plain arithmetic on the tables.

The oracle adds up payments and billed lines in the test; it borrows no sum of the program.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.figures import reading
from tests.walks import read_pdf
from workshop.db import session
from workshop.staff.models import User

SignIn = Callable[[User], FlaskClient]

# 2026-11-23 in Shanghai, as the database keeps its times.
_DAY = ("2026-11-22 16:00:00", "2026-11-23 16:00:00")
CONCERNS = ("部分付款", "两种方式", "退款", "挂账", "红字", "厂家索赔", "退料", "少做一样")


def _ask(statement: str, **values: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(text(statement), values).mappings()]


def _half_up(numerator: int, denominator: int) -> int:
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def _bill(order_id: int) -> dict[str, Any]:
    """The bill that counts, added up from its lines: what the customer pays, and who else."""
    (bill,) = _ask(
        "SELECT id, no FROM settlement WHERE order_id = :id AND kind = 'normal'"
        " AND state <> 'reversed'",
        id=order_id,
    )
    lines = _ask("SELECT * FROM settlement_line WHERE settlement_id = :id", id=bill["id"])
    mine = [line for line in lines if line["payer"] == "customer"]
    kinds: dict[str, int] = defaultdict(int)
    payers: dict[str, int] = defaultdict(int)
    for line in mine:
        kinds[line["kind"]] += line["agreed_fen"]
    for line in lines:
        payers[line["payer"]] += line["agreed_fen"] - line["discount_fen"]
    total = sum(line["agreed_fen"] - line["discount_fen"] for line in mine)
    tax = sum(_half_up((line["agreed_fen"] - line["discount_fen"]) * 13, 113) for line in mine)
    return {
        "no": bill["no"],
        "labour": kinds["labour"],
        "parts": kinds["part"],
        "discount": sum(line["discount_fen"] for line in mine),
        "tax": tax,
        "net": total - tax,
        "total": total,
        "payers": dict(payers),
    }


def _received(order_id: int, account: str = "customer") -> int:
    found = _ask("SELECT * FROM payment WHERE order_id = :id", id=order_id)
    return sum(each["amount_fen"] for each in found if each["account"] == account)


def _deposits_back(order_id: int) -> int:
    """Of the deposits on the bill: what the customer gets back, for the old parts are here."""
    found = _ask(
        "SELECT c.quantity_milli, l.unit_fen FROM core_return c JOIN quotation_line l"
        " ON l.id = c.quotation_line_id WHERE c.order_id = :id AND c.outcome = 'back'"
        " AND c.withdrawn_at IS NULL",
        id=order_id,
    )
    return sum(each["quantity_milli"] * each["unit_fen"] // 1000 for each in found)


def _order(concern: str) -> dict[str, Any]:
    (order,) = _ask(
        "SELECT id, no FROM repair_order WHERE concern = :concern AND branch_id = 1",
        concern=concern,
    )
    return order


def test_an_order_shows_its_bill_and_what_is_open(manager: FlaskClient) -> None:
    for concern in CONCERNS:
        order = _order(concern)
        bill = _bill(order["id"])
        page = reading.read(manager, f"/orders/{order['no']}/settlement")
        shown = reading.pairs(page)
        # then: the sums of the bill
        assert reading.fen(shown["Labour charge"]) == bill["labour"], concern
        assert reading.fen(shown["Parts charge"]) == bill["parts"], concern
        assert reading.fen(shown["Sales without tax"]) == bill["net"], concern
        assert reading.fen(shown["Output tax"]) == bill["tax"], concern
        assert reading.fen(shown["The customer pays"]) == bill["total"], concern
        if bill["discount"]:
            assert reading.fen(shown["Discount"]) == -bill["discount"]
        # then: the money
        words = reading.words(page)
        received = _received(order["id"])
        if received:
            found = re.search(r"Money received (\S+)", words)
            assert found is not None
            assert reading.fen(found[1]) == received, concern
        _check_balance(words, bill["total"] - received, concern)


def _check_balance(words: str, balance: int, concern: str) -> None:
    found = re.search(r"(Still open|To be given back|On credit|Paid) (¥[\d,.]+)", words)
    assert found is not None, concern
    if found[1] != "Paid":
        assert reading.fen(found[2]) == abs(balance), concern
        assert (found[1] == "To be given back") == (balance < 0), concern
    else:
        assert balance == 0, concern


def test_the_bill_takes_over_what_was_authorised_and_used(app: Flask) -> None:
    """From the quotation and the pick list to the bill: half-up on the share that was used."""
    order = _order("退料")
    (line,) = _ask(
        "SELECT q.total_fen, q.quantity_milli, p.issued_milli - p.returned_milli AS used"
        " FROM quotation_line q JOIN pick_line p ON p.quotation_line_id = q.id"
        " JOIN quotation ON quotation.id = q.quotation_id WHERE quotation.order_id = :id",
        id=order["id"],
    )
    expected = _half_up(line["total_fen"] * line["used"], line["quantity_milli"])
    assert (expected, _bill(order["id"])["parts"]) == (16_667, 16_667)


def _agreed_fen(order_no: str) -> int:
    """What the customer pays of what they signed for: of a line that is off, the minutes done."""
    lines = _ask(
        "SELECT l.id, l.total_fen, l.book_minutes, l.job_id FROM quotation_line l"
        " JOIN quotation q ON q.id = l.quotation_id JOIN repair_order o ON o.id = q.order_id"
        " WHERE o.no = :no AND q.state = 'signed' AND l.decision = 'accepted'"
        " AND l.payer = 'customer'",
        no=order_no,
    )
    off = {
        row["quotation_line_id"]
        for row in _ask(
            "SELECT t.quotation_line_id FROM take_off_line t JOIN take_off v"
            " ON v.id = t.take_off_id WHERE v.state = 'agreed'"
        )
    }
    return sum(_done_fen(line) if line["id"] in off else int(line["total_fen"]) for line in lines)


def _done_fen(line: dict[str, Any]) -> int:
    worked = _ask(
        "SELECT started_at, ended_at FROM work_session WHERE job_id = :id", id=line["job_id"]
    )
    lengths = (
        datetime.fromisoformat(each["ended_at"]) - datetime.fromisoformat(each["started_at"])
        for each in worked
    )
    minutes = sum(int(length.total_seconds()) // 60 for length in lengths)
    return _half_up(line["total_fen"] * minutes, line["book_minutes"])


def test_the_bill_of_less_work_has_what_is_left_and_what_was_done(manager: FlaskClient) -> None:
    order = _order("少做一样")
    assert _bill(order["id"])["labour"] == _agreed_fen(order["no"]) == 24_000 + 18_000
    # and the page that changed it says the same
    words = reading.words(reading.read(manager, f"/orders/{order['no']}/change"))
    assert "¥480.00 → ¥420.00" in words


def test_a_bill_names_what_each_payer_pays(manager: FlaskClient) -> None:
    names = {"customer": "Customer pay", "insurance": "Insurance", "warranty": "Warranty"}
    for concern in ("部分付款", "厂家索赔"):
        order = _order(concern)
        words = reading.words(reading.read(manager, f"/orders/{order['no']}/settlement"))
        for payer, due in _bill(order["id"])["payers"].items():
            # The lines above name their payers too; the totals come last.
            found = re.findall(rf"{names[payer]} (¥[\d,.]+)", words)
            assert reading.fen(found[-1]) == due, (concern, payer)


def test_the_cashiers_list_shows_each_open_bill(manager: FlaskClient) -> None:
    page = reading.read(manager, "/settlement")
    open_ones = _ask(
        "SELECT s.id, o.id AS order_id, o.no FROM settlement s JOIN repair_order o"
        " ON o.id = s.order_id WHERE s.branch_id = 1 AND s.kind = 'normal' AND s.state = 'open'"
    )
    rows = reading.rows(page, "To pay")
    assert len(rows) == len(open_ones) == reading.counts(page)["To pay"]
    for order in open_ones:
        (row,) = [each for each in rows if order["no"] in each["Vehicle"]]
        bill = _bill(order["order_id"])
        assert reading.fen(row["Bill"]) == bill["total"]
        still = bill["total"] - _received(order["order_id"]) - _deposits_back(order["order_id"])
        assert reading.fen(row["Still open"]) == still


def test_the_list_to_settle_shows_what_was_authorised(manager: FlaskClient) -> None:
    page = reading.read(manager, "/settlement")
    rows = reading.rows(page, "To settle")
    assert rows
    assert reading.counts(page)["To settle"] == len(rows)
    for row in rows:
        no = re.findall(r"RO[\d-]+", row["Vehicle"])[0]
        assert reading.fen(row["Authorised"]) == _agreed_fen(no)
    assert _order("减项待算")["no"] in page


def _day_payments() -> list[dict[str, Any]]:
    return _ask(
        "SELECT * FROM payment WHERE branch_id = 1 AND at >= :begins AND at < :ends",
        begins=_DAY[0],
        ends=_DAY[1],
    )


TENDERS = {
    "cash": "Cash",
    "card": "Bank card",
    "wechat": "WeChat Pay",
    "alipay": "Alipay",
    "transfer": "Bank transfer",
    "insurer": "Insurer pays",
    "manufacturer": "Manufacturer pays",
}


def test_the_days_close_adds_up_each_tender(manager: FlaskClient) -> None:
    # given
    payments = _day_payments()
    page = reading.read(manager, "/settlement/day")
    rows = {cells[0]: cells[1:] for cells in reading.table(page, "By tender").cells}
    # then: a line for each tender that moved money
    used = {payment["tender"] for payment in payments}
    assert set(rows) == {TENDERS[each] for each in used} | {"Paid by", "Total"}
    for tender in used:
        _check_tender(rows[TENDERS[tender]], [p for p in payments if p["tender"] == tender])
    _check_tender(rows["Total"], payments)
    assert "¥30.50" in rows["Cash"][2]
    # then: each entry
    shown = sorted(reading.fen(row["Amount"]) for row in reading.rows(page, "Every entry"))
    assert shown == sorted(payment["amount_fen"] for payment in payments)


def _check_tender(cells: list[str], payments: list[dict[str, Any]]) -> None:
    amounts = [payment["amount_fen"] for payment in payments]
    assert int(cells[0]) == len(amounts)
    assert reading.fen(cells[1]) == sum(fen for fen in amounts if fen > 0)
    returned = -sum(fen for fen in amounts if fen < 0)
    assert cells[2] == "—" if returned == 0 else reading.fen(cells[2]) == returned
    assert reading.fen(cells[3]) == sum(amounts)


def test_todays_tenders_beside_the_list_are_those_of_the_days_close(manager: FlaskClient) -> None:
    rows = reading.table(reading.read(manager, "/settlement"), "Today by tender").cells
    payments = _day_payments()
    total = next(cells for cells in rows if cells[0] == "Total")
    assert int(total[1]) == len(payments)
    assert reading.fen(total[2]) == sum(payment["amount_fen"] for payment in payments)


def test_what_was_settled_today_is_listed_with_what_the_customer_paid(manager: FlaskClient) -> None:
    page = reading.read(manager, "/settlement")
    bills = _ask(
        "SELECT no, id FROM settlement WHERE branch_id = 1 AND settled_at >= :begins"
        " AND settled_at < :ends",
        begins=_DAY[0],
        ends=_DAY[1],
    )
    rows = {row["Number"]: row for row in reading.rows(page, "Settled")}
    assert set(rows) == {bill["no"] for bill in bills}
    assert reading.counts(page)["Settled today"] == len(bills)
    for bill in bills:
        lines = _ask("SELECT * FROM settlement_line WHERE settlement_id = :id", id=bill["id"])
        mine = [line["total_fen"] for line in lines if line["payer"] == "customer"]
        assert reading.fen(rows[bill["no"]]["Amount"]) == sum(mine)


def test_what_is_still_owed(manager: FlaskClient) -> None:
    """Each bill that counts, less what came in and the deposits of old parts that are here."""
    rows = reading.rows(reading.read(manager, "/settlement/owed"), "Still to come in")
    owed = {_order_and_payer(row): reading.fen(row["Still open"]) for row in rows}
    wanted: dict[tuple[str, str], int] = {}
    for order in _ask(
        "SELECT o.id, o.no FROM settlement s JOIN repair_order o ON o.id = s.order_id"
        " WHERE s.branch_id = 1 AND s.kind = 'normal' AND s.state <> 'reversed'"
    ):
        bill = _bill(order["id"])
        mine = bill["total"] - _received(order["id"]) - _deposits_back(order["id"])
        wanted[order["no"], "Customer"] = mine
        for payer, account in (("warranty", "manufacturer"), ("insurance", "insurer")):
            claimed = bill["payers"].get(payer, 0)
            wanted[order["no"], account.capitalize()] = claimed - _received(order["id"], account)
    assert owed == {key: fen for key, fen in wanted.items() if fen > 0}
    credit, claim = _order("挂账"), _order("厂家索赔")
    assert {owed[credit["no"], "Customer"], owed[claim["no"], "Manufacturer"]} == {
        10_000,
        62_000 - 12_345,
    }


def _order_and_payer(row: dict[str, str]) -> tuple[str, str]:
    return re.findall(r"RO[\d-]+", row["Vehicle"])[0], row["From"]


def test_the_settlement_list_on_paper(manager: FlaskClient) -> None:
    for concern in CONCERNS:
        order = _order(concern)
        bill, received = _bill(order["id"]), _received(order["id"])
        answer = manager.get(f"/orders/{order['no']}/settlement/list.pdf")
        paper = re.sub(r" +", " ", read_pdf(answer.get_data()))
        for label, due in (
            ("Sales without tax", bill["net"]),
            ("Output tax", bill["tax"]),
            ("Total", bill["total"]),
        ):
            found = re.search(rf"^ ?{label} (\S+)", paper, re.MULTILINE)
            assert found is not None, (concern, label, paper)
            assert reading.fen(found[1]) == due, (concern, label)
        found = re.search(r"Received (\S+), still open (\S+)\.", paper)
        assert found is not None, concern
        assert reading.fen(found[1]) == received, concern
        assert reading.fen(found[2]) == bill["total"] - received, concern


def test_a_red_letter_on_paper_takes_everything_back(manager: FlaskClient) -> None:
    order = _order("红字")
    (red,) = _ask("SELECT id FROM settlement WHERE order_id = :id AND kind = 'red'", id=order["id"])
    address = f"/orders/{order['no']}/settlement/list.pdf?document={red['id']}"
    paper = re.sub(r" +", " ", read_pdf(manager.get(address).get_data()))
    found = re.search(r"^ ?Total (\S+)", paper, re.MULTILINE)
    assert found is not None
    assert reading.fen(found[1]) == -20_005
