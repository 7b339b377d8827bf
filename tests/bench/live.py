"""How soon screens see a tap: `python -m tests.bench.live [--screens N …] [--taps N]`.

A shop is served as `workshop serve` does it: on SQLite by one process of pages and one that holds
sockets, and with 1000 screens on PostgreSQL and Redis by two and two. A person taps, and each
screen notes when it heard. Beside it, in the same run and with the same listeners, bare Python
`websockets` broadcasts the same bytes: the ratio says more than the milliseconds of one machine.
A row for each number of screens:

- tap: the request alone; p50, p99: from the beginning of the tap to each screen, its work included;
- bare50, bare99: from the broadcast to each socket of the bare one;
- ratio: p99 of the time from the answer to the tap to each screen, against bare99. The telling
  begins when the answer leaves, so this is what the fan-out itself takes;
- pages: p95 of pages beside such taps, against the same without any screen; lost: frames that
  did not come; cpu: processor seconds of the holders for a thousand frames, over those of the bare.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from tests import servers
from tests.factories import make_order, make_vehicle
from tests.serve.browser import Browser
from tests.serve.process import Served, init, serve
from tests.test_serve import only, own_postgresql, pair_screen, sign_in
from workshop import db
from workshop.app import create_app
from workshop.config import Settings
from workshop.orders.flow import Stage
from workshop.screen import queries as screens

ON_SQLITE = [10, 100, 300]
ON_POSTGRESQL = 1000
# The row of a car that has just been washed.
MARK = r'"id":"([0-9a-f]{12})"[^}]*"stage":"ready"'
PAGES = ("/", "/reception", "/washes")
LOST_AFTER_SECONDS = 2
PAUSE_SECONDS = 0.2
# No processor time is counted finer.
_TICK = 0.01


@dataclass
class Shop:
    """A served shop: its manager, the cookie of its screens, and the cars to tap: number, row."""

    served: Served
    manager: Browser
    screen: str
    washed: list[tuple[str, str]]


@contextmanager
def opened(env: Mapping[str, str], cars: int, *options: str) -> Iterator[Shop]:
    """A served shop with so many cars in the wash."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**env, "WORKSHOP_DATA_DIR": folder}
        link = init(env)
        with create_app(Settings.from_env({**os.environ, **env})).app_context():
            # Without a plate no car's mask depends on another's: one tap, one row.
            made = [make_order(Stage.WASH, vehicle=make_vehicle(plate=None)) for _ in range(cars)]
            secret = env["WORKSHOP_SECRET_KEY"]
            cars_made = [
                (str(order.no), screens.meaningless_id(order.id, secret)) for order in made
            ]
            db.commit()
            db.session.remove()
            db.db.engine.dispose()
        with serve(env, Path(folder), *options) as served:
            manager = sign_in(served, link)
            screen = pair_screen(served, manager).cookie
            yield Shop(served, manager, screen, cars_made)


@contextmanager
def listening(address: str, count: int, mark: str, join: str, cookie: str) -> Iterator[Reader]:
    """So many sockets in a process of their own."""
    words = [sys.executable, "-m", "tests.bench.listening", address, str(count), mark, join, cookie]
    with subprocess.Popen(words, stdin=-1, stdout=-1, text=True) as process:
        try:
            reader = Reader(process)
            assert reader.line() == "ready"
            yield reader
        finally:
            process.kill()


