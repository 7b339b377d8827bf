"""The board and the forms, through HTTP; each gate without its fact."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.factories import AT, make_job, make_technician, make_user
from tests.shop.factories import hour
from tests.steps.scheduling.factories import Shop
from workshop import clock
from workshop.allocation.models import Allocation
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import JobState, RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.scheduling import queries

SignIn = Callable[[User], FlaskClient]


def place_url(shop: Shop) -> str:
    return f"/orders/{shop.order.no}/scheduling/jobs/{shop.job.id}/place"


def typed(
    shop: Shop, time: str = "14:00", day: str = "2026-11-23", **values: str
) -> dict[str, str]:
    live = queries.find_live(shop.job)
    return {
        "technician_id": str(shop.technician.id),
        "bay_id": str(shop.bay.id),
        "day": day,
        "time": time,
        "minutes": "60",
        "version": str(live.version) if live else "",
        "back": "board",
        "consent_channel": "phone",
    } | values


def test_the_board_shows_the_queue_and_after_assigning_the_card(
    shop: Shop, sign_in: SignIn
) -> None:
    # given
    desk = sign_in(shop.advisor)
    page = desk.get("/scheduling").text
    assert "Unassigned" in page
    assert "Assign…" in page
    # when
    answer = desk.post(place_url(shop), data=typed(shop))
    # then
    assert answer.status_code == 302
    page = desk.get(answer.location).text
    assert "Assigned" in page
    assert "14:00–15:00" in page
    assert session.get_one(RepairOrder, shop.order.id).stage is Stage.SCHEDULED


def test_the_board_by_bay_and_an_empty_shop_answer(shop: Shop, sign_in: SignIn) -> None:
    shop.assign()
    page = sign_in(shop.controller).get("/scheduling?by=bay&day=2026-11-23").text
    assert shop.bay.code in page
    assert shop.technician.name in page
    assert sign_in(shop.advisor).get("/scheduling?day=2026-11-29").status_code == 200
    assert sign_in(shop.advisor).get("/scheduling?day=soon").status_code == 422


def test_the_form_comes_prefilled_with_the_suggestion_and_why(shop: Shop, sign_in: SignIn) -> None:
    page = sign_in(shop.advisor).get(place_url(shop)).text
    assert "Suggested, because" in page
    assert 'value="10:00"' in page
    assert "5:45 h to spare" in page


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("12:15", "is not at work at that time"),
        ("11:30", "would run into the break"),
        ("09:00", "That time is over"),
    ],
)
def test_a_time_off_the_shift_is_refused_in_words_and_what_was_typed_stays(
    shop: Shop, sign_in: SignIn, time: str, words: str
) -> None:
    answer = sign_in(shop.advisor).post(place_url(shop), data=typed(shop, time))
    assert answer.status_code == 409
    assert words in answer.text
    field = re.search(r'<input[^>]*name="time"[^>]*>', answer.text)
    assert field is not None
    assert f'value="{time}"' in field[0]
    assert 'aria-invalid="true"' in field[0]


def test_an_overlap_names_the_rule_and_the_nearest_slot_and_offers_it(
    shop: Shop, sign_in: SignIn
) -> None:
    # given
    other = make_job(shop.order)
    shop.assign(14, other)
    # when
    answer = sign_in(shop.advisor).post(place_url(shop), data=typed(shop, "15:00"))
    # then
    assert answer.status_code == 409
    assert "buffer included" in answer.text
    assert "Take the nearest free time: 11-23 15:15" in answer.text
    # when the offer is taken
    use = hour(15.25).isoformat()
    answer = sign_in(shop.advisor).post(place_url(shop), data=typed(shop, "15:00", use=use))
    # then it only fills the field
    assert answer.status_code == 200
    assert 'value="15:15"' in answer.text
    assert queries.find_live(shop.job) is None


def test_earliest_fit_fills_the_form(shop: Shop, sign_in: SignIn) -> None:
    # given the technician is busy from ten to eleven, and an hour does not fit before lunch
    shop.assign(10, make_job(shop.order))
    answer = sign_in(shop.advisor).post(place_url(shop), data=typed(shop, use="fit"))
    assert answer.status_code == 200
    assert 'value="13:00"' in answer.text


def test_a_wrong_value_comes_back_marked(shop: Shop, sign_in: SignIn) -> None:
    answer = sign_in(shop.advisor).post(place_url(shop), data=typed(shop, minutes="3"))
    assert answer.status_code == 422
    assert "Between 5 and 720 minutes." in answer.text
    assert 'value="3"' in answer.text


def test_an_unskilled_technician_is_refused(shop: Shop, sign_in: SignIn) -> None:
    shop.job.level = 4
    answer = sign_in(shop.advisor).post(place_url(shop), data=typed(shop))
    assert answer.status_code == 409
    assert "this work needs level 4" in answer.text


def test_another_day_without_consent_is_refused_and_with_it_done(
    shop: Shop, sign_in: SignIn
) -> None:
    # given
    shop.assign()
    desk = sign_in(shop.advisor)
    # when
    answer = desk.post(place_url(shop), data=typed(shop, "09:00", "2026-11-24"))
    # then
    assert answer.status_code == 409
    assert "Another day needs the customer&#39;s consent" in answer.text
    # when
    answer = desk.post(
        place_url(shop), data=typed(shop, "09:00", "2026-11-24", consent_by="王小明", back="order")
    )
    # then
    assert answer.status_code == 302
    assert "王小明 agreed" in desk.get(answer.location).text


def test_a_stale_page_shows_both_versions_and_may_save_again(shop: Shop, sign_in: SignIn) -> None:
    # given two people look at the same card
    shop.assign()
    stale = typed(shop, "16:00")
    desk = sign_in(shop.advisor)
    assert desk.post(place_url(shop), data=typed(shop, "15:00")).status_code == 302
    # when
    answer = desk.post(place_url(shop), data=stale)
    # then
    assert answer.status_code == 409
    assert "Somebody else was faster" in answer.text
    assert "11-23 15:00" in answer.text
    assert "11-23 16:00" in answer.text
    # when
    assert desk.post(place_url(shop), data=typed(shop, "16:00")).status_code == 302
    assert planned(shop).starts_at == hour(16)


def planned(shop: Shop) -> Allocation:
    live = queries.find_live(shop.job)
    assert live is not None
    return live


def test_the_controller_proposes_and_the_advisor_confirms(shop: Shop, sign_in: SignIn) -> None:
    # given
    shop.assign()
    desk = sign_in(shop.controller)
    assert "You propose another time" in desk.get(place_url(shop)).text
    # when
    data = typed(shop, "15:00", reason="等举升机")
    answer = desk.post(place_url(shop), data=data)
    # then
    assert answer.status_code == 302
    assert planned(shop).starts_at == hour(14)
    assert "Proposed to the advisor" in desk.get(answer.location).text
    # when the controller tries alone
    proposal = queries.list_proposals(shop.branch)[0]
    url = f"/orders/{shop.order.no}/scheduling/proposals/{proposal.id}/confirm"
    assert sign_in(shop.controller).post(url).status_code == 403
    # then the advisor's word makes it true
    page = sign_in(shop.advisor).get(f"/orders/{shop.order.no}/scheduling").text
    assert "等举升机" in page
    assert sign_in(shop.advisor).post(url).status_code == 302
    assert planned(shop).starts_at == hour(15)


def test_the_advisor_refuses_with_a_reason(shop: Shop, sign_in: SignIn) -> None:
    shop.assign()
    data = typed(shop, "15:00", reason="等举升机")
    sign_in(shop.controller).post(place_url(shop), data=data)
    proposal = queries.list_proposals(shop.branch)[0]
    url = f"/orders/{shop.order.no}/scheduling/proposals/{proposal.id}/refuse"
    # when no reason is given, the page comes back and says so at the field
    empty = sign_in(shop.advisor).post(url, data={"answer": ""})
    assert empty.status_code == 422
    assert "Say why not." in empty.text
    assert 'aria-invalid="true"' in empty.text
    # when it is, the time stays
    assert sign_in(shop.advisor).post(url, data={"answer": "客户急用"}).status_code == 302
    assert planned(shop).starts_at == hour(14)
    # when it is answered a second time
    again = sign_in(shop.advisor).post(url, data={"answer": "再说"})
    assert again.status_code == 409
    assert "answered already" in again.text


def test_the_last_move_can_be_undone_once(shop: Shop, sign_in: SignIn) -> None:
    # given
    shop.assign()
    desk = sign_in(shop.advisor)
    desk.post(place_url(shop), data=typed(shop, "16:00"))
    assert "Undo the last move" in desk.get("/scheduling").text
    # when
    assert desk.post("/scheduling/undo").status_code == 302
    # then
    assert planned(shop).starts_at == hour(14)
    assert "Undo the last move" not in desk.get("/scheduling").text
    assert desk.post("/scheduling/undo").status_code == 409


def test_a_job_goes_back_to_the_queue_and_two_change_places(shop: Shop, sign_in: SignIn) -> None:
    # given
    second = make_job(shop.order)
    shop.assign(14)
    other = shop.assign(15.25, second)
    job_url = f"/orders/{shop.order.no}/scheduling/jobs/{shop.job.id}"
    desk = sign_in(shop.advisor)
    # when
    data = {"version": str(planned(shop).version), "other": f"{second.id}:{other.version}"}
    assert desk.post(f"{job_url}/swap", data=data).status_code == 302
    # then
    assert planned(shop).starts_at == hour(15.25)
    # when
    data = {"version": str(planned(shop).version)}
    assert desk.post(f"{job_url}/unassign", data=data).status_code == 302
    # then
    assert queries.find_live(shop.job) is None
    assert session.get_one(RepairOrder, shop.order.id).stage is Stage.AUTHORISED


def test_an_order_before_its_authorisation_cannot_be_planned(shop: Shop, sign_in: SignIn) -> None:
    shop.order.stage = Stage.QUOTED
    answer = sign_in(shop.advisor).post(place_url(shop), data=typed(shop))
    assert answer.status_code == 409
    assert "is not possible while the order is “Quoted”" in answer.text
    page = sign_in(shop.advisor).get(f"/orders/{shop.order.no}/scheduling").text
    assert "The service authorisation is not signed." in page


def test_the_promise_changes_only_with_reason_and_the_customer_told(
    shop: Shop, sign_in: SignIn
) -> None:
    # given
    url = f"/orders/{shop.order.no}/scheduling/promise"
    data = {"day": "2026-11-23", "time": "18:00", "reason": "", "told_how": "phone"}
    desk = sign_in(shop.advisor)
    # then
    answer = desk.post(url, data=data)
    assert answer.status_code == 422
    assert "Say why the promised time changes." in answer.text
    assert 'value="18:00"' in answer.text
    answer = desk.post(url, data=data | {"reason": "等配件", "told_how": ""})
    assert "Say how the customer was told." in answer.text
    assert sign_in(shop.controller).post(url, data=data).status_code == 403
    # when
    assert sign_in(shop.advisor).post(url, data=data | {"reason": "等配件"}).status_code == 302
    # then
    assert session.get_one(RepairOrder, shop.order.id).promised_at == hour(18)


def test_the_order_page_shows_alarms_and_the_folder(shop: Shop, sign_in: SignIn) -> None:
    # given it ends after the promise allows
    shop.assign(15.75)
    shop.order.promised_at = hour(16.75)
    desk = sign_in(shop.advisor)
    page = desk.get(f"/orders/{shop.order.no}/scheduling").text
    assert "Ends 15 min too late for the promise." in page
    assert "Folder prepared" in page
    # when
    url = f"/orders/{shop.order.no}/scheduling/jobs/{shop.job.id}/folder"
    assert desk.post(url, data={"step": "rack"}).status_code == 302
    assert desk.post(url, data={"step": "return"}).status_code == 409
    # then
    assert "Folder on the rack" in desk.get(f"/orders/{shop.order.no}/scheduling").text
    assert "Alarms: 1" in desk.get("/scheduling").text


def test_yesterdays_work_stands_in_the_strip(shop: Shop, sign_in: SignIn) -> None:
    shop.assign(14)
    shop.job.state = JobState.PAUSED
    clock.freeze(AT + timedelta(days=1))
    page = sign_in(shop.advisor).get("/scheduling").text
    assert "Carried over from earlier days" in page
    assert "Plan again…" in page


def test_the_job_card_is_a_pdf(shop: Shop, sign_in: SignIn) -> None:
    shop.assign()
    answer = sign_in(shop.advisor).get(f"/orders/{shop.order.no}/scheduling/jobcard.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF")


def test_the_calendar_is_filled_changed_and_refused(shop: Shop, sign_in: SignIn) -> None:
    # given
    manager = make_user(RoleName.SERVICE_MANAGER)
    manager.locale = "en"
    desk = sign_in(manager)
    # when
    assert desk.post("/scheduling/calendar/fill", data={"year": "2026"}).status_code == 302
    day = {"day": "2026-10-01", "is_open": "yes", "name": "国庆照常"}
    assert desk.post("/scheduling/calendar", data=day).status_code == 302
    # then
    page = desk.get("/scheduling/calendar?year=2026").text
    assert "国庆照常" in page
    assert "春节" in page
    # and the wrong value comes back, and the wrong role is refused
    answer = desk.post("/scheduling/calendar", data=day | {"day": "soon"})
    assert answer.status_code == 422
    assert 'value="soon"' in answer.text
    assert sign_in(shop.controller).post("/scheduling/calendar", data=day).status_code == 403


def test_an_absence_is_noted_and_shows_on_the_board(shop: Shop, sign_in: SignIn) -> None:
    # given
    shop.assign(14)
    desk = sign_in(shop.controller)
    data = {
        "user_id": str(shop.technician.user_id),
        "starts_at": "2026-11-23T13:00",
        "ends_at": "2026-11-23T12:00",
        "reason": "病假",
    }
    # then
    answer = desk.post("/scheduling/absences", data=data)
    assert answer.status_code == 422
    assert "The end must come after the start." in answer.text
    # when
    data["ends_at"] = "2026-11-23T18:00"
    asked = desk.post("/scheduling/absences", data=data)
    assert asked.status_code == 409
    seen = re.search(r'name="touched_seen" value="([^"]+)"', asked.text)
    assert seen is not None
    data["touched_seen"] = seen[1]
    assert desk.post("/scheduling/absences", data=data).status_code == 302
    # then
    assert "The technician is not at work for all of this time." in desk.get("/scheduling").text


@pytest.mark.parametrize("role", [RoleName.CASHIER, RoleName.TECHNICIAN, RoleName.WASHER])
def test_a_role_without_the_right_is_refused(shop: Shop, sign_in: SignIn, role: RoleName) -> None:
    user = make_user(role)
    assert sign_in(user).get("/scheduling").status_code == 403
    assert sign_in(user).post(place_url(shop), data=typed(shop)).status_code == 403


def test_an_unknown_number_is_not_found(shop: Shop, sign_in: SignIn) -> None:
    desk = sign_in(shop.advisor)
    assert desk.get("/orders/RO20990101-0001/scheduling").status_code == 404
    assert desk.get(f"/orders/{shop.order.no}/scheduling/jobs/999/place").status_code == 404


def test_the_other_technicians_row_has_its_load(shop: Shop, sign_in: SignIn) -> None:
    make_technician()
    shop.assign()
    page = sign_in(shop.advisor).get("/scheduling").text
    assert "1 / 9 h" in page
    assert "0 / 9 h" in page


def test_the_board_loads_no_script_that_does_not_exist(
    client: FlaskClient, sign_in: SignIn
) -> None:
    desk = sign_in(make_user(RoleName.JOB_CONTROLLER))
    for address in ("/scheduling", "/scheduling/week", "/scheduling/watch"):
        page = desk.get(address)
        assert page.status_code == 200
        assert "v=missing" not in page.text
