"""Orders with a core deposit on their bill."""

from __future__ import annotations

from sqlalchemy import select

from tests.factories import AT, make_part, make_user
from tests.steps.quotation.factories import make_brakes, make_draft, yes_to_all
from tests.steps.settlement.factories import issue, pass_final_check
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.staff.permissions import RoleName
from workshop.steps.quotation import queries as quotations
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.models import LineKind, Quotation, QuotationLine
from workshop.steps.settlement import service as settlement
from workshop.steps.settlement.models import Settlement


def deposits(found: Quotation) -> list[QuotationLine]:
    """The deposit lines."""
    return [line for line in quotations.list_lines(found) if line.kind is LineKind.CORE]


def make_bill(milli: int = 1_000) -> tuple[RepairOrder, Settlement, QuotationLine]:
    """¥240.00 of labour, a part of ¥380.00 and its deposit of ¥300.00, on an open bill."""
    draft = make_draft(make_brakes(part=make_part(core_deposit_fen=30_000), milli=milli))
    order, advisor = draft.order, draft.order.advisor
    offered = quotation.offer(order, by=advisor, at=AT)
    quotation.authorise(offered, yes_to_all(offered), signer_name="王小明", by=advisor, at=AT)
    for job in session.scalars(select(Job).where(Job.order_id == order.id)):
        job.state = JobState.DONE
    (piece,) = quotations.list_part_lines(order)
    issue(order, [piece])
    pass_final_check(order)
    order.stage, order.ready_at = Stage.READY, AT
    session.flush()
    bill = settlement.make_settlement(order, by=make_user(RoleName.CASHIER), at=AT)
    return order, bill, deposits(offered)[0]
