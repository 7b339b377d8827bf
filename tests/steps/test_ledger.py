"""The one ledger after whatever happens: it holds what open appointments and live jobs need."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.databases import Database
from tests.factories import AT
from tests.steps.booking.factories import local
from tests.steps.quotation import factories as quotations
from tests.steps.repair import factories as repairs
from workshop.allocation.free_time import FreeTime
from workshop.capacity import service as capacity
from workshop.capacity.models import CapacityTake, TakeSource
from workshop.capacity.remaining import Need
from workshop.catalogue.models import Operation
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import WorkshopError
from workshop.orders import cancellation
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.shop import calendar
from workshop.staff.permissions import RoleName
from workshop.steps.booking import estimates, hours, making, queries, rules, slots
from workshop.steps.booking import service as booking
from workshop.steps.booking.making import Wish
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.rules import EXPECTED, AppointmentStatus
from workshop.steps.quotation import draft, lines, versions
from workshop.steps.quotation import queries as quoted
from workshop.steps.quotation import service as quotation
from workshop.steps.scheduling import queries as plan
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch.service import Consent

LIVE = (JobState.WAITING, JobState.RUNNING, JobState.PAUSED)
STEPS = 120
T = TypeVar("T")


class World:
    """A shop in which things happen at random, each through the service that people use."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        quotations.make_shop()
        self.branch = factories.make_branch()
        self.advisor = factories.make_user(RoleName.SERVICE_ADVISOR)
        self.work = [
            factories.make_operation(book_minutes=30),
            factories.make_operation(book_minutes=90),
            factories.make_operation(book_minutes=45, bay_kinds=[]),
        ]
        self.at = AT
        self.done: Counter[str] = Counter()
        self.acts: list[Callable[[], None]] = [
            self.book,
            self.book,
            self.book,
            self.book,
            self.cancel,
            self.miss,
            self.move_appointment,
            self.add_work,
            self.receive,
            self.receive,
            self.sign,
            self.sign,
            self.decline,
            self.revise,
            self.assign,
            self.assign,
            self.move_job,
            self.unassign,
            self.cancel_order,
        ]

    def act(self) -> None:
        """One thing happens, or is refused and leaves nothing behind."""
        act = self.chance.choice(self.acts)
        try:
            with session.begin_nested():
                act()
                session.flush()
        except WorkshopError:
            session.expire_all()
        else:
            self.done[act.__name__] += 1

    def one(self, found: Sequence[T]) -> T:
        if not found:
            raise WorkshopError("nothing to do it with")
        return self.chance.choice(found)

    def operations(self) -> list[Operation]:
        return self.chance.sample(self.work, self.chance.randint(0, 2))

    def appointment(self, *statuses: AppointmentStatus) -> Appointment:
        query = select(Appointment).where(Appointment.status.in_(statuses))
        return self.one(list(session.scalars(query.order_by(Appointment.id))))

    def order(self, *stages: Stage) -> RepairOrder:
        query = select(RepairOrder).where(RepairOrder.stage.in_(stages))
        return self.one(list(session.scalars(query.order_by(RepairOrder.id))))

    def job(self, *, planned: bool) -> Job:
        jobs = list(session.scalars(select(Job).where(Job.state.in_(LIVE)).order_by(Job.id)))
        return self.one([each for each in jobs if (plan.find_live(each) is not None) is planned])

    def slot(self) -> datetime:
        today = calendar.local_day(self.branch, self.at)
        day = today + timedelta(days=self.chance.randint(0, 3))
        grid = [each.at for each in slots.day_grid(self.branch, day) if not each.is_for_walk_ins]
        return self.one(grid)

    def book(self) -> None:
        vehicle = factories.make_vehicle()
        making.book(
            vehicle,
            vehicle.customer,
            Wish("异响", operations=self.operations()),
            advisor=self.advisor,
            slot_at=self.slot(),
            branch=self.branch,
            by=self.advisor,
            at=self.at,
        )

    def cancel(self) -> None:
        found = self.appointment(*EXPECTED, AppointmentStatus.ARRIVED)
        booking.cancel(found, "没空", self.advisor, self.at)

    def miss(self) -> None:
        found = self.appointment(*EXPECTED)
        self.at = max(self.at, rules.no_show_from(found.slot_at, self.branch.no_show_minutes))
        booking.record_no_show(found, "联系不上", self.advisor, self.at)

    def move_appointment(self) -> None:
        found = self.appointment(*EXPECTED, AppointmentStatus.NO_SHOW)
        making.reschedule(
            found,
            found.version,
            Wish("异响", operations=self.operations()),
            advisor=self.advisor,
            slot_at=self.slot(),
            by=self.advisor,
            at=self.at,
        )

    def add_work(self) -> None:
        found = self.appointment(*EXPECTED, AppointmentStatus.ARRIVED)
        hours.add_work(
            found,
            [self.one(self.work)],
            seen_version=found.version,
            by=self.advisor,
            at=self.at,
        )

    def receive(self) -> None:
        found = self.appointment(*EXPECTED, AppointmentStatus.ARRIVED)
        self.at = max(self.at, found.slot_at)
        order = factories.make_order(
            Stage.INSPECTED, vehicle=found.vehicle, advisor=self.advisor, arrived_at=self.at
        )
        booking.convert(found, order, self.advisor, self.at)

    def sign(self) -> None:
        order = self.order(Stage.INSPECTED, Stage.QUOTED)
        found = draft.get_draft(order, None, by=self.advisor, at=self.at)
        if not quoted.list_lines(found):
            for operation in self.chance.sample(self.work, self.chance.randint(1, 3)):
                lines.add_operation(found, operation, at=self.at)
        offered = quotation.offer(order, by=self.advisor, at=self.at)
        quotation.authorise(
            offered,
            quotations.yes_to_all(offered),
            signer_name="王小明",
            by=self.advisor,
            at=self.at,
        )

    def decline(self) -> None:
        order = self.order(Stage.INSPECTED)
        found = draft.get_draft(order, None, by=self.advisor, at=self.at)
        lines.add_operation(found, self.one(self.work), at=self.at)
        offered = quotation.offer(order, by=self.advisor, at=self.at)
        quotation.decline(offered, "太贵", by=self.advisor, at=self.at)

    def revise(self) -> None:
        order = self.order(Stage.AUTHORISED, Stage.DECLINED)
        current = quoted.find_current(order)
        assert current is not None
        versions.revise(current, by=self.advisor, at=self.at)

    def assign(self) -> None:
        job = self.job(planned=False)
        slot = FreeTime(self.branch, self.at).get_earliest(plan.piece_of(job), self.at)
        scheduling.assign(
            job, slot.technician, slot.bay, slot.starts_at, by=self.advisor, at=self.at
        )

    def move_job(self) -> None:
        job = self.job(planned=True)
        live = plan.find_live(job)
        assert live is not None
        later = self.at + timedelta(days=self.chance.randint(0, 2))
        slot = FreeTime(self.branch, later, {live.id}).get_earliest(plan.piece_of(job), later)
        scheduling.move(
            job,
            slot.technician,
            slot.bay,
            slot.starts_at,
            seen_version=live.version,
            consent=Consent(Channel.PHONE, "王小明", self.at),
            by=self.advisor,
            at=self.at,
        )

    def unassign(self) -> None:
        job = self.job(planned=True)
        live = plan.find_live(job)
        assert live is not None
        scheduling.unassign(job, seen_version=live.version, by=self.advisor, at=self.at)

    def cancel_order(self) -> None:
        if self.chance.random() < 0.8:
            raise WorkshopError("seldom")
        order = self.order(Stage.INSPECTED, Stage.QUOTED, Stage.AUTHORISED, Stage.SCHEDULED)
        cancellation.cancel_order(order, "客户改主意", by=self.advisor, at=self.at)


