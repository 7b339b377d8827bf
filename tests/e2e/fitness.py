"""Whether a page is fit for everybody: it opens, fits a phone, and axe finds nothing wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

from tests.e2e.cast import Visitor
from workshop import app as application

Size = tuple[int, int]
Theme = Literal["light", "dark"]
DESK: Size = (1440, 900)
PHONE: Size = (320, 640)
TELEVISION = ((1920, 1080),)
DESK_AND_PHONE = (DESK, PHONE)
# Twice as large is the same as a window of half the size.
_ZOOMED: Size = (720, 450)
# Where the columns stand beside each other and are at their narrowest.
_NARROW: Size = (1200, 800)
_AXE = application.resource_folder("static") / "vendor" / "test" / "axe.min.js"
_EYES = Path(__file__).with_name("fitness.js")


def look_at(
    visitor: Visitor, path: str, sizes: tuple[Size, ...] = DESK_AND_PHONE, status: int = 200
) -> list[str]:
    """What is wrong with the page at a path, at these sizes."""
    page = visitor.page
    answer = page.goto(visitor.address + path)
    if answer is None or answer.status != status:
        return [f"{path} answers {answer.status if answer else 'nothing'}"]
    return [f"{path} {fault}" for fault in look_over(page, *sizes)]


def look_over(page: Page, *sizes: Size) -> list[str]:
    """What is wrong with the page that is open."""
    # The developer tools' own channel: the page's policy forbids foreign scripts, not these.
    for script in (_AXE, _EYES):
        page.evaluate(script.read_text(encoding="utf-8"))
    # The browser shows the focus to who uses the keys.
    page.keyboard.press("Tab")
    faults = [f"at {size[0]}: {fault}" for size in sizes for fault in _look(page, size)]
    if DESK not in sizes:
        return faults
    _resize(page, _NARROW)
    faults += [f"at {_NARROW[0]}: {fault}" for fault in page.evaluate("fitness.squeezed()")]
    _resize(page, _ZOOMED)
    return faults + [f"at 200 %: {fault}" for fault in page.evaluate("fitness.wide()")]


def _look(page: Page, size: Size) -> list[str]:
    _resize(page, size)
    return list(page.evaluate("theme => fitness.look(theme)", _theme(page, size)))


def _resize(page: Page, size: Size) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def _theme(page: Page, size: Size) -> Theme:
    """Each language is seen large in one theme and small in the other; both, in all four."""
    is_chinese = page.evaluate("navigator.language").startswith("zh")
    return "light" if (size == PHONE) != is_chinese else "dark"
