"""A second technician through HTTP: the box of the form, the board, the week."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.factories import AT, make_bay, make_job, make_technician, make_user
from tests.shop.factories import hour
from tests.steps.scheduling.factories import Shop
from workshop import db
from workshop.allocation import queries as allocated
from workshop.allocation.models import Assistance
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.replanning import service as replan
from workshop.steps.scheduling.replanning.models import Cause, PlanReason
from workshop.steps.scheduling.teamwork import service as teamwork

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """The same shop, with its job planned."""
    shop.assign(14)
    return shop


@pytest.fixture
def helper(shop: Shop) -> Technician:
    helper = make_technician()
    helper.user.display_name = "王师傅"
    db.commit()
    return helper


def url(shop: Shop, what: str = "") -> str:
    return f"/orders/{shop.order.no}/scheduling/jobs/{shop.job.id}/assistant{what}"


def sent(shop: Shop, helper: Technician | None = None, **values: str) -> dict[str, str]:
    live = scheduling.get_live(shop.job)
    chosen = {"assistant_id": str(helper.id)} if helper else {}
    return {**chosen, "share_percent": "50", "version": str(live.version), "back": "board"} | values


def find_help(shop: Shop) -> Assistance | None:
    db.rollback()
    return allocated.find_assistance(scheduling.get_live(shop.job))


def add(shop: Shop, helper: Technician) -> Assistance:
    version = scheduling.get_live(shop.job).version
    helping = teamwork.add(shop.job, helper, 40, seen_version=version, by=shop.advisor, at=AT)
    db.commit()
    return helping


def test_a_controller_chooses_who_helps_and_both_rows_show_it(
    shop: Shop, helper: Technician, sign_in: SignIn
) -> None:
    # given the form offers who is free
    desk = sign_in(shop.controller)
    place = f"/orders/{shop.order.no}/scheduling/jobs/{shop.job.id}/place"
    assert "Second technician" in desk.get(place).text
    # when
    answer = desk.post(url(shop), data=sent(shop, helper))
    # then
    assert answer.status_code == 302
    page = desk.get(answer.location).text
    assert "王师傅 helps with this job." in page
    assert f"+ {helper.name}" in page
    assert f"with {shop.technician.name}" in page
    assert len(re.findall(r'class="bd-card is-help', page)) == 1
    # and the time of both is load of both, in words and for the meter
    assert page.count("1 / 9 h") == 4
    # and by bay the car stands once
    by_bay = desk.get("/scheduling?by=bay").text
    assert "bd-card is-help" not in by_bay
    assert f"+ {helper.name}" in by_bay
    # and the week shows both
    week = desk.get("/scheduling/week").text
    assert f"with {shop.technician.name}" in week
    assert f"+ {helper.name}" in week


def test_who_is_busy_is_refused_in_the_form_with_the_nearest_time(
    shop: Shop, helper: Technician, sign_in: SignIn
) -> None:
    # given
    other = make_job(shop.order)
    scheduling.assign(other, helper, make_bay(), hour(14.5), by=shop.advisor, at=AT)
    db.commit()
    desk = sign_in(shop.controller)
    assert "王师傅 (taken until" in desk.get(url(shop).replace("assistant", "place")).text
    # when
    answer = desk.post(url(shop), data=sent(shop, helper, share_percent="30"))
    # then what was chosen stands there still
    assert answer.status_code == 409
    assert "王师傅, who helps with this job, is taken" in answer.text
    assert re.search(rf'<option selected value="{helper.id}"', answer.text)
    assert 'value="30"' in answer.text
    assert find_help(shop) is None


@pytest.mark.parametrize(("share", "words"), [("95", "A share is from"), ("", "Give the share")])
def test_a_wrong_share_is_refused(
    shop: Shop, helper: Technician, sign_in: SignIn, share: str, words: str
) -> None:
    answer = sign_in(shop.controller).post(url(shop), data=sent(shop, helper, share_percent=share))
    assert answer.status_code == 422
    assert words in answer.text


def test_nobody_chosen_is_said(shop: Shop, sign_in: SignIn) -> None:
    answer = sign_in(shop.controller).post(url(shop), data=sent(shop))
    assert answer.status_code == 422
    assert "Choose who helps." in answer.text


def test_the_share_is_changed_and_the_helper_taken_off(
    shop: Shop, helper: Technician, sign_in: SignIn
) -> None:
    # given
    helping = add(shop, helper)
    desk = sign_in(shop.controller)
    # when
    version = str(helping.version)
    answer = desk.post(url(shop, "/share"), data=sent(shop, share_percent="30", version=version))
    # then
    assert answer.status_code == 302
    found = find_help(shop)
    assert found is not None
    assert found.share_percent == 30
    # when somebody else's page is older
    late = desk.post(url(shop, "/share"), data=sent(shop, share_percent="60", version=version))
    assert late.status_code == 409
    # and
    taken_off = desk.post(url(shop, "/take-off"), data=sent(shop, version=str(found.version)))
    assert taken_off.status_code == 302
    assert find_help(shop) is None


def test_a_drop_takes_both_or_names_who_cannot_come(
    shop: Shop, helper: Technician, sign_in: SignIn
) -> None:
    # given
    helping = add(shop, helper)
    other = make_job(shop.order)
    scheduling.assign(other, helper, make_bay(), hour(16), by=shop.advisor, at=AT)
    db.commit()
    desk = sign_in(shop.advisor)
    drop = url(shop).replace("assistant", "drop")
    version = scheduling.get_live(shop.job).version
    # when
    data = {"starts_at": hour(15.5).isoformat(), "version": version}
    refused = desk.post(drop, data=data)
    # then
    assert refused.status_code == 409
    assert "王师傅, who helps with this job, is taken" in refused.json["said"]
    assert "08:00" in refused.json["html"]
    # and on the helper's own row
    onto = {"starts_at": hour(14).isoformat(), "technician_id": helper.id, "version": version}
    assert "cannot lead it as well" in desk.post(drop, data=onto).json["said"]
    # and
    done = desk.post(drop, data={"starts_at": hour(13).isoformat(), "version": version})
    assert done.json["done"]
    assert helping.starts_at == hour(13)


def test_a_technician_has_no_right_to_it(shop: Shop, helper: Technician, sign_in: SignIn) -> None:
    user = make_user(RoleName.TECHNICIAN)
    db.commit()
    assert sign_in(user).post(url(shop), data=sent(shop, helper)).status_code == 403


def test_a_plan_names_the_team_that_it_leaves_and_who_of_it_is_away(
    shop: Shop, helper: Technician, sign_in: SignIn
) -> None:
    # given somebody else's job, too
    add(shop, helper)
    other = make_job(shop.order)
    scheduling.assign(other, make_technician(), make_bay(), hour(16), by=shop.advisor, at=AT)
    cause = Cause(PlanReason.ABSENT, technician_id=helper.id, note="发烧")
    run = replan.ask(shop.branch, cause, by=shop.advisor, at=AT)
    replan.stop(run, by=shop.advisor, at=AT)
    db.commit()
    # when
    page = sign_in(shop.advisor).get(f"/scheduling/replan/{run.id}").text
    # then
    assert "two work on it together" in page
    assert f"{shop.technician.name} + {helper.name}" in page
    assert f"{helper.name} is away" in page
    assert "their parts have no date" not in page
