"""What is released, what is picked and issued, and what the next step waits for."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased, lazyload

from workshop import together
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.steps.parts.models import PickLine, PickList, PickMove
from workshop.steps.parts.rules import BEFORE_ISSUE, LIVE, PickState
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.models import QuotationLine
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.stock.models import Part


def get_list(branch_id: int, no: str) -> PickList:
    """The pick list of this number in this branch; raises NotFound."""
    query = select(PickList).where(PickList.branch_id == branch_id, PickList.no == no)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(N_("There is no pick list %(no)s."), no=no)
    return found


def get_line(branch_id: int, line_id: int) -> PickLine:
    """A line of a pick list of this branch; raises NotFound."""
    line = session.get(PickLine, line_id)
    if line is None or line.pick_list.branch_id != branch_id:
        raise NotFound(N_("There is no such line on a pick list."))
    return line


def list_pick_lists(order: RepairOrder) -> list[PickList]:
    """The order's pick lists, the first release first."""
    return together.list_of(
        order.id,
        "pick lists",
        lambda: select(PickList).order_by(PickList.id).options(lazyload(PickList.order)),
        PickList.order_id,
    )


def get_list_of(order: RepairOrder, no: str) -> PickList:
    """The order's pick list of this number; raises NotFound."""
    found = get_list(order.branch_id, no)
    if found.order_id != order.id:
        raise NotFound(N_("There is no pick list %(no)s."), no=no)
    return found


def list_in_states(branch_id: int, states: Iterable[PickState]) -> list[PickList]:
    """The branch's pick lists in these states, the oldest release first."""
    query = select(PickList).where(
        PickList.branch_id == branch_id, PickList.state.in_(LIVE), PickList.state.in_(states)
    )
    return list(session.scalars(query.order_by(PickList.id)))


def list_lines(pick_list: PickList) -> list[PickLine]:
    """The lines of a list in the order of the quotation."""
    return together.list_of(
        pick_list.id,
        "pick lines",
        # Its list is at hand.
        lambda: select(PickLine).order_by(PickLine.id).options(lazyload(PickLine.pick_list)),
        PickLine.pick_list_id,
    )


def list_order_lines(order: RepairOrder) -> list[PickLine]:
    """The lines of all lists of the order that are not cancelled."""
    return together.list_of(order.id, "picked", _lines_of_orders, PickList.order_id)


def _lines_of_orders() -> sa.Select[PickLine]:
    return (
        select(PickLine)
        .join(PickList, PickList.id == PickLine.pick_list_id)
        .where(PickList.state != PickState.CANCELLED)
        .order_by(PickLine.id)
    )


def list_job_lines(job: Job) -> list[PickLine]:
    """The order's lines that this job needs its parts for."""
    return [line for line in list_order_lines(job.order) if job_of(line.quotation_line) is job]


def list_short_parts(branch_id: int) -> list[Part]:
    """The parts that open pick lists of the branch still wait for."""
    query = (
        select(PickLine.part_id)
        .join(PickList, PickList.id == PickLine.pick_list_id)
        .where(
            PickList.branch_id == branch_id,
            PickList.state.in_(LIVE),
            PickList.state.in_(BEFORE_ISSUE),
            PickLine.short_milli > 0,
        )
    )
    return list(session.scalars(select(Part).where(Part.id.in_(query)).order_by(Part.id)))


def list_unused(branch_id: int) -> list[PickLine]:
    """Lines of which pieces were reported as not used and are not back; billed orders too."""
    other = aliased(PickLine)
    query = (
        select(PickLine)
        .join(PickList, PickList.id == PickLine.pick_list_id)
        .where(
            PickList.branch_id == branch_id,
            # By itself, so that the index over these few lines is looked at first.
            PickLine.pick_list_id.in_(
                select(other.pick_list_id).where(other.unused_milli > other.returned_milli)
            ),
            PickLine.unused_milli > PickLine.returned_milli,
        )
    )
    return list(session.scalars(query.order_by(PickLine.id)))


def list_moves(pick_list: PickList) -> list[PickMove]:
    """What was done with the lines of a list, newest first."""
    query = (
        select(PickMove)
        .join(PickLine, PickLine.id == PickMove.pick_line_id)
        .where(PickLine.pick_list_id == pick_list.id)
    )
    return list(session.scalars(query.order_by(PickMove.id.desc())))


def list_baskets_in_use(branch_id: int) -> list[int]:
    """The numbers of the baskets that hold something for an order."""
    query = select(PickList.basket_no).where(
        PickList.branch_id == branch_id, PickList.state.in_(LIVE)
    )
    return list(session.scalars(query))


def list_unreleased(order: RepairOrder) -> list[QuotationLine]:
    """Authorised part lines that are on no pick list yet."""
    return [line for line in quotation.list_part_lines(order) if not _is_on_a_list(line)]


def _is_on_a_list(line: QuotationLine) -> bool:
    column = PickLine.quotation_line_id
    return bool(together.list_of(line.id, "picks", lambda: select(PickLine.id), column))


def job_of(line: QuotationLine) -> Job | None:
    """The job for which a part is: that of its labour line."""
    found = together.list_of(line.id, "job", _jobs_of_lines, QuotationLine.id)
    return found[0] if found else None


def _jobs_of_lines() -> sa.Select[Job]:
    labour = aliased(QuotationLine)
    own = sa.func.coalesce(QuotationLine.job_id, labour.job_id)
    return (
        select(Job)
        # The line first: SQLite joins in this order, and finds the job by its key.
        .select_from(QuotationLine)
        .outerjoin(labour, labour.id == QuotationLine.parent_line_id)
        .join(Job, Job.id == own)
    )


def issued_milli(quotation_line_id: int) -> int:
    """What went into the car for a quotation line: issued less returned, in thousandths."""
    return sum(
        together.list_of(
            quotation_line_id,
            "issued",
            lambda: select(PickLine.issued_milli - PickLine.returned_milli),
            PickLine.quotation_line_id,
        )
    )


def is_called_off(line: QuotationLine) -> bool:
    """Whether the work that a part is for is carried out no more."""
    job = job_of(line)
    called_off = job is not None and job.state is JobState.CANCELLED
    return called_off or taking_off.is_off(line.id)


def is_to_return(line: PickLine) -> bool:
    """Whether issued pieces were reported as not used, or their work was called off."""
    if line.to_return_milli > 0:
        return True
    kept = taking_off.kept_milli(line.quotation_line_id)
    return line.out_milli > kept and is_called_off(line.quotation_line)
