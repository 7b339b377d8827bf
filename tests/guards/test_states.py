"""What raw SQL may write to a document in each of its states, from tables of this test's own."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.databases import Database
from tests.factories import AT
from tests.guards.rows import ANOTHER, change, put_apart, read, refused, rolled_back, table_of
from workshop.db import session

LATER = AT + timedelta(minutes=30)


@dataclass(frozen=True)
class Document:
    """The states of a table, with what a row has beside each, and the steps that are refused.

    A step writes the state alone. What is no step of `refused` is taken.
    """

    table: str
    states: dict[str, dict[str, Any]]
    refused: dict[str, str]
    words: str
    column: str = "state"


DOCUMENTS = (
    # A credit may still be paid; everything but a reversed bill may be reversed, and that for good.
    Document(
        "settlement",
        {"open": {}, "paid": {}, "credited": {}, "reversed": {}},
        {
            "paid": "open credited",
            "credited": "open",
            "reversed": "open paid credited",
        },
        "settled:settlement",
    ),
    # None is signed without its moment.
    Document(
        "quotation",
        {"draft": {}, "offered": {}, "signed": {"signed_at": AT}, "declined": {}, "superseded": {}},
        {
            "draft": "signed",
            "offered": "signed",
            "declined": "signed",
            "superseded": "signed",
        },
        "ck_quotation_signed_at",
    ),
    # Who arrived did so at some time, and what became an order names it.
    Document(
        "appointment",
        {
            "requested": {},
            "confirmed": {},
            "arrived": {"arrived_at": AT},
            "converted": {"arrived_at": AT, "order_id": ANOTHER},
            "rescheduled": {},
            "cancelled": {},
            "no_show": {},
        },
        {
            "requested": "arrived converted",
            "confirmed": "arrived converted",
            "arrived": "converted",
            "rescheduled": "arrived converted",
            "cancelled": "arrived converted",
            "no_show": "arrived converted",
        },
        "ck_appointment_(arrived|converted)",
        column="status",
    ),
    # An answer has its time, and a question that waits has none.
    Document(
        "more_time",
        {
            "open": {},
            "granted": {"answered_at": AT},
            "left": {"answered_at": AT},
            "replaced": {"answered_at": AT},
        },
        {
            "open": "granted left replaced",
            "granted": "open",
            "left": "open",
            "replaced": "open",
        },
        "ck_more_time_answered",
    ),
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.table)
def test_a_document_goes_from_state_to_state(
    database: Database, document: Document, subtests: pytest.Subtests
) -> None:
    for before, after in itertools.permutations(document.states, 2):
        with subtests.test(f"{before} to {after}"), rolled_back():
            row = put_apart(document.table, **document.states[before], **{document.column: before})
            if after in document.refused.get(before, "").split():
                with refused(document.words):
                    change(document.table, row, **{document.column: after})
            else:
                change(document.table, row, **{document.column: after})


# ---- What was signed, and what was settled, stays as it was ----

SIGNED = {
    "order_id": ANOTHER,
    "no": "Q-2",
    "version_no": 9,
    "kind": "addition",
    "total_fen": 9,
    "offered_promise_at": LATER,
    "signed_at": LATER,
    "signer_name": "李",
    "signature_id": ANOTHER,
    "channel": "phone",
    "evidence": "电话录音",
    "device": "平板",
}
SETTLED = {
    "order_id": ANOTHER,
    "no": "ST-2",
    "version_no": 9,
    "kind": "red",
    "authorised_fen": 900,
    "total_fen": 9,
    "customer_fen": -9,
    "labour_fen": 9,
    "parts_fen": 9,
    "other_fen": 9,
    "discount_fen": 9,
    "tax_fen": 9,
    "made_at": LATER,
    "reverses_id": ANOTHER,
}


def test_a_signature_freezes_the_terms_in_whatever_state(
    database: Database, subtests: pytest.Subtests
) -> None:
    states = ("draft", "offered", "signed", "declined", "superseded")
    for state, is_signed in itertools.product(states, (False, True)):
        if state == "signed" and not is_signed:
            continue
        with subtests.test(f"{state} {is_signed}"), rolled_back():
            row = put_apart("quotation", state=state, **({"signed_at": AT} if is_signed else {}))
            for name, value in SIGNED.items():
                _try(is_signed, "signed:quotation", "quotation", row, {name: value})
            _try_to_delete(is_signed, "signed:quotation", "quotation", row)


def test_a_settled_bill_keeps_its_figures(database: Database, subtests: pytest.Subtests) -> None:
    for state in ("open", "paid", "credited", "reversed"):
        is_locked = state != "open"
        with subtests.test(state), rolled_back():
            row = put_apart("settlement", state=state, discount_by_id=...)
            for name, value in SETTLED.items():
                # While it is open, only the rules about one row hold.
                if is_locked or name not in {"kind", "reverses_id"}:
                    _try(is_locked, "settled:settlement", "settlement", row, {name: value})
            # No bill is ever deleted.
            _try_to_delete(True, "settled:settlement", "settlement", row)


def _try(is_refused: bool, words: str, table: str, row: int, values: dict[str, Any]) -> None:
    if is_refused:
        with refused(words):
            change(table, row, **values)
        return
    with rolled_back():
        change(table, row, **values)


def _try_to_delete(is_refused: bool, words: str, table: str, row: int) -> None:
    statement = table_of(table).delete().where(table_of(table).c.id == row)
    if is_refused:
        with refused(words):
            session.execute(statement)
        return
    with rolled_back():
        session.execute(statement)


@pytest.mark.parametrize(
    ("table", "parent", "dead"),
    [
        ("quotation_line", "quotation", {"signed_at": AT, "state": "signed"}),
        ("quotation_line", "quotation", {"signed_at": AT, "state": "superseded"}),
        ("settlement_line", "settlement", {"state": "paid"}),
        ("settlement_line", "settlement", {"state": "credited"}),
        ("settlement_line", "settlement", {"state": "reversed"}),
    ],
)
def test_the_lines_are_frozen_with_their_document(
    database: Database, table: str, parent: str, dead: dict[str, Any]
) -> None:
    # given: a line each of an open document and of one that is not
    words = f"(signed|settled):{table}"
    line, free = put_apart(table), put_apart(table)
    above = read(table, line, [f"{parent}_id"])[f"{parent}_id"]
    with rolled_back():
        put_apart(table, **{f"{parent}_id": above}, position=7)
        change(table, line, title_zh="另一项")
        _try_to_delete(False, words, table, line)
    # when
    change(parent, above, **dead)
    # then
    with refused(words):
        put_apart(table, **{f"{parent}_id": above}, position=7)
    with refused(words):
        change(table, line, title_zh="另一项")
    with refused(words):
        change(table, line, **{f"{parent}_id": ANOTHER})
    _try_to_delete(True, words, table, line)
    change(table, free, title_zh="另一项")


# ---- What is only ended, and that once ----

ENDED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "job_hold": (
        {"released_at": AT, "released_by_id": ...},
        {
            "job_id": ANOTHER,
            "day": AT.date() - timedelta(days=400),
            "reason": "support",
            "note": "另一句",
            "held_at": LATER,
            "held_by_id": ANOTHER,
        },
    ),
    "day_close": (
        {"reopened_at": AT, "reopened_by_id": ..., "reopen_reason": "补做"},
        {
            "branch_id": ANOTHER,
            "day": AT.date() - timedelta(days=400),
            "begins_at": AT - timedelta(hours=1),
            "ends_at": AT + timedelta(hours=9),
            "finished": 9,
            "carried": 9,
            "held": 9,
            "closed_at": LATER,
            "closed_by_id": ANOTHER,
        },
    ),
    "attendance": (
        {"ended_at": LATER, "ended_by_id": ...},
        {
            "technician_id": ANOTHER,
            "started_at": AT - timedelta(minutes=1),
            "made_at": LATER,
            "made_by_id": ANOTHER,
            "reason": "另一句",
        },
    ),
    "attendance_break": (
        {"ended_at": LATER},
        {"started_at": AT + timedelta(minutes=1), "attendance_id": ANOTHER},
    ),
}


@pytest.mark.parametrize("table", ENDED)
def test_it_is_ended_once_and_nothing_else_changes(database: Database, table: str) -> None:
    end, others = ENDED[table]
    words = f"(append-only|frozen):{table}"
    row = put_apart(table)
    for name, value in others.items():
        with refused(words):
            change(table, row, **{name: value})
        # Nor together with its end.
        with refused(words):
            change(table, row, **end, **{name: value})
    _try_to_delete(True, words, table, row)
    # when
    change(table, row, **end)
    # then: it is neither opened again nor ended at another time
    ends = next(iter(end))
    empty = {name: "" if name == "reopen_reason" else None for name in end}
    with refused(words):
        change(table, row, **empty)
    with refused(words):
        change(table, row, **{ends: LATER + timedelta(minutes=5)})
    _try_to_delete(True, words, table, row)


def test_a_stay_that_was_replaced_is_touched_no_more(database: Database) -> None:
    row = put_apart("attendance")
    change("attendance", row, replaced_at=AT)
    for values in (
        {"replaced_at": None},
        {"replaced_at": LATER},
        {"ended_at": LATER, "ended_by_id": ...},
        {"is_end_assumed": True},
    ):
        with refused("frozen:attendance"):
            change("attendance", row, **values)


# ---- What the database should refuse and does not yet ----

NOT_YET: tuple[tuple[str, str, dict[str, Any], dict[str, Any]], ...] = (
    # What was signed may only be superseded: otherwise it could be signed a second time.
    *(
        (f"signed_{state}", "quotation", {"state": "signed", "signed_at": AT}, {"state": state})
        for state in ("draft", "offered", "declined")
    ),
    # Who clocked a person out, and whether the end was a guess, is part of what was clocked.
    (
        "clocked_out_by",
        "attendance",
        {"ended_at": LATER, "ended_by_id": ...},
        {"ended_by_id": ANOTHER},
    ),
    (
        "assumed_end",
        "attendance",
        {"ended_at": LATER, "ended_by_id": ...},
        {"is_end_assumed": True},
    ),
    # A credit is decided once, by one person.
    (
        "decided_credit",
        "credit_request",
        {"approved": False, "decided_at": AT, "decided_by_id": ANOTHER},
        {"approved": True},
    ),
    ("decided_by_nobody", "credit_request", {}, {"approved": True, "decided_at": AT}),
    # A case that is closed has its second call, whatever its columns say.
    ("closed_case", "case", {}, {"state": "closed"}),
    # A car left the yard once.
    ("let_out_again", "gate_pass", {"left_at": AT, "left_by_id": ...}, {"left_at": LATER}),
    # A piece that was issued or given back is not held again.
    ("reservation_again", "reservation", {"state": "released"}, {"state": "held"}),
)


@pytest.mark.xfail(reason="no guard of the database says so yet", strict=True)
@pytest.mark.parametrize(
    ("table", "before", "after"),
    [each[1:] for each in NOT_YET],
    ids=[each[0] for each in NOT_YET],
)
def test_the_database_does_not_refuse_yet(
    database: Database, table: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    row = put_apart(table, **before)
    with refused("constraint|append-only|frozen|signed|settled"):
        change(table, row, **after)
