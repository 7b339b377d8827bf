"""Cards moved by hand on the board: mouse, keyboard, refusals, and two people at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.conftest import AT
from tests.e2e.cast import Cast, Enter
from tests.e2e.open_shop import OpenShop
from tests.e2e.words import Words
from tests.factories import make_job, make_order, make_skill
from workshop import clock, db
from workshop.orders.flow import Stage
from workshop.orders.models import Job
from workshop.shop import queries as shop
from workshop.shop.models import BayKind, Branch, TechnicianSkill
from workshop.staff import service as staff
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import service as scheduling

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

# Where a time of a technician's row is on the page, brought into sight first.
SPOT = """([name, at]) => {
  const grid = document.querySelector("[data-board]");
  const scroll = document.querySelector(".bd-scroll");
  const row = [...grid.querySelectorAll(".bd-row")].find((each) => each.ariaLabel === name);
  const lane = row.querySelector(".bd-lane");
  row.scrollIntoView({ block: "center" });
  const begins = Date.parse(grid.dataset.begins);
  const part = (Date.parse(at) - begins) / (Date.parse(grid.dataset.ends) - begins);
  scroll.scrollLeft = part * lane.offsetWidth - scroll.clientWidth / 3;
  const box = lane.getBoundingClientRect();
  return [box.left + part * box.width, box.top + 20];
}"""


@dataclass
class Board:
    """Two technicians, a card of an hour at 11:00 of the first one, and a job in the queue."""

    people: list[str]
    planned: int
    queued: int


@pytest.fixture
def board(open_shop: OpenShop) -> Board:
    with open_shop.app.app_context():
        branch = db.session.query(Branch).filter_by(code="main").one()
        people, skill = shop.list_technicians(branch)[:2], make_skill("plain")
        for each in people:
            held = TechnicianSkill(technician_id=each.id, skill_id=skill.id, level=2)
            db.session.add(held)
        advisor = staff.find_user("advisor")
        assert advisor is not None
        lift = shop.list_bays(branch, [BayKind.LIFT.value])[0]
        jobs = []
        for _ in range(2):
            promised_at = AT + timedelta(hours=8)
            order = make_order(Stage.AUTHORISED, advisor=advisor, promised_at=promised_at)
            jobs.append(make_job(order, skill_id=skill.id))
        starts_at = AT + timedelta(hours=1)
        scheduling.assign(jobs[0], people[0], lift, starts_at, by=advisor, at=clock.now())
        made = Board([each.name for each in people], jobs[0].id, jobs[1].id)
        db.commit()
        db.session.remove()
    return made


def place(open_shop: OpenShop, job_id: int) -> tuple[str, datetime, int] | None:
    """Who does the job, when, and how many minutes long."""
    with open_shop.app.app_context():
        live = queries.find_live(db.session.get_one(Job, job_id))
        found = (live.technician.name, live.starts_at, live.minutes) if live else None
        db.session.remove()
    return found


def at(hours: float) -> datetime:
    """A time of the test's Monday: at(14.5) is half past two."""
    return AT + timedelta(hours=hours - 10)


def card(page: Page, job_id: int) -> Locator:
    return page.locator(f".bd-card[data-job='{job_id}']")


def queued(page: Page, job_id: int) -> Locator:
    return page.locator(f".q-card[data-job='{job_id}']")


def corner(what: Locator, block: str = "nearest") -> tuple[float, float]:
    """Where something is once it is in sight; in one go, for the board may be renewed meanwhile."""
    look = """(each, block) => {
      each.scrollIntoView({ block });
      const box = each.getBoundingClientRect();
      return [box.left, box.top];
    }"""
    x, y = what.evaluate(look, block)
    return x, y


def take(page: Page, what: Locator) -> None:
    """Press on a card near its left end, and pull it a little."""
    x, y = corner(what)
    page.mouse.move(x + 14, y + 20)
    page.mouse.down()
    page.mouse.move(x + 24, y + 22, steps=3)
    expect(page.locator(".bd-ghost")).to_be_attached()


