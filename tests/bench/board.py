"""How smoothly a card follows the hand: `python -m tests.bench.board [--jobs N]`.

A shop with many cars on one day is served to a real Chromium, a card is carried over the whole
board with the mouse, and the frames meanwhile are counted. Prints one line per number of cards:
the page's weight in elements, the time from its HTML to its picture, and the frames a second in
the hand (median, and the slowest of all; below 30 a hand feels it).
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests import servers
from tests.conftest import AT
from tests.e2e.open_shop import PASSWORD, OpenShop, opened
from tests.factories import make_bay, make_job, make_order, make_skill, make_technician
from workshop import clock, db
from workshop.allocation.models import Allocation
from workshop.demo import shop as demo_shop
from workshop.orders.flow import Stage
from workshop.shop.models import BayKind
from workshop.staff import service as staff

HERE = [8, 40, 420]
# Cards of half an hour with their buffer: so many fit into one person's day.
ROW = 11
STEPS = 240
_COUNT_FRAMES = """() => {
  const seen = (window.frames_seen = []);
  let last = performance.now();
  const tick = (now) => { seen.push(now - last); last = now; requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""


def main() -> None:
    """Open a shop for each number of cards and measure in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, nargs="*", default=HERE)
    wanted = parser.parse_args().jobs
    print(f"{'cards':>6}{'rows':>6}{'elements':>10}{'drawn ms':>10}{'fps':>7}{'slowest':>9}")
    for count in wanted:
        with tempfile.TemporaryDirectory() as folder:
            clock.freeze(AT)
            with opened(Path(folder), lambda count=count: fill(count)) as shop:
                measure(shop, count)


def fill(count: int) -> list[str]:
    """The demo's shop with so many half-hours on the board of one day."""
    demo_shop.build(AT - timedelta(days=400), PASSWORD)
    advisor, skill = staff.find_user("advisor"), make_skill("plain")
    assert advisor is not None
    technician, bay, starts_at = None, None, AT
    for number in range(count):
        if number % ROW == 0:
            technician, bay = make_technician(skill=skill), make_bay(BayKind.LIFT)
            starts_at = AT - timedelta(hours=2)
        assert technician is not None
        assert bay is not None
        order = make_order(Stage.SCHEDULED, advisor=advisor, promised_at=AT + timedelta(hours=8))
        job = make_job(order, skill_id=skill.id, book_minutes=30)
        ends_at = starts_at + timedelta(minutes=30)
        until = ends_at + timedelta(minutes=15)
        db.session.add(
            Allocation(
                branch_id=order.branch_id,
                job_id=job.id,
                technician_id=technician.id,
                bay_id=bay.id,
                starts_at=starts_at,
                ends_at=ends_at,
                blocked_until=until,
                made_by_id=advisor.id,
                made_at=AT,
            )
        )
        starts_at = until
    return []


def measure(shop: OpenShop, count: int) -> None:
    """Sign in, carry a card across the board, print a row."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=servers.find_chromium(), args=servers.CHROMIUM_FLAGS
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{shop.address}/sign-in")
        page.locator("input[name=username]").fill("advisor")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("form.stack button[type=submit]").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        page.goto(f"{shop.address}/scheduling")
        page.wait_for_selector(".bd-grid.is-drawn .bd-card")
        drawn = page.evaluate(
            "() => { const n = performance.getEntriesByType('navigation')[0];"
            " return n.domContentLoadedEventEnd - n.responseEnd; }"
        )
        frames = carry(page)
        rows = page.locator(".bd-row[data-row]").count()
        elements = page.evaluate("document.querySelectorAll('*').length")
        fps, slowest = 1000 / statistics.median(frames), 1000 / max(frames)
        print(f"{count:>6}{rows:>6}{elements:>10}{drawn:>10.0f}{fps:>7.0f}{slowest:>9.0f}")
        browser.close()


def carry(page: Page) -> list[float]:
    """The milliseconds of each frame while a card is in the hand."""
    card = page.locator(".bd-card[data-drop]").nth(4)  # The board begins an hour before now.
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 12, box["y"] + 15)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 20, steps=3)
    page.wait_for_selector(".bd-ghost")
    page.evaluate(_COUNT_FRAMES)
    for step in range(STEPS):
        x = 520 + (step * 37) % 860
        y = 300 + (step * 11) % 500
        page.mouse.move(x, y)
    frames: list[float] = page.evaluate("window.frames_seen.slice(2)")
    page.keyboard.press("Escape")
    page.mouse.up()
    return frames


if __name__ == "__main__":
    main()