class Reader:
    """The other end of a child's standard input and output."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout

    def line(self) -> str:
        """Its next line."""
        return self._out.readline().strip()

    def say(self, text: str) -> None:
        """Give it a line."""
        self._in.write(f"{text}\n")
        self._in.flush()

    def heard(self) -> tuple[dict[str, list[float]], str]:
        """When each marked frame came, and one of them; what takes longer is lost."""
        time.sleep(LOST_AFTER_SECONDS)
        self.say("")
        heard, sample = json.loads(self.line())
        return heard, sample


class Tapper:
    """A person who taps, and reads no page after it."""

    def __init__(self, shop: Shop) -> None:
        self._line = http.client.HTTPConnection(shop.served.address.removeprefix("http://"))
        page = shop.manager.get("/washes")[1]
        found = re.search(r'name="csrf[-_]token"[^>]*(?:value|content)="([^"]+)"', page)
        assert found is not None
        self._body = urlencode({"csrf_token": found.group(1)})
        self._headers = {
            "Cookie": shop.manager.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def tap(self, car: tuple[str, str]) -> tuple[str, float, float]:
        """Wash a car: its row, when it began, and when it was answered."""
        no, mark = car
        began = time.perf_counter()
        self._line.request("POST", f"/orders/{no}/wash", self._body, self._headers)
        answer = self._line.getresponse()
        answer.read()
        answered = time.perf_counter()
        assert answer.status == HTTPStatus.FOUND, answer.status
        time.sleep(PAUSE_SECONDS)
        return mark, began, answered


class Asking(threading.Thread):
    """Somebody who asks for pages all the time, until the block ends."""

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self._browser = Browser(shop.served.address, shop.manager)
        self.taken: list[float] = []
        self._ends = threading.Event()

    def run(self) -> None:
        """Ask until it is enough."""
        while not self._ends.is_set():
            for path in PAGES:
                began = time.perf_counter()
                assert self._browser.get(path)[0] == HTTPStatus.OK
                self.taken.append((time.perf_counter() - began) * 1000)
                time.sleep(0.02)

    def __enter__(self) -> list[float]:
        """What each page took, in milliseconds."""
        self.start()
        return self.taken

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self.join()


def measure(shop: Shop, count: int, taps: int) -> None:
    """Print a row."""
    tapper = Tapper(shop)
    for _ in range(3):
        tapper.tap(shop.washed.pop())
    with Asking(shop) as quiet:
        for _ in range(taps):
            tapper.tap(shop.washed.pop())
    with listening(shop.served.address, count, MARK, "40/screen,", shop.screen) as sockets:
        before = cpu(shop.served.holders())
        moments = [tapper.tap(shop.washed.pop()) for _ in range(taps)]
        used = cpu(shop.served.holders()) - before
        with Asking(shop) as busy:
            others = [tapper.tap(shop.washed.pop()) for _ in range(taps)]
        heard, sample = sockets.heard()
    # A row may come again when the mask of its plate has to change: the first time counts.
    times = {mark: sorted(heard.get(mark, []))[:count] for mark, _, _ in [*moments, *others]}
    whole = [(at - began) * 1000 for mark, began, _ in moments for at in times[mark]]
    after = [(at - answered) * 1000 for mark, _, answered in moments for at in times[mark]]
    lost = 2 * count * taps - sum(map(len, times.values()))
    requests = [(answered - began) * 1000 for _, began, answered in moments]
    yard, yard_used = bare(count, taps, sample)
    work = used / max(yard_used, _TICK)
    print(
        f"{count:>8}{statistics.median(requests):>7.1f}{at_percent(whole, 50):>7.1f}"
        f"{at_percent(whole, 99):>7.1f}{at_percent(yard, 50):>8.1f}{at_percent(yard, 99):>8.1f}"
        f"{at_percent(after, 99) / at_percent(yard, 99):>7.2f}"
        f"{at_percent(busy, 95) / at_percent(quiet, 95):>7.2f}{lost:>6}{work:>6.1f}",
        flush=True,
    )


def bare(count: int, taps: int, sample: str) -> tuple[list[float], float]:
    """Broadcast as many frames by bare `websockets`: the milliseconds to each, and its seconds."""
    words = [sys.executable, "-m", "tests.bench.yardstick"]
    with subprocess.Popen(words, stdin=-1, stdout=-1, text=True) as process:
        server = Reader(process)
        with listening(server.line(), count, MARK, "", "") as sockets:
            before, sent = cpu([process.pid]), {}
            for number in range(taps):
                mark = f"{number:012x}"
                text = re.sub(r'"id":"[0-9a-f]{12}"', f'"id":"{mark}"', sample)
                sent[mark] = time.perf_counter()
                server.say(text)
                time.sleep(PAUSE_SECONDS)
            used = cpu([process.pid]) - before
            heard, _ = sockets.heard()
        process.kill()
    return [(at - sent[mark]) * 1000 for mark in heard for at in heard[mark]], used


def cpu(pids: list[int]) -> float:
    """The processor seconds of these processes so far (Linux)."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def at_percent(values: list[float], percent: int) -> float:
    """So many per cent of the values are at most this."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


HEAD = (
    f"{'screens':>8}{'tap':>7}{'p50':>7}{'p99':>7}{'bare50':>8}{'bare99':>8}"
    f"{'ratio':>7}{'pages':>7}{'lost':>6}{'cpu':>6}"
)


def main() -> None:
    """Serve a shop for each number of screens and measure in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screens", type=int, nargs="*", default=[*ON_SQLITE, ON_POSTGRESQL])
    parser.add_argument("--taps", type=int, default=15)
    asked = parser.parse_args()
    print(HEAD)
    for count in asked.screens:
        cars = 3 * asked.taps + 3
        with environment(count) as (env, options), opened(env, cars, *options) as shop:
            measure(shop, count, asked.taps)


@contextmanager
def environment(count: int) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Where a shop with so many screens is served, and how."""
    if count < ON_POSTGRESQL:
        yield only(Path()), []
        return
    for reason in (servers.why_no_postgresql(), servers.why_no_redis()):
        if reason is not None:
            raise SystemExit(f"{count} screens: {reason}")
    with own_postgresql() as url:
        env = {
            "WORKSHOP_DATABASE_URL": url,
            "WORKSHOP_REDIS_URL": servers.REDIS_URL,
            "WORKSHOP_SECRET_KEY": secrets.token_hex(),
        }
        yield env, ["--workers", "2", "--live", "2"]


if __name__ == "__main__":
    main()
