"""The reception at the car: kept on the phone, applied once, and the same record as at the desk."""

from __future__ import annotations

import io
import itertools
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient

from tests.steps.reception.factories import (
    SignIn,
    advisor_in,
    complete,
    make_ink,
    make_photo,
    make_reception,
    reload,
)
from workshop import clock
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.phone.models import AppliedAction
from workshop.staff.models import AuditEntry
from workshop.steps.reception import gates, queries, snapshots, walkaround
from workshop.steps.reception import service as reception
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.rules import CoverKind, PhotoOf, WarningLamp
from workshop.steps.reception.walk import screens

_ids = itertools.count(1)


def send(client: FlaskClient, order: RepairOrder, path: str, **data: Any) -> Any:
    """What the phone's queue sends: the form, its id; it wants JSON."""
    data = {"client_id": f"walk{next(_ids)}"} | data
    address = f"/orders/{order.no}/reception/{path}"
    return client.post(address, data=data, headers={"Accept": "application/json"})


def photo() -> tuple[io.BytesIO, str]:
    return io.BytesIO(make_photo()), "side.jpg"


def seen(order: RepairOrder) -> dict[str, str]:
    return snapshots.marks(order, queries.show_walkaround(order))


def gauges(km: int, **values: str) -> dict[str, str]:
    return {"gauges-mileage_km": str(km), "gauges-eighths": "3", **values}


def test_what_comes_twice_is_there_once(sign_in: SignIn, at: datetime) -> None:
    # given
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    session.commit()
    # when: the answer to the first sending was lost
    answers = [
        send(client, order, "photos", client_id="one-shot", subject="left", photo=photo()).json
        for _ in range(2)
    ]
    # then
    assert answers[0] == answers[1]
    (kept,) = queries.list_car_photos(reload(order))
    assert kept.subject is PhotoOf.LEFT
    assert session.query(AppliedAction).count() == 1
    # A photo is no word about who looked at the side.
    assert not queries.view_checks(order)


def test_an_act_from_a_dead_spot_has_the_time_of_its_tap(sign_in: SignIn, at: datetime) -> None:
    client, advisor = advisor_in(sign_in)
    order = make_reception(at - timedelta(minutes=30), advisor=advisor)
    session.commit()
    tapped = clock.now() - timedelta(minutes=5)
    for view, moment in (("left", tapped), ("rear", at - timedelta(hours=2))):
        send(client, order, "views", view=view, on="yes", tapped_at=moment.isoformat())
    checked = queries.view_checks(reload(order))
    assert checked[CarView.LEFT].checked_at == tapped
    # Nobody looked at it before the car was received.
    assert checked[CarView.REAR].checked_at == clock.now()


def test_who_changes_one_section_twice_is_not_stopped_by_oneself(
    sign_in: SignIn, at: datetime
) -> None:
    # given: both were typed on a page that showed the same
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    session.commit()
    mark = seen(order)["gauges"]
    # when
    first = send(client, order, "gauges", **gauges(50_000, **{"gauges-seen": mark}))
    # then: the queue learns which mark the second one has to carry
    before, after = first.json["marks"]["gauges-seen"]
    assert before == mark
    second = gauges(50_000, **{"gauges-seen": after, "gauges-lamps": "engine"})
    assert send(client, order, "gauges", **second).status_code == 200
    assert queries.show_walkaround(reload(order)).lamps == ["engine"]
    assert first.json["marks"]["wishes-seen"][0] == first.json["marks"]["wishes-seen"][1]


def test_two_devices_on_one_section_see_both_versions_and_nothing_is_lost(
    sign_in: SignIn, at: datetime
) -> None:
    # given: the phone was out of the line while the desk wrote
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    mark = seen(order)["gauges"]
    walkaround.record_gauges(order, 50_000, 38, lamps=[WarningLamp.OIL], by=advisor, at=at)
    session.commit()
    # when
    late = gauges(50_000, **{"gauges-seen": mark, "gauges-lamps": "engine"})
    refused = send(client, order, "gauges", client_id="late", **late)
    # then
    assert refused.status_code == 409
    assert refused.json["versions"] == [["Warning lamps that are lit", "Oil pressure", "Engine"]]
    assert queries.show_walkaround(reload(order)).lamps == ["oil"]
    # when: it is meant all the same
    insisted = late | {"gauges-seen": refused.json["version"]}
    assert send(client, order, "gauges", client_id="late", **insisted).status_code == 200
    assert queries.show_walkaround(reload(order)).lamps == ["engine"]


def test_the_signature_stands_under_what_this_phone_has_seen(sign_in: SignIn, at: datetime) -> None:
    # given: all but one cover was done; the last one and the signature wait on the phone
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    complete(order, at, leave_out="seat")
    session.commit()
    mark = reception.mark_of_sheet(order, reception.get_walkaround(order))
    # when
    answer = send(client, order, "covers", kind="seat", on="yes")
    # then
    before, after = answer.json["marks"]["sign-seen"]
    assert before == mark
    signed = {"sign-signature": make_ink(), "sign-seen": after, "client_id": "the-ink"}
    assert [send(client, order, "sign", **signed).status_code for _ in range(2)] == [200, 200]
    assert reload(order).stage is Stage.INSPECTED
    assert len(queries.list_signings(order)) == 1


