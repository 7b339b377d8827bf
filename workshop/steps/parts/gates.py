"""What parts still need before work can begin, or the bill be made."""

from __future__ import annotations

from collections.abc import Iterable

from workshop.errors import N_, Missing, Way
from workshop.orders import ticks
from workshop.orders.flow import Action, Stage, permits
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.orders.rows import Phase
from workshop.orders.ticks import Tick
from workshop.steps.parts import queries
from workshop.steps.parts.models import PickLine
from workshop.steps.parts.rules import BEFORE_ISSUE
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.models import QuotationLine
from workshop.stock import queries as stock


def missing_to_release(order: RepairOrder) -> list[Missing]:
    """What forbids to release the order, or its additional parts, to the workshop."""
    if order.stage is Stage.AUTHORISED:
        return [
            Missing(N_("Not every job has a technician, a bay and a time yet."), "order_scheduled")
        ]
    if not permits(order.stage, Action.RELEASE_PARTS):
        return [
            Missing(
                N_("An order that is “%(stage)s” cannot be released to the workshop."),
                "stage",
                {"stage": order.stage},
            )
        ]
    if quotation.find_signed(order) is None:
        return [Missing(N_("The service authorisation is not signed."), "quotation_signed")]
    if order.released_at is not None and not queries.list_unreleased(order):
        return [Missing(N_("Everything that was authorised is released."), "released")]
    return []


def missing_to_start(order: RepairOrder, job: Job | None = None) -> list[Missing]:
    """What is missing of the parts before work may begin: released, all issued, or none needed.

    With `job`, only the parts of this job count, so that work goes on while the parts of an
    addition are still on the way.
    """
    if order.released_at is None:
        return [Missing(N_("The order is not released to the workshop yet."), "released")]
    if any(_concerns(line, job) for line in queries.list_unreleased(order)):
        return [Missing(N_("The additional parts are not released yet."), "addition_released")]
    lines = [
        line for line in queries.list_order_lines(order) if _concerns(line.quotation_line, job)
    ]
    return [*_missing_on_order(order, lines), *_missing_issue(lines)]


def _concerns(line: QuotationLine, job: Job | None) -> bool:
    of_line = queries.job_of(line)
    if of_line is not None and of_line.state is JobState.CANCELLED:
        return False
    return job is None or (of_line is not None and of_line.id == job.id)


def _missing_on_order(order: RepairOrder, lines: Iterable[PickLine]) -> list[Missing]:
    short = {line.part_id: line.part for line in lines if line.short_milli > 0}
    waiting = {
        each.part_id: each.expected_at
        for each in stock.list_backorders(order.id)
        if each.arrived_at is None
    }
    found = []
    for part_id, part in short.items():
        expected_at = waiting.get(part_id)
        if expected_at is None:
            found.append(Missing(N_("Part %(part)s is missing."), "short", {"part": part.no}))
        else:
            words = N_("Part %(part)s is missing; it is expected at %(expected_at)s.")
            values = {"part": part.no, "expected_at": expected_at}
            found.append(Missing(words, "short", values))
    return found


def _missing_issue(lines: Iterable[PickLine]) -> list[Missing]:
    count = sum(
        1 for line in lines if line.issued_milli < line.needed_milli and not line.short_milli
    )
    if not count:
        return []
    words = N_("The parts are not issued yet (open lines: %(count)s).")
    return [Missing(words, "parts_issued", {"count": count})]


def missing_to_settle(order: RepairOrder) -> list[Missing]:
    """What is missing of the parts before the bill: all issued, and what was not used is back."""
    found = []
    for pick_list in queries.list_pick_lists(order):
        if pick_list.state in BEFORE_ISSUE:
            words = N_("The parts of pick list %(no)s are not issued.")
            way = Way("parts.pick_list", N_("Open the pick list"), {"list_no": pick_list.no})
            found.append(Missing(words, "parts_issued", {"no": pick_list.no}, way))
    lines = queries.list_order_lines(order)
    unused = [line for line in lines if queries.is_to_return(line)]
    for line in unused:
        words = N_("Part %(part)s was issued and not used. Have it returned first.")
        way = Way("parts.pick_list", N_("Open the pick list"), {"list_no": line.pick_list.no})
        found.append(Missing(words, "parts_returned", {"part": line.part.no}, way))
    return found


def missing(order: RepairOrder) -> list[Missing]:
    """What is still missing in the step before work can begin; nothing once it is past."""
    return missing_to_start(order) if permits(order.stage, Action.START_JOB) else []


def tick(order: RepairOrder) -> Tick:
    """How far the step is: released, all issued, and what was not used is back."""
    if order.stage.phase is Phase.INTAKE:
        return ticks.OPEN
    is_released = order.released_at is not None or not quotation.list_live_jobs(order)
    if is_released and not any(_concerns(line, None) for line in quotation.list_part_lines(order)):
        return ticks.not_needed(N_("No part is needed."))
    is_out = not missing_to_start(order) and not missing_to_settle(order)
    return ticks.DONE if is_out else ticks.OPEN
