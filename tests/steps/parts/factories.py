"""A scheduled order with a signed authorisation, ready to be released."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from tests.factories import AT, make_job, make_order, make_technician
from workshop.allocation.models import Allocation
from workshop.catalogue.models import Payer
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import JobKind, RepairOrder
from workshop.shop.models import Technician
from workshop.steps.quotation.models import (
    Decision,
    LineKind,
    Quotation,
    QuotationKind,
    QuotationLine,
    QuotationState,
)
from workshop.stock.models import Part


def make_scheduled(
    *wanted: tuple[Part, int],
    starts_at: datetime | None = None,
    technician: Technician | None = None,
    payer: Payer = Payer.CUSTOMER,
    stage: Stage = Stage.SCHEDULED,
    order: RepairOrder | None = None,
) -> RepairOrder:
    """An order whose one job needs these parts (part, thousandths), planned at 11:00."""
    order = order or make_order(stage)
    sign(order, *wanted, payer=payer, starts_at=starts_at, technician=technician)
    return order


def sign(
    order: RepairOrder,
    *wanted: tuple[Part, int],
    kind: QuotationKind = QuotationKind.MAIN,
    payer: Payer = Payer.CUSTOMER,
    starts_at: datetime | None = None,
    technician: Technician | None = None,
) -> list[QuotationLine]:
    """Sign a quotation of one job with these parts; its job has a technician and a time."""
    job = make_job(order, kind=JobKind.REPAIR if kind is QuotationKind.MAIN else JobKind.ADDITION)
    _allocate(order, job.id, starts_at or AT + timedelta(hours=1), technician)
    count = session.scalar(select(func.count()).select_from(Quotation)) or 0
    quotation = Quotation(
        order_id=order.id,
        no=f"QU20261123-{count + 1:04d}",
        kind=kind,
        state=QuotationState.OFFERED,
        created_at=AT,
        created_by_id=order.advisor_id,
    )
    session.add(quotation)
    session.flush()
    labour = QuotationLine(
        quotation_id=quotation.id,
        position=0,
        kind=LineKind.LABOUR,
        title_zh="更换前制动片",
        title_en="Replace front brake pads",
        book_minutes=60,
        unit_fen=24_000,
        total_fen=24_000,
        tax_basis_points=1300,
        payer=payer,
        decision=Decision.ACCEPTED,
        job_id=job.id,
    )
    session.add(labour)
    session.flush()
    lines = [_part_line(labour, part, milli, payer) for part, milli in wanted]
    quotation.state = QuotationState.SIGNED
    quotation.signed_at = AT
    session.flush()
    return lines


def _part_line(labour: QuotationLine, part: Part, milli: int, payer: Payer) -> QuotationLine:
    line = QuotationLine(
        quotation_id=labour.quotation_id,
        position=1,
        kind=LineKind.PART,
        part_id=part.id,
        part_class=part.part_class,
        parent_line_id=labour.id,
        title_zh=part.name_zh,
        title_en=part.name_en,
        unit=part.unit,
        quantity_milli=milli,
        unit_fen=part.price_fen,
        total_fen=part.price_fen * milli // 1000,
        tax_basis_points=1300,
        payer=payer,
        decision=Decision.ACCEPTED,
    )
    session.add(line)
    session.flush()
    return line


def _allocate(
    order: RepairOrder, job_id: int, starts_at: datetime, technician: Technician | None
) -> None:
    technician = technician or make_technician()
    ends_at = starts_at + timedelta(hours=1)
    session.add(
        Allocation(
            branch_id=order.branch_id,
            job_id=job_id,
            technician_id=technician.id,
            starts_at=starts_at,
            ends_at=ends_at,
            blocked_until=ends_at + timedelta(minutes=15),
            made_by_id=order.advisor_id,
            made_at=AT,
        )
    )
    session.flush()
