"""The story of a visit on the customer's link: each moment with its time, and what stays."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from PIL import Image

from tests.factories import make_order
from tests.steps.followup.factories import make_delivered
from tests.steps.quotation.factories import make_addition, make_offer
from tests.steps.settlement.factories import make_settled
from workshop import db
from workshop.orders.flow import Stage
from workshop.orders.models import Attachment, AttachmentKind, RepairOrder
from workshop.staff.models import User
from workshop.steps.quotation.models import Quotation
from workshop.thread import queries as thread
from workshop.track import service as track
from workshop.track import story

ENGLISH = {"Accept-Language": "en"}
SignIn = Callable[[User], FlaskClient]


def make_link(order: RepairOrder, at: datetime) -> str:
    address = "/t/" + track.make_link(order, by=order.advisor, at=at)
    db.commit()
    return address


def test_each_moment_has_its_time(client: FlaskClient, at: datetime) -> None:
    order = make_settled(Stage.WASH)
    told = [each.what for each in story.tell(order)]
    assert told[0] == "Your car arrived"
    assert "You approved" in told
    assert "Paid" in told
    page = client.get(make_link(order, at), headers=ENGLISH).text
    for each in told:
        assert each in page
    assert "Your bill" in page
    assert f"Call {order.advisor.display_name}, your service advisor" in page


def test_a_finding_is_told_with_its_picture_and_no_other_picture_is_given(
    client: FlaskClient, at: datetime
) -> None:
    addition = make_addition(make_order(Stage.REPAIR))
    shown, hidden = (_picture(addition.order, at) for _ in range(2))
    addition.photo_id = shown.id
    url = make_link(addition.order, at)
    page = client.get(url, headers=ENGLISH).text
    assert f"{url}/picture/{shown.id}" in page
    assert client.get(f"{url}/picture/{shown.id}").mimetype == "image/jpeg"
    assert client.get(f"{url}/picture/{hidden.id}").status_code == 404


def _picture(order: RepairOrder, at: datetime) -> Attachment:
    kept = Attachment(
        order_id=order.id,
        kind=AttachmentKind.PHOTO,
        mime="image/jpeg",
        sha256="0" * 64,
        data=b"x",
        at=at,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def test_the_papers_of_the_visit_are_there(client: FlaskClient, at: datetime) -> None:
    billed, gone = make_settled(Stage.WASH), make_delivered()
    for order, name in ((billed, "settlement"), (gone, "handover")):
        url = make_link(order, at + timedelta(hours=1))
        assert f"{url}/papers/{name}.pdf" in client.get(url, headers=ENGLISH).text
        assert client.get(f"{url}/papers/{name}.pdf").data.startswith(b"%PDF")
        # What is for the shop's own people stays theirs.
        assert client.get(f"{url}/papers/inspection.pdf").status_code == 404


def test_the_customer_asks_and_is_answered(
    client: FlaskClient, sign_in: SignIn, at: datetime
) -> None:
    order = make_order(Stage.REPAIR, stays=True)
    order.advisor.locale = "en"
    url, tail = make_link(order, at), order.customer.phone[-4:]
    # A forwarded link does not write.
    wrong = client.post(f"{url}/say", data={"words": "几点好?", "tail": "0000"}, headers=ENGLISH)
    assert wrong.status_code == 422
    assert "几点好?" in wrong.text
    assert "not the last four digits" in wrong.text
    asked = client.post(f"{url}/say", data={"words": "几点好?", "tail": tail})
    assert asked.status_code == 302
    # The same phone need not say it again, and one press asks for water.
    assert client.post(f"{url}/say", data={"wish": "water"}).status_code == 302
    page = client.get(url, headers=ENGLISH).text
    assert "We answer by 10:15." in page
    stranger = client.application.test_client()
    assert stranger.post(f"{url}/say", data={"words": "x"}).status_code == 422
    # The advisor answers, and the customer reads it.
    desk = sign_in(order.advisor)
    shown = desk.get(f"/orders/{order.no}/messages").text
    assert "几点好?" in shown
    assert "answer by 10:15" in shown
    assert "Water, please" in desk.get("/lounge").text
    last = thread.list_messages(order)[-1].id
    said = desk.post(f"/orders/{order.no}/messages", data={"words": "下午三点", "seen": last})
    assert said.status_code == 302
    assert "下午三点" in client.get(url, headers=ENGLISH).text


def test_a_yes_in_words_leads_to_the_signature(client: FlaskClient, at: datetime) -> None:
    offered = make_offer()
    url, tail = make_link(offered.order, at), offered.order.customer.phone[-4:]
    client.post(f"{url}/say", data={"words": "OK", "tail": tail})
    assert "A text approves nothing" in client.get(url, headers=ENGLISH).text
    assert db.session.get_one(Quotation, offered.id).is_offered


def test_a_photo_is_drawn_again_and_a_drawing_is_refused(client: FlaskClient, at: datetime) -> None:
    order = make_order(Stage.REPAIR)
    url, tail = make_link(order, at), order.customer.phone[-4:]
    drawing = (io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "x.svg")
    data = {"photo": drawing, "tail": tail}
    assert client.post(f"{url}/say", data=data).status_code == 422
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "PNG")
    picture.seek(0)
    data = {"photo": (picture, "x.png"), "tail": tail}
    assert client.post(f"{url}/say", data=data).status_code == 302
    (message,) = thread.list_messages(order)
    kept = client.get(f"{url}/message/{message.id}")
    assert kept.mimetype == "image/jpeg"
    other = make_link(make_order(Stage.REPAIR), at)
    assert client.get(f"{other}/message/{message.id}").status_code == 404


def test_a_ready_car_says_when_the_shop_is_open(client: FlaskClient, at: datetime) -> None:
    order = make_order(Stage.READY, ready_at=at)
    page = client.get(make_link(order, at), headers=ENGLISH).text
    assert "Open today:" in page
    assert "08:00–18:00" in page
