"""Two technicians on one job: put together on the board, both see it on their phones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.conftest import AT
from tests.e2e.cast import Cast
from tests.e2e.open_shop import PASSWORD, OpenShop
from tests.factories import make_technician
from tests.steps.repair import factories as given
from workshop import db
from workshop.allocation import queries as allocated
from workshop.orders.models import Job
from workshop.staff import service as staff
from workshop.steps.repair import help_clocks
from workshop.steps.scheduling import queries

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@dataclass
class Pair:
    """A lead with a job that may be started, and somebody free to help."""

    job_id: int
    lead: str
    lead_name: str
    helper: str
    helper_name: str

    def helped_minutes(self, shop_: OpenShop) -> list[int]:
        """How long each stretch of help was that is over."""
        with shop_.app.app_context():
            sessions = help_clocks.list_of(db.session.get_one(Job, self.job_id))
            found = [
                int((each.ended_at - each.started_at).total_seconds() // 60)
                for each in sessions
                if each.ended_at is not None
            ]
            db.session.remove()
        return found

    def planned_helper(self, shop_: OpenShop) -> str | None:
        """Who is planned to help."""
        with shop_.app.app_context():
            live = queries.find_live(db.session.get_one(Job, self.job_id))
            helper = allocated.find_helper(live) if live is not None else None
            name = helper.name if helper else None
            db.session.remove()
        return name


@pytest.fixture
def pair(open_shop: OpenShop) -> Pair:
    with open_shop.app.app_context():
        (job,) = given.make_ready(same=make_technician())
        lead, helper = given.worker(job), make_technician().user
        for user, name in ((lead, "林师傅"), (helper, "何师傅")):
            user.display_name = name
            staff.set_password(user, PASSWORD, at=AT)
        made = Pair(job.id, lead.username, lead.display_name, helper.username, helper.display_name)
        db.commit()
        db.session.remove()
    return made


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_controller_puts_two_on_a_job_and_both_work_on_it(
    cast: Cast, open_shop: OpenShop, pair: Pair, locale: str
) -> None:
    # given the controller looks at the lead's card
    controller, words = cast["controller"], cast.words
    controller.go("/scheduling")
    page = controller.page
    row = page.get_by_role("group", name=pair.lead_name, exact=True)
    row.locator(".bd-card").first.click()
    box = page.locator("#place-dialog .team-box")

    # when
    controller.pick(words("Second technician"), pair.helper_name, box)
    box.get_by_role("button", name=words("Let help"), exact=True).click()

    # then both rows show it, and the helper's card is not one to drag
    expect(page.locator("#place-dialog")).to_be_hidden()
    beside = page.get_by_role("group", name=pair.helper_name, exact=True).locator(".bd-card")
    expect(beside).to_contain_text(words("with %(name)s", name=pair.lead_name))
    expect(beside).not_to_have_attribute("data-drop", "")
    expect(row.locator(".bd-card").first).to_contain_text(f"+ {pair.helper_name}")
    assert pair.planned_helper(open_shop) == pair.helper_name

    # when the lead begins
    lead, helper = cast[pair.lead], cast[pair.helper]
    helper.go("/my-jobs")
    expect(helper.page.locator("main")).to_contain_text(
        words("You help %(name)s", name=pair.lead_name)
    )
    lead.go("/my-jobs")
    lead.press(words("Start"))
    expect(lead.page.locator("[data-clock]")).to_be_visible()

    # then the helper can help, with a clock of the own
    helper.go("/my-jobs")
    helper.press(words("Help"))
    # Only the shop shows the clock.
    expect(helper.page.locator("[data-clock]")).to_be_visible()
    open_shop.pass_time(minutes=20)
    helper.go("/my-jobs")  # The phone learns what time it is by now.
    helper.press(words("Stop helping"))
    # The bar as the shop has written it, not as the phone expects it to be.
    expect(helper.page.locator("[data-help][data-next='help']")).to_be_attached()
    expect(helper.button(words("Help"))).to_be_visible()
    assert pair.helped_minutes(open_shop) == [20]


@pytest.mark.parametrize("locale", ["zh_CN"])
def test_help_that_is_tapped_without_a_line_is_applied_with_its_time(
    cast: Cast, open_shop: OpenShop, pair: Pair, locale: str
) -> None:
    # given
    controller, words = cast["controller"], cast.words
    controller.go("/scheduling")
    page = controller.page
    page.get_by_role("group", name=pair.lead_name, exact=True).locator(".bd-card").first.click()
    box = page.locator("#place-dialog .team-box")
    controller.pick(words("Second technician"), pair.helper_name, box)
    box.get_by_role("button", name=words("Let help"), exact=True).click()
    expect(page.locator("#place-dialog")).to_be_hidden()
    lead, helper = cast[pair.lead], cast[pair.helper]
    lead.go("/my-jobs")
    lead.press(words("Start"))
    expect(lead.page.locator("[data-clock]")).to_be_visible()
    helper.go(f"/my-jobs/{pair.job_id}")
    helper.page.locator("[data-queue][data-ready]").wait_for(state="attached")

    # when there is no line
    helper.page.context.set_offline(True)
    helper.press(words("Help"))
    # then the page goes on as if it had arrived
    expect(helper.button(words("Stop helping"))).to_be_visible()
    expect(helper.page.locator("[data-queue]")).to_contain_text(words("Help"))
    # and when it is back
    helper.page.context.set_offline(False)
    expect(helper.page.locator("[data-queue]")).to_be_hidden()
    expect(helper.button(words("Stop helping"))).to_be_visible()
    with open_shop.app.app_context():
        [helped] = help_clocks.list_of(db.session.get_one(Job, pair.job_id))
        assert abs(helped.started_at - AT) < timedelta(minutes=1)
        db.session.remove()