def test_a_sheet_that_somebody_else_changed_is_not_signed_unseen(
    sign_in: SignIn, at: datetime
) -> None:
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    complete(order, at, leave_out="seat")
    mark = reception.mark_of_sheet(order, reception.get_walkaround(order))
    walkaround.correct_concern(order, "空调也不凉", by=advisor, at=at)
    session.commit()
    # when: the phone's own act does not make it know what the desk wrote
    before, _ = send(client, order, "covers", kind="seat", on="yes").json["marks"]["sign-seen"]
    assert before != mark
    refused = send(client, order, "sign", **{"sign-signature": make_ink(), "sign-seen": mark})
    # then
    assert refused.status_code == 409
    assert "Look at it again, then sign." in refused.json["detail"]
    assert reload(order).stage is Stage.RECEPTION


def test_the_screens_say_what_is_missing_in_the_words_of_the_desk(
    sign_in: SignIn, at: datetime
) -> None:
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    walkaround.check_view(order, CarView.LEFT, True, by=advisor, at=at)
    walkaround.fit_cover(order, CoverKind.SEAT, True, by=advisor, at=at)
    session.commit()
    missing = gates.missing_to_sign(order)
    listed = screens.list_screens(order, missing)
    found = screens.list_open(listed, missing)
    # then: each has a place, and the acts that bring it
    assert [each.missing for each in found] == missing
    by_code = {each.missing.code: each for each in found}
    assert by_code["views"].facts == ("view-front", "view-rear", "view-right", "view-top")
    assert by_code["views"].screen == "front"
    assert by_code["covers"].facts == ("cover-steering_wheel", "cover-floor_mat")
    page = client.get(f"/reception/walk/{order.no}").text
    desk = client.get(f"/orders/{order.no}/reception").text
    for words in ("The mileage is not read.", "not fitted.", "not asked about valuables."):
        assert words in page
        assert words in desk


def test_a_signed_reception_leads_on(sign_in: SignIn, at: datetime) -> None:
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    complete(order, at)
    reception.sign(order, reception.Signature(name="王小明"), by=advisor, at=at)
    session.commit()
    page = client.get(f"/reception/walk/{order.no}").text
    assert f"/orders/{order.no}/quotation" in page
    assert "f-sign" not in page


def test_a_wrong_photo_is_taken_off_and_a_fifth_refused(sign_in: SignIn, at: datetime) -> None:
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    session.commit()
    for _ in range(4):
        assert send(client, order, "photos", subject="dial", photo=photo()).status_code == 200
    fifth = send(client, order, "photos", subject="dial", photo=photo())
    assert (fifth.status_code, fifth.json["detail"]) == (422, "There are 4 photos of it already.")
    wrong = queries.list_car_photos(order)[0]
    assert send(client, order, f"photos/{wrong.id}/remove").status_code == 200
    assert len(queries.list_car_photos(reload(order))) == 3
    assert send(client, order, "photos", subject="dial", photo=photo()).status_code == 200
    assert send(client, order, "photos", subject="dial").status_code == 422


def test_the_photos_stand_on_the_desks_page_and_on_paper(sign_in: SignIn, at: datetime) -> None:
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    session.commit()
    plain = client.get(f"/orders/{order.no}/reception/walkaround.pdf").data
    send(client, order, "photos", subject="front", photo=photo())
    (kept,) = queries.list_car_photos(reload(order))
    page = client.get(f"/orders/{order.no}/reception").text
    assert f"/attachments/{kept.attachment_id}" in page
    assert len(client.get(f"/orders/{order.no}/reception/walkaround.pdf").data) > len(plain)


def test_a_refused_tap_that_is_dropped_stands_in_the_orders_trail(
    sign_in: SignIn, at: datetime
) -> None:
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    session.commit()
    data = {"what": "里程", "refused": "比上次少", "reason": "按错了", "job_id": order.no}
    headers = {"Accept": "application/json"}
    assert client.post("/reception/walk/dropped", data=data, headers=headers).status_code == 200
    entry = session.query(AuditEntry).filter_by(action="reception.drop_act").one()
    assert entry.details["refused"] == "比上次少"
    assert entry.subject_id == order.id
    assert client.post("/reception/walk/dropped", data=data | {"reason": ""}).status_code == 422


def test_what_keeps_the_walk_going_without_a_line(sign_in: SignIn, at: datetime) -> None:
    client, advisor = advisor_in(sign_in)
    make_reception(at, advisor=advisor)
    session.commit()
    worker = client.get("/reception/walk/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/reception/walk"
    assert client.get("/reception/walk/line").json["user"] == advisor.id
