"""The middle of a visit: care, scheduling, parts, repair and its checks."""

from __future__ import annotations

from datetime import datetime, timedelta

from workshop.customers.models import Channel
from workshop.db import session
from workshop.demo import attendance, inspecting
from workshop.demo.timeline import Enough, Timeline
from workshop.errors import RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobState, RepairOrder, Urgency
from workshop.staff.models import User
from workshop.steps.handover import service as handover
from workshop.steps.lounge import departure
from workshop.steps.lounge import service as lounge
from workshop.steps.lounge.enums import CareKind, CostBearer, Transport
from workshop.steps.parts import picking
from workshop.steps.parts import queries as parts_queries
from workshop.steps.parts import service as parts
from workshop.steps.parts.models import PickLine, PickList
from workshop.steps.repair import work
from workshop.steps.repair.additions import service as additions
from workshop.steps.repair.quality import checklists
from workshop.steps.repair.quality import service as quality
from workshop.steps.repair.quality.checklists import Asked, Questions
from workshop.steps.repair.rules import (
    Answer,
    Cause,
    Drive,
    Fault,
    Level,
    Point,
    Verdict,
)
from workshop.steps.scheduling import queries as scheduling_queries
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch import suggestion


class Repairing(Timeline):
    """What the workshop does, until the car is ready."""

    def care(self, order: RepairOrder) -> None:
        """The lounge, or the departure sheet."""
        if self.plan.stays:
            attendant = self.shop.people["lounge"]
            for kind in list(CareKind)[:4]:
                lounge.do_act(order, kind, by=attendant, at=self._wait(0.2))
            return
        sheet = departure.Sheet(
            left_at=self.at,
            transport=Transport.TAXI,
            destination="公司",
            cost_bearer=CostBearer.CUSTOMER,
            driver="",
            reachable_phone=order.reach.phone,
            best_time="",
            report_channel=Channel.PHONE,
            report_at=None,
            pick_up_name=order.reach.name,
            pick_up_phone=order.reach.phone,
        )
        departure.save_sheet(order, sheet, seen_version=0, by=self.advisor, at=self._wait(1))

    def schedule(self, order: RepairOrder) -> None:
        """Give every job that has none its technician, bay and time."""
        at = self._wait(1)
        for job in scheduling_queries.list_unplanned(order):
            self._assign(job, at)
        session.flush()
        if order.stage is Stage.AUTHORISED:
            raise Enough
        self._reached(Stage.SCHEDULED)

    def _assign(self, job: Job, at: datetime) -> None:
        found = suggestion.suggest(job, at)
        if found is not None:
            scheduling.assign(
                job,
                found.technician,
                found.bay,
                found.starts_at,
                minutes=found.minutes,
                across=found.across,
                by=self.shop.people["controller"],
                at=at,
            )

    def pick(self, order: RepairOrder) -> None:
        """Release the order, fill the basket, and issue it."""
        clerk = self.shop.people["parts"]
        picked = parts.release(order, by=self.advisor, at=self._wait(1))
        if picked is None:
            return
        if self.plan.basket is picked.state:
            raise Enough
        self._fill(picked, clerk)

    def _fill(self, pick_list: PickList, clerk: User) -> None:
        self._wait(1)
        lines_of_list = parts_queries.list_lines(pick_list)
        for line in lines_of_list:
            if line.reserved_milli:
                picking.pick(line, by=clerk, at=self._wait(0.3))
        for line in lines_of_list:
            if line.short_milli:
                self._receive_goods(line, clerk)
        if self.plan.basket is pick_list.state:
            raise Enough
        job = scheduling_queries.list_jobs(pick_list.order)[0]
        technician = scheduling_queries.technician_of(job)
        if technician is not None:
            picking.issue(pick_list, technician, by=clerk, at=self._wait(1))

    def _receive_goods(self, line: PickLine, clerk: User) -> None:
        """A missing part comes the next morning; the car waits for it that long."""
        at = self._wait_until(self.at + timedelta(hours=20))
        parts.receive_goods(
            self.shop.branch, line.part, 4_000, "福星配件仓 送货单", by=clerk, at=at
        )
        session.flush()
        picking.pick(line, by=clerk, at=self._wait(2))

    def repair(self, order: RepairOrder) -> None:
        """Each technician does the jobs that wait, one after another."""
        for job in scheduling_queries.list_jobs(order):
            if job.state is JobState.WAITING:
                self._do(job)

    def _do(self, job: Job) -> None:
        allocation = scheduling_queries.find_live(job)
        technician = scheduling_queries.technician_of(job)
        if allocation is None or technician is None:
            raise Enough
        self._wait_until(max(self.at, allocation.starts_at))
        by = technician.user
        if not self.in_no_time:
            self._wait_until(attendance.be_here(technician, self.shop.branch, self.at, self.now))
        try:
            work.start(job, by, self.at)
        except RuleBroken:
            # The technician is still on another car, or gone; this one waits its turn.
            raise Enough from None
        self._reached(Stage.REPAIR)
        # Whoever starts late makes up for it, so that the next car is not kept waiting.
        length = max(6, (allocation.ends_at - self.at).total_seconds() / 60)
        if self.plan.pauses is not None:
            work.pause(job, self.plan.pauses, by, self._wait(length / 3))
            raise Enough
        if self.plan.finds:
            additions.request_addition(job, self.plan.finds, Urgency.RED, by=by, at=self._wait(5))
            raise Enough
        for point in (Point.PROTECTION, Point.OFF_FLOOR, Point.PROCESS, Point.ADDITIONS):
            work.tick(job, point, by, self._wait(length * 0.2))
        inspecting.fill_in(job, by, lambda: self._wait(0.05))
        quality.self_check(job, job_answers(job), by=by, at=self._wait(length * 0.1))
        work.finish(job, by, self._wait(1))

    def check(self, order: RepairOrder) -> None:
        """The second and third level of checks, and the wash."""
        self._reached(Stage.QUALITY_CHECK)
        inspector = self.shop.people["inspector"]
        km = order.mileage_km or 0
        drive = Drive(km, km + 3, "杨高中路环线")
        if self.plan.fails_check:
            self._fail(order, drive)
        quality.quality_check(
            order,
            quality_answers(order),
            drive=drive,
            by=inspector,
            at=self._wait(4),
        )
        self._reached(Stage.FINAL_CHECK)
        quality.final_check(
            order,
            final_answers(order),
            wash=True,
            by=order.advisor,
            at=self._wait(3),
        )
        self._reached(Stage.WASH)
        handover.finish_wash(order, by=self.shop.people["washer"], at=self._wait(5))
        self._reached(Stage.READY)

    def _fail(self, order: RepairOrder, drive: Drive) -> None:
        job = scheduling_queries.list_jobs(order)[0]
        fault = Fault(job.id, Cause.WORKMANSHIP, "制动仍有轻微异响", 30, job.lines[0].id)
        quality.quality_check(
            order,
            quality_answers(order, bad="concern"),
            drive=drive,
            fault=fault,
            by=self.shop.people["inspector"],
            at=self._wait(10),
        )
        raise Enough


