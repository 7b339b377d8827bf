"""Whoever opens lines and sockets, and however many: pages answer, taps count, screens return."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis as redis_client
import socketio

from tests import servers
from tests.factories import make_order
from tests.screen.sockets import Listener
from tests.serve import raw
from tests.serve.browser import Browser
from tests.serve.process import Served, free_port, init, list_held, serve
from tests.test_serve import only, pair_screen, sign_in
from workshop import db
from workshop.app import create_app
from workshop.config import Settings
from workshop.orders.flow import Stage
from workshop.sockets import gathering

CARS = 12
JOIN_SECONDS = 5
# What a page may take on a busy machine; with every thread held it would be for ever.
PROMPT_SECONDS = 3
SLOW = 150

pytestmark = pytest.mark.skipif(os.name == "nt", reason="gunicorn does not run on Windows")


@dataclass
class Shop:
    """A served shop with cars in the wash."""

    served: Served
    manager: Browser
    screen: str
    washed: list[str]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("sockets")
    with opened(only(folder), folder) as shop:
        yield shop


@contextmanager
def opened(env: Mapping[str, str], folder: Path) -> Iterator[Shop]:
    link = init(env)
    with create_app(Settings.from_env({**os.environ, **env})).app_context():
        numbers = [str(make_order(Stage.WASH).no) for _ in range(CARS)]
        db.commit()
        db.session.remove()
        db.db.engine.dispose()
    with serve(env, folder) as served:
        manager = sign_in(served, link)
        yield Shop(served, manager, pair_screen(served, manager).cookie, numbers)


def seconds_of(browser: Browser, path: str) -> float:
    began = time.monotonic()
    assert browser.get(path)[0] == 200
    return time.monotonic() - began


def test_a_socket_hangs_on_a_holder_and_no_page_has_to_do_with_it(shop: Shop) -> None:
    listener = Listener(shop.served.address, "/screen", shop.screen)
    try:
        assert len(listener.read()["rows"]) == CARS
        assert list(list_held(shop.served.address, shop.served.holders()).values()) == [1]
    finally:
        listener.leave()


def test_a_stranger_and_a_foreign_page_get_no_socket(shop: Shop) -> None:
    address = shop.served.address
    with raw.upgrade(address) as line:
        assert raw.status_of(line) == 403
    with raw.upgrade(address, shop.screen, origin="https://elsewhere.example") as line:
        assert raw.status_of(line) == 400
    with raw.upgrade(address, shop.screen, origin=address) as line:
        assert raw.status_of(line) == 101
    with pytest.raises(socketio.exceptions.ConnectionError):
        Listener(address, "/staff", shop.screen)


def test_slow_heads_slow_bodies_and_silent_sockets_stop_no_page_and_are_let_go(shop: Shop) -> None:
    # given: more of each than there are threads
    address = shop.served.address
    heads = [raw.connect(address, f"127.0.1.{number % 9 + 1}") for number in range(SLOW)]
    bodies = [raw.connect(address, f"127.0.2.{number % 9 + 1}") for number in range(SLOW)]
    for line in heads:
        line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
    for line in bodies:
        line.sendall(
            b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nuser"
        )
    sockets = [raw.upgrade(address, shop.screen) for _ in range(SLOW)]
    opened = time.monotonic()
    assert [raw.status_of(line) for line in sockets] == [101] * SLOW
    # then
    for _ in range(5):
        assert seconds_of(shop.manager, "/healthz") < PROMPT_SECONDS
        assert seconds_of(shop.manager, "/reception") < PROMPT_SECONDS
    assert all(raw.is_closed(line, 4 * JOIN_SECONDS) for line in sockets)
    assert time.monotonic() - opened > JOIN_SECONDS - 1
    assert all(raw.is_closed(line, 2 * gathering.HEAD_SECONDS) for line in heads)
    for line in (*heads, *bodies, *sockets):
        line.close()


def test_one_address_has_so_many_unfinished_requests_and_the_oldest_give_way(shop: Shop) -> None:
    lines = []
    for _ in range(gathering.MOST_OF_ONE_ADDRESS + 20):
        lines.append(raw.connect(shop.served.address, "127.0.3.1"))
        lines[-1].sendall(b"GET /healthz HTTP/1.1\r\n")
    assert all(raw.is_closed(line, PROMPT_SECONDS) for line in lines[:20])
    lines[-1].sendall(b"Host: 127.0.0.1\r\n\r\n")
    assert raw.status_of(lines[-1]) == 200
    for line in lines:
        line.close()


def test_a_body_of_unknown_length_is_refused_and_what_follows_a_request_ends_the_line(
    shop: Shop,
) -> None:
    with raw.connect(shop.served.address) as line:
        line.sendall(
            b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        assert raw.status_of(line) == 411
    with raw.connect(shop.served.address) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET / HTTP/1.1\r\nHos")
        assert raw.status_of(line) == 200
        assert raw.is_closed(line, PROMPT_SECONDS)


def test_a_flood_of_sockets_loses_no_tap(shop: Shop) -> None:
    # given
    listener = Listener(shop.served.address, "/screen", shop.screen)
    known = {row["id"]: row["stage"] for row in listener.read()["rows"]}
    assert set(known.values()) == {"wash"}
    ends = threading.Event()

    def flood(number: int) -> None:
        while not ends.is_set():
            cookie = shop.screen if number % 2 else ""
            with raw.upgrade(shop.served.address, cookie, source=f"127.0.4.{number + 1}") as line:
                raw.status_of(line)

    def tap(window: Browser, place: int) -> Counter[int]:
        window.get("/washes")
        mine = shop.washed[place :: len(windows)]
        return Counter(window.post(f"/orders/{no}/wash")[0] for no in mine)

    # when
    windows = [Browser(shop.served.address, shop.manager) for _ in range(4)]
    with ThreadPoolExecutor(16) as pool:
        floods = [pool.submit(flood, number) for number in range(8)]
        taps = [pool.submit(tap, window, at) for at, window in enumerate(windows)]
        answers = sum((each.result() for each in taps), Counter())
        ends.set()
        for each in floods:
            each.result()
    # then every tap counts, and the screen has heard of each
    assert answers == {200: CARS}
    assert {row["stage"] for row in listener.read()["rows"]} == {"ready"}
    while set(known.values()) != {"ready"}:
        row = listener.wait_for("row")
        known[row["id"]] = row["stage"]
    listener.leave()


def test_when_a_holder_is_killed_its_screens_find_another_within_fifteen_seconds(
    shop: Shop,
) -> None:
    # given
    listener = Listener(shop.served.address, "/screen", shop.screen)
    [killed] = shop.served.holders()
    # when
    os.kill(killed, signal.SIGKILL)
    gone = time.monotonic()
    # then
    assert listener.closed.wait(5)
    assert seconds_of(shop.manager, "/healthz") < PROMPT_SECONDS
    Listener(shop.served.address, "/screen", shop.screen).leave()
    assert time.monotonic() - gone < 15
    assert shop.served.holders() != [killed]
    assert "started again" in shop.served.log


def test_with_sockets_open_it_stops_within_three_seconds(shop: Shop) -> None:
    sockets = [raw.upgrade(shop.served.address, shop.screen) for _ in range(50)]
    listener = Listener(shop.served.address, "/screen", shop.screen)
    workers = [*shop.served.workers(), *shop.served.holders()]
    seconds = shop.served.stop()
    listener.leave()
    for line in sockets:
        line.close()
    # Beside other tests on the same cores it may be a little more.
    assert seconds < 3 + 2
    assert shop.served.process.returncode == 0
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
    assert "Traceback" not in shop.served.log


@pytest.mark.redis
def test_while_redis_is_away_taps_count_and_screens_catch_up_when_it_is_back(
    tmp_path: Path,
) -> None:
    program = shutil.which("redis-server")
    servers.need(None if program else "no redis-server: apt-get install redis-server")
    port = free_port()
    env = {**only(tmp_path), "WORKSHOP_REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    with running_redis(port, tmp_path) as redis, opened(env, tmp_path) as shop:
        listener = Listener(shop.served.address, "/screen", shop.screen)
        shop.manager.get("/washes")
        tap(shop, 1)
        assert listener.wait_for("row")["stage"] == "ready"
        # when
        redis.kill()
        redis.wait()
        tap(shop, 2)
        # then the page and the rows are right, only the frame does not come
        assert seconds_of(shop.manager, "/reception") < PROMPT_SECONDS
        assert Counter(row["stage"] for row in listener.read()["rows"])["ready"] == 3
        # when
        with running_redis(port, tmp_path):
            wait_until_heard(shop, listener)
        listener.leave()


@contextmanager
def running_redis(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis of our own, which is there once this begins."""
    words = ["redis-server", "--port", str(port), "--save", "", "--dir", str(folder)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process:
        try:
            client = redis_client.Redis(port=port, socket_connect_timeout=1)
            until = time.monotonic() + 20
            while time.monotonic() < until:
                try:
                    client.ping()
                    break
                except redis_client.ConnectionError:
                    time.sleep(0.1)
            client.close()
            yield process
        finally:
            process.kill()


def tap(shop: Shop, times: int) -> None:
    """Wash so many cars."""
    for _ in range(times):
        assert shop.manager.post(f"/orders/{shop.washed.pop()}/wash")[0] == 200


def wait_until_heard(shop: Shop, listener: Listener) -> None:
    """Within seconds the holder has found Redis again; then frames come as before."""
    before = len([kind for kind, _ in listener.frames if kind == "row"])
    until = time.monotonic() + 15
    while time.monotonic() < until:
        tap(shop, 1)
        time.sleep(1)
        if len([kind for kind, _ in listener.frames if kind == "row"]) > before:
            return
    raise AssertionError("no frame came after Redis was back")
