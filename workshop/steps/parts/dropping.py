"""Lines whose job was called off by a new version of the quotation let their pieces go."""

from __future__ import annotations

from datetime import datetime

from workshop.orders.flow import Stage
from workshop.orders.models import JobState
from workshop.steps.parts import lists, queries
from workshop.steps.parts.models import PickLine, PickList
from workshop.steps.parts.rules import BEFORE_ISSUE, PickState
from workshop.stock import keeping


def drop_cancelled(branch_id: int, *, at: datetime) -> None:
    """Free what open lists keep for called-off jobs and nobody has picked; empty lists end."""
    for pick_list in queries.list_in_states(branch_id, BEFORE_ISSUE):
        if pick_list.order.stage is Stage.CANCELLED:
            continue
        dead = [line for line in queries.list_lines(pick_list) if _is_dead(line)]
        if dead:
            lists.lock(pick_list.order)
        for line in dead:
            _drop(line, at)
        if dead:
            _settle(pick_list, at)


def _is_dead(line: PickLine) -> bool:
    job = queries.job_of(line.quotation_line)
    called_off = job is not None and job.state is JobState.CANCELLED
    return called_off and line.picked_milli == 0 and bool(line.reserved_milli or line.short_milli)


def _drop(line: PickLine, at: datetime) -> None:
    order = line.pick_list.order
    milli = line.reserved_milli + line.short_milli
    keeping.let_go(order, line.part, milli, by=order.advisor, at=at)
    line.reserved_milli = line.short_milli = 0


def _settle(pick_list: PickList, at: datetime) -> None:
    lines = queries.list_lines(pick_list)
    if not any(line.reserved_milli or line.short_milli for line in lines):
        pick_list.state, pick_list.closed_at = PickState.CANCELLED, at
