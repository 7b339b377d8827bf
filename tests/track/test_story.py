"""The story of a visit on the customer's link: each moment with its time, and what stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask.testing import FlaskClient

from tests.factories import make_order
from tests.steps.followup.factories import make_delivered
from tests.steps.quotation.factories import make_addition
from tests.steps.settlement.factories import make_settled
from workshop import db
from workshop.orders.flow import Stage
from workshop.orders.models import Attachment, AttachmentKind, RepairOrder
from workshop.track import service as track
from workshop.track import story

ENGLISH = {"Accept-Language": "en"}


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