def carry(page: Page, name: str, when: datetime) -> None:
    """Carry what is in the hand over the row of a technician, its left end at a time."""
    x, y = page.evaluate(SPOT, [name, when.isoformat()])
    page.mouse.move(x + 14, y, steps=8)
    expect(page.locator(".bd-row.is-target")).to_have_attribute("aria-label", name)


def drag(page: Page, what: Locator, name: str, when: datetime) -> None:
    take(page, what)
    carry(page, name, when)
    page.mouse.up()


def said(page: Page) -> Locator:
    return page.locator("#board-said")


def open_board(cast: Cast, username: str = "advisor") -> Page:
    person = cast[username]
    person.go("/scheduling")
    expect(person.page.locator(".bd-grid.is-drawn")).to_be_visible()
    return person.page


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_job_is_dragged_from_the_queue_between_rows_and_made_longer(
    cast: Cast, open_shop: OpenShop, board: Board, locale: str
) -> None:
    page = open_board(cast)
    # when: from the queue
    drag(page, queued(page, board.queued), board.people[1], at(14))
    # then
    expect(card(page, board.queued)).to_be_visible()
    expect(queued(page, board.queued)).to_have_count(0)
    assert place(open_shop, board.queued) == (board.people[1], at(14), 60)
    expect(said(page)).to_contain_text(board.people[1])

    # when: to the other row, at the same time
    drag(page, card(page, board.queued), board.people[0], at(14))
    # then
    row = page.locator(f".bd-row[aria-label='{board.people[0]}']")
    expect(row.locator(f"[data-job='{board.queued}']")).to_be_visible()
    assert place(open_shop, board.queued) == (board.people[0], at(14), 60)

    # when: its right end is pulled
    grip = card(page, board.queued).locator("[data-grip]")
    box = grip.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 15, box["y"] + 20, steps=3)
    expect(page.locator(".bd-ghost")).to_be_attached()
    x, y = page.evaluate(SPOT, [board.people[0], at(15.5).isoformat()])
    page.mouse.move(x, y, steps=8)
    page.mouse.up()
    # then
    expect(card(page, board.queued)).to_have_attribute("data-minutes", "90")
    assert place(open_shop, board.queued) == (board.people[0], at(14), 90)

    # when: the last move is undone
    # The inbox may have said something since.
    undo = page.locator(".toast").get_by_role("button", name=Words(locale)("Undo"), exact=True)
    undo.last.click()
    # then
    expect(card(page, board.queued)).to_have_attribute("data-minutes", "60")


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_refused_drop_goes_back_names_the_rule_and_offers_the_nearest_slot(
    cast: Cast, open_shop: OpenShop, board: Board, locale: str
) -> None:
    page = open_board(cast)
    # when: on top of the card that stands there from eleven to twelve
    drag(page, queued(page, board.queued), board.people[0], at(10.5))
    # then
    refusal = page.locator("#bd-refused [role=alert]")
    expect(refusal).to_contain_text("11:00")
    expect(page.locator(".bd-ghost")).to_have_count(0)
    expect(queued(page, board.queued)).to_be_visible()
    assert place(open_shop, board.queued) is None
    # when: the nearest is taken
    refusal.locator("form[data-drop-again] button").first.click()
    # then
    expect(card(page, board.queued)).to_be_visible()
    assert place(open_shop, board.queued) == (board.people[0], at(12.75), 60)
    expect(refusal).to_have_count(0)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_card_is_moved_with_the_keyboard_alone(
    cast: Cast, open_shop: OpenShop, board: Board, locale: str
) -> None:
    page = open_board(cast)
    mine = card(page, board.planned)
    # when: it is put back
    mine.focus()
    page.keyboard.press("ArrowRight")
    expect(said(page)).to_contain_text("11:15–12:15")
    page.keyboard.press("Escape")
    # then
    expect(page.locator(".bd-ghost")).to_have_count(0)
    assert place(open_shop, board.planned) == (board.people[0], at(11), 60)
    # when: down a row, half an hour earlier, a quarter longer
    for key in ("ArrowDown", "ArrowLeft", "ArrowLeft", "Shift+ArrowRight"):
        page.keyboard.press(key)
    expect(said(page)).to_contain_text(board.people[1])
    expect(said(page)).to_contain_text("10:30–11:45")
    page.keyboard.press("Enter")
    # then
    row = page.locator(f".bd-row[aria-label='{board.people[1]}']")
    expect(row.locator(f"[data-job='{board.planned}']")).to_be_focused()
    assert place(open_shop, board.planned) == (board.people[1], at(10.5), 75)
    # when: Enter alone opens the form
    page.keyboard.press("Enter")
    expect(page.locator("#place-dialog")).to_be_visible()


