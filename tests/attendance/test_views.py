"""The attendance pages: figures with what they are made of, corrections, who goes home ill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories import AT, make_attendance, make_technician, make_user
from tests.shop.factories import hour
from tests.steps.repair import factories as given
from workshop import clock
from workshop.attendance import car_clock
from workshop.attendance import service as attendance
from workshop.attendance.models import Attendance
from workshop.db import session
from workshop.orders.models import Job, JobState
from workshop.shop.models import Absence, Technician
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def controller(client: FlaskClient) -> User:
    user = make_user(RoleName.JOB_CONTROLLER)
    user.locale = "en"
    return user


def form(
    started: str, ended: str, *breaks: tuple[str, str], reason: str = "忘了"
) -> dict[str, str]:
    typed = {"stay-started": started, "stay-ended": ended, "stay-reason": reason}
    for number, (starts, ends) in enumerate(breaks):
        typed |= {f"stay-break{number}_from": starts, f"stay-break{number}_until": ends}
    return typed


def stays_of(who: Technician) -> list[Attendance]:
    query = select(Attendance).where(Attendance.technician_id == who.id)
    return list(session.scalars(query.order_by(Attendance.id)))


def test_the_register_shows_each_rate_with_what_it_is_made_of(
    controller: User, sign_in: SignIn
) -> None:
    # given: one who worked, one who never came, and one on a break
    (job,) = given.make_running()
    given.complete(job, AT + timedelta(minutes=10))
    late = make_technician(here_since=None)
    resting = make_technician()
    attendance.start_break(resting, by=resting.user, at=hour(10.5))
    clock.freeze(hour(11))
    # when
    page = sign_in(controller).get("/repair/attendance")
    # then
    assert page.status_code == 200
    for words in ("22 %", "0:40", "3:00", "150 %", "1:00", "—", "On break since 10:30"):
        assert words in page.text, words
    assert late.name in page.text
    assert "Not clocked in" in page.text
    assert "clocked on jobs ÷ attended" in page.text
    # and a day of the past, and one that has not come
    assert sign_in(controller).get("/repair/attendance?day=2026-11-20").status_code == 200
    assert sign_in(controller).get("/repair/attendance?day=2027-01-01").status_code == 200
    assert sign_in(controller).get("/repair/attendance?day=soon").status_code == 422


def test_without_technicians_the_page_says_where_to_make_them(
    controller: User, sign_in: SignIn
) -> None:
    assert "No technicians yet" in sign_in(controller).get("/repair/attendance").text


def test_only_the_controller_and_the_manager_see_and_correct(
    controller: User, sign_in: SignIn
) -> None:
    who = make_technician()
    (stay,) = stays_of(who)
    paths = ("/repair/attendance", f"/repair/attendance/{who.id}")
    for role, status in (
        (RoleName.SERVICE_MANAGER, 200),
        (RoleName.SERVICE_ADVISOR, 403),
        (RoleName.TECHNICIAN, 403),
    ):
        client = sign_in(make_user(role))
        assert [client.get(path).status_code for path in paths] == [status] * 2
    refused = client.post(f"/repair/attendance/stays/{stay.id}", data=form("08:00", "09:00"))
    assert refused.status_code == 403


def test_a_forgotten_clock_out_is_shown_and_corrected(controller: User, sign_in: SignIn) -> None:
    # given
    who = make_technician()
    attendance.clock_in(who, last_seen_at=hour(16), by=who.user, at=hour(8, 1))
    clock.freeze(hour(9, 1))
    client = sign_in(controller)
    assert "End assumed" in client.get("/repair/attendance?day=2026-11-23").text
    assert "Ends of attendance to confirm" in client.get("/repair/attendance").text
    page = client.get(f"/repair/attendance/{who.id}?day=2026-11-23").text
    assert "Nobody clocked out" in page
    assert 'value="18:00"' in page
    (stay, _today) = stays_of(who)
    # when
    url = f"/repair/attendance/stays/{stay.id}"
    answer = client.post(url, data=form("08:00", "17:30", ("12:00", "12:45"), reason="忘打卡"))
    # then
    assert answer.location == f"/repair/attendance/{who.id}?day=2026-11-23"
    page = client.get(answer.location).text
    assert "忘打卡" in page
    assert "replaced" in page
    assert "End assumed" not in client.get("/repair/attendance?day=2026-11-23").text
    assert "Ends of attendance to confirm" not in client.get("/repair/attendance").text
    new = stays_of(who)[-1]
    assert (new.ended_at, new.corrects_id) == (hour(17.5), stay.id)
    # when the page of before is sent again, nothing is lost in silence
    again = client.post(url, data=form("08:00", "17:00"))
    assert again.status_code == 409
    assert "Somebody else has corrected this meanwhile" in again.text


def test_a_wrong_correction_comes_back_with_what_was_typed(
    controller: User, sign_in: SignIn
) -> None:
    who = make_technician(here_since=None)
    stay = make_attendance(who, hour(7), hour(9))
    url = f"/repair/attendance/stays/{stay.id}"
    client = sign_in(controller)

    def refused(words: str, data: dict[str, str]) -> str:
        answer = client.post(url, data=data)
        assert answer.status_code == 422
        assert words in answer.text
        return str(answer.text)

    page = refused("The end must come after the start.", form("09:40", "09:40"))
    assert 'value="09:40"' in page
    # Who went before coming went after midnight.
    refused("Nobody is here for more than 16 h.", form("09:40", "09:30"))
    refused("This time has not come yet.", form("07:00", "11:00"))
    refused("Give both times, or neither.", form("07:00", "09:00", ("08:00", "")))
    refused("A break lies between coming and going", form("07:00", "09:00", ("09:30", "09:40")))
    refused("Say why.", form("07:00", "09:00", reason=""))
    refused("Give the time.", form("", "09:00"))
    assert len(stays_of(who)) == 1


def test_what_was_never_clocked_is_added(controller: User, sign_in: SignIn) -> None:
    who = make_technician(here_since=None)
    client = sign_in(controller)
    url = f"/repair/attendance/{who.id}/stays"
    answer = client.post(url, data=form("08:00", "12:00") | {"day": "2026-11-20"})
    assert answer.status_code == 302
    (stay,) = stays_of(who)
    assert (stay.started_at, stay.corrects_id, stay.made_by_id) == (
        hour(8, -3),
        None,
        controller.id,
    )
    overlap = client.post(url, data=form("09:00", "11:00") | {"day": "2026-11-20"})
    assert overlap.status_code == 409
    assert "There is another attendance from 2026-11-20 08:00" in overlap.text


def test_who_goes_home_ill_is_two_clicks_from_the_board(controller: User, sign_in: SignIn) -> None:
    # given
    (job,) = given.make_running()
    who = given.plan.technician_of(job)
    assert who is not None
    clock.freeze(hour(12))
    client = sign_in(controller)
    # the name in the row leads to the page with the form
    page = f"/repair/attendance/{who.id}"
    assert f'href="{page}?day=2026-11-23"' in client.get("/scheduling").text
    shown = client.get(page).text
    assert "Goes home now" in shown
    assert "2026-11-23T18:00" in shown
    # when a reason is missing
    refused = client.post(f"{page}/home", data={"home-until": "2026-11-23T18:00"})
    # then
    assert refused.status_code == 422
    assert "Say why." in refused.text
    home = {"home-reason": "发烧", "home-until": "2026-11-23T11:00"}
    refused = client.post(f"{page}/home", data=home)
    assert refused.status_code == 422
    assert 'id="home-until-error"' in refused.text
    assert session.query(Absence).count() == 0
    # when
    home = {"home-reason": "发烧", "home-until": "2026-11-23T18:00"}
    assert client.post(f"{page}/home", data=home).location == page
    # then: away, gone, the clock stands, and the way to the planner is shown
    assert session.get_one(Job, job.id).state is JobState.PAUSED
    page_after = client.get(page).text
    assert "发烧" in page_after
    assert "Gone home 12:00" in page_after
    link = f"/scheduling/replan?reason=absent&amp;technician_id={who.id}&amp;until=2026-11-23T18:00"
    assert link in page_after
    assert client.get(link.replace("&amp;", "&")).status_code == 200
    board = client.get("/scheduling").text
    assert "Gone home 12:00" in board
    # when the fever was none, the person is back and counted on again
    assert "Goes home now" not in page_after
    clock.freeze(hour(13))
    absence = session.query(Absence).one()
    assert client.post(f"/repair/attendance/absences/{absence.id}/end").location == page
    assert absence.ends_at == hour(13)
    assert "Is back already" not in client.get(page).text
    assert client.post("/repair/attendance/absences/424242/end").status_code == 404


def test_the_board_says_who_is_not_here(controller: User, sign_in: SignIn) -> None:
    make_technician(here_since=None)
    resting = make_technician()
    attendance.start_break(resting, by=resting.user, at=hour(9.5))
    client = sign_in(controller)
    board = client.get("/scheduling").text
    assert "Not clocked in" in board
    assert "On break since 09:30" in board
    # before the shift begins nobody is missed, nor on another day
    clock.freeze(hour(7.5))
    assert "Not clocked in" not in client.get("/scheduling").text
    clock.freeze(AT)
    assert "Not clocked in" not in client.get("/scheduling?day=2026-11-24").text


def test_without_a_step_that_has_cars_the_figures_of_cars_are_dashes(
    controller: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    who, client = make_technician(), sign_in(controller)
    monkeypatch.setattr(car_clock, "_plugged", None)
    # when
    pages = [client.get(f"/repair/attendance{path}") for path in ("", f"/{who.id}")]
    # then
    for page in pages:
        assert page.status_code == 200
        assert '<span class="num nowrap">—</span>' in page.text
    # and somebody goes home all the same
    home = {"home-reason": "发烧", "home-until": "2026-11-23T18:00"}
    answer = client.post(f"/repair/attendance/{who.id}/home", data=home)
    assert answer.status_code == 302
