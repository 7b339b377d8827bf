"""What an order still needs before its bill can be made and settled."""

from __future__ import annotations

from workshop import money
from workshop.errors import N_, Missing
from workshop.orders import ticks
from workshop.orders.flow import Action, Stage, permits
from workshop.orders.models import JobState, RepairOrder
from workshop.orders.ticks import Tick
from workshop.shop.separation import service as separation
from workshop.shop.separation.rules import Apart, Ruling
from workshop.staff.models import User
from workshop.steps.parts import gates as parts_gates
from workshop.steps.parts import queries as parts
from workshop.steps.quotation import queries as quotation
from workshop.steps.repair import gates as repair_gates
from workshop.steps.repair import queries as repair
from workshop.steps.settlement import queries
from workshop.steps.settlement.models import CreditRequest


def missing_to_make(order: RepairOrder) -> list[Missing]:
    """What the order still needs before its settlement list can be made (domain.md step 8).

    The final check, finished jobs, parts issued = billed, answered additions.
    """
    if queries.find_live(order) is not None:
        return [Missing(N_("The settlement list is made already."), "settlement_made")]
    if not quotation.has_bill(order):
        return [Missing(N_("Nothing was authorised, so there is nothing to settle."), "authorised")]
    missing = [] if _may_bill(order) else [_missing_stage(order)]
    missing += repair_gates.missing_to_settle(order)
    missing += _missing_jobs(order)
    missing += parts_gates.missing_to_settle(order)
    missing += _missing_release(order)
    if quotation.list_to_decide(order) or repair.open_additions(order):
        missing.append(Missing(N_("Additional work waits for an answer."), "addition"))
    return missing


def judge_credit(credit: CreditRequest, by: User) -> Ruling:
    """What stands against this person's decision on a credit: who asks does not approve."""
    message = N_("You asked for this credit. Somebody else has to approve it.")
    branch = credit.settlement.order.branch
    return separation.judge_other(branch, Apart.CREDIT, by, [credit.asked_by_id], message)


def _may_bill(order: RepairOrder) -> bool:
    """Whether the stage lets a bill be made, or made again after the car has left."""
    if permits(order.stage, Action.CORRECT_BILL):
        return bool(queries.list_settlements(order))
    return permits(order.stage, Action.SETTLE)


def _missing_stage(order: RepairOrder) -> Missing:
    return Missing(N_("The order is “%(stage)s”."), "stage", {"stage": order.stage})


def _missing_jobs(order: RepairOrder) -> list[Missing]:
    count = len(repair.list_unfinished(order))
    if not count:
        return []
    return [Missing(N_("Jobs not finished yet: %(count)s."), "jobs", {"count": count})]


def _missing_release(order: RepairOrder) -> list[Missing]:
    for line in parts.list_unreleased(order):
        job = parts.job_of(line)
        if job is None or job.state is not JobState.CANCELLED:
            return [Missing(N_("Authorised parts are not issued yet."), "parts_issued")]
    return []


def missing(order: RepairOrder) -> list[Missing]:
    """What the step still needs; nothing before it begins and once the order is settled."""
    if not permits(order.stage, Action.SETTLE):
        return []
    settlement = queries.find_live(order)
    if settlement is None:
        if order.stage is Stage.READY and not quotation.has_bill(order):
            return []
        return missing_to_make(order) or [
            Missing(N_("The settlement list is not made yet."), "settlement_made")
        ]
    if not settlement.is_open:
        return []
    balance = queries.balance_fen(settlement)
    if balance < 0:
        return [
            Missing(
                N_("%(amount)s must be given back to the customer."),
                "refund",
                {"amount": money.format_fen(-balance)},
            )
        ]
    return [
        Missing(
            N_("%(amount)s is still to be paid."), "payment", {"amount": money.format_fen(balance)}
        )
    ]


def tick(order: RepairOrder) -> Tick:
    """How far the step is: done with a bill that stands and is paid, or may be paid later."""
    if queries.find_live(order) is None and quotation.wants_nothing(order):
        return ticks.not_needed(N_("Nothing was authorised, so there is nothing to settle."))
    return ticks.DONE if queries.is_settled(order) else ticks.OPEN
