"""Less work in a real browser: the advisor takes a waiting job off, and stops a running one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.conftest import AT
from tests.e2e.cast import Cast
from tests.e2e.open_shop import OpenShop
from tests.e2e.person import Person
from tests.steps.repair import factories as given
from workshop import db
from workshop.orders.models import Job, JobState
from workshop.steps.quotation import queries as quotation
from workshop.steps.repair import work

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@dataclass
class Begun:
    """An order with a job that runs and one that waits."""

    no: str
    running: int
    waiting: int

    def states(self, shop: OpenShop) -> tuple[JobState, JobState, int]:
        """How far both jobs are, and what the customer pays at most."""
        with shop.app.app_context():
            running, waiting = (
                db.session.get_one(Job, each) for each in (self.running, self.waiting)
            )
            found = running.state, waiting.state, quotation.authorised_fen(running.order)
            db.session.remove()
        return found


@pytest.fixture
def begun(open_shop: OpenShop) -> Begun:
    with open_shop.app.app_context():
        running, waiting = given.make_ready(2)
        work.start(running, given.worker(running), AT)
        made = Begun(running.order.no, running.id, waiting.id)
        db.commit()
        db.session.remove()
    return made


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_an_advisor_takes_work_off(
    cast: Cast, open_shop: OpenShop, begun: Begun, locale: str
) -> None:
    # given: half an hour of the first job is done
    open_shop.pass_time(minutes=30)
    advisor, words = cast["advisor"], cast.words
    # when the waiting job goes
    _choose(advisor, begun, 1)
    advisor.reads("¥480.00", "¥240.00")
    _agree(advisor, words("Take it off"))
    # then
    assert begun.states(open_shop) == (JobState.RUNNING, JobState.CANCELLED, 24_000)
    # when the running one goes, nothing is left: the whole order stops
    _choose(advisor, begun, 0)
    advisor.reads(words("The whole order stops"), "¥120.00")
    _agree(advisor, words("Stop the whole order"))
    # then: half of its hour is billed
    assert begun.states(open_shop) == (JobState.CANCELLED, JobState.CANCELLED, 12_000)
    # and the paper says so
    paper = advisor.page.request.get(
        f"{advisor.address}/orders/{begun.no}/quotation/authorisation.pdf"
    )
    expect(paper).to_be_ok()


def _choose(advisor: Person, begun: Begun, place: int) -> None:
    advisor.go(f"/orders/{begun.no}/change")
    advisor.page.locator(".change-line input[name=take]:not([disabled])").nth(place).check()
    advisor.send(advisor.words("Show what follows"))


def _agree(advisor: Person, label: str) -> None:
    form = advisor.page.locator("#agree")
    form.locator("[name=reason]").fill("时间来不及")
    form.locator("[name=signature_typed]").fill("王小明")
    advisor.send(label, form)
