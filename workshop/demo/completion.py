"""The end of a visit: settlement, handover, and the call some days later."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from workshop.cases import service as cases
from workshop.cases.models import Case
from workshop.cases.models import Verdict as CustomerVerdict
from workshop.customers.models import Channel
from workshop.demo.timeline import Enough, Timeline
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.steps.followup import queries as followup_queries
from workshop.steps.followup import service as followup
from workshop.steps.handover import collecting, delivery
from workshop.steps.handover import queries as handover_queries
from workshop.steps.handover import service as handover
from workshop.steps.handover.rules import Collector
from workshop.steps.parts.cores import queries as cores
from workshop.steps.parts.cores import service as coring
from workshop.steps.quotation import queries as quotation_queries
from workshop.steps.repair import queries as repair_queries
from workshop.steps.repair.concerns import queries as concerns
from workshop.steps.repair.concerns import service as answering
from workshop.steps.repair.concerns.rules import Outcome
from workshop.steps.settlement import paying
from workshop.steps.settlement import queries as settlement_queries
from workshop.steps.settlement import service as settlement
from workshop.steps.settlement.models import Settlement
from workshop.steps.settlement.rules import Tender


class Completion(Timeline):
    """What is left when the car is ready."""

    def settle(self, order: RepairOrder) -> None:
        """Make the bill and take the money."""
        cashier = self.shop.people["cashier"]
        self._bring_old_parts(order)
        bill = settlement.make_settlement(order, by=cashier, at=self._wait(3))
        self._reached(Stage.SETTLEMENT)
        self.pay(order, bill)

    def _bring_old_parts(self, order: RepairOrder) -> None:
        """Most old parts with a deposit stay in the shop; some customers bring them later."""
        if order.id % 4 == 1:
            return
        clerk = self.shop.people["parts"]
        for line in quotation_queries.list_authorised_lines(order):
            if line.is_core and (out := cores.deposit_of(line).out):
                coring.take_back(line, out, "完整", by=clerk, at=self._wait(1))

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
            handover.tick(order, item.code, by=by, at=self._wait(0.3))
        self._answer_concerns(order)
        delivery.deliver(order, signer_name=order.bringer_name, by=by, at=self._wait(2))
        delivery.let_out(order, by=self.shop.people["greeter"], at=self._wait(3))
        self._reached(Stage.DELIVERED)

    def _answer_concerns(self, order: RepairOrder) -> None:
        """What the customer came for was done, or looked at."""
        jobs = repair_queries.list_jobs(order)
        for number, each in enumerate(concerns.list_open(order)):
            job = jobs[min(number, len(jobs) - 1)] if jobs else None
            answering.answer(
                order,
                each,
                Outcome.JOB if job else Outcome.FINDING,
                job=job,
                note="" if job else "已检查，未发现异常",
                by=self.advisor,
                at=self._wait(0.3),
            )

    def follow_up(self, order: RepairOrder) -> None:
        """The call some days later, and the case where the customer is not content."""
        planned = followup_queries.find(order) or followup.plan_call(order, self.at)
        caller = self.shop.people["relations"]
        self._wait_until(planned.planned_at)
        if self.at > self.now - timedelta(hours=24):
            # Nobody has called yet, so that somebody finds a call that is due.
            raise Enough
        low = self.plan.score
        case = followup.record_answers(
            planned,
            scores(self.at) | {"on_time": low},
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
        """The officer answers, plans and repairs; the manager calls once more and closes it."""
        owner, manager = self.shop.people["relations"], self.shop.people["manager"]
        cases.acknowledge(case, by=owner, at=self._wait(20))
        cases.make_plan(case, "请客户到店复查，优先安排，不收费", by=owner, at=self._wait(60))
        cause, remedy = "下摆臂衬套未按扭矩拧紧", "重新紧固并路试，客户确认异响消失"
        cases.resolve(case, cause, remedy, by=owner, at=self._wait(60 * 26))
        # The newest case is still open, so that somebody finds one to close.
        if self.at < self.now - timedelta(days=7):
            verdict, words = CustomerVerdict.SATISFIED, "已无异响，客户满意"
            followup.record_second_call(case, verdict, words, by=manager, at=self._wait(60 * 24))


def scores(at: datetime) -> dict[str, int]:
    """The best answer to each question that a follow-up call asks."""
    return {item.code: 5 for item in followup_queries.list_asked(None, at)}
