"""How soon a desk shows a technician's tap: `python -m tests.bench.desks [--taps N]`.

The demo's living day is served as `workshop demo` does it. A technician's phone and the desks of
others are open in real browsers. The phone pauses its job and goes on with it, in turn; each desk
notes when what it shows has changed. Milliseconds from the finger to the picture: the median, the
slowest, and how many taps a desk never showed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, TimeoutError, sync_playwright

from tests import live_page, servers
from tests.serve.process import free_port

PATIENCE_SECONDS = 600
LOST_AFTER_MS = 5_000
PAUSE_MS = 500
# What the desk of each person shows of the job: its path, and where the change is looked for.
DESKS = {
    "controller": ("/scheduling", "#board"),
    "leader": ("/repair", "#floor"),
}
WATCH = """selector => {
  window.changes = [];
  const note = () => window.changes.push(performance.timeOrigin + performance.now());
  const options = { subtree: true, childList: true, characterData: true, attributes: true,
    attributeFilter: ["class", "data-version", "data-drop"] };
  new MutationObserver(note).observe(document.querySelector(selector), options);
}"""
TAP = """async ([address, reason]) => {
  const csrf_token = document.querySelector("meta[name='csrf-token']").content;
  const body = new URLSearchParams({ csrf_token, client_id: crypto.randomUUID(), reason });
  const began = performance.timeOrigin + performance.now();
  const answer = await fetch(address, { method: "POST", body, redirect: "manual" });
  return [began, performance.timeOrigin + performance.now(), answer.type, answer.status];
}"""


@dataclass
class Desk:
    """A page that somebody has open, and how long each tap took to be seen on it."""

    name: str
    page: Page
    waited: list[float] = field(default_factory=list)
    missed: int = 0


def main() -> None:
    """Serve, open, tap, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--taps", type=int, default=40)
    asked = parser.parse_args()
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=servers.find_chromium(), args=servers.CHROMIUM_FLAGS
        )

        def enter(username: str) -> BrowserContext:
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            page = context.new_page()
            page.goto(f"{address}/demo/as/{username}")
            page.locator("main form button").first.click()
            page.wait_for_load_state()
            return context

        desks = [open_desk(enter(who), address, who, *what) for who, what in DESKS.items()]
        job = str(desks[0].page.locator(".bd-card.is-running").first.get_attribute("data-job"))
        phone = find_phone(enter, address, job)
        answered = tap_all(phone, f"{address}/my-jobs/{job}", desks, asked.taps)
        print(f"{'the tap itself':24}{row(answered)}")
        for desk in desks:
            print(f"{desk.name:24}{row(desk.waited)}   missed {desk.missed}")


@contextmanager
def served() -> Iterator[str]:
    """A demo of its own; gives its address."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        program = str(Path(sys.executable).with_name("workshop"))
        line = [program, "demo", "--port", str(port), "--freeze", "2026-11-23T10:00"]
        process = subprocess.Popen(
            line, env={**os.environ, "WORKSHOP_DATA_DIR": folder}, stdout=subprocess.DEVNULL
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/demo")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def wait_for(address: str) -> None:
    """Until the day is told."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.5)
    raise LookupError(address)


def open_desk(context: BrowserContext, address: str, who: str, path: str, part: str) -> Desk:
    """The page of a person, once it listens."""
    page = context.new_page()
    live_page.open_joined(page, address + path)
    page.evaluate(WATCH, part)
    return Desk(f"{who} {path}", page)


def find_phone(enter: Any, address: str, job: str) -> Page:
    """The phone of the technician who has the job."""
    for number in range(1, 9):
        page: Page = enter(f"tech{number}").new_page()
        page.goto(f"{address}/my-jobs/{job}")
        if page.locator(f"a[href$='/{job}/pause'], form[action$='/{job}/pause']").count():
            return page
        page.context.close()
    raise LookupError(job)


def tap_all(phone: Page, job: str, desks: list[Desk], taps: int) -> list[float]:
    """Pause and go on in turn; how long the phone waited for each answer."""
    answered = []
    for number in range(taps):
        act = "resume" if number % 2 else "pause"
        for desk in desks:
            desk.page.evaluate("window.changes.length = 0")
        began, ended, *got = phone.evaluate(TAP, [f"{job}/{act}", "parts"])
        assert got in (["opaqueredirect", 0], ["basic", 200], ["basic", 204]), got
        answered.append(ended - began)
        for desk in desks:
            with suppress(TimeoutError):
                desk.page.wait_for_function("window.changes.length", timeout=LOST_AFTER_MS)
            changes = desk.page.evaluate("window.changes")
            if changes:
                desk.waited.append(changes[0] - began)
            else:
                desk.missed += 1
        phone.wait_for_timeout(PAUSE_MS)
    return answered


def row(waited: list[float]) -> str:
    """The median and the slowest."""
    if not waited:
        return "nothing"
    return f"{statistics.median(waited):8.0f} ms{max(waited):8.0f} ms at worst"


if __name__ == "__main__":
    main()
