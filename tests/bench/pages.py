"""What a page costs: `python -m tests.bench.pages [--times N]`.

The demo's living day is told in a folder of its own, then each page is asked for by the person
who uses it. Milliseconds are the median of the server's own work, without a network; the ratio
beside them is against `/healthz` of the same run, since machines differ. Weights are of what a
browser fetches, compressed. The first line says how long the story itself took.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event, select

from tests.databases import settings_for
from tests.factories import AT, begin_session
from workshop import clock, db
from workshop.app import create_app
from workshop.demo import story
from workshop.demo.shop import Shop
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
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
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
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
        with app.app_context():
            db.db.engine.dispose()


_statements = 0


def count_statements() -> None:
    """Count every SQL statement from now on."""

    def count(*_: object) -> None:
        global _statements
        _statements += 1

    event.listen(db.db.engine, "before_cursor_execute", count)


def measure(client: FlaskClient, wanted: list[tuple[str, str]], times: int) -> None:
    """Print a row for each page."""
    print(f"{'page':<28}{'ms':>7}{'ratio':>8}{'SQL':>6}{'HTML kB':>9}{'JS kB':>8}{'CSS kB':>8}")
    base = 0.0
    for token, path in wanted:
        with client.session_transaction() as session:
            session.clear()
            if token:
                session["_user_id"], session["_fresh"] = token, True
        milliseconds, statements = ask(client, path, times)
        base = base or milliseconds
        html = client.get(path).text
        weight = len(client.get(path, headers=COMPRESSED).data)
        print(
            f"{shown(path):<28}{milliseconds:>7.1f}{milliseconds / base:>8.1f}{statements:>6}"
            f"{weight / 1000:>9.1f}{weigh(client, _SCRIPT, html):>8.1f}"
            f"{weigh(client, _STYLE, html):>8.1f}"
        )


def ask(client: FlaskClient, path: str, times: int) -> tuple[float, int]:
    """The median milliseconds of work on a page, and its SQL statements."""
    taken = []
    for _ in range(times + 1):
        # The page is made in this thread: its work counts, not what else the machine does.
        before, began = _statements, time.thread_time()
        answer = client.get(path)
        taken.append((time.thread_time() - began) * 1000)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
    # The first one fills caches that live as long as the server.
    return statistics.median(taken[1:]), _statements - before


def weigh(client: FlaskClient, pattern: re.Pattern[str], html: str) -> float:
    """The compressed kilobytes of what a page links to, fonts left out."""
    links = {link for link in pattern.findall(html) if "fonts" not in link}
    return sum(len(client.get(link, headers=COMPRESSED).data) for link in links) / 1000


def shown(path: str) -> str:
    """A path without what is random in it."""
    return re.sub(r"(RO[\d-]+)|(?<=/t/).+", "…", path)


if __name__ == "__main__":
    main()
