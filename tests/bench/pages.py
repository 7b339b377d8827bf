"""What a page costs: `python -m tests.bench.pages [--times N] [--clients N]`.

The demo's living day is told in a folder of its own, then each page is asked for by the person
who uses it. Milliseconds are of the server's own work, without a network: the least (min), the
median (p50) and the dearest in a hundred (p99) of pages before which somebody has written, the
median of the same page while nobody writes (again), and of the answer that it has not changed
(304). The ratio is against `/healthz` of the same run, since machines differ. SQL counts the
statements of the first and of the second kind. Weights are of what a browser fetches, compressed.
The first line says how long the story itself took. Then several clients ask at once, each for all
pages, and at last the board is asked for with 40 and with 420 cards.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event, select

from tests.bench import board
from tests.databases import settings_for
from tests.factories import AT, begin_session
from workshop import clock, db, live
from workshop.app import create_app
from workshop.demo import story
from workshop.demo.shop import Shop
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.track import service as track

_SCRIPT = re.compile(r'<script[^>]+src="([^"]+)"')
_STYLE = re.compile(r'<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"')
COMPRESSED = {"Accept-Encoding": "gzip"}


def pages(shop: Shop) -> Iterator[tuple[User | None, str]]:
    """Who asks for which page."""
    people = shop.people
    order = db.session.scalars(select(RepairOrder).where(RepairOrder.stage == Stage.REPAIR)).first()
    assert order is not None
    link = track.make_link(order, by=order.advisor, at=AT)
    db.commit()
    yield None, "/healthz"
    for path in ("/", "/booking", "/booking/new", "/reception", "/quotation", "/lounge"):
        yield people["advisor"], path
    yield people["controller"], "/scheduling"
    yield people["parts"], "/parts"
    yield people["tech1"], "/my-jobs"
    yield people["cashier"], "/settlement"
    yield people["advisor"], "/handover"
    yield people["relations"], "/followup"
    yield people["manager"], f"/orders/{order.no}"
    yield None, f"/t/{link}"


def main() -> None:
    """Tell the story, ask for each page, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--clients", type=int, default=8)
    asked = parser.parse_args()
    times = asked.times
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(Path(folder), f"sqlite:///{folder}/shop.db")
        app = create_app(settings)
        with app.app_context():
            upgrade()
            began = time.process_time()
            shop = story.tell(AT)
            db.commit()
            print(f"The living day was told in {time.process_time() - began:.1f} s of work.")
            clock.freeze(AT)
            wanted = [(begin_session(user) if user else "", path) for user, path in pages(shop)]
            count_statements()
            db.session.remove()
        open_writer(Path(folder) / "shop.db")
        # Outside: each request gets a context of its own, as it does from a server.
        measure(app.test_client(), wanted, times)
        measure_at_once(app, wanted, asked.clients)
        with app.app_context():
            db.db.engine.dispose()
    for cards in _BOARDS:
        with tempfile.TemporaryDirectory() as folder:
            measure_board(Path(folder), cards, times)


def measure_at_once(app: Flask, wanted: list[tuple[str, str]], clients: int) -> None:
    """Print how many pages a second several clients get together, and how long one waits."""
    waited: list[float] = []

    def ask_for_all() -> None:
        client = app.test_client()
        for token, path in wanted:
            become(client, token)
            began = time.perf_counter()
            assert client.get(path).status_code == 200, path
            waited.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=ask_for_all) for _ in range(clients)]
    began, worked = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, work = time.perf_counter() - began, time.process_time() - worked
    print(
        f"{clients} clients at once: {len(waited) / took:.0f} pages/s, "
        f"{work * 1000 / len(waited):.1f} ms of work a page; "
        f"one waits {statistics.median(waited):.0f} ms, {p99(waited):.0f} at p99."
    )


def measure_board(folder: Path, cards: int, times: int) -> None:
    """Print the board's row, with so many cards on its day."""
    app = create_app(settings_for(folder, f"sqlite:///{folder}/shop.db"))
    with app.app_context():
        upgrade()
        clock.freeze(AT)
        board.fill(cards)
        db.commit()
        user = staff.find_user("controller")
        assert user is not None
        token = begin_session(user)
        count_statements()
        db.session.remove()
    open_writer(folder / "shop.db")
    client = app.test_client()
    become(client, token)
    live.settle_memory()
    print(row_of(f"/scheduling, {cards} cards", Asked.of(client, "/scheduling", times), None))
    with app.app_context():
        db.db.engine.dispose()


