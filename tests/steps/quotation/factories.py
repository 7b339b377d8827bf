"""Quotations of the step, made through its services."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from tests.factories import (
    AT,
    make_bay,
    make_operation,
    make_order,
    make_part,
    make_rate,
    make_technician,
)
from workshop.catalogue.models import Operation, OperationPart
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.shop.models import Bay
from workshop.steps.quotation import draft, lines, queries
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.models import Quotation
from workshop.stock.models import Part


def make_shop() -> None:
    """A labour rate of ¥240.00 an hour, two technicians with the engine skill, two lifts."""
    make_rate()
    if session.scalar(select(Bay.id)) is None:
        for _ in range(2):
            make_technician()
            make_bay()


def make_brakes(
    code: str | None = None, *, part: Part | None = None, milli: int = 1000
) -> Operation:
    """An hour of brake work with one part of ¥380.00."""
    number = (session.scalar(select(func.count(Operation.id))) or 0) + 1
    operation = make_operation(code or f"BR-{number:02}", keywords="noise brake 异响 刹车")
    part = part or make_part()
    session.add(OperationPart(operation_id=operation.id, part_id=part.id, quantity_milli=milli))
    session.flush()
    session.expire(operation)
    return operation


def make_draft(*operations: Operation, order: RepairOrder | None = None) -> Quotation:
    """A draft with the operations, on an inspected order."""
    make_shop()
    order = order or make_order(Stage.INSPECTED)
    found = draft.get_draft(order, None, by=order.advisor, at=AT)
    for operation in operations or (make_brakes(),):
        lines.add_operation(found, operation, at=AT)
    return found


def make_offer(*operations: Operation, at: datetime = AT) -> Quotation:
    """An offered quotation."""
    order = make_draft(*operations).order
    return quotation.offer(order, by=order.advisor, at=at)


def make_signed(*operations: Operation, at: datetime = AT) -> Quotation:
    """A signed service authorisation with all its lines accepted."""
    offered = make_offer(*operations, at=at)
    return quotation.authorise(
        offered, yes_to_all(offered), signer_name="王小明", by=offered.order.advisor, at=at
    )


def make_addition(order: RepairOrder, *operations: Operation) -> Quotation:
    """Additional work that is offered to the customer."""
    make_shop()
    return quotation.make_addition(
        order,
        operations or (make_brakes(),),
        reason="后制动片只剩 2 mm",
        urgency=None,
        by=order.advisor,
        at=AT,
    )


def yes_to_all(offered: Quotation) -> dict[int, bool]:
    """Each line accepted."""
    return {group.head.id: True for group in queries.list_groups(offered)}
