"""The lounge screen: paired by its code, it shows where the car is, and nothing private."""

from __future__ import annotations

from playwright.sync_api import Locator, WebSocket, expect

from tests.e2e.person import Person
from tests.e2e.walk import car


class Television:
    """A screen of 1920 × 1080 that keeps every frame it was ever sent."""

    def __init__(self, person: Person, code: str) -> None:
        self.person, self.words, self.page = person, person.words, person.page
        self.code = code
        self.frames: list[str] = []
        self.page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.frames.append(str(frame)))

    def pair(self, manager: Person) -> None:
        """The screen shows a code; the manager enters it under “Lounge screens”."""
        words = self.words
        self.person.go(f"/screen/{self.code}")
        shown = self.page.locator(".pairing-code")
        expect(shown).not_to_contain_text("·")
        manager.open(words("Lounge screens"))
        manager.follow(words("Pair a screen"), manager.page.locator(".page-actions"))
        code = shown.inner_text()
        manager.write(words("Code on the screen"), code)
        manager.write(words("Name of the screen"), words.either("休息区", "Lounge"))
        manager.choose(words("Language"), words.either("中文", "English"))
        manager.send(words("Pair"))
        manager.reads(words("Paired"))
        self.person.reads(words("No car is in the workshop now"))

    @property
    def row(self) -> Locator:
        """The row of the car."""
        return self.page.locator(".board-row").filter(has_text=car.MASKED)

    def shows(self, stage: str, within_ms: int = 5_000) -> None:
        """The car's row shows this stage, no later than that."""
        expect(self.row.locator("[data-stage]")).to_have_text(self.words(stage), timeout=within_ms)

    def explains(self, reason: str) -> None:
        """The car's row says why the promised time is another one now."""
        expect(self.row.locator("[data-why]")).to_have_text(self.words(reason))

    def shows_nothing(self) -> None:
        """The car's row is gone."""
        expect(self.row).to_have_count(0)
        self.person.reads(self.words("No car is in the workshop now"))

    def told_no_secret(self) -> None:
        """No frame and no page carried a full plate, a name, a phone number or a price."""
        text = "\n".join(self.frames)
        assert '"ready"' in text
        found = [secret for secret in car.PRIVATE if secret in text]
        assert found == []
        page = self.page.content()
        assert [secret for secret in car.PRIVATE[:-3] if secret in page] == []
