"""Nothing overlaps, from both sides to the minute, whichever way a row comes to stand there.

All times are minutes after ten o'clock; what is there already takes 0 to 60.
"""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.databases import Database
from tests.factories import AT
from tests.guards.rows import ANOTHER, change, put, put_apart, read, refused, rolled_back
from workshop import db
from workshop.db import session

Span = tuple[int, int | None]

OVERLAPPING: dict[str, Span] = {
    "equal": (0, 60),
    "contained": (20, 40),
    "containing": (-20, 80),
    "from the same start": (0, 20),
    "to the same end": (40, 60),
    "one minute at its front": (-30, 1),
    "one minute at its end": (59, 90),
}
APART: dict[str, Span] = {
    "up to its front": (-30, 0),
    "from its end on": (60, 90),
    "long before": (-300, -240),
    "long after": (300, 360),
}


def at(minutes: int) -> Any:
    return AT + timedelta(minutes=minutes)


# ---- A technician, a bay: the buffer of a quarter of an hour counts (N1) ----


def place(span: Span) -> dict[str, Any]:
    """An allocation whose work and buffer take the span."""
    begin, end = span
    assert end is not None
    return {
        "starts_at": at(begin),
        "ends_at": at(max(begin + 1, end - 15)),
        "blocked_until": at(end),
    }


@pytest.mark.parametrize("what", ["technician", "bay"])
def test_nobody_and_no_bay_has_two_cars_at_a_time(
    database: Database, what: str, subtests: pytest.Subtests
) -> None:
    # given
    column, words = f"{what}_id", f"overlap:{what}|ex_allocation_{what}_overlap"
    there = put_apart("allocation", **place((0, 60)), bay_id=ANOTHER)
    same = read("allocation", there, [column])
    elsewhere = put_apart("allocation", **place((0, 60)), bay_id=ANOTHER)
    later = put_apart("allocation", **place((1000, 1060)), **same)
    for name, span in OVERLAPPING.items():
        with subtests.test(name):
            # then: not as a new row, not moved in time, not taken over, not brought back to life
            with refused(words):
                put_apart("allocation", **place(span), **same)
            with refused(words):
                change("allocation", later, **place(span))
            with rolled_back():
                change("allocation", elsewhere, **place(span))
                with refused(words):
                    change("allocation", elsewhere, **same)
            for status in ("planned", "done"):
                with rolled_back():
                    dead = put_apart("allocation", **place(span), **same, status="cancelled")
                    with refused(words):
                        change("allocation", dead, status=status)
            # then: it holds of work that is done as well
            with refused(words):
                put_apart("allocation", **place(span), **same, status="done")
    for name, span in APART.items():
        with subtests.test(name), rolled_back():
            put_apart("allocation", **place(span), **same)
        with subtests.test(name), rolled_back():
            change("allocation", later, **place(span))


def test_who_is_cancelled_is_in_nobodys_way(database: Database) -> None:
    there = put_apart("allocation", **place((0, 60)), bay_id=ANOTHER, status="cancelled")
    same = read("allocation", there, ["technician_id", "bay_id"])
    put_apart("allocation", **place((0, 60)), **same)
    with refused("overlap:|_overlap"):
        change("allocation", there, status="planned")


def test_an_allocation_is_no_longer_than_a_day(database: Database) -> None:
    # The guards look back one day and no further.
    day, words = 24 * 60, "longer than a day|ck_allocation_short"
    second = timedelta(seconds=1)
    kept = put_apart("allocation", **place((0, day)))
    longer = place((0, day)) | {"blocked_until": at(day) + second}
    with refused(words):
        put_apart("allocation", **longer)
    with refused(words):
        change("allocation", kept, **longer)
    # The longest one is still seen at its very end.
    same = read("allocation", kept, ["technician_id"])
    with refused("overlap:technician|ex_allocation_technician"):
        put_apart("allocation", **place((day - 1, day + 60)), **same)
    put_apart("allocation", **place((day, day + 60)), **same)


# ---- Who is away ----


def test_nobody_is_away_twice_at_one_moment(database: Database, subtests: pytest.Subtests) -> None:
    there = put_apart("absence", starts_at=at(0), ends_at=at(60))
    same, words = read("absence", there, ["user_id"]), "overlap:absence|ex_absence_overlap"
    later = put_apart("absence", starts_at=at(600), ends_at=at(660), **same)
    for name, (begin, end) in OVERLAPPING.items():
        span = {"starts_at": at(begin), "ends_at": at(end or 0)}
        with subtests.test(name), rolled_back():
            with refused(words):
                put_apart("absence", **span, **same)
            with refused(words):
                change("absence", later, **span)
            # somebody else's, and one that was called off, are in nobody's way
            put_apart("absence", **span, user_id=ANOTHER)
            put_apart("absence", starts_at=at(begin), ends_at=at(begin), **same)
    for name, (begin, end) in APART.items():
        with subtests.test(name), rolled_back():
            put_apart("absence", starts_at=at(begin), ends_at=at(end or 0), **same)


