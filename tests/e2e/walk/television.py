"""The lounge screen: paired by its code, it shows where the car is, and nothing private."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, WebSocket, expect

from tests.e2e.person import Person
from tests.e2e.walk import booking, car, scheduling

# Both pages note the time by themselves: what the test does in between is not counted.
_NOTE_TAP = """addEventListener("click", () => sessionStorage.setItem("tapped", Date.now()),
  {capture: true, once: true})"""
_NOTE_STAGES = """() => new MutationObserver(() => {
  const stage = document.querySelector("[data-rows] [data-stage]")?.textContent ?? "";
  if (stage !== window.seenStage) [window.seenStage, window.seenAt] = [stage, Date.now()];
}).observe(document.querySelector("[data-rows]"), {childList: true, subtree: true})"""
_ROW = {"id", "plate", "stage", "promise", "first", "reason", "key", "version"}


class Television:
    """A screen of 1920 × 1080 that keeps every frame it was ever sent."""

    def __init__(self, person: Person, code: str) -> None:
        self.person, self.words, self.page = person, person.words, person.page
        self.code = code
        self.frames: list[str] = []
        self.delays_ms: list[int] = []
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
        self.page.evaluate(_NOTE_STAGES)

    @property
    def row(self) -> Locator:
        """The row of the car."""
        return self.page.locator(".board-row").filter(has_text=car.MASKED)

    def shows(self, stage: str) -> None:
        """The car's row shows this stage."""
        expect(self.row.locator("[data-stage]")).to_have_text(self.words(stage))

    def sees(self, tapper: Person, tap: Callable[[], None], stage: str) -> None:
        """Somebody's tap brings the row to this stage; how long that took is kept."""
        tapper.page.evaluate(_NOTE_TAP)
        tap()
        self.shows(stage)
        tapped_at = int(tapper.page.evaluate("sessionStorage.getItem('tapped')"))
        self.delays_ms.append(int(self.page.evaluate("window.seenAt")) - tapped_at)

    def was_quick(self) -> None:
        """A tap is seen within a second. A busy machine only adds; so the quickest one counts."""
        assert len(self.delays_ms) == 3
        assert 0 <= min(self.delays_ms) <= 1_000, self.delays_ms

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
        secrets = (*car.PRIVATE, booking.ADVISOR, scheduling.TECHNICIAN)
        assert [secret for secret in secrets if secret in text] == []
        assert {key for row in self._rows() for key in row} == _ROW
        page = self.page.content()
        assert [secret for secret in car.PRIVATE[:-3] if secret in page] == []

    def _rows(self) -> list[dict[str, Any]]:
        """Every row that was ever sent, alone or among all of them."""
        sent = [re.search(r'\["(row|snapshot)",(.*)\]$', frame) for frame in self.frames]
        told = [(each[1], json.loads(each[2])) for each in sent if each]
        return [row for kind, body in told for row in (body["rows"] if kind != "row" else [body])]
