"""What an order still needs before a check of it may be recorded."""

from __future__ import annotations

from workshop.errors import N_, Missing
from workshop.orders.flow import Action, permits
from workshop.orders.models import RepairOrder
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
