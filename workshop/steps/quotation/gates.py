"""What a quotation still needs to be written, offered or made again."""

from __future__ import annotations

from sqlalchemy import select

from workshop.allocation.models import Allocation, AllocationStatus
from workshop.db import session
from workshop.errors import N_, Missing, Way
from workshop.orders import gates as orders
from workshop.orders import ticks
from workshop.orders.flow import Action, Stage, permits
from workshop.orders.models import (
    JobState,
    RepairOrder,
)
from workshop.orders.ticks import Tick
from workshop.steps.quotation import queries
from workshop.steps.quotation.models import (
    Quotation,
    QuotationState,
)


def missing_to_write(order: RepairOrder) -> list[Missing]:
    """Why nothing can be added to the order's quotation now; empty when it can."""
    if queries.find_draft(order) is not None or permits(order.stage, Action.ADD_WORK):
        return []
    current = queries.find_current(order)
    if current is not None and not current.is_signed:
        return [_answer_first(current)]
    if permits(order.stage, Action.EDIT_QUOTATION):
        return []
    action = Action.ADD_WORK if current is not None else Action.EDIT_QUOTATION
    return [orders.missing_stage(order, action)]


def missing_to_print(quotation: Quotation) -> list[Missing]:
    """Why the version is no paper yet: nobody was offered it."""
    if not quotation.is_draft:
        return []
    message = N_("A draft is not printed; offer it first.")
    way = Way("quotation.show", N_("Open the quotation"), {"no": quotation.order.no})
    return [Missing(message, "draft", way=way)]


def _answer_first(current: Quotation) -> Missing:
    if current.state is QuotationState.OFFERED:
        message = N_("The quotation is offered. Make a new version to change it.")
    else:
        message = N_("The quotation was declined. Make a new version to offer again.")
    way = Way("quotation.show", N_("Open the quotation"), {"no": current.order.no})
    return Missing(message, "not_draft", way=way)


def missing_to_offer(order: RepairOrder) -> list[Missing]:
    """What the draft needs before it can be offered."""
    draft = queries.find_draft(order)
    lines = queries.list_lines(draft) if draft is not None else []
    if draft is None or not lines:
        return [Missing(N_("The quotation is empty."), "quotation_empty")]
    if not any(line.is_labour for line in lines):
        words = N_("The quotation names no work yet, only parts or charges.")
        return [Missing(words, "no_operation")]
    if not draft.is_main and not draft.reason.strip():
        return [Missing(N_("Say what was found, so that the customer can decide."), "reason")]
    return []


def missing(order: RepairOrder) -> list[Missing]:
    """What the step still needs before work can be planned; nothing once it is past."""
    if order.stage is Stage.INSPECTED:
        return missing_to_offer(order) or [
            Missing(N_("The quotation is not offered yet."), "quotation_offered")
        ]
    if order.stage is Stage.QUOTED:
        current = queries.find_current(order)
        if current is None or current.state is QuotationState.DRAFT:
            return [Missing(N_("The new version is not offered yet."), "quotation_offered")]
        return [Missing(N_("The customer has not signed."), "quotation_signed")]
    if queries.list_to_decide(order):
        return [
            Missing(N_("The customer has not decided on the additional work."), "addition_answer")
        ]
    return []


def missing_to_reopen(order: RepairOrder) -> list[Missing]:
    """What forbids taking a signed authorisation back: jobs that are planned or begun."""
    jobs = queries.list_live_jobs(order)
    if any(job.state is not JobState.WAITING for job in jobs):
        return [
            Missing(
                N_("Work has begun on this car. Change the work instead."),
                "started",
                way=Way("repair.change", N_("Change the work"), {"no": order.no}),
            )
        ]
    planned = select(Allocation.id).where(
        Allocation.job_id.in_([job.id for job in jobs]),
        Allocation.status == AllocationStatus.PLANNED,
    )
    if session.scalar(planned.limit(1)) is not None:
        return [
            Missing(
                N_("The work is planned already. Change the work instead."),
                "planned",
                way=Way("repair.change", N_("Change the work"), {"no": order.no}),
            )
        ]
    return []


def missing_to_revise(quotation: Quotation) -> list[Missing]:
    """What forbids a new version of this one."""
    order = quotation.order
    if quotation.state in (QuotationState.DRAFT, QuotationState.SUPERSEDED):
        return [Missing(N_("This version is not the one that counts."), "not_current")]
    if not quotation.is_main:
        answered = quotation.state is not QuotationState.OFFERED
        way = Way("repair.show", N_("Open the repair"), {"no": order.no})
        words = N_("This was answered; ask for further work.")
        return [Missing(words, "answered", way=way)] * answered
    if not permits(order.stage, Action.REVISE_QUOTATION):
        return [
            Missing(
                N_("The work is planned already. Change the work instead."),
                "planned",
                way=Way("repair.change", N_("Change the work"), {"no": order.no}),
            )
        ]
    return missing_to_reopen(order)


def tick(order: RepairOrder) -> Tick:
    """How far the step is: done when the customer has answered all that was offered."""
    current = queries.find_current(order)
    answered = current is not None and current.state.is_answered
    return ticks.DONE if answered and not queries.list_to_decide(order) else ticks.OPEN
