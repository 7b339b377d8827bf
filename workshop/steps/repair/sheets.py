"""The floor at a glance, and the clocks to confirm, as lists that may be taken along."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet
from workshop.orders import columns
from workshop.orders.models import RepairOrder
from workshop.steps.repair import overview
from workshop.steps.repair.clocks import forgotten

_ORDER = (
    *columns.car(lambda order: order),
    Column(N_("Concern"), lambda order: order.concern),
    columns.advisor(lambda order: order),
    Column(N_("Promised time"), lambda order: order.promised_at),
)


def _final(asked: Asked) -> list[RepairOrder]:
    return overview.list_waiting_for_final(asked.branch.id, asked.by)


def _floor(
    name: str,
    label: str,
    more: tuple[Column, ...],
    rows: Callable[[Asked], Iterable[Any]],
) -> ListSheet:
    return ListSheet(name, label, "repair.index", more, rows)


SHEETS = (
    _floor(
        "to-check",
        N_("Waiting for the quality check"),
        _ORDER,
        lambda asked: overview.list_waiting_for_quality(asked.branch.id),
    ),
    _floor("to-check-finally", N_("Waiting for the final check"), _ORDER, _final),
    _floor(
        "work-done",
        N_("All work answered and done"),
        _ORDER,
        lambda asked: overview.list_with_nothing_left(asked.branch.id),
    ),
    _floor(
        "additions",
        N_("Additional work waiting for price or consent"),
        (
            *columns.car(lambda row: row.order),
            Column(N_("Urgency"), lambda row: row.urgency),
            Column(N_("Finding"), lambda row: row.finding),
            Column(N_("Asked"), lambda row: row.requested_at),
            Column(N_("By"), lambda row: row.by.display_name),
            Column(N_("State"), lambda row: row.state),
        ),
        lambda asked: overview.list_open_additions(asked.branch.id),
    ),
    _floor(
        "rework",
        N_("Internal rework"),
        (
            *columns.car(lambda row: row[0]),
            Column(N_("Rework order"), lambda row: row[1].no),
            Column(N_("Begun"), lambda row: row[1].opened_at),
            Column(N_("By"), lambda row: row[1].opened_by.display_name),
            Column(N_("What must be mended"), lambda row: row[1].complaint),
            Column(N_("Cause"), lambda row: row[1].cause),
        ),
        lambda asked: overview.list_rework(asked.branch.id),
    ),
    _floor(
        "running",
        N_("Clocks running"),
        (
            *columns.car(lambda row: row.session.job.order),
            Column(N_("Job"), lambda row: row.session.job),
            Column(N_("Technician"), lambda row: row.session.technician.name),
            Column(N_("Helps"), lambda row: row.helper and row.helper.name),
            Column(N_("Clocked minutes"), lambda row: row.clocked_minutes),
            Column(N_("Book minutes"), lambda row: row.session.job.book_minutes),
            Column(N_("Minutes over"), lambda row: row.over_minutes),
            Column(N_("Six points"), lambda row: row.points),
            Column(N_("Promised time"), lambda row: row.session.job.order.promised_at),
        ),
        lambda asked: overview.list_running(asked.branch.id, asked.at),
    ),
    _floor(
        "paused",
        N_("Paused"),
        (
            *columns.car(lambda row: row.job.order),
            Column(N_("Job"), lambda row: row.job),
            Column(N_("Technician"), lambda row: row.technician.name),
            Column(N_("Reason"), lambda row: row.pause_reason),
            Column(N_("Since"), lambda row: row.ended_at),
        ),
        lambda asked: overview.list_paused(asked.branch.id),
    ),
    ListSheet(
        "clocks",
        N_("Clocks to confirm"),
        "repair.clocks",
        (
            *columns.car(lambda row: row.job.order),
            Column(N_("Job"), lambda row: row.job),
            Column(N_("Technician"), lambda row: row.technician.name),
            Column(N_("Begun"), lambda row: row.started_at),
            Column(N_("End assumed"), lambda row: row.ended_at),
        ),
        lambda asked: forgotten.list_unconfirmed(asked.branch),
    ),
)
