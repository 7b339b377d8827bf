"""A person who counts what the hand does: presses, and values that are typed."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.e2e.person import Person, Scope

PASSWORD = "correct horse battery 7"


@dataclass
class Count:
    """Presses and typed values so far; what is chosen from a list is a press."""

    presses: int = 0
    values: int = 0

    def __str__(self) -> str:
        return f"{self.presses} clicks + {self.values} typed values"


@dataclass
class Walker(Person):
    """Goes only where a visible link or button leads."""

    count: Count = field(default_factory=Count)

    def go(self, path: str) -> None:
        """Nobody types an address, but that of the shop and of the one-time link.

        Where the shop's own leads is the first page of who is signed in: a technician's jobs.
        """
        home = "/my-jobs"
        assert path == home or path.startswith("/welcome/"), f"nobody types {path}"
        super().go("/" if path == home else path)
        assert path != home or self.page.url.endswith(home), self.page.url

    def follow(self, label: str, within: Scope | None = None) -> None:
        self.count.presses += 1
        super().follow(label, within)

    def send(self, label: str, within: Scope | None = None, *, exact: bool = True) -> None:
        self.count.presses += 1
        super().send(label, within, exact=exact)

    def press(self, label: str, within: Scope | None = None) -> None:
        self.count.presses += 1
        super().press(label, within)

    def write(self, label: str, text: str, within: Scope | None = None) -> None:
        self.count.values += 1
        super().write(label, text, within)

    def choose(self, question: str, answer: str, within: Scope | None = None) -> None:
        self.count.presses += 1
        super().choose(question, answer, within)

    def pick(self, label: str, option: str, within: Scope | None = None) -> None:
        self.count.presses += 1
        super().pick(label, option, within)

    def sign(self, within: Scope | None = None) -> None:
        self.count.presses += 1
        super().sign(within)

    def look_for(self, label: str, text: str) -> None:
        """Type into a search box."""
        self.count.values += 1
        self.page.get_by_role("searchbox", name=label).fill(text)

    def enter(self, link: str) -> None:
        """Open the one-time link, and choose a password."""
        words = self.words
        self.go(link)
        for label in ("New password", "The same password again"):
            self.count.values += 1
            self.page.get_by_label(words(label)).fill(PASSWORD)
        self.send(words("Set the password"))
