"""A card dropped on the board: what the row leaves open, and the answers for the script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.factories import make_bay, make_job, make_technician, make_user
from tests.shop.factories import hour
from tests.steps.scheduling.factories import Shop
from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation
from workshop.orders.models import JobState
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.scheduling import queries

SignIn = Callable[[User], FlaskClient]


def drop_url(shop: Shop) -> str:
    return f"/orders/{shop.order.no}/scheduling/jobs/{shop.job.id}/drop"


def dropped(shop: Shop, hours: float = 14, **values: object) -> dict[str, str]:
    """What the board sends when the card lands in the technician's row."""
    found = queries.find_live(shop.job)
    sent = {
        "technician_id": shop.technician.id,
        "starts_at": hour(hours).isoformat(),
        "version": found.version if found else "",
    } | values
    return {name: str(value) for name, value in sent.items() if value is not None}


def here(shop: Shop) -> Allocation:
    found = queries.find_live(shop.job)
    assert found is not None
    return found


def test_a_card_from_the_queue_takes_the_first_free_bay(shop: Shop, sign_in: SignIn) -> None:
    # given
    other, free = make_job(shop.order), make_bay()
    colleague = make_technician()
    shop.technician, mine = colleague, shop.technician
    shop.assign(14, other)
    shop.technician = mine
    # when
    answer = sign_in(shop.advisor).post(drop_url(shop), data=dropped(shop))
    # then
    assert answer.status_code == 200
    assert answer.json["done"]
    assert "Assigned" in answer.json["said"]
    assert answer.json["card"] == f"card-{here(shop).id}"
    assert here(shop).bay_id == free.id
    assert here(shop).starts_at == hour(14)


def test_a_row_of_bays_keeps_the_technician_and_finds_one_for_a_card_from_the_queue(
    shop: Shop, sign_in: SignIn
) -> None:
    # given
    desk, other_bay = sign_in(shop.advisor), make_bay()
    # when: from the queue
    sent = dropped(shop, technician_id=None, bay_id=shop.bay.id)
    assert desk.post(drop_url(shop), data=sent).json["done"]
    # then
    assert here(shop).technician_id == shop.technician.id
    # when: to another bay
    make_technician()
    sent = dropped(shop, technician_id=None, bay_id=other_bay.id)
    assert desk.post(drop_url(shop), data=sent).json["done"]
    # then
    assert here(shop).technician_id == shop.technician.id
    assert here(shop).bay_id == other_bay.id


def test_a_card_is_made_longer_and_that_is_undone(shop: Shop, sign_in: SignIn) -> None:
    # given
    shop.assign()
    desk = sign_in(shop.advisor)
    # when
    assert desk.post(drop_url(shop), data=dropped(shop, minutes=90)).json["done"]
    # then
    assert here(shop).minutes == 90
    # when
    desk.post("/scheduling/undo")
    # then
    assert here(shop).minutes == 60


def test_a_refused_drop_names_the_rule_and_the_nearest_slot_of_any_fit_bay(
    shop: Shop, sign_in: SignIn
) -> None:
    # given: the technician is taken until 15:15, and the only bay beside is free
    other = make_job(shop.order)
    shop.assign(14, other)
    desk = sign_in(shop.advisor)
    # when
    answer = desk.post(drop_url(shop), data=dropped(shop, 14.5))
    # then
    assert answer.status_code == 409
    assert not answer.json["done"]
    assert "buffer included" in answer.json["said"]
    assert "2026-11-23 15:15" in answer.json["said"]
    assert "Take 11-23 15:15" in answer.json["html"]
    assert hour(15.25).isoformat() in answer.json["html"]
    assert queries.find_live(shop.job) is None
    # when: it is taken
    sent = dropped(shop, 15.25, bay_id=shop.bay.id)
    assert desk.post(drop_url(shop), data=sent).json["done"]
    # then
    assert here(shop).starts_at == hour(15.25)


def test_one_without_the_skill_is_refused_and_one_who_has_it_is_offered(
    shop: Shop, sign_in: SignIn
) -> None:
    # given
    unskilled = make_technician(level=1)
    shop.job.level = 2
    # when
    sent = dropped(shop, technician_id=unskilled.id)
    answer = sign_in(shop.advisor).post(drop_url(shop), data=sent)
    # then
    assert answer.status_code == 409
    assert unskilled.name in answer.json["said"]
    assert f'name="technician_id" value="{shop.technician.id}"' in answer.json["html"]


def test_another_day_and_a_proposal_lead_to_the_form_filled_in(shop: Shop, sign_in: SignIn) -> None:
    # given
    shop.assign()
    desk = sign_in(shop.advisor)
    # when: another day
    sent = dropped(shop, starts_at=hour(9, days=1).isoformat())
    answer = desk.post(drop_url(shop), data=sent)
    # then
    assert answer.status_code == 409
    assert answer.json["field"] == "consent_by"
    page = desk.get(answer.json["dialog"]).text
    assert 'value="2026-11-24"' in page
    assert 'value="09:00"' in page
    assert '<details class="consent" open>' in page
    # when: the controller moves it in time
    shop.branch.controller_moves_alone = False
    answer = sign_in(shop.controller).post(drop_url(shop), data=dropped(shop, 15))
    # then
    assert answer.status_code == 422
    assert answer.json["field"] == "reason"
    assert 'value="15:00"' in desk.get(answer.json["dialog"]).text
    assert here(shop).starts_at == hour(14)


