"""One visit of one car, told through the same services that people use.

Each step takes its time. The visit ends where the plan says, or when the shop clock is reached.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from workshop.cases import service as cases
from workshop.cases.models import Case
from workshop.cases.models import Verdict as CustomerVerdict
from workshop.customers.models import Channel, EnergyType, Vehicle
from workshop.db import session
from workshop.demo.shop import Shop
from workshop.errors import RuleBroken
from workshop.orders.models import Job, JobState, RepairOrder, Urgency
from workshop.orders.stages import Stage
from workshop.shop import calendar
from workshop.staff.models import User
from workshop.steps.booking import making, slots
from workshop.steps.booking import service as booking
from workshop.steps.booking.models import Appointment
from workshop.steps.followup import queries as followup_queries
from workshop.steps.followup import service as followup
from workshop.steps.followup.rules import Question
from workshop.steps.handover import collecting, delivery
from workshop.steps.handover import queries as handover_queries
from workshop.steps.handover import service as handover
from workshop.steps.handover.rules import Collector
from workshop.steps.lounge import departure
from workshop.steps.lounge import service as lounge
from workshop.steps.lounge.kinds import CareKind, CostBearer, Transport
from workshop.steps.parts import picking
from workshop.steps.parts import queries as parts_queries
from workshop.steps.parts import service as parts
from workshop.steps.parts.models import PickLine, PickList
from workshop.steps.parts.rules import PickState
from workshop.steps.quotation import draft, lines
from workshop.steps.quotation import queries as quotation_queries
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.models import Quotation
from workshop.steps.reception import condition, damage, walkaround
from workshop.steps.reception import service as reception
from workshop.steps.reception.car import DamageKind
from workshop.steps.reception.car_shapes import CarView
from workshop.steps.reception.checks import CarCheck, Grade, Judgement
from workshop.steps.reception.rules import CoverKind, OldParts, Paper
from workshop.steps.repair import additions, quality, work
from workshop.steps.repair.checklists import CHECKLISTS
from workshop.steps.repair.rules import (
    Answer,
    Cause,
    Drive,
    Fault,
    Level,
    PauseReason,
    Point,
    Verdict,
)
from workshop.steps.scheduling import queries as scheduling_queries
from workshop.steps.scheduling import service as scheduling
from workshop.steps.scheduling import suggestion
from workshop.steps.settlement import paying
from workshop.steps.settlement import queries as settlement_queries
from workshop.steps.settlement import service as settlement
from workshop.steps.settlement.models import Settlement
from workshop.steps.settlement.rules import Tender


class Enough(Exception):
    """The visit has come as far as it should."""


@dataclass
class Plan:
    """What happens to one car."""

    vehicle: Vehicle
    arrived_at: datetime
    concern: str
    operations: tuple[str, ...] = ()
    package: str | None = None
    km: int = 0
    until: Stage | None = None
    advisor: str = "advisor"
    stays: bool = True
    booked: bool = False
    declined: tuple[str, ...] = ()
    damage: str | None = None
    pauses: PauseReason | None = None
    fails_check: bool = False
    declines_all: bool = False
    # How far the basket of parts is prepared, where not all the way.
    basket: PickState | None = None
    # What the technician finds while working, and asks additional work for.
    finds: str = ""
    score: int = 5
    red: tuple[str, ...] = field(default=())


class Visit:
    """Walks one car through the shop, as far as time and plan allow."""

    def __init__(self, shop: Shop, plan: Plan, now: datetime, *, in_no_time: bool = False) -> None:
        self.shop = shop
        self.plan = plan
        self.now = now
        # The people of the running demo act at the shop's own clock.
        self.in_no_time = in_no_time
        self.at = now if in_no_time else plan.arrived_at
        self.order: RepairOrder | None = None
        self.advisor = shop.people[plan.advisor]

    def walk(self) -> RepairOrder | None:
        """Walk until enough; returns the order, if the car has come so far."""
        try:
            order = self.receive()
            self.inspect(order)
            self.quote(order)
            self.care(order)
            self.schedule(order)
            self.pick(order)
            self._repair(order)
            self._check(order)
            self.settle(order)
            self.hand_over(order)
            self._follow_up(order)
        except Enough:
            pass
        session.flush()
        return self.order

    def _wait(self, minutes: float) -> datetime:
        return self._wait_until(self.at + timedelta(minutes=0 if self.in_no_time else minutes))

    def _wait_until(self, at: datetime) -> datetime:
        # Each step is a request of its own, which would have committed by now.
        session.flush()
        if at > self.now:
            raise Enough
        self.at = max(at, self.at)
        return self.at

    def _reached(self, stage: Stage) -> None:
        if self.plan.until is stage:
            raise Enough

    # Steps 1 to 3.

    def receive(self) -> RepairOrder:
        """Arrival and greeting; the order is opened."""
        appointment = self._book() if self.plan.booked else None
        if self.plan.arrived_at > self.now:
            raise Enough
        self._wait(0)
        return self.greet(appointment)

    def greet(self, appointment: Appointment | None) -> RepairOrder:
        """Stamp the arrival of a booked car, and open the order of any."""
        plan = self.plan
        if appointment is not None:
            booking.register_arrival(appointment, self.shop.people["greeter"], self.at)
        self._wait(4)
        self.order = reception.receive(
            plan.vehicle,
            plan.vehicle.customer,
            concern=plan.concern,
            branch=self.shop.branch,
            appointment=appointment,
            advisor=self.advisor,
            by=self.advisor,
            at=self.at,
            stays=plan.stays,
        )
        self._reached(Stage.RECEPTION)
        return self.order

    def _book(self) -> Appointment | None:
        plan, branch = self.plan, self.shop.branch
        booked_at = plan.arrived_at - timedelta(days=2)
        wish = making.Wish(
            concern=plan.concern,
            operations=[self.shop.operations[code] for code in self._codes()],
            stays=plan.stays,
        )
        day = calendar.local_day(branch, plan.arrived_at)
        free = slots.plan_day(branch, day, {}, at=booked_at, look_ahead=False).free
        near = min(free, key=lambda slot: abs(slot.at - plan.arrived_at), default=None)
        if near is None:
            return None
        advisor = session.get_one(User, near.advisor_id)
        made = making.book(
            plan.vehicle,
            plan.vehicle.customer,
            wish,
            advisor=advisor,
            slot_at=near.at,
            branch=branch,
            by=self.shop.people["assistant"],
            at=booked_at,
        )
        confirmed_at = booked_at + timedelta(hours=26)
        # Who comes much later has not been called yet.
        if confirmed_at <= self.now:
            booking.confirm(made, self.shop.people["relations"], confirmed_at)
        if plan.arrived_at <= self.now:
            self.advisor = advisor
        return made

    def _codes(self) -> tuple[str, ...]:
        return self.plan.operations

    def inspect(self, order: RepairOrder) -> None:
        """Gauges, valuables, covers, the walk round, and the signature."""
        by, at = self.advisor, self._wait(2)
        is_electric = order.vehicle.energy is EnergyType.ELECTRIC
        walkaround.record_gauges(order, self.plan.km, 76 if is_electric else 50, by=by, at=at)
        walkaround.ask_for_valuables(order, by=by, at=self._wait(0.5))
        for kind in CoverKind:
            walkaround.fit_cover(order, kind, True, by=by, at=self._wait(0.2))
        for view in CarView:
            walkaround.check_view(order, view, True, by=by, at=self._wait(0.5))
        if self.plan.damage:
            damage.add_mark(
                order, self.plan.damage, DamageKind.SCRATCH, note="旧伤", by=by, at=self.at
            )
        condition.record_checks(order, self._judged(order), "", by=by, at=self.at)
        walkaround.record_items(
            order,
            items=[],
            items_note="",
            keys=1,
            papers=[Paper.VEHICLE_LICENCE],
            by=by,
            at=self.at,
        )
        walkaround.record_wishes(
            order,
            stays=self.plan.stays,
            old_parts=OldParts.DISPOSE,
            wash_wanted=True,
            by=by,
            at=self.at,
        )
        signature = reception.Signature(name=order.bringer_name)
        reception.sign(order, signature, by=by, at=self._wait(1))
        self._reached(Stage.INSPECTED)

    def _judged(self, order: RepairOrder) -> dict[CarCheck, Judgement]:
        """A car in good order, whose tyres are worn when it has run far."""
        worn = (order.mileage_km or 0) > 60_000
        tyres = Judgement(Grade.YELLOW, "3 mm") if worn else Judgement(Grade.GREEN, "6 mm")
        judged = {check: Judgement(Grade.GREEN) for check in CarCheck}
        return judged | {CarCheck.TYRES: tyres, CarCheck.BRAKE_PADS: Judgement(Grade.GREEN, "8 mm")}

    def quote(self, order: RepairOrder) -> None:
        """Write the quotation and offer it."""
        by, at = self.advisor, self._wait(3)
        written = draft.get_draft(order, None, by=by, at=at)
        self._write(written)
        offered = quotation.offer(order, by=by, at=self._wait(2))
        self._reached(Stage.QUOTED)
        self.answer(order, offered)

    def answer(self, order: RepairOrder, offered: Quotation) -> None:
        """The customer signs, line by line, or wants nothing of it."""
        by = self.advisor
        if self.plan.declines_all:
            quotation.decline(offered, "价格超出预算", by=by, at=self._wait(6))
            raise Enough
        at = self._wait(4)
        # Four minutes later the day may look different; the customer is told before signing.
        quotation.renew_promise(offered, by=by, at=at)
        quotation.authorise(
            offered,
            self._decisions(offered),
            by=by,
            at=at,
            signer_name=order.bringer_name,
        )
        self._reached(Stage.AUTHORISED)

    def _write(self, written: Quotation) -> None:
        known = {line.operation_id for line in quotation_queries.list_lines(written)}
        if self.plan.package:
            lines.add_package(written, self.shop.packages[self.plan.package])
            known |= {line.operation_id for line in quotation_queries.list_lines(written)}
        for code in (*self.plan.operations, *self.plan.declined, *self.plan.red):
            operation = self.shop.operations[code]
            if operation.id not in known:
                urgency = Urgency.RED if code in self.plan.red else None
                urgency = Urgency.YELLOW if code in self.plan.declined else urgency
                lines.add_operation(written, operation, urgency=urgency)
        session.flush()

    def _decisions(self, offered: Quotation) -> dict[int, bool]:
        refused = {self.shop.operations[code].id for code in (*self.plan.declined, *self.plan.red)}
        groups = quotation_queries.list_groups(offered)
        return {group.head.id: group.head.operation_id not in refused for group in groups}

    # Steps 4 to 6.

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
            reachable_phone=order.customer.phone,
            best_time="",
            report_channel=Channel.PHONE,
            report_at=None,
            pick_up_name=order.customer.name,
            pick_up_phone=order.customer.phone,
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

    # Step 7.

    def _repair(self, order: RepairOrder) -> None:
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
        try:
            work.start(job, by, self.at)
        except RuleBroken:
            # The technician is still on another car; this one waits its turn.
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
        quality.self_check(job, answers(Level.SELF_CHECK), by=by, at=self._wait(length * 0.1))
        work.finish(job, by, self._wait(1))

    def _check(self, order: RepairOrder) -> None:
        self._reached(Stage.QUALITY_CHECK)
        inspector = self.shop.people["inspector"]
        km = order.mileage_km or 0
        drive = Drive(km, km + 3, "杨高中路环线")
        if self.plan.fails_check:
            self._fail(order, drive)
        quality.quality_check(
            order, answers(Level.QUALITY_CHECK), drive=drive, by=inspector, at=self._wait(4)
        )
        self._reached(Stage.FINAL_CHECK)
        quality.final_check(
            order, answers(Level.FINAL_CHECK), wash=True, by=order.advisor, at=self._wait(3)
        )
        self._reached(Stage.WASH)
        handover.finish_wash(order, by=self.shop.people["washer"], at=self._wait(5))
        self._reached(Stage.READY)

    def _fail(self, order: RepairOrder, drive: Drive) -> None:
        job = scheduling_queries.list_jobs(order)[0]
        fault = Fault(job.id, Cause.WORKMANSHIP, "制动仍有轻微异响", 30)
        quality.quality_check(
            order,
            answers(Level.QUALITY_CHECK, bad="concern"),
            drive=drive,
            fault=fault,
            by=self.shop.people["inspector"],
            at=self._wait(10),
        )
        raise Enough

    # Steps 8 to 10.

    def settle(self, order: RepairOrder) -> None:
        """Make the bill and take the money."""
        cashier = self.shop.people["cashier"]
        bill = settlement.make_settlement(order, by=cashier, at=self._wait(3))
        self._reached(Stage.SETTLEMENT)
        self.pay(order, bill)

    def pay(self, order: RepairOrder, bill: Settlement) -> None:
        """Take the money for a bill that is made."""
        cashier = self.shop.people["cashier"]
        open_fen = settlement_queries.balance_fen(bill)
        if open_fen:
            paying.take_payment(
                order,
                Tender.WECHAT,
                open_fen,
                client_id=uuid.uuid4().hex,
                by=cashier,
                at=self._wait(4),
            )
        else:
            settlement.close_settlement(bill, by=cashier, at=self._wait(4))
        self._reached(Stage.SETTLED)

    def hand_over(self, order: RepairOrder) -> None:
        """Show the car, explain, and let it out."""
        by = self.advisor
        handover.tell_ready(order, Channel.PHONE, reached=True, by=by, at=self._wait(2))
        collecting.record_collector(order, Collector.OWNER, by=by, at=self._wait(6))
        handover.record_walkround(order, False, "", by=by, at=self._wait(2))
        day = calendar.local_day(self.shop.branch, self.at)
        km = (order.mileage_km or 0) + 3
        due = handover_queries.suggest_next_due(order, day, km)
        handover.record_next_service(
            order,
            km,
            due.due_on if due else day + timedelta(days=180),
            due.due_km if due else km + 10_000,
            "磨合期内请避免急刹车" if "B-PAD-F" in self.plan.operations else "",
            today=day,
            by=by,
            at=self.at,
        )
        wished = self.at + timedelta(hours=50)
        handover.record_followup(order, wished, Channel.PHONE, "", by=by, at=self.at)
        for item in handover_queries.list_items(order):
            handover.tick(order, item, by=by, at=self._wait(0.3))
        delivery.deliver(order, signer_name=order.bringer_name, by=by, at=self._wait(2))
        delivery.let_out(order, by=self.shop.people["greeter"], at=self._wait(3))
        self._reached(Stage.DELIVERED)

    def _follow_up(self, order: RepairOrder) -> None:
        planned = followup_queries.find(order) or followup.plan_call(order, self.at)
        caller = self.shop.people["relations"]
        self._wait_until(planned.planned_at)
        if self.at > self.now - timedelta(hours=24):
            # Nobody has called yet, so that somebody finds a call that is due.
            raise Enough
        low = self.plan.score
        case = followup.record_answers(
            planned,
            dict.fromkeys(Question, 5) | {Question.ON_TIME: low},
            is_fixed=low > 1,
            recommendation=10 if low > 2 else 4,
            words="" if low > 2 else "等了很久，而且还有异响",
            channel=Channel.PHONE,
            owner=caller,
            day=calendar.local_day(self.shop.branch, self.at),
            by=caller,
            at=self.at,
        )
        if case is not None:
            self._put_right(case)

    def _put_right(self, case: Case) -> None:
        """The officer answers, plans and mends; the manager calls once more and closes it."""
        owner, manager = self.shop.people["relations"], self.shop.people["manager"]
        cases.acknowledge(case, by=owner, at=self._wait(20))
        cases.make_plan(case, "请客户到店复查，优先安排，不收费", by=owner, at=self._wait(60))
        cause, remedy = "下摆臂衬套未按扭矩拧紧", "重新紧固并路试，客户确认异响消失"
        cases.resolve(case, cause, remedy, by=owner, at=self._wait(60 * 26))
        # The newest case is still open, so that somebody finds one to close.
        if self.at < self.now - timedelta(days=7):
            verdict, words = CustomerVerdict.SATISFIED, "已无异响，客户满意"
            followup.record_second_call(case, verdict, words, by=manager, at=self._wait(60 * 24))


def answers(level: Level, bad: str | None = None) -> list[Answer]:
    """A filled-in checklist; `bad` names the one item that is not in order."""
    measured = {"torque": "120 N·m", "brakes": "6.5 mm", "tyres": "4.8 mm"}
    measured |= {"codes": "无", "battery": "12.6 V"}
    return [
        Answer(
            item.code,
            Verdict.BAD if item.code == bad else Verdict.GOOD,
            measured.get(item.code, "") if item.is_measured else "",
            "路试复现" if item.code == bad else "",
        )
        for item in CHECKLISTS[level]
    ]
