"""The technician in a dead spot: taps wait on the phone, and are applied once and in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.conftest import AT
from tests.e2e.cast import Cast
from tests.e2e.open_shop import PASSWORD, OpenShop
from tests.e2e.person import Person
from tests.e2e.words import Words
from tests.factories import make_technician
from tests.steps.repair import factories as given
from workshop import clock, db
from workshop.orders.models import Job, JobState
from workshop.phone.models import AppliedAction
from workshop.staff import service as staff
from workshop.staff.models import AuditEntry
from workshop.steps.repair import queries, work
from workshop.steps.repair.rules import PauseReason

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@dataclass
class Facts:
    """What the shop knows of the job."""

    state: JobState
    sessions: list[tuple[datetime, datetime | None]]
    ticked: dict[str, datetime]
    applied: int


@dataclass
class Begun:
    """A technician with one job that may be started."""

    username: str
    job_id: int

    def facts(self, shop: OpenShop) -> Facts:
        """Read what has been applied so far."""
        with shop.app.app_context():
            job = db.session.get_one(Job, self.job_id)
            found = Facts(
                job.state,
                [(each.started_at, each.ended_at) for each in queries.list_sessions(job)],
                {each.point.value: each.ticked_at for each in queries.list_points(job)},
                db.session.query(AppliedAction).count(),
            )
            db.session.remove()
            return found

    def dropped(self, shop: OpenShop) -> tuple[str, str]:
        """What the trail says of the one tap that was dropped."""
        with shop.app.app_context():
            query = db.session.query(AuditEntry).filter_by(action="repair.drop_act")
            details = query.one().details
            db.session.remove()
        return details["refused"], details["reason"]


def begin(shop: OpenShop, *, is_here: bool = True) -> Begun:
    since = AT - timedelta(hours=2) if is_here else None
    with shop.app.app_context():
        (job,) = given.make_ready(same=make_technician(here_since=since))
        user = given.worker(job)
        staff.set_password(user, PASSWORD, at=AT)
        made = Begun(user.username, job.id)
        db.commit()
        db.session.remove()
    return made


def enter(cast: Cast, begun: Begun) -> Person:
    """The technician opens the phone; the pages of the job are kept for the dead spot."""
    technician = cast[begun.username]
    technician.go("/my-jobs")
    technician.page.locator("[data-queue][data-ready]").wait_for(state="attached")
    technician.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return technician


def lose_line(page: Page) -> None:
    page.context.set_offline(True)


def find_line(page: Page) -> None:
    page.context.set_offline(False)


def waits(technician: Person, count: int) -> None:
    words = technician.words
    line = technician.page.locator("[data-line]")
    expect(line).to_have_text(words("No line – waiting: %(count)s", count=count))


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_taps_without_a_line_are_applied_once_in_order_with_their_times(
    cast: Cast, open_shop: OpenShop, locale: str
) -> None:
    # given
    begun = begin(open_shop)
    technician, words = enter(cast, begun), cast.words
    page = technician.page
    lose_line(page)

    # when: the job is started, and its page opened, though nobody answers
    technician.press(words("Start"))
    # then
    waits(technician, 1)
    expect(technician.button(words("Start"))).to_be_hidden()
    technician.reads(words("Not sent yet"), words("Six points: %(count)s left", count=4))
    # when
    technician.follow(words("Job and concern"))
    technician.press(words("Protective covers in place"))
    # then
    waits(technician, 2)
    technician.reads(words("Six points: %(count)s left", count=3))

    # when: time passes, the phone is used again, and the page is loaded again
    open_shop.pass_time(minutes=10)
    page.reload()
    # then: it is all still there, and the shop knows nothing of it
    waits(technician, 2)
    technician.reads(words("Six points: %(count)s left", count=3))
    assert begun.facts(open_shop).applied == 0

    # when: a slip is taken back before it was sent
    technician.press(words("Repair process recorded"))
    waits(technician, 3)
    technician.press(words("Take the last one back"))
    waits(technician, 2)
    technician.reads(words("Six points: %(count)s left", count=3))

    # when
    find_line(page)
    # then
    expect(page.locator("[data-queue]")).to_be_hidden()
    expect(page.locator("[data-line]")).to_be_hidden()
    technician.reads(words("Running"))
    facts = begun.facts(open_shop)
    assert facts.state is JobState.RUNNING
    assert facts.sessions == [(AT, None)]
    assert facts.ticked == {"start": AT, "protection": AT}
    assert facts.applied == 2


@pytest.mark.parametrize("locale", ["zh_CN"])
def test_an_act_whose_answer_is_lost_is_applied_once(
    cast: Cast, open_shop: OpenShop, locale: str
) -> None:
    # given: the shop hears the first two sendings, the phone hears no answer
    begun = begin(open_shop)
    technician, words = enter(cast, begun), cast.words
    lost: list[str] = []

    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        lost.append(route.request.url)
        route.abort()

    technician.page.context.route("**/start", lose, times=2)
    # when
    technician.press(words("Start"))
    # then
    technician.reads(words("Six points: %(count)s left", count=4))
    expect(technician.page.locator("[data-queue]")).to_be_hidden()
    expect(technician.page.locator("[data-state-ahead]")).to_be_hidden()
    assert len(lost) == 2
    facts = begun.facts(open_shop)
    assert len(facts.sessions) == 1
    assert facts.applied == 1


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_conflict_is_told_and_holds_the_rest_until_it_is_answered(
    cast: Cast, open_shop: OpenShop, locale: str
) -> None:
    # given: a running job, and no line
    begun = begin(open_shop)
    with open_shop.app.app_context():
        job = db.session.get_one(Job, begun.job_id)
        work.start(job, given.worker(job), AT)
        db.commit()
        db.session.remove()
    technician, words = enter(cast, begun), cast.words
    page = technician.page
    lose_line(page)
    # when: the technician pauses and goes on; meanwhile the job controller has stopped the clock
    page.locator("summary").filter(has_text=words("Pause")).click()
    technician.press(words("Waiting for parts"))
    technician.press(words("Go on"))
    waits(technician, 2)
    open_shop.pass_time(minutes=5)
    with open_shop.app.app_context():
        job = db.session.get_one(Job, begun.job_id)
        work.pause(job, PauseReason.SUPPORT, job.order.advisor, clock.now())
        db.commit()
        db.session.remove()
    find_line(page)
    # then: the first refusal stops the queue, in words
    queue = page.locator("[data-queue]")
    expect(queue.get_by_role("alert")).to_have_text(words("The job is not running."))
    expect(queue.locator("[data-acts] li")).to_have_count(2)
    assert begun.facts(open_shop).applied == 0
    # when it is tried again, it is refused again
    technician.press(words("Try again"))
    expect(queue.get_by_role("alert")).to_have_text(words("The job is not running."))
    # when it is dropped, and why, the rest is sent
    technician.press(words("Drop it"))
    queue.locator("[data-drop-form] .chip").filter(has_text=words("Pressed by mistake")).click()
    with page.expect_response("**/my-jobs/dropped") as heard:
        technician.press(words("Drop, and tell the shop"))
    assert heard.value.ok, heard.value.text()
    # then
    expect(queue).to_be_hidden()
    technician.reads(words("Six points: %(count)s left", count=4))
    facts = begun.facts(open_shop)
    assert facts.state is JobState.RUNNING
    assert facts.sessions == [(AT, AT + timedelta(minutes=5)), (AT + timedelta(minutes=5), None)]
    told = begun.dropped(open_shop)
    assert told == (words("The job is not running."), words("Pressed by mistake"))


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_morning_at_the_time_clock_without_a_line(
    cast: Cast, open_shop: OpenShop, locale: str
) -> None:
    # given: somebody who has not come yet, and no line
    begun = begin(open_shop, is_here=False)
    technician, words = enter(cast, begun), cast.words
    page = technician.page
    technician.reads(words("Not clocked in"))
    lose_line(page)

    # when: in, and at work
    technician.press(words("Clock in"))
    waits(technician, 1)
    technician.press(words("Start"))
    # then: the page goes on as if it had arrived
    waits(technician, 2)
    technician.reads(words("Six points: %(count)s left", count=4), words("Your job pauses"))

    # when: a break stops the clock, and one tap goes on
    open_shop.pass_time(minutes=30)
    technician.press(_break(words))
    waits(technician, 3)
    technician.reads(words("Paused"), words("On break"))
    expect(technician.button(words("Go on"))).to_be_hidden()
    technician.press(words("Back, go on"))
    waits(technician, 4)
    technician.reads(words("Running"))
    assert begun.facts(open_shop).applied == 0

    # when the day is over, and the line is back
    page.locator(".day form[data-kind=clock_out] button:visible").click()
    waits(technician, 5)
    find_line(page)
    # then
    expect(page.locator("[data-queue]")).to_be_hidden()
    technician.reads(words("Gone home %(time)s", time="10:00"))
    facts = begun.facts(open_shop)
    assert facts.state is JobState.PAUSED
    assert facts.applied == 5
    assert len(facts.sessions) == 2
    assert all(ended_at is not None for _, ended_at in facts.sessions)


def _break(words: Words) -> str:
    return f"{words('Break')} {words('Your job pauses')}"


@pytest.mark.parametrize("locale", ["zh_CN"])
def test_a_refused_start_offers_the_ways_on_and_the_rest_goes_on(
    cast: Cast, open_shop: OpenShop, locale: str
) -> None:
    # given: two jobs of one technician on one car, the first runs; both pages were seen
    with open_shop.app.app_context():
        technician = make_technician(here_since=AT - timedelta(hours=2))
        first, second = given.make_ready(2, same=technician)
        user = given.worker(first)
        staff.set_password(user, PASSWORD, at=AT)
        work.start(first, user, AT)
        given.tick_all(first, AT - timedelta(minutes=20))
        begun, other = Begun(user.username, first.id), Begun(user.username, second.id)
        db.commit()
        db.session.remove()
    worker, words = enter(cast, begun), cast.words
    page = worker.page
    worker.go(f"/my-jobs/{other.job_id}")
    worker.go(f"/my-jobs/{begun.job_id}/self-check")
    lose_line(page)

    # when: the self-check is sent without a line
    for box in page.locator(".verdict-good").all():
        box.click()
    worker.press(words("Save the self-check"))
    # then: it leads on to the job, which can be finished
    page.wait_for_url(f"**/my-jobs/{begun.job_id}")
    waits(worker, 1)
    expect(worker.button(words("Finish"))).to_be_visible()

    # when: the other job is started although this one runs
    page.goto(f"{page.url.rsplit('/', 1)[0]}/{other.job_id}")
    worker.press(words("Start"))
    find_line(page)
    # then: what does not hang on it has arrived, and the ways on are there
    queue = page.locator("[data-queue]")
    expect(queue.locator("[data-acts] li")).to_have_count(1)
    expect(queue.get_by_role("link", name=words("Open that job"))).to_be_visible()
    worker.press(words("Pause the other one and start this"))
    # then
    expect(queue).to_be_hidden()
    assert begun.facts(open_shop).state is JobState.PAUSED
    assert other.facts(open_shop).state is JobState.RUNNING