def test_a_stale_drop_shows_both_versions_and_may_be_meant(shop: Shop, sign_in: SignIn) -> None:
    # given: the page saw the card at two; somebody has put it at three
    shop.assign()
    seen = dropped(shop, 16)
    desk = sign_in(shop.advisor)
    assert desk.post(drop_url(shop), data=dropped(shop, 15)).json["done"]
    # when
    answer = desk.post(drop_url(shop), data=seen)
    # then
    assert answer.status_code == 409
    assert "Somebody else was faster." in answer.json["html"]
    assert "15:00" in answer.json["html"]
    assert "16:00" in answer.json["html"]
    assert here(shop).starts_at == hour(15)
    # when: mine all the same
    assert desk.post(drop_url(shop), data=dropped(shop, 16)).json["done"]
    assert here(shop).starts_at == hour(16)


def test_a_card_of_the_queue_that_somebody_else_has_placed_is_a_conflict(
    shop: Shop, sign_in: SignIn
) -> None:
    seen = dropped(shop, 16)
    shop.assign()
    answer = sign_in(shop.advisor).post(drop_url(shop), data=seen)
    assert answer.status_code == 409
    assert "Somebody else was faster." in answer.json["html"]
    assert here(shop).starts_at == hour(14)


def test_work_that_has_begun_keeps_its_start(shop: Shop, sign_in: SignIn) -> None:
    # given
    shop.assign(10)
    shop.job.state = JobState.RUNNING
    # when
    answer = sign_in(shop.advisor).post(drop_url(shop), data=dropped(shop, 11))
    # then
    assert answer.status_code == 409
    assert "Its end may change, its start may not." in answer.json["said"]
    assert "Take " not in answer.json["html"]


@pytest.mark.parametrize(
    ("values", "status"),
    [({"starts_at": "soon"}, 422), ({"technician_id": "999"}, 404), ({"bay_id": "999"}, 404)],
)
def test_what_is_no_place_is_refused(
    shop: Shop, sign_in: SignIn, values: dict[str, str], status: int
) -> None:
    answer = sign_in(shop.advisor).post(drop_url(shop), data=dropped(shop) | values)
    assert answer.status_code == status
    assert queries.find_live(shop.job) is None


def test_a_drop_needs_the_right_to_schedule(shop: Shop, sign_in: SignIn) -> None:
    washer = make_user(RoleName.WASHER)
    assert sign_in(washer).post(drop_url(shop), data=dropped(shop)).status_code == 403
    assert queries.find_live(shop.job) is None


def test_the_week_shows_what_is_carried_over_and_what_is_free(shop: Shop, sign_in: SignIn) -> None:
    # given: a job is worked on Monday and goes on on Tuesday
    allocations.finish(shop.assign(9.75, days=0), at=hour(10.25))
    shop.job.state = JobState.PAUSED
    shop.job.book_minutes = 90
    shop.assign(9, days=1)
    # when
    page = sign_in(shop.advisor).get("/scheduling/week").text
    # then
    assert page.count("Carried over") == 1
    assert "8.5 h free" in page
    assert "2026-11-29" in page
    assert sign_in(shop.advisor).get("/scheduling/week?day=soon").status_code == 422


def day_url(shop: Shop) -> str:
    return f"/orders/{shop.order.no}/scheduling/jobs/{shop.job.id}/drop-on-day"


def on_day(shop: Shop, day: str, **values: object) -> dict[str, str]:
    sent = {"technician_id": shop.technician.id, "day": day, "version": here(shop).version}
    return {name: str(value) for name, value in (sent | values).items()}


def test_a_card_of_the_week_dropped_on_another_day_asks_for_the_consent(
    shop: Shop, sign_in: SignIn
) -> None:
    # given: on Tuesday the technician is free from nine on
    shop.assign()
    other = make_job(shop.order)
    shop.assign(8, other, days=1)
    desk = sign_in(shop.advisor)
    # when
    answer = desk.post(day_url(shop), data=on_day(shop, "2026-11-24"))
    # then
    assert (answer.status_code, answer.json["field"]) == (409, "consent_by")
    page = desk.get(answer.json["dialog"]).text
    assert 'value="2026-11-24"' in page
    assert 'value="09:15"' in page
    assert here(shop).starts_at == hour(14)


def test_a_card_of_the_week_dropped_on_another_person_keeps_its_time(
    shop: Shop, sign_in: SignIn
) -> None:
    # given
    shop.assign()
    colleague = make_technician()
    # when
    sent = on_day(shop, "2026-11-23", technician_id=colleague.id)
    answer = sign_in(shop.advisor).post(day_url(shop), data=sent)
    # then
    assert answer.json["done"]
    assert (here(shop).technician_id, here(shop).starts_at) == (colleague.id, hour(14))


def test_a_full_day_of_the_week_a_day_off_and_the_unskilled_are_refused_by_name(
    shop: Shop, sign_in: SignIn
) -> None:
    # given
    shop.assign()
    desk = sign_in(shop.advisor)
    unskilled = make_technician(level=1)
    shop.job.level = 2
    # then
    answer = desk.post(day_url(shop), data=on_day(shop, "2026-11-29"))
    assert answer.status_code == 409
    assert f"{shop.technician.name} has no free time for it on 2026-11-29." in answer.json["said"]
    answer = desk.post(day_url(shop), data=on_day(shop, "2026-11-22"))
    assert answer.status_code == 409
    sent = on_day(shop, "2026-11-23", technician_id=unskilled.id)
    answer = desk.post(day_url(shop), data=sent)
    assert answer.status_code == 409
    assert unskilled.name in answer.json["said"]
    assert desk.post(day_url(shop), data=on_day(shop, "soon")).status_code == 422
    assert here(shop).starts_at == hour(14)
    washer = make_user(RoleName.WASHER)
    assert sign_in(washer).post(day_url(shop), data=on_day(shop, "2026-11-24")).status_code == 403
