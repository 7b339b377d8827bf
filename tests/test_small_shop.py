"""With one or two people a car gets through all ten steps, and what was not kept apart is named."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.databases import Database
from tests.factories import AT, make_attendance, make_operation, make_skill, make_technician
from tests.steps.booking import factories as bookings
from tests.steps.followup.test_service import answer
from tests.steps.handover.factories import prepare
from tests.steps.quotation.factories import yes_to_all
from tests.steps.reception import factories as receptions
from tests.steps.repair import factories as repairs
from tests.steps.settlement.factories import make_settlement, pay
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.shop import setup
from workshop.shop.models import Technician, TechnicianSkill
from workshop.shop.separation import service as separation
from workshop.shop.separation.models import NamedException
from workshop.shop.separation.rules import Apart
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking import service as booking
from workshop.steps.followup import queries as calls
from workshop.steps.followup import service as followup
from workshop.steps.handover import delivery
from workshop.steps.lounge import service as lounge
from workshop.steps.parts import service as parts
from workshop.steps.quotation import draft, lines
from workshop.steps.quotation import service as quotation
from workshop.steps.reception import service as reception
from workshop.steps.reception.service import Signature
from workshop.steps.repair import queries, work
from workshop.steps.repair.quality import service as quality
from workshop.steps.repair.rules import Level

R = RoleName
ALL = (R.SERVICE_MANAGER, R.SERVICE_ADVISOR, R.TECHNICIAN, R.CUSTOMER_RELATIONS, R.ADMINISTRATOR)
WHY = "店里人手不够"


def book_and_receive(boss: User) -> RepairOrder:
    """Steps 1 and 2: the booked car comes, is looked at and signed for."""
    made = bookings.make_appointment(boss)
    booking.confirm(made, boss, AT)
    booking.register_arrival(made, boss, AT)
    order = reception.receive(
        made.vehicle,
        made.customer,
        concern=made.concern,
        branch=made.branch,
        by=boss,
        at=AT,
        appointment=made,
    )
    receptions.complete(order, AT)
    reception.sign(order, Signature("王小明"), by=boss, at=AT)
    return order


def quote_and_care(order: RepairOrder, boss: User) -> None:
    """Steps 3 and 4: an authorisation, and the customer waits here."""
    found = draft.get_draft(order, None, by=boss, at=AT)
    lines.add_operation(found, make_operation(), at=AT)
    offered = quotation.offer(order, by=boss, at=AT)
    quotation.authorise(offered, yes_to_all(offered), signer_name="王小明", by=boss, at=AT)
    lounge.record_stay(order, True, by=boss, at=AT)


def plan_and_work(order: RepairOrder, technician: Technician, boss: User) -> datetime:
    """Steps 5, 6 and 7 as far as the technician's own check; returns when it is done."""
    (job,) = queries.list_jobs(order)
    repairs.assign(job, technician)
    parts.release(order, by=boss, at=AT)
    work.start(job, technician.user, AT)
    repairs.complete(job, AT)
    return AT + timedelta(hours=1)


def check(order: RepairOrder, inspector: User, boss: User, at: datetime) -> None:
    """The two other levels of step 7."""
    asked = repairs.answers(Level.QUALITY_CHECK)
    quality.quality_check(order, asked, drive=repairs.DRIVE, exception=WHY, by=inspector, at=at)
    asked = repairs.answers(Level.FINAL_CHECK)
    quality.final_check(order, asked, wash=False, exception=WHY, by=boss, at=at)


def bill_and_hand_over(order: RepairOrder, boss: User, at: datetime) -> None:
    """Steps 8, 9 and 10."""
    pay(make_settlement(order, by=boss), by=boss)
    prepare(order, by=boss)
    delivery.deliver(order, signer_name="王小明", by=boss, at=at)
    later = at + timedelta(hours=49)
    followup.plan_due(later)
    answer(calls.get(order), boss, later, exception=WHY)


def hands_of(boss: User) -> Technician:
    """The only person has a place on the board too, as set-up gives it."""
    technician = setup.make_technician(boss)
    session.add(TechnicianSkill(technician_id=technician.id, skill_id=make_skill().id, level=3))
    make_attendance(technician, AT - timedelta(hours=2))
    return technician


def give(user: User, *roles: RoleName) -> None:
    user.roles = staff.list_roles(roles)


LIFTED_BY_ONE = {
    Apart.QUALITY_NOT_WORK,
    Apart.QUALITY_NOT_ADVISOR,
    Apart.FINAL_NOT_WORK,
    Apart.FINAL_NOT_QUALITY,
    Apart.FOLLOW_UP_CALL,
}
LIFTED_BY_TWO = {Apart.QUALITY_NOT_WORK, Apart.FOLLOW_UP_CALL}


@pytest.mark.parametrize("count", [1, 2])
def test_a_car_gets_through_all_ten_steps(database: Database, count: int) -> None:
    # given one person with every role, or two of whom one has only hands and eyes
    branch, (boss,) = bookings.make_shop(technicians=0)
    staff.ensure_roles()
    give(boss, *ALL)
    technician = hands_of(boss) if count == 1 else make_technician()
    if count == 2:
        give(technician.user, R.TECHNICIAN, R.QUALITY_INSPECTOR)
    bookings.factories.make_bay()
    lifted = LIFTED_BY_ONE if count == 1 else LIFTED_BY_TWO
    separation.set_kept(branch, set(Apart) - lifted, by=boss, at=AT)
    # when
    order = book_and_receive(boss)
    quote_and_care(order, boss)
    at = plan_and_work(order, technician, boss)
    check(order, technician.user, boss, at)
    bill_and_hand_over(order, boss, at)
    # then all is done, and each rule that was not kept stands with its record, by name and reason
    assert order.stage is Stage.CLOSED
    named = session.scalars(select(NamedException)).all()
    assert {each.rule for each in named} == lifted
    assert {each.reason for each in named} == {WHY}
