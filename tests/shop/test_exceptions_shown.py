"""What one person did though it is for two stands on the page and paper of what it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.databases import Database
from tests.duties.test_views import words
from tests.factories import AT, make_branch, make_technician, make_user
from tests.paper import samples
from tests.shop.factories import hour
from tests.steps.repair import factories as repairs
from tests.steps.settlement.factories import make_settlement
from workshop import clock, db
from workshop.attendance import corrections, presence
from workshop.errors import NotAllowed
from workshop.shop.models import Branch
from workshop.shop.separation import service as separation
from workshop.shop.separation.rules import Apart
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.repair.clocks import forgotten
from workshop.steps.settlement import paying, pdf

SignIn = Callable[[User], FlaskClient]
WHY = "店里只有我一个人"
OWN_HOURS = f"Exception from “Nobody corrects their own hours”: {WHY}"


@pytest.fixture
def boss(database: Database) -> User:
    found = make_user(RoleName.SERVICE_MANAGER, name="店主高")
    found.locale = "en"
    return found


def lift(branch: Branch, rule: Apart, boss: User) -> None:
    separation.set_kept(branch, set(Apart) - {rule}, by=boss, at=AT)


def test_a_credit_that_one_person_asked_for_and_approved(
    boss: User, app: Flask, sign_in: SignIn, tmp_path: Path
) -> None:
    # given
    bill = make_settlement(by=boss)
    lift(bill.order.branch, Apart.CREDIT, boss)
    credit = paying.ask_credit(bill, date(2026, 12, 23), "月结客户", by=boss, at=AT)
    paying.decide_credit(credit, True, exception=WHY, by=boss, at=AT)
    db.commit()
    said = f"Exception from “Who asks for a credit does not approve it”: {WHY} (店主高)"
    # then it stands on the page and on the paper
    assert said in words(sign_in(boss).get(f"/orders/{bill.order.no}/settlement"))
    with app.test_request_context(headers={"Accept-Language": "en"}):
        text = " ".join("\n".join(samples.pages_of(pdf.settlement_list(bill), tmp_path)).split())
    assert f"{WHY} (店主高)" in text
    # and on none whose credit two people decided
    other = make_settlement(by=boss)
    asked = paying.ask_credit(other, date(2026, 12, 23), "月结", by=boss, at=AT)
    paying.decide_credit(asked, True, by=make_user(RoleName.SERVICE_MANAGER), at=AT)
    db.commit()
    page = words(sign_in(boss).get(f"/orders/{other.order.no}/settlement"))
    assert "Exception from" not in page


def test_own_hours_that_were_corrected(boss: User, sign_in: SignIn) -> None:
    # given
    technician = make_technician()
    me = technician.user
    me.roles = [*boss.roles, *me.roles]
    (stay,) = presence.list_stays([technician], (hour(0), hour(24)))
    lift(make_branch(), Apart.OWN_HOURS, boss)
    corrections.correct(stay, hour(7), hour(9), [], WHY, by=me, at=AT)
    db.commit()
    # when
    page = words(sign_in(boss).get(f"/repair/attendance/{stay.technician_id}"))
    # then
    assert f"{OWN_HOURS} ({me.display_name})" in page


def test_an_own_forgotten_clock_is_no_dead_end_and_is_named(boss: User, sign_in: SignIn) -> None:
    # given
    (job,) = repairs.make_running()
    (ended,) = forgotten.end_forgotten(job.order.branch, at=AT + timedelta(days=1))
    me = ended.technician.user
    me.roles = [*me.roles, *staff.list_roles([RoleName.SERVICE_MANAGER])]
    me.locale = "en"
    at = AT + timedelta(days=1)
    with pytest.raises(NotAllowed, match="own hours"):
        forgotten.confirm(ended, AT + timedelta(hours=2), WHY, by=me, at=at)
    # when the branch cannot keep two people apart
    lift(job.order.branch, Apart.OWN_HOURS, boss)
    db.commit()
    clock.freeze(at)
    desk = sign_in(me)
    said = {"ended": "2026-11-23T12:00", "reason": WHY}
    assert desk.post(f"/repair/clocks/{ended.id}", data=said).status_code == 302
    # then
    assert f"{OWN_HOURS} ({me.display_name})" in words(desk.get("/repair/clocks"))
