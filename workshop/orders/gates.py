"""Why an order may not be cancelled."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, Missing, Way
from workshop.orders.flow import Action, permits
from workshop.orders.models import Job, RepairOrder
from workshop.stock.models import StockEntry


def missing_stage(order: RepairOrder, action: Action) -> Missing:
    """The stage does not let it happen; a finished car leads to where it is taken back to work."""
    words = N_("“%(action)s” is not possible while the order is “%(stage)s”.")
    way = Way("handover.reopening", N_("Take it back to work"), {"no": order.no})
    is_finished = permits(order.stage, Action.REOPEN)
    values = {"action": action, "stage": order.stage}
    return Missing(words, "stage", values, way if is_finished else None)


def missing_to_cancel(order: RepairOrder) -> list[Missing]:
    """Why it may not be cancelled: parts that are out, work that has begun, money that is due.

    Source: domain.md step 8, the guards before an order is voided.
    """
    missing = []
    if not permits(order.stage, Action.CANCEL):
        missing.append(
            Missing(
                N_("An order that is “%(stage)s” cannot be cancelled any more."),
                "stage",
                {"stage": order.stage},
            )
        )
    if _has_started(order):
        missing.append(
            Missing(
                N_("Work has begun on this car. Finish it, or stop the order."),
                "started",
                way=Way("repair.change", N_("Change the work"), {"no": order.no}),
            )
        )
    if _has_parts_out(order):
        missing.append(
            Missing(
                N_("Parts are issued for this order. Have them returned first."),
                "parts_out",
                way=Way("parts.show", N_("Open the parts"), {"no": order.no}),
            )
        )
    return missing


def _has_started(order: RepairOrder) -> bool:
    query = select(Job.id).where(Job.order_id == order.id, Job.started_at.is_not(None)).limit(1)
    return session.scalar(query) is not None


def _has_parts_out(order: RepairOrder) -> bool:
    # Issues are negative in the ledger and returns positive, part by part.
    query = (
        select(StockEntry.part_id)
        .where(StockEntry.order_id == order.id)
        .group_by(StockEntry.part_id)
        .having(sa.func.sum(StockEntry.quantity_milli) < 0)
    )
    return session.scalars(query).first() is not None
