"""Orders that can be settled: signed, repaired, with their parts, finally checked."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from tests.factories import AT, make_job, make_operation, make_order, make_part, make_user
from workshop.catalogue.models import GuaranteeClass, Payer
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import JobState, RepairOrder
from workshop.shop import numbers
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.parts.models import PickLine, PickList
from workshop.steps.parts.rules import PickState
from workshop.steps.quotation.models import (
    Decision,
    LineKind,
    Quotation,
    QuotationLine,
    QuotationState,
)
from workshop.steps.repair.models import Inspection
from workshop.steps.repair.rules import Level
from workshop.steps.settlement import paying
from workshop.steps.settlement import queries as settlements
from workshop.steps.settlement import service as settlement
from workshop.steps.settlement.models import Payment, Settlement
from workshop.steps.settlement.rules import Tender
from workshop.stock.models import PartClass

DAY = date(2026, 11, 23)
# Baskets of a made-up order; a told day uses the low numbers.
_count = itertools.count(501)


def make_checked(
    stage: Stage = Stage.READY,
    *,
    labour: Sequence[tuple[int, Payer]] = ((24_000, Payer.CUSTOMER),),
    parts_fen: Sequence[int] = (38_000,),
    job_state: JobState = JobState.DONE,
    final_check: bool = True,
    issued: bool = True,
    **values: Any,
) -> RepairOrder:
    """An order that the customer signed for ¥620.00: an hour of labour and one part."""
    if stage is Stage.READY:
        values.setdefault("ready_at", AT)
    values.setdefault("mileage_km", 52_000)
    order = make_order(stage, **values)
    quotation = _draft(order)
    lines = [
        _labour(order, quotation, place, fen, payer, job_state)
        for place, (fen, payer) in enumerate(labour, start=1)
    ]
    parts = [
        _part(quotation, lines[0], 100 + place, fen) for place, fen in enumerate(parts_fen, start=1)
    ]
    sign(quotation)
    if issued:
        issue(order, parts)
    if final_check:
        pass_final_check(order)
    return order


def _draft(order: RepairOrder) -> Quotation:
    quotation = Quotation(
        order_id=order.id,
        no=numbers.next_number(order.branch_id, "QT", DAY),
        created_at=AT,
        created_by_id=order.advisor_id,
    )
    session.add(quotation)
    session.flush()
    return quotation


def sign(quotation: Quotation) -> None:
    """Sign it now: from here on the database freezes it."""
    session.flush()
    quotation.state, quotation.signed_at, quotation.signer_name = (
        QuotationState.SIGNED,
        AT,
        "王小明",
    )
    session.flush()


def _labour(
    order: RepairOrder,
    quotation: Quotation,
    position: int,
    fen: int,
    payer: Payer,
    job_state: JobState,
) -> QuotationLine:
    operation = make_operation(guarantee=GuaranteeClass.MINOR)
    job = make_job(order, state=job_state, position=position)
    line = QuotationLine(
        quotation_id=quotation.id,
        position=position,
        kind=LineKind.LABOUR,
        operation_id=operation.id,
        title_zh="更换前制动片",
        title_en="Replace front brake pads",
        book_minutes=60,
        unit_fen=fen,
        total_fen=fen,
        tax_basis_points=1300,
        payer=payer,
        guarantee=GuaranteeClass.MINOR,
        decision=Decision.ACCEPTED,
        job_id=job.id,
    )
    session.add(line)
    session.flush()
    return line


def _part(quotation: Quotation, labour: QuotationLine, position: int, fen: int) -> QuotationLine:
    part = make_part(price_fen=fen, brand="Motorcraft")
    line = QuotationLine(
        quotation_id=quotation.id,
        position=position,
        kind=LineKind.PART,
        part_id=part.id,
        part_class=PartClass.OEM,
        parent_line_id=labour.id,
        title_zh="前制动片",
        title_en="Front brake pads",
        unit="套",
        quantity_milli=2000,
        unit_fen=fen // 2,
        total_fen=fen,
        tax_basis_points=1300,
        payer=Payer.CUSTOMER,
        decision=Decision.ACCEPTED,
        job_id=labour.job_id,
    )
    session.add(line)
    session.flush()
    return line


def issue(order: RepairOrder, lines: Sequence[QuotationLine]) -> None:
    """The parts of these lines are in the car."""
    if not lines:
        return
    pick_list = PickList(
        branch_id=order.branch_id,
        order_id=order.id,
        no=numbers.next_number(order.branch_id, "PL", DAY),
        state=PickState.ISSUED,
        basket_no=next(_count),
        released_at=AT,
        released_by_id=order.advisor_id,
    )
    session.add(pick_list)
    session.flush()
    for line in lines:
        milli = line.quantity_milli
        session.add(
            PickLine(
                pick_list_id=pick_list.id,
                quotation_line_id=line.id,
                part_id=line.part_id,
                ordered_milli=milli,
                reserved_milli=milli,
                picked_milli=milli,
                issued_milli=milli,
                unit_fen=line.unit_fen,
            )
        )
    session.flush()


def give_half_back(order: RepairOrder) -> None:
    """One of the two pieces was not used and is back on the shelf."""
    query = select(PickLine).join(PickList).where(PickList.order_id == order.id)
    for line in session.scalars(query):
        line.unused_milli = line.returned_milli = line.issued_milli // 2
    session.flush()


def pass_final_check(order: RepairOrder) -> None:
    """The advisor has looked at the car."""
    check = Inspection(
        order_id=order.id, level=Level.FINAL_CHECK, passed=True, at=AT, by_id=order.advisor_id
    )
    session.add(check)
    session.flush()


def make_cashier() -> User:
    """Somebody who settles and nothing else."""
    return make_user(RoleName.CASHIER)


def make_settlement(order: RepairOrder | None = None, *, by: User | None = None) -> Settlement:
    """The settlement list of an order that can be settled."""
    return settlement.make_settlement(order or make_checked(), by=by or make_cashier(), at=AT)


def pay(
    bill: Settlement,
    amount_fen: int | None = None,
    tender: Tender = Tender.CASH,
    *,
    by: User | None = None,
) -> Payment:
    """Pay a bill, in full without an amount."""
    fen = settlements.balance_fen(bill) if amount_fen is None else amount_fen
    return paying.take_payment(
        bill.order, tender, fen, client_id=uuid.uuid4().hex, by=by or make_cashier(), at=AT
    )


def make_settled(stage: Stage = Stage.READY, **values: Any) -> RepairOrder:
    """An order that is paid in cash."""
    bill = make_settlement(make_checked(stage, **values))
    pay(bill)
    return bill.order
