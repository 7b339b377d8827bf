"""Reading for the step."""

from __future__ import annotations

from sqlalchemy import select
from workshop.steps.interior.models import InteriorCleaning

from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.shop.models import Branch


def find_cleaning(order: RepairOrder) -> InteriorCleaning | None:
    """The record of the order, if its car was cleaned inside."""
    query = select(InteriorCleaning).where(InteriorCleaning.order_id == order.id)
    return session.scalars(query).one_or_none()


def list_to_clean(branch: Branch) -> list[RepairOrder]:
    """The cars that are cleaned inside now."""
    query = select(RepairOrder).where(
        RepairOrder.branch_id == branch.id, RepairOrder.stage == Stage.INTERIOR
    )
    return list(session.scalars(query.order_by(RepairOrder.id)))
