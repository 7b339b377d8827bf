"""The inspection as the technician and the advisor see and fill it in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from tests import walks
from tests.factories import AT, make_order, make_user
from tests.inspections.factories import GREEN, RED, TREAD, line, make_sold, make_template
from tests.steps.repair import factories as repairs
from workshop import db
from workshop.catalogue.checklists.models import Checklist
from workshop.inspections import queries, service
from workshop.inspections.rules import Where
from workshop.inspections.service import Said
from workshop.orders.flow import Stage
from workshop.orders.models import Job, RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]
LATER = AT + timedelta(minutes=10)


def wheels(milli: str) -> dict[str, str]:
    return {f"value_{spot.value}": milli for spot in TREAD}


def prepared() -> Job:
    job = make_sold(make_template(green_groups=True))
    db.commit()
    return job


def test_the_phone_fills_the_sold_inspection_in_and_each_tap_counts_once(
    app: object, sign_in: SignIn
) -> None:
    job = prepared()
    checklist = queries.list_templates()[0]
    client, address = sign_in(repairs.worker(job)), f"/my-jobs/{job.id}/inspection"
    text = walks.words(client.get(address).get_data(as_text=True))
    assert "快检" in text
    assert "0/4" in text
    tread = f"{address}/{checklist.id}/lines/{line(checklist, 'tread')}"
    for _ in range(2):
        sent = {**wheels("3.2"), "client_id": "tap-1", "user": str(repairs.worker(job).id)}
        answer = client.post(tread, data=sent, headers={"Accept": "application/json"})
        assert answer.get_json() == {"act": "inspect", "url": ""}
    green = {"group": "灯光", "client_id": "tap-2"}
    client.post(f"{address}/{checklist.id}/green", data=green)
    found = queries.find(job.order, checklist)
    answers = queries.answers_of(found).values()
    results = {each.item.code: each.result.value for each in answers}
    assert results == {"tread": "yellow", "lamps": "green", "horn": "green"}
    assert found is not None
    assert queries.list_earlier(found) == {}


def test_a_refused_tap_tells_the_queue_why(app: object, sign_in: SignIn) -> None:
    job = prepared()
    checklist = queries.list_templates()[0]
    client, address = sign_in(repairs.worker(job)), f"/my-jobs/{job.id}/inspection"
    accept = {"Accept": "application/json"}
    answer = client.post(
        f"{address}/{checklist.id}/finish", data={"client_id": "tap"}, headers=accept
    )
    assert answer.status_code == 409
    assert "还有 4/4 项没有填写" in answer.get_json()["detail"]


def test_the_phone_shows_the_visit_before_and_what_it_means(app: object, sign_in: SignIn) -> None:
    # given
    checklist = make_template()
    earlier = make_order(stage=Stage.REPAIR, mileage_km=40_000)
    _measure(earlier, checklist, 5000)
    earlier.stage = Stage.CLOSED
    job = make_sold(checklist)
    job.order.vehicle, job.order.mileage_km = earlier.vehicle, 47_600
    _measure(job.order, checklist, 3100)
    db.commit()
    # when
    page = sign_in(repairs.worker(job)).get(f"/my-jobs/{job.id}/inspection")
    # then
    text = walks.words(page.get_data(as_text=True))
    assert "左前 5 mm" in text
    assert "约可再行驶 6,000 公里" in text


def _measure(order: RepairOrder, checklist: Checklist, milli: int) -> None:
    by, said = order.advisor, Said(values=dict.fromkeys(TREAD, milli))
    found = service.begin(order, checklist, by=by, at=LATER)
    service.answer(found, line(checklist, "tread"), said, Where.BAY, by=by, at=LATER)


def test_the_advisor_answers_with_the_customer_and_reads_who_said_what(
    app: object, sign_in: SignIn
) -> None:
    job = prepared()
    order, checklist = job.order, queries.list_templates()[0]
    client, address = sign_in(order.advisor), f"/orders/{order.no}/repair/inspections"
    assert "还没有检查" in client.get(address).get_data(as_text=True)
    item = line(checklist, "lamps")
    client.post(f"{address}/{checklist.id}/lines/{item}", data={"result": "red", "note": "左近光"})
    client.post(f"{address}/{checklist.id}/lines/{item}", data={"result": "green", "note": ""})
    text = walks.words(client.get(address).get_data(as_text=True))
    assert "1/4" in text
    assert "更正前： 不安全 左近光" in text
    (answer,) = queries.answers_of(queries.find(order, checklist)).values()
    assert answer.result is GREEN


def test_a_wrong_value_is_refused_in_words_and_the_page_stands(
    app: object, sign_in: SignIn
) -> None:
    job = prepared()
    order, checklist = job.order, queries.list_templates()[0]
    address = f"/orders/{order.no}/repair/inspections/{checklist.id}"
    item = line(checklist, "tread")
    answer = sign_in(order.advisor).post(f"{address}/lines/{item}", data=wheels("五毫米"))
    assert answer.status_code == 422
    assert "最多三位小数" in answer.get_data(as_text=True)


def test_the_cashier_reads_the_inspection_and_does_not_change_it(
    app: object, sign_in: SignIn
) -> None:
    job = prepared()
    checklist = queries.list_templates()[0]
    client = sign_in(make_user(RoleName.CASHIER))
    address = f"/orders/{job.order.no}/repair/inspections"
    assert client.get(f"{address}?list={checklist.id}").status_code == 200
    assert client.post(f"{address}/{checklist.id}/finish").status_code == 403


def test_the_sheet_on_paper_says_what_was_found_and_measured(app: object, sign_in: SignIn) -> None:
    job = prepared()
    order, checklist = job.order, queries.list_templates()[0]
    _measure(order, checklist, 3200)
    found = service.begin(order, checklist, by=order.advisor, at=LATER)
    said = Said(RED, note="渗漏", photo=repairs.picture())
    pipes = line(checklist, "pipes")
    service.answer(found, pipes, said, Where.BAY, by=order.advisor, at=LATER)
    db.commit()
    client = sign_in(order.advisor)
    address = f"/orders/{order.no}/repair/inspections.pdf"
    text = walks.read(client.get(address))
    assert "车辆检查单" in text
    assert text.count("3.2") == 4
    assert "渗漏" in text
    client.post("/language", data={"locale": "en"})
    assert "Inspection sheet" in walks.read(client.get(address))


def test_the_cars_page_draws_its_tyres_over_the_visits(app: object, sign_in: SignIn) -> None:
    # given
    checklist = make_template()
    earlier = make_order(stage=Stage.REPAIR, mileage_km=40_000)
    _measure(earlier, checklist, 6000)
    earlier.stage = Stage.CLOSED
    now = make_order(stage=Stage.REPAIR, vehicle=earlier.vehicle, mileage_km=48_000)
    _measure(now, checklist, 3200)
    db.commit()
    # when
    page = sign_in(now.advisor).get(f"/vehicles/{now.vehicle_id}").get_data(as_text=True)
    # then
    assert page.count('class="health-chart is-yellow"') == 4
    assert 'points="0,0 160,31"' in page
    assert "左前: 2026-11-23 6 mm, 2026-11-23 3.2 mm" in page


def test_one_measurement_draws_nothing(app: object, sign_in: SignIn) -> None:
    order = make_order(stage=Stage.REPAIR)
    _measure(order, make_template(), 6000)
    db.commit()
    page = sign_in(order.advisor).get(f"/vehicles/{order.vehicle_id}").get_data(as_text=True)
    assert "历次健康状况" not in page