def check(world: World) -> None:
    """The ledger holds what is needed: by whom, of what, on which day, and not a minute more."""
    needed = 0
    for appointment in session.scalars(select(Appointment)):
        wanted = needs_of(appointment)
        held = Counter[Need]()
        for take in capacity.list_takes(TakeSource.APPOINTMENT, appointment.id):
            assert take.day == appointment.day
            held[Need.of(take.skill_id, take.bay_kinds)] += take.minutes
        assert held == wanted, (appointment.no, appointment.status)
        needed += wanted.total()
    for job in session.scalars(select(Job)):
        takes = capacity.list_takes(TakeSource.JOB, job.id)
        wanted_minutes = plan.minutes_left(job) if job.state in LIVE else 0
        assert sum(take.minutes for take in takes) == wanted_minutes
        assert all(take.skill_id == job.skill_id for take in takes)
        assert all(take.bay_kinds == sorted(job.bay_kinds) for take in takes)
        live = plan.find_live(job)
        if live is not None:
            day = calendar.local_day(world.branch, live.starts_at)
            assert [take.day for take in takes] == [day]
        needed += wanted_minutes
    open_takes = select(func.sum(CapacityTake.minutes)).where(
        CapacityTake.released_at.is_(None), CapacityTake.used_at.is_(None)
    )
    assert (session.scalar(open_takes) or 0) == needed


def needs_of(appointment: Appointment) -> Counter[Need]:
    """What an appointment holds: its work, as long as no order has taken over."""
    if appointment.status in EXPECTED | {AppointmentStatus.ARRIVED}:
        return estimate_of(appointment)
    order = queries.find_order_of(appointment)
    if order is None or order.stage in (Stage.CANCELLED, Stage.DECLINED):
        return Counter()
    answered = [
        each for each in quoted.list_quotations(order) if each.signed_at or each.decline_reason
    ]
    return Counter() if answered else estimate_of(appointment)


def estimate_of(appointment: Appointment) -> Counter[Need]:
    """The needs of its operations; without any at booking half an hour of anybody more."""
    operations = queries.list_operations(appointment)
    needs = Counter(estimates.estimate(appointment.branch, operations, day=appointment.day).needs)
    rest = appointment.estimated_minutes - needs.total()
    return needs + Counter({Need(): rest})


@pytest.mark.parametrize("seed", range(4))
def test_after_any_sequence_the_ledger_holds_what_is_still_to_be_done(
    database: Database, seed: int
) -> None:
    world = World(seed)
    for _ in range(STEPS):
        world.act()
        check(world)
    assert world.done.total() >= STEPS // 5


def test_a_finished_job_waits_for_nobody_and_its_day_keeps_what_it_took(
    database: Database,
) -> None:
    (job,) = repairs.make_running()
    day = local("10:00").date()
    skill_id = job.skill_id
    assert capacity.day_capacity(job.order.branch, day, skill_id).taken_minutes == 60
    assert sum(each.minutes for each in capacity.list_takes(TakeSource.JOB, job.id)) == 60
    # when
    # It took 35 minutes; the other 25 of its hour are free again.
    repairs.complete(job, AT + timedelta(minutes=5))
    # then
    assert capacity.list_takes(TakeSource.JOB, job.id) == []
    assert capacity.day_capacity(job.order.branch, day, skill_id).taken_minutes == 35
