"""Who takes part in a test, each with a browser of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page

from tests.e2e.open_shop import OpenShop
from tests.e2e.person import Person
from tests.e2e.words import Words


@dataclass
class Visitor:
    """One browser context of one person; what the console complains of is kept."""

    context: BrowserContext
    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a path of the shop."""
        self.page.goto(self.address + path)
        return self.page


Enter = Callable[..., Visitor]


@dataclass
class Cast:
    """The people of a test. Each comes in with a browser of their own when first called."""

    shop: OpenShop
    words: Words
    enter: Enter
    visit: Enter
    people: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, username: str) -> Person:
        if username not in self.people:
            width, height = (360, 740) if username.startswith("tech") else (1440, 900)
            visitor = self.enter(username, width=width, height=height, locale=self.words.browser)
            self.people[username] = Person(visitor.page, self.words, visitor.address)
        return self.people[username]

    def stranger(self, width: int, height: int) -> Person:
        """Somebody who does not sign in: the customer's phone, the television."""
        visitor = self.visit(width=width, height=height, locale=self.words.browser)
        return Person(visitor.page, self.words, visitor.address)
