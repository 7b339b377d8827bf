"""What an order still needs before a check of it may be recorded."""

from __future__ import annotations

from workshop.errors import N_, Missing, NotAllowed
from workshop.orders.flow import Action, permits
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.repair import queries
from workshop.steps.repair.rules import Level

# What each level is to the flow, and who may do it.
ACTIONS = {
    Level.QUALITY_CHECK: (Action.QUALITY_CHECK, Permission.INSPECT),
    Level.FINAL_CHECK: (Action.FINAL_CHECK, Permission.FINAL_CHECK),
}


def missing_to_check(order: RepairOrder, level: Level) -> list[Missing]:
    """What is missing before a check of this level may be recorded."""
    action, _ = ACTIONS[level]
    found = []
    if not permits(order.stage, action):
        found.append(Missing(N_("The order is “%(stage)s”."), "stage", {"stage": order.stage}))
    if queries.list_unfinished(order):
        found.append(Missing(N_("Not all jobs are finished."), "jobs"))
    if level is Level.FINAL_CHECK and not _has_passed_quality(order):
        found.append(Missing(N_("The quality check has not been passed."), "quality_check"))
    return found


def _has_passed_quality(order: RepairOrder) -> bool:
    check = queries.find_inspection(order, Level.QUALITY_CHECK)
    return check is not None and check.passed


def find_refusal(order: RepairOrder, level: Level, by: User) -> NotAllowed | None:
    """Why this person may not make the check, if so: three levels are three persons."""
    _, permission = ACTIONS[level]
    if not by.may(permission):
        return NotAllowed(N_("Your role does not allow this."), permission=permission.value)
    if by.id in queries.list_worker_ids(order):
        return NotAllowed(
            N_("You worked on this car. Somebody else has to check it."), code="own_work"
        )
    if level is Level.QUALITY_CHECK:
        return _refuse_advisor(order, by)
    return _refuse_all_but_advisor(order, by)


def _refuse_advisor(order: RepairOrder, by: User) -> NotAllowed | None:
    if by.id != order.advisor_id:
        return None
    return NotAllowed(
        N_("The final check of this order is yours; the quality check needs somebody else."),
        code="own_order",
    )


def _refuse_all_but_advisor(order: RepairOrder, by: User) -> NotAllowed | None:
    if by.id != order.advisor_id:
        return NotAllowed(
            N_("The final check is made by the order's advisor, %(name)s."),
            code="not_advisor",
            name=order.advisor.display_name,
        )
    quality = queries.find_inspection(order, Level.QUALITY_CHECK)
    if quality is not None and quality.by_id == by.id:
        return NotAllowed(
            N_("You made the quality check. Somebody else has to make the final check."),
            code="own_check",
        )
    return None
