"""What a page costs: `python -m tests.bench.pages [--times N] [--clients N]`.

The demo's living day is told in a folder of its own, then each page is asked for by the person
who uses it. Milliseconds are the median (p50) and the dearest in a hundred (p99) of the server's
own work, without a network; the ratio beside them is against `/healthz` of the same run, since
machines differ. Weights are of what a browser fetches, compressed. The first line says how long
the story itself took. Then several clients ask at once, each for all pages, and at last the board
is asked for with 40 and with 420 cards.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event, select

from tests.bench import board
from tests.databases import settings_for
from tests.factories import AT, begin_session
from workshop import clock, db
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
    client = app.test_client()
    become(client, token)
    taken, statements = ask(client, "/scheduling", times)
    name, middle = f"/scheduling, {cards} cards", statistics.median(taken)
    print(f"{name:<28}{middle:>7.1f}{p99(taken):>7.1f}{'':>8}{statements:>6}")
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
        f"{'page':<28}{'p50':>7}{'p99':>7}{'ratio':>8}{'SQL':>6}"
        f"{'HTML kB':>9}{'JS kB':>8}{'CSS kB':>8}"
    )
    base = 0.0
    for token, path in wanted:
        become(client, token)
        taken, statements = ask(client, path, times)
        milliseconds = statistics.median(taken)
        base = base or milliseconds
        html = client.get(path).text
        weight = len(client.get(path, headers=COMPRESSED).data)
        print(
            f"{shown(path):<28}{milliseconds:>7.1f}{p99(taken):>7.1f}"
            f"{milliseconds / base:>8.1f}{statements:>6}"
            f"{weight / 1000:>9.1f}{weigh(client, _SCRIPT, html):>8.1f}"
            f"{weigh(client, _STYLE, html):>8.1f}"
        )


def become(client: FlaskClient, token: str) -> None:
    """Let the client carry this session's cookie, or none."""
    with client.session_transaction() as session:
        session.clear()
        if token:
            session["_user_id"], session["_fresh"] = token, True


def p99(taken: list[float]) -> float:
    """What 99 of 100 stay below."""
    return sorted(taken)[int(len(taken) * 0.99) - 1]


def ask(client: FlaskClient, path: str, times: int) -> tuple[list[float], int]:
    """The milliseconds of work on a page each time, and its SQL statements."""
    taken = []
    for _ in range(times + 1):
        # The page is made in this thread: its work counts, not what else the machine does.
        before, began = _statements, time.thread_time()
        answer = client.get(path)
        taken.append((time.thread_time() - began) * 1000)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
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
