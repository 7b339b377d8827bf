"""What pages cost after years: `python -m tests.bench.growth [--sizes 1000,30000] [--engine …]`.

The demo's living day is told once; behind it the database itself lays as many closed orders with
all that hangs on them as each size says (`tests/bench/history.py`). Today's open work is the same
at each size. Then every page that each role may open is asked for, and the search. Milliseconds
are the median of the server's own work; the ratio is against the smallest size. `--slow` also
names the statements that take longest at the largest size. The long form is
`--sizes 1000,30000,300000,1000000`; keep what was made with `--keep FOLDER`.
"""

from __future__ import annotations

import argparse
import gc
import re
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.engine import make_url

from tests import postgresql, walks
from tests.bench import bare, history
from tests.databases import postgres_url, settings_for
from tests.factories import AT, begin_session
from workshop import clock, db, moving, upgrading
from workshop.app import create_app
from workshop.config import Settings
from workshop.demo import story
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.steps.settlement import even

SIZES = (1_000, 30_000)
# What somebody types who looks for a car or for its owner.
SEARCHES = (
    "沪A12W35",
    "12W35",
    "W3",
    "王",
    "王小",
    "王小明",
    "0001",
    "5KE000001",
    "wxm",
    "RO20260104",
)
GOAL = 1.3
SEARCH_GOAL_MS = 30
_RENDERINGS = 5


@dataclass
class Page:
    """What one page of one role took, by size."""

    role: str
    path: str
    taken: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    statements: dict[int, int] = field(default_factory=dict)
    status: int = 0

    def median(self, size: int) -> float:
        """Milliseconds, as half of the answers took or less."""
        return statistics.median(self.taken[size])

    def ratio(self, sizes: list[int]) -> float:
        """How many times as long as in a young shop."""
        return self.median(sizes[-1]) / self.median(sizes[0])


