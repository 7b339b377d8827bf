"""Fifty customers at once, each in a thread of its own."""

from __future__ import annotations

from sqlalchemy import func, select

from tests.databases import Database
from tests.factories import AT
from tests.steps.booking.factories import local
from tests.steps.booking.online.factories import hold, make_online
from tests.steps.booking.test_race import CALLERS, all_at_once
from workshop import db
from workshop.capacity.models import CapacityTake
from workshop.db import session
from workshop.shop.models import Branch
from workshop.steps.booking.online import holding, offering
from workshop.steps.booking.online.models import OnlineBooking
from workshop.steps.booking.online.rules import TAKES_TIME


def test_12_of_fifty_parallel_choices_of_one_place_one_wins_and_49_get_alternatives(
    database: Database,
) -> None:
    branch, _ = make_online(technicians=6)
    branch_id = branch.id
    db.commit()

    def choose(number: int) -> None:
        hold(session.get_one(Branch, branch_id), phone=f"138001380{number:02}")

    answers = all_at_once(database.app, choose)
    assert answers == {"booked": 1, "slot_gone": CALLERS - 1}
    db.rollback()
    held = select(func.count(OnlineBooking.id)).where(OnlineBooking.state.in_(TAKES_TIME))
    assert session.scalar(held) == 1
    assert session.scalar(select(func.count(CapacityTake.id))) == 1
    # and each of the others is shown the three nearest times
    booking = session.scalars(select(OnlineBooking)).one()
    needs = holding.needed_of(booking, booking.slot_at).needs
    near = offering.list_nearest(booking.branch, needs, booking.slot_at, at=AT)
    assert len(near) == 3
    assert local("14:00", 1) not in {each.at for each in near}
