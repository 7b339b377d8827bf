"""A day that is sold out: refused by what is full, with the next free day, or overbooked."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.databases import Database
from tests.steps.booking.factories import local, make_appointment, make_shop
from tests.steps.booking.test_views import SignIn, wanted
from workshop import db
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.db import session
from workshop.errors import NotAllowed, RuleBroken
from workshop.shop.models import BayKind
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import RoleName
from workshop.steps.booking import making
from workshop.steps.booking.making import Wish
from workshop.steps.booking.models import Appointment, Overbooking

WHY = "老客户出差前必须修好"


def full_tuesday(**values: object) -> User:
    """A Tuesday on which the engine hours are sold; the advisor reads English."""
    _, (advisor,) = make_shop()
    advisor.locale = "en"
    long = factories.make_operation(book_minutes=430)
    make_appointment(advisor, "08:00", 1, operations=[long])
    return advisor


def manager() -> User:
    user = factories.make_user(RoleName.SERVICE_MANAGER, name="经理丙")
    user.locale = "en"
    return user


def sent(advisor: User, **values: object) -> dict[str, object]:
    operation = factories.make_operation(book_minutes=60)
    vehicle = factories.make_vehicle()
    return wanted(
        advisor,
        "10:00",
        1,
        day="2026-11-24",
        vehicle_id=vehicle.id,
        operations=[operation.id],
        **values,
    )


def count_appointments() -> int:
    return session.scalar(select(func.count(Appointment.id))) or 0


def test_a_full_day_is_refused_by_what_is_full_with_one_click_to_the_next_free_one(
    database: Database, sign_in: SignIn
) -> None:
    advisor = full_tuesday()
    answer = sign_in(advisor).post("/booking/new", data=sent(advisor))
    assert answer.status_code == 409
    words = "2026-11-24 is full for this work: Skill engine"
    assert words in answer.text
    assert "The next free day is 2026-11-25." in answer.text
    assert 'id="go-next"' in answer.text
    assert "Only who may override rules books a full day all the same." in answer.text
    assert "Overbook the day" not in answer.text
    assert count_appointments() == 1


def test_who_may_not_override_does_not_overbook_with_a_reason_either(
    database: Database, sign_in: SignIn
) -> None:
    advisor = full_tuesday()
    answer = sign_in(advisor).post("/booking/new", data=sent(advisor, overbook_reason=WHY))
    assert answer.status_code in (403, 409)
    assert count_appointments() == 1
    assert session.scalar(select(Overbooking.id)) is None


def test_the_manager_overbooks_with_a_reason_and_it_is_seen_everywhere(
    database: Database, sign_in: SignIn
) -> None:
    # given
    advisor, chief = full_tuesday(), manager()
    chief_id = chief.id
    browser = sign_in(chief)
    # when a reason is missing, it is refused and the way to give one is shown
    refused = browser.post("/booking/new", data=sent(advisor))
    assert refused.status_code == 409
    assert "Overbook the day" in refused.text
    # when
    answer = browser.post("/booking/new", data=sent(advisor, overbook_reason=WHY))
    # then
    assert answer.status_code == 302
    written = session.scalars(select(Overbooking)).one()
    assert (written.by_id, written.reason, written.at) == (chief_id, WHY, factories.AT)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "booking.overbook")).one()
    assert entry.by_id == chief_id
    page = browser.get(answer.headers["Location"]).text
    assert "although the day was full" in page
    assert WHY in page
    board = browser.get("/booking?day=2026-11-24").text
    assert "Overbooked by 经理丙" in board
    assert WHY in board


def test_a_reason_on_a_day_that_has_room_is_no_overbooking(database: Database) -> None:
    _, (advisor,) = make_shop()
    vehicle = factories.make_vehicle()
    made = making.book(
        vehicle,
        vehicle.customer,
        Wish("异响"),
        advisor=advisor,
        slot_at=local("14:00"),
        branch=factories.make_branch(),
        by=advisor,
        at=factories.AT,
        overbook_reason=WHY,
    )
    assert made.overbooking is None


def test_an_appointment_is_moved_to_a_full_day_by_name_and_reason(database: Database) -> None:
    # given
    advisor, chief = full_tuesday(), manager()
    old = make_appointment(advisor, "14:00", operations=[factories.make_operation()])

    def move(by: User, reason: str) -> Appointment:
        return making.reschedule(
            old,
            old.version,
            Wish("异响", operations=[factories.make_operation()]),
            advisor=advisor,
            slot_at=local("10:00", 1),
            by=by,
            at=factories.AT,
            overbook_reason=reason,
        )

    # then
    db.commit()
    with pytest.raises(RuleBroken, match="is full"):
        move(chief, "")
    db.rollback()
    with pytest.raises(NotAllowed):
        move(advisor, WHY)
    db.rollback()
    # when
    moved = move(chief, WHY)
    assert moved.overbooking is not None
    assert capacity.list_takes(TakeSource.APPOINTMENT, old.id) == []
    assert sum(each.minutes for each in capacity.list_takes(TakeSource.APPOINTMENT, moved.id)) == 60


def test_work_that_nobody_can_do_is_not_overbooked(database: Database) -> None:
    _, (advisor,) = make_shop()
    paint = factories.make_operation(skill_id=factories.make_skill("paint").id)
    vehicle = factories.make_vehicle()
    with pytest.raises(RuleBroken, match="So are the next weeks"):
        making.book(
            vehicle,
            vehicle.customer,
            Wish("补漆", operations=[paint]),
            advisor=advisor,
            slot_at=local("14:00"),
            branch=factories.make_branch(),
            by=manager(),
            at=factories.AT,
            overbook_reason=WHY,
        )


def test_the_database_keeps_who_overbooked_as_it_was_written(database: Database) -> None:
    advisor, chief = full_tuesday(), manager()
    vehicle = factories.make_vehicle()
    made = making.book(
        vehicle,
        vehicle.customer,
        Wish("异响", operations=[factories.make_operation()]),
        advisor=advisor,
        slot_at=local("10:00", 1),
        branch=factories.make_branch(),
        by=chief,
        at=factories.AT,
        overbook_reason=WHY,
    )
    assert made.overbooking is not None
    made.overbooking.reason = "别的原因"
    with pytest.raises(Exception, match="append-only:overbooking"):
        session.flush()
    session.rollback()


# ---- Bays and quarters ----


def test_lift_work_stops_where_the_lifts_are_full_although_hands_are_free(
    database: Database,
) -> None:
    # given three technicians and one lift
    _, (advisor,) = make_shop()
    factories.make_technician()
    factories.make_technician()
    factories.make_bay(BayKind.FLAT)
    long = factories.make_operation(book_minutes=430)
    make_appointment(advisor, "08:00", 1, operations=[long])
    # then
    with pytest.raises(RuleBroken) as refusal:
        make_appointment(advisor, "10:00", 1, operations=[factories.make_operation()])
    assert refusal.value.values["what"] == [BayKind.LIFT]


def test_work_that_may_use_either_bay_takes_the_free_one(database: Database) -> None:
    # given three technicians, a lift that is sold and a flat bay that is not
    _, (advisor,) = make_shop()
    factories.make_technician()
    factories.make_technician()
    factories.make_bay(BayKind.FLAT)
    long = factories.make_operation(book_minutes=430)
    make_appointment(advisor, "08:00", 1, operations=[long])
    # then
    either = factories.make_operation(bay_kinds=["lift", "flat"], book_minutes=300)
    flat = factories.make_operation(bay_kinds=["flat"], book_minutes=240)
    assert make_appointment(advisor, "08:15", 1, operations=[either]).id
    with pytest.raises(RuleBroken) as refusal:
        make_appointment(advisor, "08:30", 1, operations=[flat])
    assert refusal.value.values["what"] == [BayKind.FLAT]


def test_a_late_time_is_refused_when_what_is_left_of_the_day_is_too_little(
    database: Database, sign_in: SignIn
) -> None:
    # given one technician, who is there until six
    _, (advisor,) = make_shop()
    advisor.locale = "en"
    long = factories.make_operation(book_minutes=120)
    vehicle = factories.make_vehicle()
    data = wanted(advisor, "16:30", 1, vehicle_id=vehicle.id, operations=[long.id])
    # when
    answer = sign_in(advisor).post("/booking/new", data=data)
    # then: 90 minutes less a fifth are 72
    assert answer.status_code == 409
    assert "the day is full for this work: Skill engine" in answer.text
    assert "Take an earlier time" in answer.text
    assert count_appointments() == 0


def test_two_late_cars_do_not_share_the_same_last_hours(database: Database) -> None:
    _, (advisor,) = make_shop()
    work = factories.make_operation(book_minutes=90)
    make_appointment(advisor, "15:00", 1, operations=[work])
    # From three to six 144 minutes may be sold: the second one finds 54.
    with pytest.raises(RuleBroken, match="Take an earlier time"):
        make_appointment(advisor, "15:15", 1, operations=[work])
    assert make_appointment(advisor, "10:00", 1, operations=[work]).id


def test_a_closed_bay_kind_is_named_when_the_shop_has_none(database: Database) -> None:
    _, (advisor,) = make_shop()
    paint_booth = factories.make_operation(bay_kinds=["paint"])
    with pytest.raises(RuleBroken) as refusal:
        make_appointment(advisor, operations=[paint_booth])
    assert refusal.value.values["what"] == [BayKind.PAINT]
