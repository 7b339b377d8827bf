"""The cases of the floor: help, rework, folders, time asked for, plans, the watch and the roles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from tests.audit.act import LATER, Act, boss, collect
from tests.factories import (
    AT,
    make_attendance,
    make_order,
    make_technician,
)
from tests.shop.factories import hour
from tests.steps.quotation.test_work_packages import make_two
from tests.steps.repair import factories as repairs
from tests.steps.scheduling.factories import make_shop as make_plan
from tests.steps.scheduling.replanning.floor import make_floor
from tests.steps.settlement.factories import DAY
from workshop.allocation.models import Assistance
from workshop.attendance import service as attendance
from workshop.customers.models import Channel
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import Job, OrderKind
from workshop.phone import dropping
from workshop.shop.models import Technician
from workshop.staff import granting
from workshop.staff.models import KnownPermission, Role
from workshop.steps.repair import helping, work
from workshop.steps.repair import queries as repair_queries
from workshop.steps.repair.clocks import forgotten
from workshop.steps.repair.concerns import queries as concerns
from workshop.steps.repair.concerns import service as answering
from workshop.steps.repair.concerns.rules import Outcome
from workshop.steps.repair.quality import rework
from workshop.steps.scheduling.dispatch import more_time
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch.service import Consent
from workshop.steps.scheduling.folder import service as folders
from workshop.steps.scheduling.packing import service as packing
from workshop.steps.scheduling.replanning import service as replan
from workshop.steps.scheduling.replanning.models import PlanRun
from workshop.steps.scheduling.rules import MoreTimeReason
from workshop.steps.scheduling.teamwork import service as teamwork
from workshop.steps.scheduling.watch import service as watch

# ---- A second technician ----


def shop_help() -> Act:
    (job,) = repairs.make_ready()
    by, helper = job.order.advisor, make_technician()
    said = {"technician_id": helper.id, "share_percent": 40}
    return Act(by, lambda: _help(job, helper), None, said)


def shop_share() -> Act:
    (job,) = repairs.make_ready()
    by, given = job.order.advisor, _help(job, make_technician())
    said = {"percent": 30, "was": 40}

    def do() -> None:
        teamwork.set_share(job, 30, seen_version=given.version, by=by, at=LATER)

    return Act(by, do, given, said)


def shop_help_ends() -> Act:
    (job,) = repairs.make_ready()
    by, given = job.order.advisor, _help(job, make_technician())
    said = {"technician_id": given.technician_id}

    def do() -> None:
        teamwork.take_off(job, seen_version=given.version, by=by, at=LATER)

    return Act(by, do, given, said)


def repair_help() -> Act:
    (job,) = repairs.make_ready()
    helper = make_technician()
    _help(job, helper)
    work.start(job, repairs.worker(job), AT)
    by = helper.user

    def do() -> None:
        helping.start(job, by, LATER)

    return Act(by, do, job)


def repair_help_ends() -> Act:
    (job,) = repairs.make_ready()
    helper = make_technician()
    _help(job, helper)
    work.start(job, repairs.worker(job), AT)
    by = helper.user
    helping.start(job, by, AT)
    return Act(by, lambda: helping.stop(job, by, LATER), job)


def _help(job: Job, helper: Technician) -> Assistance:
    lead = scheduling.get_live(job)
    return teamwork.add(job, helper, 40, seen_version=lead.version, by=job.order.advisor, at=AT)


def shop_assume_end() -> Act:
    who = make_technician(here_since=None)
    forgotten, by = make_attendance(who, hour(8)), who.user
    next_day = hour(8, 1)

    def do() -> None:
        attendance.clock_in(who, last_seen_at=hour(16.5), by=by, at=next_day)

    return Act(by, do, forgotten, {"ended_at": hour(18).isoformat()}, ("shop.clock_in",))


# ---- Work done again ----


def repair_open_rework() -> Act:
    order = repairs.make_checked_in()
    by, fault = order.advisor, repairs.fault(order)
    said = {"cause": "workmanship"}

    def do() -> Any:
        return rework.open_internal(order, fault, check=None, by=by, at=AT + timedelta(hours=1))

    return Act(by, do, None, said)


def repair_open_comeback() -> Act:
    original = make_order(Stage.DELIVERED, ready_at=AT, delivered_at=AT - timedelta(days=9))
    order = make_order(vehicle=original.vehicle, kind=OrderKind.COMEBACK)
    by, said = order.advisor, {"repeat": 1}
    return Act(by, lambda: rework.open_external(order, original, by=by, at=LATER), None, said)


# ---- The board ----


def repair_reopen_concern() -> Act:
    order = repairs.make_checked_in()
    (concern,) = concerns.list_concerns(order)
    outcome, by = Outcome.FINDING, order.advisor
    given = answering.answer(order, concern, outcome, note="正常", by=by, at=AT)
    return Act(
        by,
        lambda: answering.take_back(given, order, by=by, at=LATER),
        order,
        {"concern": order.concern},
    )


def repair_drop_act() -> Act:
    (job,) = repairs.make_running()
    by, refused = repairs.worker(job), "The job is not running."
    said = {"what": "Pause", "refused": refused, "reason": "按错了"}

    def do() -> None:
        dropping.note(
            "repair.drop_act", job, "Pause", refused, "按错了", tapped_at=AT, by=by, at=LATER
        )

    return Act(by, do, job, said)


def repair_assume_clock_end() -> Act:
    (job,) = repairs.make_running()
    clock = repair_queries.find_open_session(job)
    branch, at = job.order.branch, AT + timedelta(days=1)
    return Act(None, lambda: forgotten.end_forgotten(branch, at=at), clock)


def repair_confirm_clock() -> Act:
    (job,) = repairs.make_running()
    at, by = AT + timedelta(days=1), boss()
    (clock,) = forgotten.end_forgotten(job.order.branch, at=at)
    ended = AT + timedelta(hours=1)
    return Act(
        by, lambda: forgotten.confirm(clock, ended, "忘了", by=by, at=at), clock, {"reason": "忘了"}
    )


def scheduling_consent() -> Act:
    plan = make_plan()
    by = plan.advisor
    word = Consent(Channel.PHONE, "王小明", AT)

    def do() -> None:
        days = (DAY, DAY + timedelta(days=1))
        scheduling.note_consent(plan.job, days, word, by=by, at=LATER)

    return Act(by, do, plan.job, {"to": (DAY + timedelta(days=1)).isoformat()})


def scheduling_folder_on_rack() -> Act:
    plan = make_plan()
    plan.assign()
    by = plan.advisor
    return Act(by, lambda: folders.put_on_rack(plan.job, by=by, at=LATER))


def scheduling_folder_returned() -> Act:
    (job,) = repairs.make_running()
    by = job.order.advisor
    return Act(by, lambda: folders.give_back(job, by=by, at=LATER))


def scheduling_more_time_reopened() -> Act:
    (job,) = repairs.make_running()
    by = job.order.advisor
    request = more_time.ask(job, 20, MoreTimeReason.STUCK, by=repairs.worker(job), at=AT)
    more_time.grant(request, by=by, at=AT)
    return Act(by, lambda: more_time.reopen(job, AT, by=by, at=LATER), request)


def scheduling_replan_propose() -> Act:
    run = _answered()
    by = run.asked_by
    return Act(by, lambda: replan.propose(run, by=by, at=LATER), run)


def scheduling_replan_outdated() -> Act:
    run = _answered()
    by = run.asked_by
    return Act(by, lambda: replan.mark_outdated(run, by=by, at=LATER), run)


def _answered() -> PlanRun:
    floor = make_floor()
    floor.plan(11)
    return floor.ask(floor.goes_home())


def scheduling_acknowledge() -> Act:
    floor = make_floor()
    floor.plan(11)
    (alarm,) = watch.look_after(floor.branch, at=hour(10.8))
    by, said = floor.controller, {"kind": "folder_not_taken"}
    return Act(by, lambda: watch.acknowledge(alarm, by=by, at=hour(10.8)), alarm, said)


# ---- What a new release teaches the roles ----


def staff_learn_permissions() -> Act:
    washer = session.scalars(sa.select(Role).where(Role.name == "washer")).one()
    washer.permissions = []
    session.execute(sa.delete(KnownPermission).where(KnownPermission.name == "wash"))
    said = {"added": ["wash"]}

    def do() -> None:
        granting.learn_permissions(at=LATER)

    return Act(None, do, washer, said)


def scheduling_split_job() -> Act:
    (job,) = make_two()
    by, line_id = boss(), job.lines[1].id or 0
    said = {"reason": "先做保养", "job": "更换机油", "other_job": "更换前制动片"}
    return Act(by, lambda: packing.split(job, [line_id], "先做保养", by=by, at=LATER), job, said)


def scheduling_join_jobs() -> Act:
    (job,) = make_two()
    by = boss()
    other = packing.split(job, [job.lines[1].id or 0], "先做保养", by=by, at=AT)
    said = {"reason": "一起做", "job": "更换机油、更换前制动片", "other_job": "更换前制动片"}
    return Act(by, lambda: packing.join(job, other, "一起做", by=by, at=LATER), job, said)


ACTS = collect(__name__, globals())
