"""`workshop serve` as it is really run: one process on SQLite, several on PostgreSQL and Redis."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests import databases, postgresql, servers
from tests.factories import make_order
from tests.screen.sockets import Listener
from tests.serve.browser import Browser
from tests.serve.process import Served, init, list_held, serve
from workshop import db, timers
from workshop.app import create_app
from workshop.config import Settings
from workshop.orders.flow import Stage

PASSWORD = "long enough 1"
# Chance chooses the holder; two of them share far fewer.
MOST_SOCKETS = 40
# On an idle machine it is less than 3 s; with open sockets gunicorn's own way takes 30 s.
PROMPT_SECONDS = 10

pytestmark = pytest.mark.skipif(os.name == "nt", reason="gunicorn does not run on Windows")


@contextmanager
def own_postgresql() -> Iterator[str]:
    """An empty database of its own; gives its URL."""
    name = f"workshop_serve_{os.getpid()}"
    postgresql.make_empty(name)
    try:
        yield databases.postgres_url(name)
    finally:
        postgresql.drop(name)


def sign_in(served: Served, link: str) -> Browser:
    """The manager's first visit, who then comes back by name and password."""
    browser = Browser(served.address)
    browser.get(link)
    assert browser.post(link, password=PASSWORD, again=PASSWORD)[0] == 200
    browser.post("/sign-out")
    browser.get("/sign-in")
    status, text = browser.post("/sign-in", username="boss", password=PASSWORD)
    assert status == 200
    assert "周敏" in text
    return browser


def pair_screen(served: Served, manager: Browser) -> Browser:
    """A television shows a code, the manager enters it, and the board comes up."""
    television = Browser(served.address)
    television.get("/screen/main")
    code = television.post_json("/screen/main/offer")["code"]
    manager.get("/screens/pair")
    manager.post("/screens/pair", code=code, name="客休室", locale="zh_CN")
    status, text = television.get("/screen/main")
    assert status == 200
    assert "data-board" in text
    return television


def make_washed(env: Mapping[str, str]) -> str:
    """A car in the wash, in the database of the served shop; returns the order's number."""
    with create_app(Settings.from_env(env)).app_context():
        no = make_order(Stage.WASH).no
        db.commit()
        db.session.remove()
        db.db.engine.dispose()
    return str(no)


def listen_on_all(served: Served, cookie: str) -> list[Listener]:
    """Screens until every holder has at least one."""
    holders = served.holders()
    listeners: list[Listener] = []
    while len(listeners) < MOST_SOCKETS:
        listeners.append(Listener(served.address, "/screen", cookie))
        if min(list_held(served.address, holders).values()) >= 1:
            break
    return listeners