@pytest.mark.parametrize("locale", ["zh_CN"])
def test_of_two_with_one_card_the_later_sees_both_versions(
    cast: Cast, open_shop: OpenShop, board: Board, locale: str
) -> None:
    first, second = open_board(cast, "manager"), open_board(cast)
    # given: the second has it in the hand
    take(second, card(second, board.planned))
    carry(second, board.people[1], at(15))
    # when: the first moves it
    drag(first, card(first, board.planned), board.people[1], at(13))
    expect(card(first, board.planned)).to_have_attribute("data-from", _iso(at(13)))
    # then: it is not moved under the hand, and the hand is told
    expect(second.locator(".bd-ghost.is-stale")).to_be_attached()
    expect(card(second, board.planned)).to_have_attribute("data-from", _iso(at(11)))
    # when: it is let go
    second.mouse.up()
    # then
    refusal = second.locator("#bd-refused [role=alert]")
    expect(refusal.locator("table")).to_contain_text("13:00")
    expect(refusal.locator("table")).to_contain_text("15:00")
    expect(card(second, board.planned)).to_have_attribute("data-from", _iso(at(13)))
    assert place(open_shop, board.planned) == (board.people[1], at(13), 60)
    # when: it is meant all the same
    refusal.locator("form[data-drop-again] button").last.click()
    expect(card(second, board.planned)).to_have_attribute("data-from", _iso(at(15)))
    assert place(open_shop, board.planned) == (board.people[1], at(15), 60)


@pytest.mark.parametrize("locale", ["zh_CN"])
def test_somebody_elses_move_names_them_once(cast: Cast, board: Board, locale: str) -> None:
    mover, watcher = open_board(cast, "manager"), open_board(cast)
    # when
    drag(mover, card(mover, board.planned), board.people[1], at(14))
    # then
    tag = card(watcher, board.planned).locator(".bd-mover")
    expect(tag).to_be_visible()
    expect(card(watcher, board.planned)).to_have_attribute("data-from", _iso(at(14)))
    expect(said(watcher)).to_contain_text(tag.inner_text())
    # and whoever moved it is not told of it
    expect(card(mover, board.planned).locator(".bd-mover")).to_have_count(0)


# How often a card has been animated, and whether it began away from where it is.
GLIDES = """() => {
  window.glides = [];
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (frames, timing) {
    if (this.classList.contains("bd-card"))
      window.glides.push([this.dataset.job, frames[0].transform]);
    return animate.call(this, frames, timing);
  };
}"""


