"""The pages of duties: a refusal leads to who may, and a request or a hand-over to an answer."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_order, make_user
from workshop import db
from workshop.db import session
from workshop.duties.models import HandOver, PermissionRequest, RequestState
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

R = RoleName
SignIn = Callable[[User], FlaskClient]


def words(answer: object) -> str:
    """What a page says, without its tags."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", answer.text))  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", text)


def make_reader(role: RoleName) -> User:
    user = make_user(role)
    user.locale = "en"
    return user


@pytest.fixture
def order(database: Database) -> RepairOrder:
    return make_order(Stage.REPAIR, advisor=make_reader(R.SERVICE_ADVISOR))


def test_a_refused_page_names_who_may_and_a_request_is_left_there(
    order: RepairOrder, sign_in: SignIn
) -> None:
    # given
    washer, manager = make_reader(R.WASHER), make_reader(R.SERVICE_MANAGER)
    db.commit()
    name = manager.display_name
    # when
    client = sign_in(washer)
    refused = client.get("/settlement")
    # then
    assert refused.status_code == 403
    said = words(refused)
    assert "At work now and may do it:" in said
    assert name in said
    data = dict(re.findall(r'name="(ask-(?:rights|path))"[^>]*value="([^"]+)"', refused.text))
    assert data["ask-path"] == "/settlement"
    for _ in range(2):
        sent = client.post("/duties/requests", data={**data, "ask-words": "请结算", "ask-of": "0"})
        assert sent.location == "/duties"
    (request,) = session.query(PermissionRequest).all()
    assert "You have asked for this already." in words(client.get("/settlement"))
    assert "请结算" in words(client.get("/duties"))
    # when the manager reads it on the desk, and answers
    desk = sign_in(manager)
    assert "asks you for something" in words(desk.get("/"))
    assert "请结算" in words(desk.get("/duties"))
    url = f"/duties/requests/{request.id}/answer"
    assert desk.post(url, data={"state": "declined"}).status_code == 422
    assert desk.post(url, data={"state": "done", "answer-answer": "好了"}).location == "/duties"
    assert session.query(PermissionRequest).one().state is RequestState.DONE
    assert "好了" in words(sign_in(washer).get("/duties"))


def test_an_order_is_offered_from_its_page_and_accepted(
    order: RepairOrder, sign_in: SignIn
) -> None:
    # given
    giver, other = order.advisor, make_reader(R.SERVICE_ADVISOR)
    db.commit()
    number, only = giver.id, f"order:{order.id}"
    # when
    desk = sign_in(giver)
    link = f"/duties/{number}?only={only}"
    assert link in html.unescape(desk.get(f"/orders/{order.no}").text).replace("%3A", ":")
    assert f'value="{only}" checked' in desk.get(link).text
    data = {"hand-chosen": only, "hand-taker": str(other.id), "hand-reason": ""}
    assert desk.post(f"/duties/{number}", data=data).status_code == 422
    data["hand-reason"] = "休假到周五"
    assert desk.post(f"/duties/{number}", data=data).status_code == 302
    made = session.query(HandOver).one()
    assert "not answered yet" in words(desk.get("/"))
    # then the other one sees it on the desk, and takes it over
    theirs = sign_in(other)
    assert "休假到周五" in words(theirs.get("/"))
    assert theirs.post(f"/duties/hand-overs/{made.id}/decline").status_code == 422
    assert theirs.post(f"/duties/hand-overs/{made.id}/accept").status_code == 302
    assert session.get_one(RepairOrder, order.id).advisor_id == other.id
    # and nobody else looks at what they hold
    assert sign_in(make_user(R.WASHER)).get(f"/duties/{other.id}").status_code == 403


def test_who_leaves_is_asked_for_their_duties(order: RepairOrder, sign_in: SignIn) -> None:
    manager, other = make_reader(R.SERVICE_MANAGER), make_user(R.SERVICE_ADVISOR)
    db.commit()
    number, no = order.advisor_id, order.no
    desk = sign_in(manager)
    page = f"/duties/{number}"
    assert desk.get(page).status_code == 200
    order.advisor.active = False
    db.commit()
    said = words(desk.get(page))
    assert "works here no longer" in said
    assert no in said
    assert "works here no longer" in words(desk.get(f"/orders/{no}"))
    data = {
        "hand-chosen": f"order:{order.id}",
        "hand-taker": str(other.id),
        "hand-reason": "离职",
        "hand-sets": "y",
    }
    assert desk.post(page, data=data).location == page
    assert session.get_one(RepairOrder, order.id).advisor_id == other.id
