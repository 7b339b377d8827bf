"""Whether a page is fit for everybody: it opens, fits a phone, and axe finds nothing wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page

from tests.e2e.cast import Visitor
from workshop import app as application

LAWS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESK_AND_PHONE = ((1440, 900), (320, 640))
TELEVISION = ((1920, 1080),)
_AXE = application.resource_folder("static") / "vendor" / "test" / "axe.min.js"
_LOOK = """laws => axe.run(document, {runOnly: laws, resultTypes: ["violations"]})
  .then(result => result.violations.map(each =>
    `${each.id}: ${each.nodes.slice(0, 3).map(node => node.target.join(" ")).join(", ")}`))"""


def look_at(
    visitor: Visitor,
    path: str,
    sizes: Sequence[tuple[int, int]] = DESK_AND_PHONE,
    status: int = 200,
) -> list[str]:
    """What is wrong with the page at a path, at these sizes."""
    answer = visitor.page.goto(visitor.address + path)
    if answer is None or answer.status != status:
        return [f"{path} answers {answer.status if answer else 'nothing'}"]
    # The developer tools' own channel: the page's policy forbids foreign scripts, not these.
    visitor.page.evaluate(_AXE.read_text(encoding="utf-8"))
    return [
        f"{path} at {width}: {fault}"
        for width, height in sizes
        for fault in _look(visitor.page, width, height)
    ]


def _look(page: Page, width: int, height: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": height})
    faults: list[Any] = page.evaluate(_LOOK, LAWS)
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*faults, f"is {wide} px wide"] if wide > width else faults
