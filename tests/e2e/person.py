"""Somebody in front of a page: reads words, presses buttons, chooses, signs, takes photos."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Literal

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.e2e.words import Words

Scope = Page | Locator
# The page's scripts have run by then; its last fonts may still be on their way.
READY: Literal["domcontentloaded"] = "domcontentloaded"


@dataclass
class Person:
    """One person's browser, and the language that they read."""

    page: Page
    words: Words
    address: str

    # ---- Going ----

    def go(self, path: str) -> None:
        """Open a path of the shop."""
        self.page.goto(self.address + path, wait_until=READY)

    def open(self, item: str) -> None:
        """Choose an item of the menu at the left."""
        menu = self.page.get_by_role("navigation", name=self.words("Main navigation"))
        self.follow(item, menu)

    def follow(self, label: str, within: Scope | None = None) -> None:
        """Press a link, and wait for its page."""
        link = (within or self.page).get_by_role("link", name=label, exact=True)
        with self.page.expect_navigation(wait_until=READY):
            link.click()

    def unfold(self, key: str) -> Locator:
        """The section of the page with this id, opened if it was folded."""
        section = self.page.locator(f"#{key}")
        if section.get_attribute("open") is None:
            section.locator("summary").first.click()
        return section

    def send(self, label: str, within: Scope | None = None, *, exact: bool = True) -> None:
        """Press a button that sends a form, and wait for the page that answers."""
        with self.page.expect_navigation(wait_until=READY):
            self.button(label, within, exact=exact).click()

    def press(self, label: str, within: Scope | None = None) -> None:
        """Press a button that changes something on the page itself."""
        self.button(label, within).click()

    # ---- Finding and filling in ----

    def button(self, label: str, within: Scope | None = None, *, exact: bool = True) -> Locator:
        """The button with these words; if not exact, a screen reader may hear more of them."""
        return (within or self.page).get_by_role("button", name=label, exact=exact)

    def group(self, label: str, within: Scope | None = None) -> Locator:
        """The group of answers to one question."""
        return (within or self.page).get_by_role("group", name=label, exact=True)

    def card(self, title: str) -> Locator:
        """The card with this heading."""
        heading = self.page.get_by_role("heading", name=title, exact=True)
        return self.page.locator("section.card, article.card, details.card").filter(has=heading)

    def write(self, label: str, text: str, within: Scope | None = None) -> None:
        """Type into the field with this label."""
        (within or self.page).get_by_role("textbox", name=label, exact=True).fill(text)

    def choose(self, question: str, answer: str, within: Scope | None = None) -> None:
        """Answer a question by pressing one of its answers."""
        self.group(question, within).get_by_label(answer, exact=True).check()

    def pick(self, label: str, option: str, within: Scope | None = None) -> None:
        """Choose the option of a list that has these words in it."""
        box = (within or self.page).get_by_role("combobox", name=label, exact=True)
        found = box.locator("option").filter(has_text=option).first
        box.select_option(value=str(found.get_attribute("value")))

    def sign(self, within: Scope | None = None) -> None:
        """Draw a signature with the mouse."""
        pad = (within or self.page).locator("canvas.signature-pad")
        pad.scroll_into_view_if_needed()
        frame = pad.bounding_box()
        assert frame is not None
        mouse, y = self.page.mouse, frame["y"] + frame["height"] / 2
        mouse.move(frame["x"] + 30, y)
        mouse.down()
        for step in range(8):
            mouse.move(frame["x"] + 40 + step * 20, y + (25 if step % 2 else -25))
        mouse.up()
        status = (within or self.page).locator("[data-signature-status]")
        expect(status).to_have_text(self.words("Signature drawn."))

    # ---- Reading ----

    def reads(self, *texts: str, within: Scope | None = None) -> None:
        """See each of these texts somewhere in sight."""
        for text in texts:
            found = (within or self.page).get_by_text(text).filter(visible=True)
            expect(found.first, f"“{text}” is not to be seen").to_be_visible()

    def misses(self, text: str, within: Scope | None = None) -> None:
        """See these words nowhere."""
        found = (within or self.page).get_by_text(text).filter(visible=True)
        expect(found, f"“{text}” is to be seen").to_have_count(0)

    def is_told(self, text: str) -> None:
        """Read these words in the notice above the page."""
        expect(self.page.locator(".notices")).to_contain_text(text)

    def number(self, pattern: str) -> str:
        """The first number of that form in the page, such as RO20261123-0001."""
        found = re.search(pattern, self.page.locator("main").inner_text())
        assert found is not None, f"no {pattern} in the page"
        return found[0]

    def pdf(self, label: str, within: Scope | None = None) -> bytes:
        """Fetch the printed paper behind a link."""
        link = (within or self.page).get_by_role("link", name=label, exact=True)
        answer = self.page.request.get(self.address + str(link.get_attribute("href")))
        assert answer.ok, f"{label} answers {answer.status}"
        assert answer.headers["content-type"] == "application/pdf"
        body = answer.body()
        assert body.startswith(b"%PDF-")
        return body


def photo(name: str = "photo.jpg", colour: str = "#446688") -> FilePayload:
    """A picture as a camera would give it."""
    file = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(file, "JPEG")
    return FilePayload(name=name, mimeType="image/jpeg", buffer=file.getvalue())