def count_leaders(env: Mapping[str, str]) -> int:
    url = env["WORKSHOP_DATABASE_URL"].replace("+psycopg", "")
    query = (
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = %s "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with psycopg.connect(url) as connection:
        found = connection.execute(query, (timers.LEADER_KEY,)).fetchone()
        assert found is not None
        return int(found[0])


@pytest.mark.postgresql
@pytest.mark.redis
def test_several_workers_share_sessions_screens_and_one_set_of_timers(tmp_path: Path) -> None:
    servers.need(servers.why_no_postgresql())
    servers.need(servers.why_no_redis())
    with own_postgresql() as url:
        env = {
            "WORKSHOP_DATA_DIR": str(tmp_path),
            "WORKSHOP_DATABASE_URL": url,
            "WORKSHOP_REDIS_URL": servers.REDIS_URL,
            "WORKSHOP_SECRET_KEY": secrets.token_hex(),
        }
        link = init(env)
        no = make_washed(env)
        with serve(env, tmp_path, "--workers", "3", "--live", "2") as served:
            manager = sign_in(served, link)
            television = pair_screen(served, manager)
            listeners = listen_on_all(served, television.cookie)
            try:
                check_frames(served, manager, listeners, no)
                check_timers(env)
                assert len(served.workers()) == 3
            finally:
                # Before the sockets are hung up: what a service manager does is not so polite.
                seconds = served.stop()
                hang_up(listeners)
        assert seconds < PROMPT_SECONDS
        assert "Traceback" not in served.log
        assert "ERROR" not in served.log


def check_timers(env: Mapping[str, str]) -> None:
    """Of the three one leads, and no second one joins it."""
    until = time.monotonic() + 15
    while not (leaders := count_leaders(env)) and time.monotonic() < until:
        time.sleep(0.1)
    assert leaders == 1


def check_frames(served: Served, manager: Browser, listeners: list[Listener], no: str) -> None:
    """An order moves over HTTP, and every screen hears of it within a second."""
    assert len(list_held(served.address, served.holders())) == 2
    assert min(list_held(served.address, served.holders()).values()) >= 1
    assert [row["stage"] for row in listeners[0].read()["rows"]] == ["wash"]
    manager.get("/washes")
    tapped = time.perf_counter()
    assert manager.post(f"/orders/{no}/wash")[0] == 200
    for listener in listeners:
        assert listener.wait_for("row")["stage"] == "ready"
    # Of an idle machine within 0.1 s; the page that the tap leads to is made meanwhile.
    assert time.perf_counter() - tapped < 2


def hang_up(listeners: list[Listener]) -> None:
    for listener in listeners:
        listener.leave()


def test_one_process_on_sqlite_answers_holds_a_socket_and_ends_at_once(tmp_path: Path) -> None:
    # given
    env = only(tmp_path)
    link = init(env)
    with serve(env, tmp_path) as served:
        manager = sign_in(served, link)
        listener = Listener(served.address, "/screen", pair_screen(served, manager).cookie)
        assert listener.read()["rows"] == []
        # when
        seconds = served.stop()
        listener.leave()
    # then
    assert seconds < PROMPT_SECONDS
    assert served.process.returncode == 0
    assert "Traceback" not in served.log
    assert not list(Path.home().glob(".gunicorn*"))


def only(folder: Path) -> dict[str, str]:
    """The environment of a shop on SQLite, whatever this one's says."""
    return {
        "WORKSHOP_DATA_DIR": str(folder),
        "WORKSHOP_DATABASE_URL": "",
        "WORKSHOP_REDIS_URL": "",
        "WORKSHOP_SECRET_KEY": secrets.token_hex(),
    }


def test_twenty_writers_and_forty_readers_at_once_do_not_lock_each_other_out(
    tmp_path: Path,
) -> None:
    # given
    env = only(tmp_path)
    link = init(env)
    with serve(env, tmp_path) as served:
        manager = sign_in(served, link)
        windows = [Browser(served.address, manager) for _ in range(60)]
        answers: list[int] = []
        gate = threading.Barrier(60)

        def write(browser: Browser, number: int) -> None:
            browser.get("/reception")
            gate.wait(30)
            values = {"walk_in-plate": f"粤B{number:05d}"}
            answers.append(browser.post("/reception/walk-ins", **values)[0])

        def read(browser: Browser, _number: int) -> None:
            gate.wait(30)
            for path in ("/", "/reception", "/booking"):
                answers.append(browser.get(path)[0])

        # when
        run_all(
            threading.Thread(target=write if number < 20 else read, args=(browser, number))
            for number, browser in enumerate(windows)
        )
        # then every write is there, and no answer but the pages
        assert Counter(answers) == {200: 20 + 40 * 3}
        page = manager.get("/reception")[1]
        assert all(f"粤B·{number:05d}" in page for number in range(20))
        assert "locked" not in served.log
        assert "Traceback" not in served.log


def run_all(threads: Iterable[threading.Thread]) -> None:
    started = list(threads)
    for thread in started:
        thread.start()
    for thread in started:
        thread.join(timeout=60)
        assert not thread.is_alive()