class Watch:
    """Counts the statements of an engine, and how long each of them takes."""

    def __init__(self) -> None:
        self.count = 0
        self.slowest: dict[str, float] = {}
        self._began = 0.0

    def follow(self) -> None:
        """Listen to the engine of the current application."""
        event.listen(db.db.engine, "before_cursor_execute", self._begin)
        event.listen(db.db.engine, "after_cursor_execute", self._end)

    def _begin(self, *_: object) -> None:
        self.count += 1
        self._began = time.perf_counter()

    def _end(self, _connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        took = (time.perf_counter() - self._began) * 1000
        self.slowest[statement] = max(took, self.slowest.get(statement, 0.0))


def main() -> None:
    """Make each shop, ask for each page, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--times", type=int, default=_RENDERINGS)
    parser.add_argument("--keep", type=Path, help="make the shops here, and use them again")
    parser.add_argument("--slow", type=int, default=0, help="so many of the slowest statements")
    parser.add_argument("--all", action="store_true", help="print every page, not the worst 30")
    given = parser.parse_args()
    sizes = sorted(int(size) for size in given.sizes.split(","))
    clock.freeze(AT)
    with tempfile.TemporaryDirectory() as folder:
        shops = Shops(given.keep or Path(folder), given.engine)
        pages = list_pages(shops.template)
        watch = Watch()
        for size in sizes:
            app = create_app(shops.of(size))
            watch.slowest.clear()
            measure(app, pages, size, given.times, watch)
        show(pages, sizes, len(pages) if given.all else 30)
        for statement, took in sorted(watch.slowest.items(), key=lambda each: -each[1])[
            : given.slow
        ]:
            print(f"\n{took:.1f} ms: {statement}")
        if given.keep is None:
            shops.drop()


@dataclass
class Shops:
    """The told shop, and copies of it with so many orders behind."""

    folder: Path
    engine: str
    # The databases of two who do it at once on one server are told apart by this.
    mark: str = ""

    @property
    def template(self) -> Settings:
        """The told shop; told now if it is not there."""
        folder = self.folder / "told"
        settings = settings_for(folder, f"sqlite:///{folder / 'shop.db'}")
        if not (folder / "told").exists():
            folder.mkdir(parents=True, exist_ok=True)
            with create_app(settings).app_context():
                upgrading.upgrade(at=AT)
                story.tell(AT)
                even.forget_even()
                db.commit()
                db.session.remove()
                db.db.engine.dispose()
            (folder / "told").touch()
        return settings

    def of(self, size: int) -> Settings:
        """The shop with this history; made now if it is not there."""
        folder = self.folder / f"{self.engine}-{size}"
        done = folder / "filled"
        url = f"sqlite:///{folder / 'shop.db'}"
        if self.engine == "postgresql":
            url = postgres_url(self._name(size))
        settings = settings_for(folder, url)
        if not done.exists():
            began = time.perf_counter()
            folder.mkdir(parents=True, exist_ok=True)
            self._copy(settings)
            self._fill(settings, size)
            done.touch()
            print(f"{size} orders were laid behind in {time.perf_counter() - began:.0f} s.")
        return settings

    def drop(self) -> None:
        """Leave nothing behind on a shared server."""
        if self.engine == "postgresql":
            for folder in self.folder.glob("postgresql-*"):
                postgresql.drop(self._name(int(folder.name.split("-")[1])))

    def _name(self, size: int) -> str:
        return f"workshop_growth{self.mark}_{size}"

    def _copy(self, settings: Settings) -> None:
        if self.engine == "sqlite":
            told = Path(str(make_url(self.template.database_url).database))
            shutil.copy(told, settings.data_dir / "shop.db")
            return
        url = make_url(settings.database_url)
        postgresql.make_empty(str(url.database))
        plain = url.render_as_string(hide_password=False).replace("+psycopg", "")
        moving.move(replace(self.template, testing=False), plain, at=AT)

    def _fill(self, settings: Settings, size: int) -> None:
        # Not the program's own engine: each statement is a transaction of its own, none is safe.
        engine = sa.create_engine(settings.database_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in bare.fast(self.engine):
                connection.exec_driver_sql(statement)
            history.fill(connection, size)
            if self.engine == "sqlite":
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
                connection.exec_driver_sql("ANALYZE")
            else:
                connection.exec_driver_sql("VACUUM ANALYZE")
        engine.dispose()


def list_pages(template: Settings) -> list[Page]:
    """Every page of every role in the told shop, and the searches."""
    app = create_app(template)
    with app.app_context():
        branch = db.session.get_one(Branch, 1)
        pages = [
            Page(user.username, path)
            for user in walks.one_of_each_role(branch)
            for path in walks.addresses(app, user, branch)
        ]
        db.session.remove()
        db.db.engine.dispose()
    return pages + [Page("manager", f"/search?q={words}") for words in SEARCHES]


def measure(app: Flask, pages: list[Page], size: int, times: int, watch: Watch) -> None:
    """Ask for each page some times, as the person who may open it."""
    with app.app_context():
        users = {user.username: begin_session(user) for user in db.session.scalars(select(User))}
        db.commit()
        watch.follow()
        db.session.remove()
    client = app.test_client()
    gc.collect()
    gc.freeze()
    for page in pages:
        with client.session_transaction() as session:
            session.clear()
            session["_user_id"], session["_fresh"] = users[page.role], True
        _ask(client, page, size, times, watch)
    with app.app_context():
        db.db.engine.dispose()


def _ask(client: FlaskClient, page: Page, size: int, times: int, watch: Watch) -> None:
    for number in range(times + 1):
        before, began = watch.count, time.perf_counter()
        answer = client.get(page.path)
        took = (time.perf_counter() - began) * 1000
        page.status = answer.status_code
        page.statements[size] = watch.count - before
        # The first one fills caches that live as long as the server.
        if number or took > 1000:
            page.taken[size].append(took)
        if took > 1000:
            break


def show(pages: list[Page], sizes: list[int], most: int) -> None:
    """The worst pages first, then how many reach the goal."""
    print(f"{'role':<11}{'page':<44}" + "".join(f"{size:>10}" for size in sizes) + "  ratio  SQL")
    worst = sorted(pages, key=lambda page: -page.ratio(sizes))
    for page in worst[:most]:
        times = "".join(f"{page.median(size):>10.1f}" for size in sizes)
        print(
            f"{page.role:<11}{_shown(page.path):<44}{times}{page.ratio(sizes):>7.2f}"
            f"{page.statements[sizes[-1]]:>5}"
        )
    for size in sizes:
        every = sorted(page.median(size) for page in pages)
        print(
            f"{size:>9} orders: median {statistics.median(every):.1f} ms, "
            f"p95 {every[len(every) * 95 // 100]:.1f} ms, worst {every[-1]:.1f} ms"
        )
    flat = sum(page.ratio(sizes) <= GOAL for page in pages)
    print(f"{flat} of {len(pages)} pages take at most {GOAL} times as long.")
    found = [page.median(sizes[-1]) for page in pages if page.path.startswith("/search")]
    print(f"A search takes at most {max(found):.0f} ms (goal {SEARCH_GOAL_MS}).")


def _shown(path: str) -> str:
    return re.sub(r"[0-9a-f]{32,}", "…", path)[:43]


if __name__ == "__main__":
    main()
