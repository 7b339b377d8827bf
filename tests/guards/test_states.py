"""What raw SQL may write to a document in each of its states, from tables of this test's own."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.databases import Database
from tests.factories import AT
from tests.guards import listed
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
    # None is signed without its moment, and what was signed is only superseded.
    Document(
        "quotation",
        {"draft": {}, "offered": {}, "signed": {"signed_at": AT}, "declined": {}, "superseded": {}},
        {
            "draft": "signed",
            "offered": "signed",
            "signed": "draft offered declined",
            "declined": "signed",
            "superseded": "signed",
        },
        "ck_quotation_signed_at|signed:quotation",
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
    # A case that is closed has its second call, and nobody opens it again.
    Document(
        "case",
        {
            "open": {},
            "acknowledged": {},
            "planned": {},
            "resolved": {},
            "closed": {"closed_at": AT, "second_call_at": AT},
        },
        {
            "open": "closed",
            "acknowledged": "closed",
            "planned": "closed",
            "resolved": "closed",
            "closed": "open acknowledged planned resolved",
        },
        "ck_case_closed|frozen:case",
    ),
    # A call has one end.
    Document(
        "follow_up",
        {"planned": {}, "answered": {}, "unreached": {}, "refused": {}},
        {
            "answered": "planned unreached refused",
            "unreached": "planned answered refused",
            "refused": "planned answered unreached",
        },
        "frozen:follow_up",
    ),
    # A list goes back and forth until it is closed or cancelled.
    Document(
        "pick_list",
        {
            "open": {},
            "partly_picked": {},
            "picked": {},
            "issued": {},
            "closed": {},
            "cancelled": {},
        },
        {
            "closed": "open partly_picked picked issued cancelled",
            "cancelled": "open partly_picked picked issued closed",
        },
        "frozen:pick_list",
    ),
    # No planner begins a second time on the same run, and an accepted plan is only undone.
    Document(
        "plan_run",
        {
            "running": {},
            "ready": {},
            "failed": {},
            "cancelled": {},
            "accepted": {},
            "partly_accepted": {},
            "undone": {},
            "outdated": {},
        },
        {
            "ready": "running",
            "failed": "running ready cancelled accepted partly_accepted undone outdated",
            "cancelled": "running ready failed accepted partly_accepted undone outdated",
            "accepted": "running ready failed cancelled partly_accepted outdated",
            "partly_accepted": "running ready failed cancelled outdated",
            "undone": "running ready failed cancelled accepted partly_accepted outdated",
            "outdated": "running ready failed cancelled accepted partly_accepted undone",
        },
        "frozen:plan_run",
    ),
    # A piece that was issued or let go is not held again.
    Document(
        "reservation",
        {"held": {}, "issued": {}, "released": {}},
        {"issued": "held released", "released": "held issued"},
        "frozen:reservation",
    ),
    # Whoever answers a proposal answers it once.
    Document(
        "time_change",
        {"open": {}, "confirmed": {}, "refused": {}, "withdrawn": {}},
        {
            "confirmed": "open refused withdrawn",
            "refused": "open confirmed withdrawn",
            "withdrawn": "open confirmed refused",
        },
        "frozen:time_change",
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
            for after in {*states} - {state, *(() if is_signed else ("signed",))}:
                is_refused = is_signed and after != "superseded"
                _try(is_refused, "signed:quotation", "quotation", row, {"state": after})


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


# ---- What was decided stays so ----

CLOSED = {"state": "closed", "closed_at": AT, "second_call_at": AT}
CLOCKED_OUT = {"ended_at": LATER, "ended_by_id": ...}
DECIDED = {"approved": False, "decided_at": AT, "decided_by_id": ANOTHER}
LEFT = {"left_at": AT, "left_by_id": ...}
NO_MORE: tuple[tuple[str, str, dict[str, Any], str, dict[str, Any]], ...] = (
    # What was signed may only be superseded: otherwise it could be signed a second time.
    *(
        (
            f"signed_{state}",
            "quotation",
            {"state": "signed", "signed_at": AT},
            "signed:quotation",
            {"state": state},
        )
        for state in ("draft", "offered", "declined")
    ),
    # Who clocked a person out, and whether the end was a guess, is part of what was clocked.
    ("clocked_out_by", "attendance", CLOCKED_OUT, "frozen:attendance", {"ended_by_id": ANOTHER}),
    ("assumed_end", "attendance", CLOCKED_OUT, "frozen:attendance", {"is_end_assumed": True}),
    # A credit is decided once, by one person.
    ("decided_credit", "credit_request", DECIDED, "frozen:credit_request", {"approved": True}),
    (
        "credit_to_decide_again",
        "credit_request",
        DECIDED,
        "frozen:credit_request",
        {"approved": None, "decided_at": None, "decided_by_id": None},
    ),
    ("more_credit", "credit_request", DECIDED, "frozen:credit_request", {"amount_fen": 9}),
    (
        "decided_by_nobody",
        "credit_request",
        {},
        "ck_credit_request_approved_by",
        {"approved": True, "decided_at": AT},
    ),
    # A case that is closed has its second call, whatever its columns say.
    ("closed_case", "case", {}, "ck_case_closed", {"state": "closed"}),
    (
        "case_opened_again",
        "case",
        CLOSED,
        "frozen:case",
        {"state": "acknowledged", "closed_at": None},
    ),
    # What the customer agreed to is not agreed again, and what was dropped stays so.
    ("dropped_take_off", "take_off", {"state": "dropped"}, "frozen:take_off", {"state": "asked"}),
    ("another_sum", "take_off", {"state": "dropped"}, "frozen:take_off", {"after_fen": 9}),
    # A car left the yard once.
    ("let_out_again", "gate_pass", LEFT, "frozen:gate_pass", {"left_at": LATER}),
    ("let_out_by", "gate_pass", LEFT, "frozen:gate_pass", {"left_by_id": ANOTHER}),
    ("not_let_out", "gate_pass", LEFT, "frozen:gate_pass", {"left_at": None, "left_by_id": None}),
    # A piece that was issued or given back is not held again.
    (
        "reservation_again",
        "reservation",
        {"state": "released"},
        "frozen:reservation",
        {"state": "held"},
    ),
    (
        "more_was_issued",
        "reservation",
        {"state": "issued"},
        "frozen:reservation",
        {"quantity_milli": 9},
    ),
    # A clock that was stopped does not run again, nor was it stopped at another time.
    ("clock_again", "work_session", {"ended_at": AT}, "frozen:work_session", {"ended_at": None}),
    ("clock_later", "work_session", {"ended_at": AT}, "frozen:work_session", {"ended_at": LATER}),
    (
        "clock_earlier",
        "work_session",
        {"ended_at": AT},
        "frozen:work_session",
        {"started_at": AT - timedelta(minutes=5)},
    ),
    # An answer keeps its words, and a call its end.
    (
        "answered_otherwise",
        "time_change",
        {"state": "refused"},
        "frozen:time_change",
        {"answer": "另一句"},
    ),
    (
        "called_later",
        "follow_up",
        {"state": "refused", "closed_at": AT},
        "frozen:follow_up",
        {"closed_at": LATER},
    ),
)


@pytest.mark.parametrize(
    ("table", "before", "words", "after"),
    [each[1:] for each in NO_MORE],
    ids=[each[0] for each in NO_MORE],
)
def test_what_was_decided_is_changed_no_more(
    database: Database, table: str, before: dict[str, Any], words: str, after: dict[str, Any]
) -> None:
    row = put_apart(table, **before)
    with refused(words):
        change(table, row, **after)


def test_what_is_decided_once_is_never_deleted(
    database: Database, subtests: pytest.Subtests
) -> None:
    for table in listed.DECIDED_ONCE:
        with subtests.test(table), rolled_back():
            _try_to_delete(True, f"frozen:{table}", table, put_apart(table))
