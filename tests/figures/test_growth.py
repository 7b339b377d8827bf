"""A page looks at as much of the database after years as in the first: nothing that is over.

Counts, no times: steps of SQLite's machine, rows that PostgreSQL's plans read. What pages take is
printed by `python -m tests.bench.growth`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests import servers, walks
from tests.bench import copies, history, visits
from tests.bench.growth import SEARCHES, Shops
from tests.databases import make_app
from tests.factories import begin_session
from workshop import db
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.steps.settlement import even

_FEW, _MANY = 100, 1_000
# So often each car comes, that there are many cars and customers as well.
_VISITS = 2
# Steps of SQLite's machine that a page may take more, whatever the reason: a deeper index, say,
# or keys instead of a small table.
_SLACK, _SHARE = 1_500, 1.1
# So many rows of a table are few.
_MOST = 300
# What still grows, and why.
_GROWS = {
    "/": "the inbox is read with it after each act; still to be made as flat as the rest",
    r"/parts/stock/\d+": "shows up to a hundred moves of the part",
    r"/search\?q=(RO\d+|\d+)": "a number is looked for in the newest 5,000 orders",
}
# Of two plans PostgreSQL takes by their cost the one that reads more while it is little.
_READS_ALL_WHILE_IT_IS_LITTLE = {r"/repair/attendance": "whose clock ran on a job"}
# As at a size at which an index is always the cheapest: which one there is shows at any size.
_LARGE = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")

Pages = list[tuple[str, str]]


@pytest.fixture(autouse=True)
def _many_cars(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in (copies, history):
        monkeypatch.setattr(each, "VISITS", _VISITS)


@pytest.fixture(scope="module")
def folder(_told: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The told day as the benchmark keeps it."""
    folder = tmp_path_factory.mktemp("growth")
    (folder / "told").mkdir()
    shutil.copy(_told, folder / "told" / "shop.db")
    app = make_app(folder, f"sqlite:///{folder / 'told' / 'shop.db'}")
    with app.app_context():
        even.forget_even()
        db.commit()
        db.session.remove()
        db.db.engine.dispose()
    (folder / "told" / "told").touch()
    return folder


@pytest.fixture
def pages(living: Flask, branch: Branch) -> Pages:
    """(user name, address): each kind of page once, by the first role that may open it."""
    return list(dict.fromkeys(_one_of_each_kind(living, branch)))


def test_no_page_looks_at_what_is_over(pages: Pages, folder: Path) -> None:
    # given
    shops = Shops(folder, "sqlite")
    # when
    looked = {size: _count_steps(_app_of(shops, size), pages) for size in (_FEW, _MANY)}
    # then
    grown = {
        path: (looked[_FEW][name, path], looked[_MANY][name, path])
        for name, path in pages
        if looked[_MANY][name, path] > looked[_FEW][name, path] * _SHARE + _SLACK
    }
    assert len(pages) > 150
    assert not {path for path in grown if not _may_grow(path)}, grown


def test_no_plan_of_a_page_reads_a_table_of_all_years(pages: Pages, folder: Path) -> None:
    # given
    servers.need(servers.why_no_postgresql())
    shops = Shops(folder, "postgresql", f"_{os.getpid()}")
    app = _app_of(shops, _MANY)
    try:
        # when
        asked = _list_statements(app, pages)
        with app.app_context(), db.db.engine.connect() as connection:
            wrong = dict(_read_plans(connection, asked))
    finally:
        with app.app_context():
            db.db.engine.dispose()
        shops.drop()
    # then
    assert len(asked) > 300
    assert not {path for path in wrong if not _may_grow(path, _READS_ALL_WHILE_IT_IS_LITTLE)}, wrong


def _app_of(shops: Shops, size: int) -> Flask:
    settings = shops.of(size)
    return make_app(settings.data_dir, settings.database_url)


def _may_grow(path: str, more: Collection[str] = ()) -> bool:
    return any(re.fullmatch(known, path) for known in (*_GROWS, *more))


def _one_of_each_kind(app: Flask, branch: Branch) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for user in walks.one_of_each_role(branch):
        for path in walks.addresses(app, user, branch):
            kind = re.sub(r"\w*\d[\w-]*", "…", path)
            # Everybody's home and board are made for the person.
            key = f"{user.username} {kind}" if kind in ("/", "/scheduling") else kind
            if key not in seen:
                seen.add(key)
                yield user.username, path
    for words in SEARCHES:
        # One sign is in every tenth name, and a piece of a plate in every hundredth.
        if len(words) > 2 or not words.isascii():
            yield "manager", f"/search?q={words}"


def _sign_in_all(app: Flask) -> dict[str, str]:
    with app.app_context():
        users = {user.username: begin_session(user) for user in db.session.scalars(sa.select(User))}
        db.commit()
        db.session.remove()
    return users


def _count_steps(app: Flask, pages: Pages) -> dict[tuple[str, str], int]:
    """How many steps each page takes, once what is kept for all pages is read."""
    users = _sign_in_all(app)
    with app.app_context():
        seen = visits.Visits(db.db.engine)
    client = app.test_client()
    for name in dict.fromkeys(name for name, _ in pages):
        _ask(client, users[name], "/account")
    found = {}
    for name, address in pages:
        seen.start()
        _ask(client, users[name], address)
        found[name, address] = seen.total
    with app.app_context():
        seen.stop()
    return found


def _list_statements(app: Flask, pages: Pages) -> dict[str, tuple[str, Any]]:
    """By statement: the first page that asks it, and with what."""
    users, asked = _sign_in_all(app), {}
    address = ""

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.setdefault(statement, (address, values))

    with app.app_context():
        event.listen(db.db.engine, "before_cursor_execute", note)
    client = app.test_client()
    for name, address in pages:
        _ask(client, users[name], address)
    with app.app_context():
        event.remove(db.db.engine, "before_cursor_execute", note)
    return asked


def _read_plans(
    connection: sa.Connection, asked: dict[str, tuple[str, Any]]
) -> Iterator[tuple[str, str]]:
    """The pages with a plan that reads most of a table of the past, and what it reads."""
    counted = "SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'"
    sizes = {name: int(rows) for name, rows in connection.exec_driver_sql(counted)}
    for each in _LARGE:
        connection.exec_driver_sql(f"SET {each} = off")
    for statement, (path, values) in asked.items():
        explained = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}"
        plan = connection.exec_driver_sql(explained, values).scalar_one()[0]["Plan"]
        for node in _nodes(plan):
            table = node.get("Relation Name", "")
            if _rows_of(node) > max(_MOST, sizes.get(table, 0) / 2):
                text = re.sub(r"\s+", " ", statement)
                yield path, f"{_rows_of(node)} rows of {table}: … {text[text.index(' FROM ') :]}"


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _nodes(each)


def _rows_of(node: dict[str, Any]) -> int:
    """What a node has looked at in its table."""
    if "Relation Name" not in node:
        return 0
    passed = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    return int(sum(node.get(each, 0) for each in passed) * node["Actual Loops"])


def _ask(client: FlaskClient, token: str, path: str) -> None:
    with client.session_transaction() as session:
        session.clear()
        session["_user_id"], session["_fresh"] = token, True
    client.get(path)