@pytest.mark.parametrize("locale", ["zh_CN"])
def test_a_card_that_somebody_else_moves_glides_once_from_where_it_was(
    cast: Cast, board: Board, locale: str
) -> None:
    mover, watcher = open_board(cast, "manager"), open_board(cast)
    for page in (mover, watcher):
        page.emulate_media(reduced_motion="no-preference")
        page.evaluate(GLIDES)
    # when
    drag(mover, card(mover, board.planned), board.people[1], at(14))
    expect(card(watcher, board.planned).locator(".bd-mover")).to_be_visible()
    # then: one flight, from above and from the left, of that card alone
    expect(card(watcher, board.planned)).to_have_attribute("data-from", _iso(at(14)))
    (glide,) = watcher.evaluate("window.glides")
    assert glide[0] == str(board.planned)
    assert glide[1].startswith("translate(-")
    # when: the board is renewed again
    watcher.evaluate("document.dispatchEvent(new CustomEvent('workshop:order'))")
    watcher.wait_for_timeout(1500)
    # then: the name stays for its time, and nothing flies again
    expect(card(watcher, board.planned).locator(".bd-mover")).to_be_visible()
    assert len(watcher.evaluate("window.glides")) == 1
    assert mover.evaluate("window.glides") == []


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_card_is_dropped_back_into_the_queue_and_that_is_undone(
    cast: Cast, open_shop: OpenShop, board: Board, locale: str
) -> None:
    page = open_board(cast)
    # when
    take(page, card(page, board.planned))
    box = page.locator(".queue").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60, steps=8)
    expect(page.locator(".queue.is-target")).to_be_visible()
    page.mouse.up()
    # then
    expect(queued(page, board.planned)).to_be_visible()
    expect(card(page, board.planned)).to_have_count(0)
    assert place(open_shop, board.planned) is None
    # when
    # The inbox may have said something since.
    undo = page.locator(".toast").get_by_role("button", name=Words(locale)("Undo"), exact=True)
    undo.last.click()
    # then
    expect(card(page, board.planned)).to_be_visible()
    assert place(open_shop, board.planned) == (board.people[0], at(11), 60)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_card_is_fixed_in_its_form_and_released_in_its_menu(
    cast: Cast, board: Board, locale: str
) -> None:
    page = open_board(cast)
    mine, dialog = card(page, board.planned), page.locator("#place-dialog")
    # when
    mine.click()
    dialog.locator(".pin-form button").click()
    # then
    expect(dialog).to_be_hidden()
    expect(mine.locator(".bd-pin")).to_be_visible()
    # when: with the keyboard
    mine.focus()
    page.keyboard.press("Shift+F10")
    expect(page.locator("#bd-menu [data-do=fix]")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#bd-menu [data-do=release]")).to_be_focused()
    page.keyboard.press("Enter")
    # then
    expect(mine.locator(".bd-pin")).to_have_count(0)
    expect(mine).to_be_focused()
    # when: it is undone
    undo = page.locator(".toast").get_by_role("button", name=Words(locale)("Undo"), exact=True)
    undo.click()
    expect(mine.locator(".bd-pin")).to_be_visible()
    # when: the menu is left
    mine.click(button="right")
    page.keyboard.press("Escape")
    expect(page.locator("#bd-menu")).to_be_hidden()
    expect(mine).to_be_focused()


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_card_of_the_week_is_carried_to_another_person_and_to_another_day(
    cast: Cast, open_shop: OpenShop, board: Board, locale: str
) -> None:
    person = cast["advisor"]
    person.go("/scheduling/week")
    page = person.page
    # when: to the other person, on the same day
    over_to(page, board, 1, "2026-11-23")
    # then
    cell = page.locator("td[data-day='2026-11-23']").filter(has=chip(page, board))
    expect(cell).to_have_attribute("data-technician", str(id_of(open_shop, board.people[1])))
    assert place(open_shop, board.planned) == (board.people[1], at(11), 60)
    # when: to the next day
    over_to(page, board, 1, "2026-11-24")
    # then: the customer's consent is asked for, and nothing has moved
    dialog = page.locator("#place-dialog")
    expect(dialog.locator("[name=consent_by]")).to_be_focused()
    expect(dialog.locator("[name=day]")).to_have_value("2026-11-24")
    assert place(open_shop, board.planned) == (board.people[1], at(11), 60)
    # when: it is given
    dialog.locator("[name=consent_by]").fill("王女士")
    dialog.locator("#place-form .btn-primary").click()
    # then: the week shows it there
    expect(dialog).to_be_hidden()
    there = page.locator("td[data-day='2026-11-24']").filter(has=chip(page, board))
    expect(there).to_be_visible()


def chip(page: Page, board: Board) -> Locator:
    return page.locator(f".wk-chip[data-drop-day*='/jobs/{board.planned}/']")


def over_to(page: Page, board: Board, who: int, day: str) -> None:
    """Carry the planned card of the week into a person's day."""
    mine = chip(page, board)
    row = page.locator("tr").filter(has=page.locator("th", has_text=board.people[who]))
    x, y = corner(mine, "center")
    page.mouse.move(x + 20, y + 8)
    page.mouse.down()
    page.mouse.move(x + 30, y + 12, steps=3)
    expect(page.locator(".wk-ghost")).to_be_attached()
    x, y = corner(row.locator(f"td[data-day='{day}']"))
    page.mouse.move(x + 40, y + 12, steps=8)
    expect(page.locator(".wk td.is-target")).to_have_attribute("data-day", day)
    page.mouse.up()


def id_of(open_shop: OpenShop, name: str) -> int:
    with open_shop.app.app_context():
        branch = db.session.query(Branch).filter_by(code="main").one()
        found = next(each.id for each in shop.list_technicians(branch) if each.name == name)
        db.session.remove()
    return found


def _iso(when: datetime) -> str:
    return when.isoformat()


@pytest.mark.parametrize("locale", ["zh_CN"])
def test_a_finger_that_holds_still_carries_a_card(
    enter: Enter, open_shop: OpenShop, board: Board, locale: str
) -> None:
    # given: a tablet's narrow window with a touch screen
    page = enter("advisor", width=480, height=900, locale=Words(locale).browser).page
    page.goto(f"{open_shop.address}/scheduling")
    mine = card(page, board.planned)
    x, y = page.evaluate(SPOT, [board.people[0], at(11).isoformat()])
    finger = page.context.new_cdp_session(page)
    # when: it is held, and carried half an hour on
    _touch(finger, "touchStart", x + 20, y)
    expect(page.locator(".bd-ghost")).to_be_attached()
    for part in range(1, 6):
        _touch(finger, "touchMove", x + 20 + part * 15, y)
    expect(page.locator(".bd-ghost-time")).to_contain_text("11:30")
    _touch(finger, "touchEnd")
    # then: it would run into the break, so the nearest is offered, and nothing has opened
    expect(page.locator("#bd-refused [role=alert]")).to_be_visible()
    expect(page.locator("#place-dialog")).to_be_hidden()
    expect(mine).to_have_attribute("data-from", _iso(at(11)))


def _touch(finger: CDPSession, kind: str, *spot: float) -> None:
    points = [{"x": spot[0], "y": spot[1]}] if spot else []
    finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_one_press_in_the_queue_places_a_car_says_why_and_is_taken_back(
    cast: Cast, open_shop: OpenShop, board: Board, locale: str
) -> None:
    page = open_board(cast)
    # when
    queued(page, board.queued).locator("form button").click()
    # then
    placed = page.locator("#bd-refused #placed")
    expect(placed.locator("li")).to_have_count(1)
    expect(card(page, board.queued)).to_be_visible()
    expect(queued(page, board.queued)).to_have_count(0)
    found = place(open_shop, board.queued)
    assert found is not None
    expect(placed).to_contain_text(found[0])
    # when: two clicks change it
    placed.locator("a[data-dialog]").click()
    expect(page.locator("#place-form select").first).to_be_focused()
    page.keyboard.press("Escape")
    placed.locator("form button").click()
    # then
    expect(queued(page, board.queued)).to_be_visible()
    assert place(open_shop, board.queued) is None


@pytest.mark.parametrize("locale", ["zh_CN"])
def test_a_card_that_is_read_by_keyboard_keeps_its_focus_when_somebody_moves_it(
    cast: Cast, board: Board, locale: str
) -> None:
    mover, watcher = open_board(cast, "manager"), open_board(cast)
    # given: the very element is known again, and so is a row that nothing happens in
    mark = "() => { for (const each of document.querySelectorAll('.bd-row')) each.known_ = true; }"
    watcher.evaluate(mark)
    card(watcher, board.planned).focus()
    card(watcher, board.planned).evaluate("each => (each.known_ = true)")
    # when
    drag(mover, card(mover, board.planned), board.people[1], at(14))
    # then
    expect(card(watcher, board.planned)).to_have_attribute("data-from", _iso(at(14)))
    expect(card(watcher, board.planned)).to_be_focused()
    assert card(watcher, board.planned).evaluate("each => each.known_")
    rows = watcher.locator(".bd-row").evaluate_all("all => all.every((each) => each.known_)")
    assert rows
