"""Two people on one phone, two tabs, an ended session: what is the one's is never the other's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from tests.e2e.cast import Enter
from tests.e2e.open_shop import PASSWORD, OpenShop
from tests.e2e.person import Person
from tests.e2e.test_offline import Begun, begin, find_line, lose_line, waits
from tests.e2e.words import Words
from tests.factories import AT
from workshop import db
from workshop.orders.models import Job, JobState

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
WORDS = Words("zh_CN")
_IS_SIGN_IN = re.compile(r"/sign-in(\?|$)")

# All that a browser keeps for the shop, as one text.
KEPT = """async () => {
  const pages = [];
  for (const name of await caches.keys()) {
    const store = await caches.open(name);
    for (const request of await store.keys()) {
      if (new URL(request.url).pathname.startsWith("/static/")) continue;
      pages.push(request.url, await (await store.match(request)).text());
    }
  }
  const databases = (await indexedDB.databases?.()) ?? [];
  return JSON.stringify([pages, {...localStorage}, {...sessionStorage}, databases]);
}"""


@pytest.fixture
def phone(visit: Enter, open_shop: OpenShop) -> Person:
    """One phone that nobody has signed in to yet."""
    visitor = visit(width=360, height=740)
    return Person(visitor.page, WORDS, open_shop.address)


def sign_in(phone: Person, begun: Begun) -> None:
    """Somebody takes the phone, and opens their jobs."""
    if "/sign-in" not in phone.page.url:
        phone.go("/sign-in")
    phone.page.locator("input[name=username]").fill(begun.username)
    phone.page.locator("input[name=password]").fill(PASSWORD)
    phone.page.locator("form.stack button[type=submit]").click()
    phone.page.wait_for_url(lambda url: "/sign-in" not in url)
    open_jobs(phone)


def open_jobs(phone: Person) -> None:
    phone.go("/my-jobs")
    phone.page.locator("[data-queue][data-ready]").wait_for(state="attached")
    phone.page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def sign_out(phone: Person) -> None:
    phone.page.locator("details.menu > summary").click()
    phone.page.locator("form[action$='/sign-out'] button").click()
    phone.page.wait_for_url(_IS_SIGN_IN)


def end_session(phone: Person) -> None:
    """The session is over; the person notices with the next page."""
    phone.page.context.clear_cookies()
    phone.go("/my-jobs")
    phone.page.wait_for_url(_IS_SIGN_IN)


def personal(shop: OpenShop, begun: Begun) -> list[str]:
    """What tells of the person and of the customer."""
    with shop.app.app_context():
        order = db.session.get_one(Job, begun.job_id).order
        plate = order.vehicle.plate or ""
        told = [plate, f"{plate[:2]}·{plate[2:]}", order.concern, order.no, begun.username]
        db.session.remove()
    return [each for each in told if each]


def kept(page: Page) -> str:
    # Chinese words stand as they are, and not as escapes.
    return json.dumps(json.loads(page.evaluate(KEPT)), ensure_ascii=False)


def cut_off(context: BrowserContext) -> None:
    """The shop can be reached, but what was tapped does not arrive."""
    context.route("**/my-jobs/*/start", lambda route: route.abort())


def shows_nothing(page: Page, told: list[str]) -> None:
    text = page.locator("body").inner_text() if page.locator("body").count() else ""
    assert not [each for each in told if each in text]


@pytest.mark.parametrize("leave", [sign_out, end_session])
def test_who_leaves_the_phone_leaves_nothing_to_read(
    phone: Person, open_shop: OpenShop, leave: Callable[[Person], None]
) -> None:
    # given: a technician whose pages are kept for the dead spot, and an act that waits
    begun = begin(open_shop)
    told = personal(open_shop, begun)
    sign_in(phone, begun)
    page = phone.page
    assert [each for each in told if each in kept(page)]
    cut_off(page.context)
    phone.press(WORDS("Start"))
    waits(phone, 1)
    # when
    leave(phone)
    page.wait_for_load_state("load")
    # then: the pages are gone, and what waits does not say of which car it is
    page.wait_for_function("async () => !(await caches.keys()).includes('workshop-phone')")
    assert [each for each in told if each in kept(page)] == []
    assert "csrf_token" not in kept(page)
    # then: nor does a dead spot bring them back
    lose_line(page)
    with pytest.raises(Error, match="ERR_"):
        phone.go("/my-jobs")
    shows_nothing(page, told)


def test_what_one_has_tapped_waits_for_them_and_is_never_the_next_ones(
    phone: Person, open_shop: OpenShop
) -> None:
    # given: what the first has tapped has not arrived when they sign out
    first, second = begin(open_shop), begin(open_shop)
    sign_in(phone, first)
    page = phone.page
    cut_off(page.context)
    phone.press(WORDS("Start"))
    waits(phone, 1)
    sign_out(phone)
    page.context.unroute_all()
    # when: the next one works with the phone
    sign_in(phone, second)
    # then
    expect(page.locator("[data-queue]")).to_be_hidden()
    expect(page.locator("[data-line]")).to_be_hidden()
    shows_nothing(page, personal(open_shop, first))
    phone.press(WORDS("Start"))
    phone.reads(WORDS("Six points: %(count)s left", count=4))
    page.wait_for_function("(key) => (localStorage.getItem(key) || '[]') === '[]'", arg=_key(page))
    assert second.facts(open_shop).sessions == [(AT, None)]
    assert first.facts(open_shop).state is JobState.WAITING
    # when: the first one is back
    open_shop.pass_time(minutes=20)
    sign_out(phone)
    sign_in(phone, first)
    # then: it is sent by itself, once, with the time of the tap
    phone.reads(WORDS("Six points: %(count)s left", count=4))
    expect(page.locator("[data-queue]")).to_be_hidden()
    facts = first.facts(open_shop)
    assert facts.sessions == [(AT, None)]
    assert facts.applied == 2


def _key(page: Page) -> str:
    return f"workshop.queue.{page.locator('[data-queue]').get_attribute('data-user')}"


def test_two_tabs_of_one_person_send_each_tap_once(phone: Person, open_shop: OpenShop) -> None:
    # given
    begun = begin(open_shop)
    sign_in(phone, begun)
    other = Person(phone.page.context.new_page(), WORDS, phone.address)
    open_jobs(other)
    other.follow(WORDS("Job and concern"))
    lose_line(phone.page)
    # when: one tab starts the job, the other one ticks a point of it
    phone.press(WORDS("Start"))
    waits(other, 1)
    other.press(WORDS("Protective covers in place"))
    waits(phone, 2)
    find_line(phone.page)
    # then
    for tab in (phone, other):
        expect(tab.page.locator("[data-queue]")).to_be_hidden()
        expect(tab.page.locator("[data-line]")).to_be_hidden()
    facts = begun.facts(open_shop)
    assert (facts.sessions, facts.applied) == ([(AT, None)], 2)
    assert facts.ticked == {"start": AT, "protection": AT}


def test_who_signs_out_in_one_tab_is_gone_from_the_other(
    phone: Person, open_shop: OpenShop
) -> None:
    # given
    begun = begin(open_shop)
    sign_in(phone, begun)
    other = Person(phone.page.context.new_page(), WORDS, phone.address)
    open_jobs(other)
    # when
    sign_out(phone)
    # then
    other.page.wait_for_url(_IS_SIGN_IN)
    shows_nothing(other.page, personal(open_shop, begun))
    # then: nor does the way back lead to it
    phone.page.go_back()
    phone.page.wait_for_load_state("load")
    shows_nothing(phone.page, personal(open_shop, begun))


def test_what_waits_when_the_session_ends_is_sent_after_the_next_sign_in(
    phone: Person, open_shop: OpenShop
) -> None:
    # given
    begun = begin(open_shop)
    sign_in(phone, begun)
    page = phone.page
    lose_line(page)
    phone.press(WORDS("Start"))
    waits(phone, 1)
    # when
    page.context.clear_cookies()
    open_shop.pass_time(minutes=20)
    find_line(page)
    # then: the person is asked to sign in, and nothing is dropped
    again = page.get_by_role("link", name=WORDS("Sign in again, then it is sent"))
    expect(again).to_be_visible()
    assert begun.facts(open_shop).applied == 0
    # when
    again.click()
    page.wait_for_url(_IS_SIGN_IN)
    sign_in(phone, begun)
    # then
    phone.reads(WORDS("Six points: %(count)s left", count=4))
    facts = begun.facts(open_shop)
    assert (facts.sessions, facts.applied) == ([(AT, None)], 1)
