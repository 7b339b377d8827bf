"""The first three steps of a visit: booking, reception, quotation."""

from __future__ import annotations

from datetime import timedelta

from workshop.catalogue.models import Operation, Payer
from workshop.customers.models import EnergyType
from workshop.db import session
from workshop.demo.timeline import Enough, Timeline
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder, Urgency
from workshop.shop import calendar
from workshop.staff.models import User
from workshop.steps.booking import estimates, making, slots
from workshop.steps.booking import service as booking
from workshop.steps.booking.models import Appointment
from workshop.steps.quotation import draft, lines, payers
from workshop.steps.quotation import queries as quotation_queries
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.fit import queries as fit
from workshop.steps.quotation.models import Quotation
from workshop.steps.quotation.pricing import package_lines
from workshop.steps.reception import condition, walkaround
from workshop.steps.reception import service as reception
from workshop.steps.reception.car import damage
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.car.zones import DamageKind
from workshop.steps.reception.checks import CarCheck, Grade, Judgement
from workshop.steps.reception.rules import CoverKind, OldParts, Paper


class Intake(Timeline):
    """What the advisor does with the customer, until the order is authorised."""

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
            operations=self._wanted(),
            stays=plan.stays,
        )
        day = calendar.local_day(branch, plan.arrived_at)
        size = plan.vehicle.size
        needs = estimates.estimate(branch, wish.operations, day=day, size=size).needs
        free = slots.plan_day(branch, day, needs, at=booked_at, look_ahead=False).free
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

    def _wanted(self) -> list[Operation]:
        """What the customer asks for on the phone: single operations, and those of a package."""
        package = self.shop.packages[self.plan.package].operations if self.plan.package else []
        return [*(self.shop.operations[code] for code in self.plan.operations), *package]

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
            signer_name=order.asked.name,
        )
        self._reached(Stage.AUTHORISED)

    def _write(self, written: Quotation) -> None:
        known = {line.operation_id for line in quotation_queries.list_lines(written)}
        if self.plan.package:
            package_lines.add_package(written, self.shop.packages[self.plan.package], at=self.at)
            known |= {line.operation_id for line in quotation_queries.list_lines(written)}
        for code in (*self.plan.operations, *self.plan.declined, *self.plan.red):
            operation = self.shop.operations[code]
            if operation.id not in known:
                urgency = Urgency.RED if code in self.plan.red else None
                urgency = Urgency.YELLOW if code in self.plan.declined else urgency
                lines.add_operation(written, operation, at=self.at, urgency=urgency)
        session.flush()
        for doubt in fit.list_doubts(written):
            # Pads that the discs bring already are taken out of the work that came later.
            lines.remove_line(doubt.drops[-1].line, written)
        for line in quotation_queries.list_lines(written):
            if self.plan.is_warranty and line.is_labour:
                payers.choose_payer(line, written, Payer.WARRANTY, by=self.advisor, at=self.at)

    def _decisions(self, offered: Quotation) -> dict[int, bool]:
        refused = {self.shop.operations[code].id for code in (*self.plan.declined, *self.plan.red)}
        groups = quotation_queries.list_groups(offered)
        return {group.head.id: group.head.operation_id not in refused for group in groups}
