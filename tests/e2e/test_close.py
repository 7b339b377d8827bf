"""The end of a day: what is left open is named, carried over, held; and the next morning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import AT
from tests.e2e.cast import Cast
from tests.e2e.fitness import DESK_AND_PHONE, look_over
from tests.e2e.open_shop import OpenShop
from tests.e2e.person import READY, Person
from tests.factories import make_job, make_order, make_skill
from workshop import clock, db
from workshop.orders.flow import Stage
from workshop.orders.models import Job
from workshop.shop import queries as shop
from workshop.shop.models import BayKind, Branch, TechnicianSkill
from workshop.staff import service as staff
from workshop.steps.scheduling.dispatch import service as scheduling

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@dataclass
class Afternoon:
    """Two cars of one technician that are not done at half past five."""

    technician: str
    job_ids: list[int]
    plates: list[str]


@pytest.fixture
def afternoon(open_shop: OpenShop) -> Afternoon:
    with open_shop.app.app_context():
        branch = db.session.query(Branch).filter_by(code="main").one()
        # Here the controller's word is enough to change a time.
        branch.controller_moves_alone = True
        technician, skill = shop.list_technicians(branch)[0], make_skill("rare")
        held = TechnicianSkill(technician_id=technician.id, skill_id=skill.id, level=2)
        db.session.add(held)
        lift = shop.list_bays(branch, [BayKind.LIFT.value])[0]
        advisor = staff.find_user("advisor")
        assert advisor is not None
        jobs = []
        for hours in (4, 5.5):
            promised_at = AT + timedelta(hours=7)
            order = make_order(Stage.AUTHORISED, advisor=advisor, promised_at=promised_at)
            job = make_job(order, skill_id=skill.id)
            starts_at = AT + timedelta(hours=hours)
            scheduling.assign(job, technician, lift, starts_at, by=advisor, at=clock.now())
            jobs.append(job)
        plates = [job.order.vehicle.plate or "" for job in jobs]
        made = Afternoon(technician.name, [job.id for job in jobs], plates)
        db.commit()
        db.session.remove()
    open_shop.wait_until("19:30")
    return made


def row(person: Person, job_id: int) -> Locator:
    return person.page.locator(f"#job-{job_id}")


def open_fold(within: Locator, label: str) -> None:
    within.locator("summary").filter(has_text=label).click()


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_day_is_closed_when_nothing_in_it_is_without_a_disposition(
    cast: Cast, open_shop: OpenShop, afternoon: Afternoon, locale: str
) -> None:
    controller, words = cast["controller"], cast.words
    page = controller.page
    carried, held = afternoon.job_ids

    # when: the page is opened from the board
    controller.go("/scheduling")
    controller.follow(words("Close the day"))
    # then: it names what has no disposition, and the button is closed for that reason
    loose = "%(plate)s is not finished: carry it over, hold it, or finish it."
    for plate in afternoon.plates:
        controller.reads(words(loose, plate=_shown(plate)))
    expect(controller.button(words("Close the day"))).to_be_disabled()
    assert look_over(page, *DESK_AND_PHONE) == []
    page.set_viewport_size({"width": 1440, "height": 900})

    # when: somebody sends it all the same
    page.evaluate("document.querySelector('form[action*=\"/close?\"] button').disabled = false")
    page.evaluate("document.querySelector('form[action*=\"/close?\"]').submit()")
    page.wait_for_load_state(READY)
    # then
    expect(page.locator(".notice-bad")).to_contain_text(
        words(loose, plate=_shown(afternoon.plates[0]))
    )

    # when: the first customer agrees to tomorrow
    open_fold(row(controller, carried), words("Carry over…"))
    controller.reads("11-24 07:30", within=row(controller, carried))
    controller.write(words("Who agreed"), "王小明", row(controller, carried))
    controller.send(words("The customer agreed"), row(controller, carried))
    # then
    controller.is_told(words("Carried over; the consent is recorded."))
    agreed = words(
        "%(who)s agreed: %(old)s → %(new)s (%(how)s)",
        who="王小明",
        old="2026-11-23",
        new="2026-11-24",
        how=words("Phone"),
    )
    controller.reads(agreed)

    # when: the second job is held for a reason
    open_fold(row(controller, held), words("Hold…"))
    controller.pick(words("Reason"), words("Waiting for technical support"), row(controller, held))
    controller.write(words("In words"), "等厂家回电", row(controller, held))
    controller.send(words("Hold it"), row(controller, held))
    # then
    controller.is_told(words("Held: nobody plans it until it is released."))
    controller.reads("等厂家回电")

    # when
    controller.send(words("Close the day"))
    # then
    controller.is_told(words("The day is closed."))
    assert look_over(page, *DESK_AND_PHONE) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    controller.go("/scheduling")
    controller.unfold("bd-news")
    controller.reads(words("This day is closed; nothing is planned into it any more."))

    # when: the next morning comes
    open_shop.wait_until("07:00", days=1)
    open_shop.run_timers()
    controller.go("/scheduling")
    # then: the carried car stands in its slot, the held one in its lane with the reason
    card = page.locator(f".bd-card[data-job='{carried}']")
    expect(card).to_have_attribute("data-from", "2026-11-23T23:30:00+00:00")
    expect(page.locator(".bd-row").filter(has=card)).to_have_attribute(
        "aria-label", afternoon.technician
    )
    lane = page.locator(".lane-card.is-held")
    expect(lane).to_contain_text("等厂家回电")
    expect(page.locator(".q-card")).to_have_count(0)
    assert look_over(page, *DESK_AND_PHONE) == []
    page.set_viewport_size({"width": 1440, "height": 900})

    # when: the reason is gone
    controller.send(words("Release it"), lane, exact=False)
    # then
    controller.is_told(words("Released: it waits in the queue for a place."))
    expect(page.locator(f".q-card[data-job='{held}']")).to_be_visible()


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_day_that_nobody_closed_is_named_the_next_morning(
    cast: Cast, open_shop: OpenShop, afternoon: Afternoon, locale: str
) -> None:
    controller, words = cast["controller"], cast.words
    # given
    open_shop.wait_until("07:00", days=1)
    # when
    controller.go("/scheduling")
    # then
    day = "2026-11-23"
    controller.reads(words("Not closed: %(day)s", day=day))
    controller.unfold("bd-news")
    controller.reads(words("%(day)s was not closed: jobs left it without a disposition.", day=day))
    notice = controller.page.locator(".notice-bad")
    for plate in afternoon.plates:
        expect(notice).to_contain_text(plate[2:])
    # when
    controller.follow(words("Close %(day)s", day=day))
    # then
    for job_id in afternoon.job_ids:
        expect(row(controller, job_id)).to_be_visible()
    with open_shop.app.app_context():
        starts = [
            scheduling.get_live(db.session.get_one(Job, each)).starts_at
            for each in afternoon.job_ids
        ]
        db.session.remove()
    assert max(starts) < AT + timedelta(hours=8)


def _shown(plate: str) -> str:
    return f"{plate[:2]}·{plate[2:]}"
