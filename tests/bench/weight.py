"""What a first view weighs: `python -m tests.bench.weight`.

A real Chromium that has kept nothing opens the demo's living day over plain HTTP, as a shop
without a proxy has it: there browsers accept gzip alone. Everything that goes over the line is
counted, heads included, once on a device with Chinese characters of its own, once on one without.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserType, Page, sync_playwright
from sqlalchemy import select

from tests import servers
from tests.conftest import AT
from tests.e2e.open_shop import OpenShop, opened
from tests.factories import begin_session
from workshop import clock, db
from workshop.demo import story
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.track import service as track

LIMITS = {
    "with": {"desk": 120, "board": 150, "phone": 90, "link": 40},
    # Of the link, 18 are the characters of its own words: without them it would be boxes. It was
    # 44 before it told the whole visit and followed the car; the goal is 40.
    "without": {"desk": 120, "board": 150, "phone": 90, "link": 53},
}
"""Kilobytes of each face, on a device with a Chinese font of its own and on one without."""
_PEOPLE = {
    "desk": ("advisor", "/", (1440, 900)),
    "board": ("controller", "/scheduling", (1440, 900)),
    "phone": ("tech1", "/my-jobs", (360, 740)),
}
_HOST = "shop.test"
_SETTLE_MS = 1000


def tell() -> list[str]:
    """The living day of the demo; a customer's link in it, and a session of each who looks."""
    # The cars of the past stand on none of these pages.
    history, story._history = story._history, lambda *_: []
    try:
        shop = story.tell(AT)
    finally:
        story._history = history
    waiting = select(RepairOrder).where(RepairOrder.stage == Stage.QUOTED)
    order = db.session.scalars(waiting.order_by(RepairOrder.id)).first()
    assert order is not None
    link = track.make_link(order, by=order.advisor, at=AT)
    sessions = [begin_session(shop.people[username]) for username, _, _ in _PEOPLE.values()]
    db.commit()
    return [f"/t/{link}", *sessions]


@contextmanager
def device(chromium: BrowserType, which: str, folder: Path) -> Iterator[Browser]:
    """A browser on a device whose only font is a Chinese one, or with the fonts of this machine."""
    env = servers.chinese_device(folder) if which == "with" else dict(os.environ)
    browser = chromium.launch(
        executable_path=servers.find_chromium(),
        args=[*servers.CHROMIUM_FLAGS, f"--host-resolver-rules=MAP {_HOST} 127.0.0.1"],
        env=env,
    )
    try:
        yield browser
    finally:
        browser.close()


def weigh(browser: Browser, shop: OpenShop, name: str) -> Counter[str]:
    """The bytes of one first view, by what they are."""
    address = shop.address.replace("127.0.0.1", _HOST)
    if name == "link":
        return _count(browser, address + shop.orders[0], (390, 844), [])
    _, path, size = _PEOPLE[name]
    session = {"_user_id": shop.orders[1 + list(_PEOPLE).index(name)], "_fresh": True}
    signer = SecureCookieSessionInterface().get_signing_serializer(shop.app)
    assert signer is not None
    cookie = {"name": "session", "value": signer.dumps(session), "url": address}
    return _count(browser, address + path, size, [cookie])


def _count(
    browser: Browser, url: str, size: tuple[int, int], cookies: list[dict[str, str]]
) -> Counter[str]:
    context = browser.new_context(locale="zh-CN", viewport={"width": size[0], "height": size[1]})
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    counted = _listen(page)
    page.goto(url, wait_until="networkidle")
    page.wait_for_timeout(_SETTLE_MS)
    context.close()
    return counted


def _listen(page: Page) -> Counter[str]:
    kinds: dict[str, str] = {}
    counted: Counter[str] = Counter()
    line = page.context.new_cdp_session(page)
    line.on(
        "Network.responseReceived", lambda each: kinds.update({each["requestId"]: each["type"]})
    )
    line.on(
        "Network.loadingFinished",
        lambda each: counted.update(
            {kinds.get(each["requestId"], "?"): int(each["encodedDataLength"])}
        ),
    )
    line.send("Network.enable")
    return counted


def weigh_all(chromium: BrowserType, folder: Path) -> Iterator[tuple[str, str, Counter[str]]]:
    """Each face on each device with its bytes."""
    clock.freeze(AT)
    with opened(folder, tell) as shop:
        shop.app.extensions["workshop_names"] = frozenset({_HOST, "127.0.0.1"})
        for which, limits in LIMITS.items():
            with device(chromium, which, folder) as browser:
                for name in limits:
                    yield name, which, weigh(browser, shop, name)


def main() -> None:
    """Print a row for each face and device."""
    print("kB, first view    font of its own     all   page  styles  scripts   font  limit")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        for name, which, row in weigh_all(playwright.chromium, Path(folder)):
            parts = [row[kind] / 1000 for kind in ("Document", "Stylesheet", "Script", "Font")]
            print(
                f"{name:<18}{which:<15}{row.total() / 1000:>8.1f}{parts[0]:>7.1f}{parts[1]:>8.1f}"
                f"{parts[2]:>9.1f}{parts[3]:>7.1f}{LIMITS[which][name]:>7}"
            )


if __name__ == "__main__":
    main()