# ---- Who helps ----


def _help(lead: int, **values: Any) -> dict[str, Any]:
    of_lead = read("allocation", lead, ["branch_id", "job_id", "starts_at", "ends_at"])
    of_lead |= read("allocation", lead, ["blocked_until", "status"])
    bound = {"role": "assistant", "lead_id": lead, "lead_starts_at": of_lead["starts_at"]}
    return of_lead | bound | {"share_percent": 30} | values


def test_one_helps_at_a_time(database: Database) -> None:
    lead = put_apart("allocation")
    put_apart("allocation", **_help(lead))
    words = r"uq_allocation_live_assistant|UNIQUE constraint failed: allocation.lead_id"
    with refused(words):
        put_apart("allocation", **_help(lead))
    for status in ("done", "cancelled"):
        over = put_apart("allocation", **_help(lead, status=status, lead_starts_at=None))
        with refused(words):
            change("allocation", over, status="planned", lead_starts_at=AT)


@pytest.mark.parametrize(
    "differs",
    [
        {"job_id": ANOTHER},
        {"ends_at": at(40)},
        {"blocked_until": at(61)},
        {"lead_starts_at": at(-1)},
        {"status": "done"},
    ],
    ids=lambda each: next(iter(each)),
)
def test_who_helps_keeps_to_the_leads_job_and_end(
    database: Database, differs: dict[str, Any]
) -> None:
    lead = put_apart("allocation")
    put_apart("allocation", **_help(lead))
    session.commit()
    put_apart("allocation", **_help(put_apart("allocation"), **differs))
    with pytest.raises(sa.exc.IntegrityError, match=r"FOREIGN KEY|fk_allocation_team"):
        session.commit()
    db.rollback()


# ---- The time clock ----


def stay(span: Span) -> dict[str, Any]:
    begin, end = span
    ended = {"ended_at": at(end), "ended_by_id": ...} if end is not None else {}
    return {"started_at": at(begin), **ended}


def pause(span: Span) -> dict[str, Any]:
    begin, end = span
    return {"started_at": at(begin), "ended_at": at(end) if end is not None else None}


OPEN_OVERLAPPING: dict[str, Span] = {"open before it": (-1, None), "open in it": (59, None)}
OPEN_APART: dict[str, Span] = {"open from its end on": (60, None)}
_HERE_TWICE = r"overlap:attendance\b|ex_attendance_overlap|uq_attendance_open"
_BREAK_TWICE = r"overlap:attendance_break\b|ex_attendance_break_overlap|uq_attendance_break_open"


def test_nobody_is_here_twice(database: Database, subtests: pytest.Subtests) -> None:
    there = put_apart("attendance", **stay((0, 60)))
    same = read("attendance", there, ["technician_id"])
    for name, span in (OVERLAPPING | OPEN_OVERLAPPING).items():
        with subtests.test(name):
            with refused(_HERE_TWICE):
                put_apart("attendance", **stay(span), **same)
            with rolled_back():
                put_apart("attendance", **stay(span), **same, replaced_at=AT)
    for name, span in (APART | OPEN_APART).items():
        with subtests.test(name), rolled_back():
            put_apart("attendance", **stay(span), **same)
    with subtests.test("in the place of one that was replaced"):
        change("attendance", there, replaced_at=AT)
        put_apart("attendance", **stay((0, 60)), **same)


def test_who_is_here_still_comes_no_second_time(
    database: Database, subtests: pytest.Subtests
) -> None:
    there = put_apart("attendance", **stay((0, None)))
    same = read("attendance", there, ["technician_id"])
    for span in ((-30, 1), (0, 1), (5, 6), (600, 660), (-30, None), (30, None)):
        with subtests.test(str(span)), refused(_HERE_TWICE):
            put_apart("attendance", **stay(span), **same)
    put_apart("attendance", **stay((-30, 0)), **same)


def test_nobody_has_two_breaks_at_once(database: Database, subtests: pytest.Subtests) -> None:
    # given: a long stay with one break
    whole = put_apart("attendance", started_at=at(-1000))
    of = {"attendance_id": whole}
    put("attendance_break", **pause((0, 60)), **of)
    for name, span in (OVERLAPPING | OPEN_OVERLAPPING).items():
        with subtests.test(name), refused(_BREAK_TWICE):
            put("attendance_break", **pause(span), **of)
    for name, span in (APART | OPEN_APART).items():
        with subtests.test(name), rolled_back():
            put("attendance_break", **pause(span), **of)
    with subtests.test("another's break"):
        put_apart("attendance_break", **pause((0, 60)))


