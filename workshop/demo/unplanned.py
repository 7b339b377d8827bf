"""What goes otherwise than planned in the running demo, and who puts it right."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from workshop.customers.models import Channel
from workshop.db import session
from workshop.demo.shop import Shop
from workshop.demo.timeline import Enough
from workshop.orders import service as orders
from workshop.orders.flow import OPEN
from workshop.orders.models import Job, RepairOrder
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.steps.quotation import queries as quotation_queries
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.models import ConsentChannel
from workshop.steps.repair import gates as repair_gates
from workshop.steps.repair import queries as repair_queries
from workshop.steps.repair import work
from workshop.steps.repair.additions import service as additions
from workshop.steps.repair.models import AdditionalWork
from workshop.steps.repair.rules import AdditionState
from workshop.steps.scheduling import queries as scheduling_queries
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch import suggestion

# The advisor prices what was found, and the customer thinks about it, for so long.
_PRICED_AFTER = timedelta(minutes=8)
_ANSWERED_AFTER = timedelta(minutes=10)
# A job that could not begin for so long gets another time.
_LATE = timedelta(minutes=20)


def list_additions(branch: Branch) -> list[int]:
    """Additional work that waits for a price or an answer, by id."""
    query = (
        select(AdditionalWork)
        .join(RepairOrder, RepairOrder.id == AdditionalWork.order_id)
        .where(RepairOrder.branch_id == branch.id, RepairOrder.stage.in_(OPEN))
        .order_by(AdditionalWork.id)
    )
    return [each.id for each in session.scalars(query) if each.state.is_open]


def answer_addition(shop: Shop, addition: AdditionalWork, at: datetime) -> None:
    """The advisor prices what the technician found; then the customer agrees on the phone."""
    by = addition.order.advisor
    offer = addition.quotation
    if addition.state is AdditionState.REQUESTED:
        if at - addition.requested_at < _PRICED_AFTER:
            raise Enough
        additions.price(addition, [shop.operations["C-ARM-F"]], by=by, at=at)
    elif offer is None or at - (addition.priced_at or at) < _ANSWERED_AFTER:
        raise Enough
    else:
        quotation.renew_promise(offer, by=by, at=at)
        quotation.answer_addition(
            offer,
            {group.head.id: True for group in quotation_queries.list_groups(offer)},
            channel=ConsentChannel.PHONE,
            evidence=f"{addition.order.asked.name} 电话同意",
            signer_name=addition.order.asked.name,
            by=by,
            at=at,
        )


def start_or_move(job: Job, at: datetime) -> None:
    """Begin the job; one that long cannot begin gets another time, and the customer a new promise.

    Raises Enough while it is worth waiting.
    """
    allocation = scheduling.get_live(job)
    technician = allocation.technician
    missing = repair_gates.missing_to_start(job)
    if not missing and repair_queries.find_running_session(technician) is None:
        work.start(job, technician.user, at)
        return
    found = suggestion.suggest(job, at) if at - allocation.starts_at >= _LATE else None
    if found is None or found.starts_at == allocation.starts_at:
        raise Enough
    scheduling.move(
        job,
        found.technician,
        found.bay,
        found.starts_at,
        minutes=found.minutes,
        across=found.across,
        seen_version=allocation.version,
        consent=scheduling.Consent(Channel.PHONE, job.order.customer.name, at),
        by=job.order.advisor,
        at=at,
    )
    _keep_promise(job.order, "等待配件" if missing else "前一台车尚未完工", at)


def _keep_promise(order: RepairOrder, reason: str, at: datetime) -> None:
    """Tell the customer a later time, if the old one cannot be kept."""
    ends_at = scheduling_queries.planned_end(order)
    if ends_at is None or order.promised_at is None:
        return
    ready_at = _when_open(order.branch, order.branch.ready_at(ends_at))
    if ready_at > order.promised_at:
        orders.change_promise(
            order, ready_at, reason=reason, told_how="电话告知", by=order.advisor, at=at
        )


def _when_open(branch: Branch, at: datetime) -> datetime:
    day = calendar.local_day(branch, at)
    if any(opens <= at <= closes for opens, closes in calendar.opening(branch, day)):
        return at
    opens_at = calendar.opening(branch, calendar.next_open_day(branch, day))[0][0]
    return branch.ready_at(opens_at)
