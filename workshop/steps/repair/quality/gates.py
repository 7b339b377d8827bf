"""What an order still needs before a check of it may be recorded."""

from __future__ import annotations

from datetime import datetime

from workshop.errors import N_, Missing, NotAllowed, Way
from workshop.orders.flow import Action, permits
from workshop.orders.models import RepairOrder
from workshop.shop import duty
from workshop.shop.duty import AwayKind
from workshop.shop.separation import service as separation
from workshop.shop.separation.rules import Apart, Breach, Ruling
from workshop.staff import service as staff
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
    if queries.open_additions(order):
        found.append(_answer_first(order))
    if level is Level.FINAL_CHECK and not _has_passed_quality(order):
        found.append(Missing(N_("The quality check has not been passed."), "quality_check"))
    return found


def _answer_first(order: RepairOrder) -> Missing:
    way = Way("repair.show", N_("Open the repair"), {"no": order.no})
    return Missing(N_("Additional work waits for an answer."), "addition", way=way)


def _has_passed_quality(order: RepairOrder) -> bool:
    check = queries.find_inspection(order, Level.QUALITY_CHECK)
    return check is not None and check.passed


def judge(order: RepairOrder, level: Level, by: User, at: datetime) -> Ruling:
    """What stands against this person's check: three levels are three persons.

    Another advisor may make the final check when the named one is not at work; what a small
    branch cannot keep apart is done as a named exception.
    """
    breaches = _list_breaches(order, level, by, at)
    return separation.judge(order.branch, breaches)


def find_refusal(order: RepairOrder, level: Level, by: User, at: datetime) -> NotAllowed | None:
    """Why this person may not make the check, if so."""
    _, permission = ACTIONS[level]
    if not by.may(permission):
        return staff.refuse_without({permission})
    return separation.refusal_of(judge(order, level, by, at))


def list_able(order: RepairOrder, level: Level, at: datetime) -> list[User]:
    """Who of the branch is at work and may make the check, without an exception if anybody."""
    _, permission = ACTIONS[level]
    people = [each for each in staff.list_users(order.branch_id) if each.may(permission)]
    here = duty.list_here(people, order.branch, at)
    ruled = [(each, judge(order, level, each, at)) for each in here]
    able = [each for each, ruling in ruled if ruling.is_allowed and not ruling.excepted]
    return able or [each for each, ruling in ruled if ruling.is_allowed]


def _list_breaches(order: RepairOrder, level: Level, by: User, at: datetime) -> list[Breach]:
    if level is Level.QUALITY_CHECK:
        return [*_own_work(order, by, Apart.QUALITY_NOT_WORK), *_own_order(order, by)]
    return [
        *_not_advisor(order, by, at),
        *_own_work(order, by, Apart.FINAL_NOT_WORK),
        *_own_check(order, by),
    ]


def _own_work(order: RepairOrder, by: User, rule: Apart) -> list[Breach]:
    if by.id not in queries.list_worker_ids(order):
        return []
    return [Breach(rule, N_("You worked on this car. Somebody else has to check it."))]


def _own_order(order: RepairOrder, by: User) -> list[Breach]:
    if by.id != order.advisor_id:
        return []
    message = N_("The final check of this order is yours; the quality check needs somebody else.")
    return [Breach(Apart.QUALITY_NOT_ADVISOR, message)]


def _own_check(order: RepairOrder, by: User) -> list[Breach]:
    quality = queries.find_inspection(order, Level.QUALITY_CHECK)
    if quality is None or quality.by_id != by.id:
        return []
    message = N_("You made the quality check. Somebody else has to make the final check.")
    return [Breach(Apart.FINAL_NOT_QUALITY, message)]


def _not_advisor(order: RepairOrder, by: User, at: datetime) -> list[Breach]:
    """The advisor's own, unless the advisor is not at work: then another one may, with a reason."""
    if by.id == order.advisor_id:
        return []
    away = duty.find_away(order.advisor, order.branch, at)
    if away is None:
        message = N_("The final check is made by the order's advisor, %(name)s.")
        values = {"name": order.advisor.display_name}
        return [Breach(Apart.FINAL_BY_ADVISOR, message, values)]
    words = away.words
    return [Breach(Apart.FINAL_BY_ADVISOR, _DEPUTY[away.kind], words.values, is_allowed=True)]


# The advisor's deputy at the final check, by why the advisor is not there.
_DEPUTY = {
    AwayKind.LEFT: N_(
        "The advisor of this order, %(name)s, works here no longer; somebody else makes the "
        "final check and says why."
    ),
    AwayKind.ABSENT: N_(
        "The advisor of this order, %(name)s, is away until %(time)s; somebody else may make "
        "the final check and says why."
    ),
    AwayKind.OFF: N_(
        "The advisor of this order, %(name)s, is not on duty now; somebody else may make the "
        "final check and says why."
    ),
}
