"""Calls and cases as lists that may be taken along."""

from __future__ import annotations

from typing import Any

from workshop.cases import gates as cases_gates
from workshop.cases import service as cases
from workshop.cases.models import Case
from workshop.customers import shown
from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet, Msgid
from workshop.orders import columns
from workshop.steps.followup import queries
from workshop.steps.followup.models import FollowUp, FollowUpResult


def _said(asked: Asked) -> list[tuple[FollowUp, FollowUpResult | None]]:
    finished = queries.list_finished(asked.branch.id, None)
    return [(each, queries.find_result(each)) for each in finished]


def _needs(case: Case) -> Msgid | None:
    missing = cases_gates.missing_to_close(case)
    return Msgid(missing) if missing else None


def _plate(case: Case) -> str | None:
    return case.order.vehicle.called if case.order else None


def _answer(of: Any) -> Any:
    return lambda row: of(row[1]) if row[1] else None


_CASE = (
    Column(N_("Case"), lambda case: case.no),
    Column(N_("Kind"), lambda case: case.kind),
    Column(N_("State"), lambda case: case.state),
    Column(N_("Customer"), lambda case: case.customer.name),
    Column(N_("Plate"), _plate),
    Column(N_("About"), lambda case: case.topic),
    Column(N_("In words"), lambda case: case.summary),
    Column(N_("Owner"), lambda case: case.owner.display_name),
    Column(N_("Opened"), lambda case: case.opened_at),
)

SHEETS = (
    ListSheet(
        "followups",
        N_("Calls"),
        "followup.index",
        (
            Column(N_("Call at"), lambda row: row.planned_at),
            *columns.car(lambda row: row.order),
            Column(N_("Customer"), lambda row: row.order.customer.name),
            Column(N_("Contact"), lambda row: row.order.reach.name),
            Column(N_("Phone"), lambda row: shown.phone(row.order.reach.phone)),
            Column(N_("Served by"), lambda row: row.order.advisor.display_name),
            Column(N_("Delivered"), lambda row: row.order.delivered_at),
            Column(N_("Days tried"), queries.count_days_tried),
        ),
        lambda asked: queries.list_planned(asked.branch.id),
    ),
    ListSheet(
        "called",
        N_("Calls made"),
        "followup.index",
        (
            *columns.car(lambda row: row[0].order),
            Column(N_("Customer"), lambda row: row[0].order.customer.name),
            Column(N_("Result"), lambda row: row[0].state),
            Column(N_("Fixed"), _answer(lambda said: said.is_fixed)),
            Column(N_("Recommends us (0 to 10)"), _answer(lambda said: said.recommendation)),
            Column(N_("Said"), _answer(lambda said: said.words)),
            Column(N_("Case opened"), _answer(lambda said: said.case_id is not None)),
            Column(N_("Closed"), lambda row: row[0].closed_at),
        ),
        _said,
    ),
    ListSheet(
        "cases",
        N_("Open cases"),
        "followup.cases",
        (
            Column(N_("Due"), lambda case: case.due_at),
            *_CASE,
            Column(N_("Still needs"), _needs),
        ),
        lambda asked: cases.list_open(asked.branch.id),
    ),
    ListSheet(
        "closed-cases",
        N_("Closed cases"),
        "followup.cases",
        (
            *_CASE,
            Column(N_("Cause"), lambda case: case.cause),
            Column(N_("Remedy"), lambda case: case.remedy),
            Column(N_("Verdict"), lambda case: case.verdict),
            Column(N_("Closed"), lambda case: case.closed_at),
        ),
        lambda asked: cases.list_closed(asked.branch.id, None),
    ),
)