def job_answers(job: Job) -> list[Answer]:
    """The self-check of a job, filled in."""
    return answers(checklists.of_job(job))


def quality_answers(order: RepairOrder, bad: str | None = None) -> list[Answer]:
    """The quality check of an order, filled in."""
    return answers(checklists.of_order(Level.QUALITY_CHECK, order), bad)


def final_answers(order: RepairOrder) -> list[Answer]:
    """The final check of an order, filled in."""
    return answers(checklists.of_order(Level.FINAL_CHECK, order))


def answers(asked: Questions, bad: str | None = None) -> list[Answer]:
    """A filled-in checklist; `bad` names the one item that is not in order."""
    return [
        Answer(
            each.code,
            Verdict.BAD if each.code == bad else Verdict.GOOD,
            _measure(each) if each.item.is_measured else "",
            "路试复现" if each.code == bad else "",
        )
        for each in asked.lines
    ]


def _measure(asked: Asked) -> str:
    """A value that is in order: the usual one, or one within the limits of the line."""
    usual = {"torque": "120 N·m", "brakes": "6.5 mm", "tyres": "4.8 mm"}
    usual |= {"codes": "无", "battery": "12.6 V"}
    if asked.code in usual:
        return usual[asked.code]
    limits = asked.item.limits
    greens = [each for each in (limits.green_low, limits.green_high) if each is not None]
    ends = greens or [each for each in limits.ends if each is not None]
    middle = sum(ends) // len(ends) if ends else 1000
    return f"{middle / 1000:g} {asked.item.unit}".strip()
