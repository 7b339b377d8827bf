"""The customer's link: private, harmless to open, and enough to decide and sign."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests import ink
from tests.factories import make_order, make_user
from tests.steps.quotation.factories import make_addition, make_draft, make_offer
from tests.steps.settlement.factories import make_settled
from workshop import clock, db
from workshop.orders import history
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import RoleName
from workshop.steps.quotation import queries, versions
from workshop.steps.quotation.models import ConsentChannel, Quotation, QuotationState
from workshop.track import service as track
from workshop.track.models import TrackLink

ENGLISH = {"Accept-Language": "en", "User-Agent": "Phone of the customer"}
SignIn = Callable[[User], FlaskClient]


def make_link(order: RepairOrder, at: datetime) -> str:
    return "/t/" + track.make_link(order, by=order.advisor, at=at)


def reload(quotation_id: int) -> Quotation:
    return db.session.get_one(Quotation, quotation_id)


def answers(quotation: Quotation, said: str = "yes") -> dict[str, str]:
    groups = queries.list_groups(quotation)
    return {f"decide-{group.head.id}": said for group in groups} | {"seen": str(quotation.version)}


def test_opening_shows_stage_time_price_and_decision_and_changes_nothing(
    client: FlaskClient, at: datetime
) -> None:
    # given
    offered = make_offer()
    url = make_link(offered.order, at)
    before = db.session.query(AuditEntry).count()
    # when
    answer = client.get(url, headers=ENGLISH)
    # then
    assert answer.status_code == 200
    assert "Your quotation is ready." in answer.text
    assert "¥620.00" in answer.text
    assert "Your decision is needed: 1" in answer.text
    assert "tel:021-50001234" in answer.text
    assert " checked" not in answer.text
    assert offered.order.customer.name not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert db.session.query(AuditEntry).count() == before
    assert reload(offered.id).state is QuotationState.OFFERED


@pytest.mark.parametrize("how", ["guessed", "expired", "revoked", "replaced", "new_version"])
def test_a_link_that_opens_nothing_is_always_the_same_page(
    client: FlaskClient, at: datetime, how: str
) -> None:
    # given
    offered = make_offer()
    order = offered.order
    url = make_link(order, at)
    if how == "guessed":
        url = "/t/abcdefghijklmnopqrstuvwxyz123456"
    elif how == "expired":
        clock.freeze(at + timedelta(days=track.VALID_DAYS))
    elif how == "revoked":
        track.revoke_link(order, by=order.advisor, at=at)
    elif how == "replaced":
        make_link(order, at)
    else:
        versions.revise(offered, by=order.advisor, at=at)
    # when
    answer = client.get(url, headers=ENGLISH)
    # then
    assert answer.status_code == 404
    assert "This link is not valid any more" in answer.text
    assert order.no not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_only_the_hash_of_the_token_is_kept(database: object, at: datetime) -> None:
    order = make_order(Stage.QUOTED)
    token = track.make_link(order, by=order.advisor, at=at)
    (link,) = db.session.query(TrackLink)
    assert token not in link.token_hash
    assert len(link.token_hash) == 64


def test_the_customer_signs_alone_and_has_the_paper(client: FlaskClient, at: datetime) -> None:
    # given
    offered = make_offer()
    number = offered.id
    url = make_link(offered.order, at)
    data = answers(offered)
    # when
    total = client.get(f"{url}/{number}/sum?{'&'.join(f'{k}={v}' for k, v in data.items())}")
    unsigned = client.post(f"{url}/{number}", data=data, headers=ENGLISH)
    empty = data | {"signature": ink.data_url(ink.png(()))}
    blank = client.post(f"{url}/{number}", data=empty, headers=ENGLISH)
    done = client.post(f"{url}/{number}", data=data | {"signature_typed": "王"}, headers=ENGLISH)
    # then
    assert "¥620.00" in total.text
    assert unsigned.status_code == 422
    assert "The signature is missing" in unsigned.text
    assert "This is hardly a signature yet" in blank.text
    assert done.status_code == 302
    signed = reload(number)
    assert signed.state is QuotationState.SIGNED
    assert signed.channel is ConsentChannel.LINK
    assert signed.device == "Phone of the customer"
    assert signed.order.stage is Stage.AUTHORISED
    assert client.get(f"{url}/{number}.pdf").data.startswith(b"%PDF")
    again = client.post(f"{url}/{number}", data=data | {"signature_typed": "王"}, headers=ENGLISH)
    assert again.status_code == 409


def test_a_time_that_ran_out_is_offered_again_before_the_customer_signs(
    client: FlaskClient, at: datetime
) -> None:
    # given
    offered = make_offer()
    number = offered.id
    url = make_link(offered.order, at)
    data = answers(offered) | {"signature_typed": "王"}
    clock.freeze(at + timedelta(hours=2))
    # when
    late = client.post(f"{url}/{number}", data=data, headers=ENGLISH)
    stale = client.post(f"{url}/{number}", data=data, headers=ENGLISH)
    now = answers(reload(number)) | {"signature_typed": "王"}
    done = client.post(f"{url}/{number}", data=now, headers=ENGLISH)
    # then
    assert late.status_code == 409
    assert "Please look and sign again." in late.text
    assert stale.status_code == 409
    assert done.status_code == 302


def test_the_customer_declines_all(client: FlaskClient, at: datetime) -> None:
    offered = make_offer()
    url = make_link(offered.order, at)
    data = {"seen": offered.version, "reason": "太贵"}
    assert client.post(f"{url}/{offered.id}/decline", data=data).status_code == 302
    assert reload(offered.id).order.stage is Stage.DECLINED
    assert [each.reason for each in history.list_deferred(offered.order.vehicle)] == ["太贵"]


def test_additional_work_is_agreed_by_the_link(client: FlaskClient, at: datetime) -> None:
    addition = make_addition(make_order(Stage.REPAIR))
    url = make_link(addition.order, at)
    page = client.get(url, headers=ENGLISH).text
    data = answers(addition) | {"signature_typed": "王"}
    assert "We found something more" in page
    assert "2 mm" in page
    assert client.post(f"{url}/{addition.id}", data=data).status_code == 302
    assert reload(addition.id).state is QuotationState.SIGNED


def test_a_link_opens_no_other_order_and_no_draft(client: FlaskClient, at: datetime) -> None:
    offered, other, draft = make_offer(), make_offer(), make_draft()
    url = make_link(offered.order, at)
    assert client.get(f"{url}/{other.id}.pdf").status_code == 404
    assert client.get(f"{make_link(draft.order, at)}/{draft.id}.pdf").status_code == 404
    assert client.get(f"{url}/{offered.id}/photo").status_code == 404


def test_the_advisor_makes_shows_and_ends_the_link(
    client: FlaskClient, sign_in: SignIn, at: datetime
) -> None:
    # given
    order = make_offer().order
    order.advisor.locale = "en"
    sign_in(order.advisor)
    url = f"/orders/{order.no}/link"
    # then
    assert "There is no valid link" in client.get(url).text
    assert client.post(url).status_code == 302
    page = client.get(url).text
    assert "/t/" in page
    assert "<svg" in page
    assert client.post(f"{url}/revoke").status_code == 302
    assert "There is no valid link" in client.get(url).text
    assert sign_in(make_user(RoleName.CASHIER)).get(url).status_code == 403


def test_a_paid_car_that_is_still_washed_is_not_to_be_collected(
    client: FlaskClient, at: datetime
) -> None:
    # given
    order = make_settled(Stage.WASH)
    assert (order.stage, order.ready_at) == (Stage.SETTLED, None)
    url = make_link(order, at)
    # when
    page = client.get(url, headers=ENGLISH).text
    # then
    assert "Everything is paid. Your car is being washed." in page
    assert "You can collect your car" not in page
    assert re.search(r'aria-current="step"><span[^>]*>.*?</span><span[^>]*>Wash<', page, re.DOTALL)
