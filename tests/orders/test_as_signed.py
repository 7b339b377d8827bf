"""A paper that was signed says what it said, whatever is changed, moved or put right since."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import exc, select

from tests import walks
from tests.databases import Database
from tests.e2e import story
from tests.factories import AT, make_order, make_user
from tests.orders.test_signed import SIGNED, SignIn, read
from tests.steps.lounge.factories import make_sheet
from workshop import db
from workshop.db import Model, session
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.shop import branches, past
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.lounge import departure as departures

ON_ONE_ENGINE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LATER = AT + timedelta(days=2)


@pytest.fixture
def papers(database: Database, sign_in: SignIn) -> Callable[[], dict[str, str]]:
    """What the papers of a car say that went home, each time it is called."""
    story.tell(AT, "x")
    boss = staff.find_user("manager")
    assert boss is not None
    boss.locale = "en"
    db.commit()
    browser, number, reader = sign_in(boss), _delivered().id, boss.id

    def look() -> dict[str, str]:
        found = read(browser, session.get_one(RepairOrder, number), session.get_one(User, reader))
        return {title: text for title, text in found.items() if title in SIGNED}

    return look


def _delivered() -> RepairOrder:
    query = select(RepairOrder).where(RepairOrder.stage == Stage.DELIVERED)
    return session.scalars(query.order_by(RepairOrder.id)).first() or pytest.fail("no such car")


@ON_ONE_ENGINE
def test_signed_papers_keep_shop_advisor_and_readings(
    papers: Callable[[], dict[str, str]],
) -> None:
    # given
    before = papers()
    order, boss = _delivered(), staff.find_user("manager")
    assert boss is not None
    other = make_user(RoleName.SERVICE_ADVISOR, branch=order.branch)
    # when the shop moves and changes its rules, and what was noted is put right
    about = replace(branches.particulars_of(order.branch), name="新店名", address="新地址 1 号")
    branches.change_particulars(order.branch, about, by=boss, at=LATER)
    again = replace(about, phone="021-99", tax_no="")
    branches.change_particulars(order.branch, again, by=boss, at=LATER + timedelta(days=1))
    days = replace(branches.rules_of(order.branch), core_days=77)
    branches.change_rules(order.branch, days, by=boss, at=LATER)
    order.advisor = other
    order.mileage_km = (order.mileage_km or 0) + 1_000
    order.vehicle.mileage_km = (order.vehicle.mileage_km or 0) + 5_000
    order.vehicle.engine_no, order.stays = "改正", not order.stays
    db.commit()
    # then
    assert papers() == before
    assert len(before) >= 6


# What no act changes once it is signed: it is the record of the paper itself.
OWN_RECORD = frozenset(
    {"damage_mark", "handover", "handover_check", "inspection", "inspection_item", "job"}
    | {"quotation", "repair_order", "road_test", "walkaround"}
)
# A person and a checklist are called as today, by whoever they are. The shop's own words are
# asked of the trail (above), and a sign-in that is changed reads no paper.
AS_TODAY = frozenset({"user", "checklist", "branch", "vehicle", "sign_in", "role"})


def _loose_columns() -> Iterator[sa.Column[object]]:
    for table in Model.metadata.sorted_tables:
        if table.name not in OWN_RECORD | AS_TODAY:
            for column in table.columns:
                is_plain = isinstance(column.type, sa.String | sa.Integer)
                is_plain = is_plain and not isinstance(column.type, sa.Enum)
                if is_plain and not column.primary_key and not column.foreign_keys:
                    yield column


def _spoil() -> int:
    """Write something else into every column whose rows the database does not keep as they are."""
    spoiled = 0
    for column in _loose_columns():
        is_text = isinstance(column.type, sa.String)
        other = sa.func.coalesce(column, "") + "Q" if is_text else column + 1
        try:
            with session.begin_nested():
                session.execute(sa.update(column.table).values({column.name: other}))
                spoiled += 1
        except exc.DBAPIError:
            continue
    session.expire_all()
    return spoiled


@ON_ONE_ENGINE
def test_no_other_record_changes_a_signed_paper(papers: Callable[[], dict[str, str]]) -> None:
    """A signed paper that reads a name, a price or a rule of today is found here."""
    before = papers()
    assert _spoil() > 200
    assert papers() == before


def test_the_departure_sheet_keeps_its_promise_and_its_advisor(
    database: Database, sign_in: SignIn
) -> None:
    # given
    order = make_order(stage=Stage.REPAIR)
    order.promised_at = AT + timedelta(hours=3)
    attendant = make_user(RoleName.LOUNGE_ATTENDANT, branch=order.branch)
    departures.save_sheet(order, make_sheet(), seen_version=0, by=attendant, at=AT)
    db.commit()
    browser: FlaskClient = sign_in(attendant)
    path = f"/orders/{order.no}/lounge/departure.pdf"
    first = walks.read(browser.get(path))
    # when
    order.promised_at = AT + timedelta(hours=7)
    order.advisor = make_user(RoleName.SERVICE_ADVISOR, branch=order.branch)
    db.commit()
    # then
    assert walks.read(browser.get(path)) == first


def test_the_shop_of_an_earlier_minute_is_read_backwards(database: Database) -> None:
    order = make_order()
    branch, boss = order.branch, make_user(RoleName.SERVICE_MANAGER)
    first = branches.particulars_of(branch)
    for number, at in enumerate((AT, LATER), 1):
        values = replace(first, name=f"第 {number} 名", phone=first.phone if number == 1 else "1")
        branches.change_particulars(branch, values, by=boss, at=at)
    session.flush()
    before, between = AT - timedelta(minutes=1), AT + timedelta(days=1)
    assert past.stood(branch, before)["name"] == first.name
    assert past.stood(branch, between)["name"] == "第 1 名"
    assert past.stood(branch, between)["phone"] == first.phone
    assert past.stood(branch, LATER)["name"] == past.stood(branch, None)["name"] == "第 2 名"