_BOARDS = (40, 420)
_statements = 0


def count_statements() -> None:
    """Count every SQL statement from now on."""

    def count(*_: object) -> None:
        global _statements
        _statements += 1

    event.listen(db.db.engine, "before_cursor_execute", count)


def measure(client: FlaskClient, wanted: list[tuple[str, str]], times: int) -> None:
    """Print a row for each page."""
    print(
        f"{'page':<26}{'min':>7}{'p50':>7}{'p99':>7}{'again':>7}{'304':>6}{'ratio':>7}{'SQL':>9}"
        f"{'HTML kB':>9}{'JS kB':>7}{'CSS kB':>8}"
    )
    live.settle_memory()
    base = 0.0
    for token, path in wanted:
        become(client, token)
        asked = Asked.of(client, path, times)
        base = base or statistics.median(asked.made)
        html = client.get(path).text
        weight = len(client.get(path, headers=COMPRESSED).data)
        print(
            row_of(shown(path), asked, base)
            + f"{weight / 1000:>9.1f}{weigh(client, _SCRIPT, html):>7.1f}"
            + f"{weigh(client, _STYLE, html):>8.1f}"
        )


@dataclass(frozen=True)
class Asked:
    """What a page cost each time: after a writing, again, and to who has it; its statements."""

    made: list[float]
    again: list[float]
    same: list[float]
    made_statements: int
    again_statements: int

    @classmethod
    def of(cls, client: FlaskClient, path: str, times: int) -> Asked:
        """Ask for the page so many times in each way."""
        made, made_statements = ask(client, path, times, write)
        again, again_statements = ask(client, path, times)
        tag = {"If-None-Match": '"none"'}
        client.get(path, headers=tag)
        tag = {"If-None-Match": client.get(path, headers=tag).headers.get("ETag", "")}
        same = ask(client, path, times, headers=tag, status=304)[0] if all(tag.values()) else []
        return cls(made, again, same, made_statements, again_statements)


def row_of(name: str, asked: Asked, base: float | None) -> str:
    """The first columns of the table."""
    made = statistics.median(asked.made)
    same = f"{statistics.median(asked.same):>6.1f}" if asked.same else " " * 6
    ratio = f"{made / base:>7.1f}" if base else " " * 7
    statements = f"{asked.made_statements} / {asked.again_statements}"
    return (
        f"{name:<26}{min(asked.made):>7.1f}{made:>7.1f}{p99(asked.made):>7.1f}"
        f"{statistics.median(asked.again):>7.1f}{same}{ratio}{statements:>9}"
    )


def write() -> None:
    """Somebody writes something that no page shows, from another process's view."""
    assert _writer is not None
    _writer.execute("UPDATE branch SET code = code")


def open_writer(file: Path) -> None:
    """Let `write` write to this database."""
    global _writer
    _writer = sqlite3.connect(file, isolation_level=None)


_writer: sqlite3.Connection | None = None


def become(client: FlaskClient, token: str) -> None:
    """Let the client carry this session's cookie, or none."""
    with client.session_transaction() as session:
        session.clear()
        if token:
            session["_user_id"], session["_fresh"] = token, True


def p99(taken: list[float]) -> float:
    """What 99 of 100 stay below."""
    return sorted(taken)[int(len(taken) * 0.99) - 1]


def ask(
    client: FlaskClient,
    path: str,
    times: int,
    before_each: Callable[[], None] = lambda: None,
    headers: Mapping[str, str] | None = None,
    status: int = 200,
) -> tuple[list[float], int]:
    """The milliseconds of work on a page each time, and its SQL statements."""
    taken = []
    for _ in range(times + 1):
        before_each()
        # The page is made in this thread: its work counts, not what else the machine does.
        before, began = _statements, time.thread_time()
        answer = client.get(path, headers=headers)
        taken.append((time.thread_time() - began) * 1000)
        assert answer.status_code == status, f"{path}: {answer.status_code}"
    # The first one fills caches that live as long as the server.
    return taken[1:], _statements - before


def weigh(client: FlaskClient, pattern: re.Pattern[str], html: str) -> float:
    """The compressed kilobytes of what a page links to, fonts left out."""
    links = {link for link in pattern.findall(html) if "fonts" not in link}
    return sum(len(client.get(link, headers=COMPRESSED).data) for link in links) / 1000


def shown(path: str) -> str:
    """A path without what is random in it."""
    return re.sub(r"(RO[\d-]+)|(?<=/t/).+", "…", path)


if __name__ == "__main__":
    main()
