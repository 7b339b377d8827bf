"""The board in a real browser at the size of a television."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.factories import make_branch, make_order, make_user, make_vehicle
from tests.serve.thread import serving
from workshop import db
from workshop.orders.flow import Stage
from workshop.screen import rules
from workshop.screen import service as screen
from workshop.screen.models import ScreenDevice
from workshop.screen.rules import Row
from workshop.staff.permissions import RoleName

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serving(app) as url:
        yield url


@pytest.fixture
def television(address: str, chromium: Browser) -> Iterator[Page]:
    """A browser of 1920 × 1080 that fails the test on any script error."""
    context = chromium.new_context(viewport={"width": 1920, "height": 1080}, base_url=address)
    page = context.new_page()
    faults: list[Any] = []
    page.on("pageerror", lambda fault: faults.append(fault))
    yield page
    context.close()
    assert faults == []


# A device that has no Chinese characters fetches those of the rows after them (static/writing.js).
_HAS_DOTS = """() => !document.documentElement.dataset.writing || [...document.fonts].some(
  (each) => each.status === "loaded" && each.unicodeRange.includes("U+2022"))"""
_TOO_WIDE = """() => [...document.querySelectorAll(".board-row > *")].filter(
  (cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.innerText)"""


def list_too_wide(page: Page) -> list[str]:
    """What of the rows runs into the next column."""
    page.wait_for_function(_HAS_DOTS)
    found: list[str] = page.evaluate(_TOO_WIDE)
    return found


def pair(page: Page, at: datetime, address: str) -> ScreenDevice:
    manager = make_user(RoleName.SERVICE_MANAGER)
    device, token = screen.pair_directly(make_branch(), "TV", by=manager, at=at, locale="en")
    db.commit()
    page.context.add_cookies(
        [{"name": screen.TOKEN_COOKIE, "value": token, "url": address, "httpOnly": True}]
    )
    return device


def test_a_tap_is_seen_within_a_second_and_revoking_brings_the_pairing_page(
    television: Page, at: datetime, address: str
) -> None:
    # given
    order = make_order(
        Stage.REPAIR,
        vehicle=make_vehicle(plate="粤B12345"),
        promised_at=at + timedelta(hours=2),
        first_promised_at=at + timedelta(hours=1),
    )
    device = pair(television, at, address)
    television.goto("/screen/main")
    row = television.locator(".board-row")
    expect(row).to_contain_text("粤B·12•••5")
    expect(row).to_contain_text("takes longer")
    expect(row.locator("time")).to_have_text("12:00")
    expect(television.locator(".screen-clock")).to_have_text("10:00")
    assert list_too_wide(television) == []
    # when
    order.move_to(Stage.QUALITY_CHECK, order.advisor, at)
    db.commit()
    # then
    expect(row).to_contain_text("Quality check", timeout=1000)
    assert smallest_text(television) >= 40
    # when
    screen.revoke(device, by=make_user(RoleName.SERVICE_MANAGER), at=at)
    db.commit()
    # then
    expect(television.locator("[data-pairing]")).to_be_visible(timeout=15_000)
    expect(television.locator(".pairing-code")).not_to_contain_text("·", timeout=15_000)
    assert smallest_text(television) >= 40


def test_silence_turns_amber_then_neutral_and_the_board_comes_back_by_itself(
    television: Page, at: datetime, address: str
) -> None:
    # given: a clock that the test can push
    make_order(Stage.WASH, vehicle=make_vehicle(plate="粤B12345"))
    pair(television, at, address)
    television.clock.install()
    television.goto("/screen/main")
    expect(television.locator(".board-row")).to_have_count(1)
    # when: the line is cut, and half a minute passes
    television.context.set_offline(True)
    television.evaluate("window.dispatchEvent(new Event('offline'))")
    television.clock.fast_forward(31_000)
    # then
    expect(television.locator(".board-updated.is-stale")).to_contain_text("updated 10:00")
    television.clock.fast_forward(180_000)
    expect(television.locator("[data-neutral]")).to_be_visible()
    # when
    television.context.set_offline(False)
    television.clock.run_for(15_000)
    # then
    expect(television.locator("[data-neutral]")).to_be_hidden(timeout=15_000)
    expect(television.locator(".board-row")).to_have_count(1)


def test_the_television_computes_the_same_digest_as_the_server(
    television: Page, at: datetime, address: str
) -> None:
    pair(television, at, address)
    television.goto("/screen/main")
    rows = [
        Row("a1", "粤B·12•••5", "repair", "2026-11-23T16:30", "", "", "1", 3),
        Row("b2", "#0007", "ready", "", "2026-11-23T15:00", "longer", "0", 12),
    ]
    script = """async (frames) => {
      const rows = await import("/static/screen/rows.js");
      rows.replace(frames);
      return rows.digest();
    }"""
    frames = [asdict(row) for row in rows]
    assert television.evaluate(script, frames) == rules.digest(rows)


def smallest_text(page: Page) -> float:
    """The size in pixels of the smallest words that can be seen."""
    size: float = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll("body *")]
          .filter((each) => each.checkVisibility() && each.offsetHeight > 2 &&
            [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
          .map((each) => parseFloat(getComputedStyle(each).fontSize)))"""
    )
    return size
