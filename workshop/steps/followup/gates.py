"""What a follow-up call still needs."""

from __future__ import annotations

from datetime import datetime

from workshop.errors import N_, Missing
from workshop.orders import ticks
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.orders.ticks import Tick
from workshop.shop.separation import service as separation
from workshop.shop.separation.rules import Apart, Ruling
from workshop.staff.models import User
from workshop.steps.followup import queries, rules
from workshop.steps.followup.models import FollowUp


def missing_to_call(follow_up: FollowUp, at: datetime) -> list[Missing]:
    """Why the customer is not called yet: a day has to pass with the car (P13)."""
    delivered_at = follow_up.order.delivered_at
    if delivered_at is None or at >= rules.earliest_call(delivered_at):
        return []
    words = N_("The call is made 24 hours after the handover at the earliest, from %(time)s.")
    return [Missing(words, "too_early", {"time": rules.earliest_call(delivered_at)})]


def judge_caller(follow_up: FollowUp, by: User) -> Ruling:
    """What stands against this person's call: who served the customer does not make it."""
    message = N_("The advisor who served the customer does not make the follow-up call.")
    order = follow_up.order
    return separation.judge_other(
        order.branch, Apart.FOLLOW_UP_CALL, by, [order.advisor_id], message
    )


def missing(order: RepairOrder) -> list[Missing]:
    """What the order still needs before it is closed."""
    if order.stage is Stage.DELIVERED:
        return [Missing(N_("The customer was not called yet."), "no_follow_up")]
    if order.stage is Stage.FOLLOWED_UP:
        return [Missing(N_("A case about this order is still open."), "open_case")]
    return []


def tick(order: RepairOrder) -> Tick:
    """How far the step is: done when the customer has answered and no case is open."""
    follow_up = queries.find(order)
    if follow_up is None or follow_up.is_planned or order.stage is Stage.FOLLOWED_UP:
        return ticks.OPEN
    if follow_up.is_answered:
        return ticks.DONE
    if follow_up.is_refused:
        return ticks.not_needed(N_("The customer does not want to be called."))
    return ticks.skipped(N_("The customer could not be reached."))
