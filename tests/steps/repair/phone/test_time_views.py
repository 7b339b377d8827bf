"""The pages about more time: asked on the phone, shown on the desk, decided on the order."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_user
from tests.steps.repair import factories as given
from workshop.db import session
from workshop.orders.models import Job
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.scheduling.dispatch import more_time
from workshop.steps.scheduling.dispatch import service as scheduling

SignIn = Callable[[User], FlaskClient]


def test_more_time_goes_to_the_advisor_who_decides(database: Database, sign_in: SignIn) -> None:
    # given
    (job,) = given.make_running()
    order, advisor, user = job.order, job.order.advisor, given.worker(job)
    no, job_id = order.no, job.id
    advisor.locale = user.locale = "en"
    planned = scheduling.get_live(job).minutes
    # when
    client = sign_in(user)
    url = f"/my-jobs/{job_id}/more-time"
    assert "I need more time" in client.get(url).text
    wrong = client.post(url, data={"minutes": "7", "reason": "stuck"})
    assert wrong.status_code == 422
    assert "in steps of 5" in wrong.text
    assert 'value="stuck" required checked' in wrong.text
    assert client.post(url, data={"minutes": "20"}).status_code == 422
    asked = client.post(url, data={"minutes": "２０", "reason": "stuck", "client_id": "a"})
    assert asked.location == f"/my-jobs/{job_id}"
    again = client.post(url, data={"minutes": "20", "reason": "stuck", "client_id": "a"})
    assert again.status_code == 302
    assert "Waits for the advisor" in client.get(f"/my-jobs/{job_id}").text
    # then: something to decide on the advisor's home, and on the order's page
    client = sign_in(advisor)
    home = client.get("/")
    assert "More time is needed" in home.text
    assert "Decide on the time" in home.text
    assert "20 more minutes" in home.text
    page = client.get(f"/orders/{no}/repair").text
    assert "20 more minutes" in page
    assert "Rusted or stuck" in page
    (request,) = more_time.list_of(session.get_one(Job, job_id))
    # when
    path = f"/orders/{no}/repair/more-time/{request.id}"
    assert sign_in(make_user(RoleName.CASHIER)).post(f"{path}/grant").status_code == 403
    assert sign_in(make_user(RoleName.JOB_CONTROLLER)).post(f"{path}/grant").status_code == 403
    client = sign_in(advisor)
    assert client.post(f"/orders/{no}/repair/more-time/4242/grant").status_code == 404
    assert client.post(f"{path}/grant").location == f"/orders/{no}/repair"
    # then
    assert scheduling.get_live(session.get_one(Job, job_id)).minutes == planned + 20
    assert "More time is needed" not in client.get("/").text
    refused = client.post(f"{path}/leave")
    assert refused.status_code == 409
    assert "already" in refused.text


def test_more_time_for_a_job_that_waits_is_refused(database: Database, sign_in: SignIn) -> None:
    (job,) = given.make_ready()
    user = given.worker(job)
    user.locale = "en"
    data = {"minutes": "20", "reason": "stuck"}
    answer = sign_in(user).post(f"/my-jobs/{job.id}/more-time", data=data)
    assert answer.status_code == 409
    assert "while the work goes on" in answer.text
