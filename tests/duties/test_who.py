"""A sentence that somebody may not do a thing names who really may, and leads to asking them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.databases import Database
from tests.duties.test_views import make_reader, words
from tests.factories import AT, make_branch, make_user
from tests.steps.settlement.factories import make_cashier, make_settlement
from workshop import db
from workshop.db import session
from workshop.duties.models import PermissionRequest
from workshop.errors import NotAllowed
from workshop.shop.separation import service as separation
from workshop.shop.separation.rules import Apart
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission, RoleName
from workshop.staff.roles import service as roles
from workshop.steps.settlement import paying

R = RoleName
SignIn = Callable[[User], FlaskClient]


def link_of(page: str) -> str:
    found = re.search(r'class="way">[^<]*<a href="([^"]+)"', page)
    assert found is not None
    return found.group(1).replace("&amp;", "&")


@pytest.fixture
def advisor(database: Database) -> User:
    return make_reader(R.SERVICE_ADVISOR)


def locked_bill() -> str:
    """The page of a bill that waits for credit, as the advisor sees it."""
    bill = make_settlement()
    paying.ask_credit(bill, AT.date() + timedelta(days=30), "月结客户", by=make_cashier(), at=AT)
    db.commit()
    return f"/orders/{bill.order.no}/settlement"


def test_it_names_who_may_by_an_own_role_and_asks_them(advisor: User, sign_in: SignIn) -> None:
    # given: nobody is a service manager; an own role may approve credit
    admin = make_user(R.ADMINISTRATOR)
    url = locked_bill()
    role = roles.copy(admin.roles[0], "值班长", "Duty lead", by=admin, at=AT)
    role.permissions = [Permission.APPROVE_CREDIT.value]
    lead = make_user(R.CASHIER, name="值班的何")
    lead.roles = [role]
    db.commit()
    # when
    client = sign_in(advisor)
    page = client.get(url)
    # then
    assert "service manager" not in words(page).lower()
    assert "It waits for who may approve credits. 值班的何 may do it. Ask them" in words(page)
    asked = client.get(link_of(page.text))
    assert "Approve credit" in words(asked)
    assert "At work now and may do it: 值班的何." in words(asked)
    data = dict(re.findall(r'name="(ask-(?:rights|path))"[^>]*value="([^"]+)"', asked.text))
    assert data == {"ask-rights": "approve_credit", "ask-path": url}
    sent = client.post("/duties/requests", data={**data, "ask-of": str(lead.id)})
    assert sent.location == "/duties"
    (request,) = session.query(PermissionRequest).all()
    assert (request.path, request.asked_of_id) == (url, lead.id)


def test_where_nobody_may_it_names_who_gives_the_right(advisor: User, sign_in: SignIn) -> None:
    make_user(R.ADMINISTRATOR, name="管理员金")
    page = sign_in(advisor).get(locked_bill())
    assert "Nobody here may do it; 管理员金 can give the right. Ask them" in words(page)


def test_who_may_themselves_is_sent_to_nobody(advisor: User, sign_in: SignIn) -> None:
    client = sign_in(make_reader(R.SERVICE_MANAGER))
    assert "Ask them" not in words(client.get(locked_bill()))
    assert client.get("/duties/who?rights=approve_credit&path=/").status_code == 409


@pytest.mark.parametrize("rights", ["", "nothing", "%00", "approve_credit,nothing"])
def test_a_page_of_unknown_rights_is_refused_in_words(
    advisor: User, sign_in: SignIn, rights: str
) -> None:
    answer = sign_in(advisor).get(f"/duties/who?rights={rights}&path=//evil.example")
    assert answer.status_code == (200 if "approve" in rights else 409)
    assert '="//evil' not in answer.text


def test_a_second_person_is_named_to_who_holds_the_right_too(advisor: User, app: Flask) -> None:
    """The rule wants somebody else, so the reader's own right does not help."""
    ruling = separation.judge_other(
        make_branch(), Apart.CREDIT, advisor, [advisor.id], "Somebody else approves it."
    )
    refusal = separation.refusal_of(ruling)
    assert isinstance(refusal, NotAllowed)
    assert refusal.way == staff.instead(Permission.APPROVE_CREDIT, another=True)


def test_a_refused_form_names_who_may(advisor: User, sign_in: SignIn) -> None:
    """Not only a page of its own: also the line above a form."""
    lead = make_user(R.SERVICE_MANAGER, name="王经理")
    url = locked_bill()
    answer = sign_in(advisor).post(f"{url}/discount", data={"discount": "1", "reason": "老客户"})
    assert answer.status_code == 403
    assert lead.display_name in words(answer)