def test_a_break_lies_within_its_stay(database: Database) -> None:
    words = "order:attendance_break"
    over = {"attendance_id": put_apart("attendance", **stay((0, 60)))}
    for span in ((-1, 10), (50, 61), (10, None), (60, 61), (-10, -5)):
        with refused(words):
            put("attendance_break", **pause(span), **over)
    with rolled_back():
        put("attendance_break", **pause((0, 60)), **over)
    # One that is still open ends with it at the latest.
    going_on = put_apart("attendance", **stay((0, None)))
    begun = put("attendance_break", **pause((10, None)), attendance_id=going_on)
    with refused("order:attendance"):
        change("attendance", going_on, ended_at=at(60), ended_by_id=...)
    change("attendance_break", begun, ended_at=at(30))
    with refused("order:attendance"):
        change("attendance", going_on, ended_at=at(29), ended_by_id=...)
    change("attendance", going_on, ended_at=at(30), ended_by_id=...)


# ---- Closed days ----

_CLOSED = "closed-day"
_INSIDE, _OUTSIDE = (0, 1, 59), (-1, 60, 61)


def closed(**values: Any) -> dict[str, Any]:
    return {"begins_at": at(0), "ends_at": at(60), **values}


def test_nothing_is_planned_into_a_closed_day(database: Database) -> None:
    # given
    day = put_apart("day_close", **closed())
    here = read("day_close", day, ["branch_id"])
    beside = put_apart("allocation", **place((300, 330)), **here)
    for start in _INSIDE:
        span = place((start, start + 30))
        with refused(_CLOSED):
            put_apart("allocation", **span, **here)
        with refused(_CLOSED):
            change("allocation", beside, **span)
        for status in ("done", "cancelled"):
            with rolled_back():
                dead = put_apart("allocation", **span, **here, status=status)
                with refused(_CLOSED):
                    change("allocation", dead, status="planned")
        with rolled_back():
            other = put_apart("allocation", **span)
            with refused(_CLOSED):
                change("allocation", other, **here)
    for start in _OUTSIDE:
        with rolled_back():
            put_apart("allocation", **place((start, start + 30)), **here)
    # when it is opened again
    change("day_close", day, reopened_at=AT, reopened_by_id=..., reopen_reason="补做")
    # then
    put_apart("allocation", **place((0, 30)), **here)


UNFINISHED_JOBS = {"waiting", "running", "paused"}
UNFINISHED_STAGES = {"authorised", "scheduled", "repair", "paused", "rework"}
JOB_STATES = (*sorted(UNFINISHED_JOBS), "done", "cancelled")
STAGES = (
    *sorted(UNFINISHED_STAGES),
    *("reception", "inspected", "quoted", "quality_check", "final_check", "wash", "settlement"),
    *("settled", "ready", "delivered", "followed_up", "closed", "declined", "cancelled"),
)


def test_no_day_is_closed_over_unfinished_work(
    database: Database, subtests: pytest.Subtests
) -> None:
    for state, stage in itertools.product(JOB_STATES, STAGES):
        is_open = state in UNFINISHED_JOBS and stage in UNFINISHED_STAGES
        with subtests.test(f"{state} {stage}"), rolled_back():
            _try_to_close(0, is_open, state=state, stage=stage)


@pytest.mark.parametrize(("start", "is_inside"), [(-1, False), (0, True), (59, True), (60, False)])
def test_a_day_is_closed_from_midnight_to_midnight(
    database: Database, start: int, is_inside: bool
) -> None:
    _try_to_close(start, is_inside, state="waiting", stage="repair")


@pytest.mark.parametrize("status", ["done", "cancelled"])
def test_what_is_planned_no_more_keeps_no_day_open(database: Database, status: str) -> None:
    _try_to_close(0, False, state="waiting", stage="repair", status=status)


def test_another_branch_keeps_no_day_open(database: Database) -> None:
    put_apart("allocation", **place((0, 30)), job_id=_job("waiting", "repair"))
    put_apart("day_close", **closed())


def _job(state: str, stage: str) -> int:
    return put_apart("job", state=state, order_id=put_apart("repair_order", stage=stage))


def _try_to_close(
    start: int, is_refused: bool, *, state: str, stage: str, status: str = "planned"
) -> None:
    job = _job(state, stage)
    planned = put_apart("allocation", **place((start, start + 30)), job_id=job, status=status)
    here = read("allocation", planned, ["branch_id"])
    if not is_refused:
        put_apart("day_close", **closed(), **here)
        return
    with refused("unfinished-day"):
        put_apart("day_close", **closed(), **here)
