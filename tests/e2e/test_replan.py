"""A technician goes home, and the board is planned again: in part, with consent, and undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import AT
from tests.e2e.cast import Cast
from tests.e2e.fitness import DESK, DESK_AND_PHONE, look_over
from tests.e2e.open_shop import OpenShop
from tests.factories import make_job, make_order, make_skill
from workshop import clock, db
from workshop.orders.flow import Stage
from workshop.orders.models import Job
from workshop.shop import queries as shop
from workshop.shop.models import Bay, BayKind, Branch, Technician, TechnicianSkill
from workshop.staff import service as staff
from workshop.steps.scheduling.dispatch import service as scheduling

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@dataclass
class Board:
    """Three cars on the board of one technician; only that one can do the work on the last."""

    technician: str
    plates: list[str]
    job_ids: list[int]


def fill(open_shop: OpenShop) -> Board:
    with open_shop.app.app_context():
        branch = db.session.query(Branch).filter_by(code="main").one()
        people = shop.list_technicians(branch)
        plain, rare = make_skill("plain"), make_skill("rare")
        for each in people[:2]:
            _teach(each, plain.id)
        _teach(people[0], rare.id)
        lift = shop.list_bays(branch, [BayKind.LIFT.value])[0]
        jobs = [
            _plan(people[0], lift, plain.id, hours=1),
            _plan(people[0], lift, plain.id, hours=3.5),
            _plan(people[0], lift, rare.id, hours=5, promised=timedelta(days=3)),
        ]
        made = Board(
            people[0].name,
            [job.order.vehicle.plate or "" for job in jobs],
            [job.id for job in jobs],
        )
        db.commit()
        db.session.remove()
    return made


def _teach(technician: Technician, skill_id: int) -> None:
    db.session.add(TechnicianSkill(technician_id=technician.id, skill_id=skill_id, level=2))
    db.session.flush()


def _plan(
    technician: Technician,
    bay: Bay,
    skill_id: int,
    *,
    hours: float,
    promised: timedelta = timedelta(hours=8),
) -> Job:
    advisor = staff.find_user("advisor")
    assert advisor is not None
    order = make_order(Stage.AUTHORISED, advisor=advisor, promised_at=AT + promised)
    job = make_job(order, skill_id=skill_id)
    starts_at = AT + timedelta(hours=hours)
    scheduling.assign(job, technician, bay, starts_at, by=advisor, at=clock.now())
    return job


def places(open_shop: OpenShop, board: Board) -> list[tuple[str, datetime]]:
    """Who does each of the jobs, and when."""
    with open_shop.app.app_context():
        live = [scheduling.get_live(db.session.get_one(Job, each)) for each in board.job_ids]
        found = [(each.technician.name, each.starts_at) for each in live]
        db.session.remove()
    return found


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_plan_is_accepted_in_part_with_consent_and_undone(
    cast: Cast, open_shop: OpenShop, locale: str
) -> None:
    # given
    board = fill(open_shop)
    before = places(open_shop, board)
    advisor, words = cast["advisor"], cast.words
    page = advisor.page

    # when: the planner is asked from the board
    advisor.open(words("Job control board"))
    advisor.follow(words("Re-plan"))
    advisor.choose(words("What has happened"), words("A technician goes home"))
    expect(page.get_by_role("combobox", name=words("Job"), exact=True)).to_be_hidden()
    advisor.pick(words("Technician"), board.technician)
    advisor.send(words("Look for a plan"))

    # then: the quick answer is there at once, the planner's comes by itself, and nothing moved
    advisor.reads(words("%(technician)s goes home", technician=board.technician))
    accept_all = advisor.button(words("Accept all"))
    expect(accept_all).to_be_visible(timeout=60_000)
    advisor.reads(words("Proved: no plan calls fewer customers."))
    assert places(open_shop, board) == before
    assert is_fit(page)

    # when: all of it is wanted, though one car goes to another day
    advisor.send(words("Accept all"))
    # then
    advisor.reads(words("Call this customer"))
    told = "%(plate)s goes to another day: say how, when and who agreed."
    expect(page.get_by_role("alert").first).to_contain_text(
        words(told, plate=_shown(board.plates[2]))
    )
    assert places(open_shop, board) == before

    # when: only the first car is accepted
    for plate in board.plates[1:]:
        page.get_by_role("checkbox", name=_shown(plate)).uncheck()
    advisor.send(words("Accept the ticked cars"))
    # then the two others stay with who is away, and somebody calls
    advisor.reads(words("What hangs on this?"))
    advisor.send(words("Do it and make the call list"))
    advisor.is_told(words("Moved by the plan: %(count)s jobs.", count=1))
    advisor.reads(words("Partly accepted"))
    part = places(open_shop, board)
    assert part[0][0] != board.technician
    assert part[1:] == before[1:]

    # when: the customer of the last car has agreed
    advisor.write(words("Who agreed"), "王小明")
    advisor.send(words("Accept all"))
    # then
    advisor.is_told(words("Moved by the plan: %(count)s jobs.", count=2))
    after = places(open_shop, board)
    assert after[2][1] - before[2][1] > timedelta(hours=12)
    assert after[1][0] != board.technician
    assert is_fit(page)

    # when: the job's page is asked why
    with open_shop.app.app_context():
        no = db.session.get_one(Job, board.job_ids[0]).order.no
        db.session.remove()
    run = page.url
    page.goto(f"{advisor.address}/orders/{no}/scheduling")
    page.get_by_text(words("Why is this job here?")).click()
    advisor.reads(words("A technician goes home"))

    # when: all of it is undone
    page.goto(run)
    advisor.send(words("Undo the plan"))
    # then
    advisor.is_told(words("Undone: %(count)s jobs are back where they were.", count=3))
    assert places(open_shop, board) == before


def is_fit(page: Page) -> bool:
    """Whether nothing is wrong with the page that is open, for a desk and for a phone."""
    faults = look_over(page, *DESK_AND_PHONE)
    width, height = DESK
    page.set_viewport_size({"width": width, "height": height})
    assert not faults, "\n".join(faults)
    return True


def _shown(plate: str) -> str:
    return f"{plate[:2]}·{plate[2:]}"
