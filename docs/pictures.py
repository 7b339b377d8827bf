"""Takes the pictures of the README from a running demo: `python docs/pictures.py ADDRESS`.

Start the demo first, with its clock stopped, so that two runs give the same pictures:

    workshop demo --reset --freeze 2026-11-23T10:00
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent / "pictures"
CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, at which page, on what size of screen."""

    name: str
    button: str
    path: str | None
    width: int
    height: int


SHOTS = (
    Shot("desk", "/demo/as/advisor", "/", 1280, 800),
    Shot("board", "/demo/as/controller", "/scheduling", 1440, 900),
    Shot("screen", "/demo/screen", None, 1280, 720),
    Shot("link", "/demo/customer", None, 390, 844),
    Shot("phone", "/demo/as/tech1", "/my-jobs", 390, 844),
)


def take(browser: Browser, address: str, shot: Shot) -> None:
    """Step into the role on the demo's page and take the picture."""
    page = browser.new_page(
        viewport={"width": shot.width, "height": shot.height}, locale="zh-CN", color_scheme="light"
    )
    page.goto(f"{address}/demo")
    _step_into(page, shot.button)
    if shot.path is not None:
        page.goto(f"{address}{shot.path}")
    page.wait_for_load_state("load")
    page.wait_for_timeout(1500)
    page.screenshot(path=FOLDER / f"{shot.name}.png")
    page.close()


def _step_into(page: Page, action: str) -> None:
    with page.expect_navigation():
        page.evaluate(
            "action => document.querySelector(`form[action='${action}']`).submit()", action
        )


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8000")
    address = parser.parse_args().address.rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for shot in SHOTS:
            take(browser, address, shot)
        browser.close()


if __name__ == "__main__":
    main()
