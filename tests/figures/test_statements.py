"""What a page asks of the database does not grow with what the shop has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from tests import many, walks
from workshop import db, kept
from workshop.shop.models import Branch
from workshop.staff import service as staff
from workshop.staff.models import User

SignIn = Callable[[User], FlaskClient]

# The pages of most rows, with how many statements each may take when somebody has written since the
# last one; every other page takes no more than MOST. None may take one more when everything is
# there three times.
MOST = 54
# What waits in a branch is read once after each act, and kept for every desk.
_DEAREST = {
    "/": 80,
    "/inbox": 63,
    "/inbox/count": 62,
    "/scheduling": 69,
    "/duties": 65,
    "/orders/…/quotation": 62,
}
# A PDF has its page's rows, and takes long to draw.
_LEFT_OUT = re.compile(r"\.pdf$|^/sheets/")


def test_no_page_asks_more_when_there_is_more(app: Flask, sign_in: SignIn, branch: Branch) -> None:
    """Sixty of everything, then a hundred and eighty: the same statements, whatever the page."""
    # given
    before = _count(app, sign_in, branch)
    # when
    many.fill(2)
    db.commit()
    after = _count(app, sign_in, branch, before)
    # then
    assert len(before) > 120
    grown = [
        f"{path}: {before[path].total()} → {asked.total()} statements; {_repeated(asked)}"
        for path, asked in after.items()
        if asked.total() > before[path].total()
    ]
    assert not grown, "\n".join(grown)
    dear = [
        f"{path}: {asked.total()} statements; {_repeated(asked)}"
        for path, asked in after.items()
        if asked.total() > _most(path)
    ]
    assert not dear, "\n".join(dear)


def _most(path: str) -> int:
    page = re.sub("^/orders/[^/]+", "/orders/…", path.partition("?")[0])
    return _DEAREST.get(page, MOST)


def _repeated(asked: Counter[str]) -> str:
    """The statement that is asked most often."""
    ((statement, times),) = asked.most_common(1)
    return f"{times} × {statement[:300]}"


def _count(
    app: Flask, sign_in: SignIn, branch: Branch, known: dict[str, Counter[str]] | None = None
) -> dict[str, Counter[str]]:
    """By address: the statements of the page, each with how often it is asked."""
    seen: dict[str, Counter[str]] = {}
    for name in ("manager", "tech1"):
        user = staff.find_user(name)
        assert user is not None
        paths = known or _one_of_each(walks.addresses(app, user, branch))
        own = [path for path in paths if path.startswith("/my-jobs") is (name == "tech1")]
        client = sign_in(user)
        for path in own:
            # Somebody has written since the last page: nothing that it found is kept.
            _forget()
            with _asked() as asked:
                answer = client.get(path)
            _refuse_records(path)
            assert answer.status_code in (200, 302, 304, 404, 409), (path, answer.status_code)
            seen[path] = Counter(asked)
    return seen


def _forget() -> None:
    db.session.execute(text("UPDATE branch SET code = code"))
    db.commit()


def _refuse_records(path: str) -> None:
    """What pages share is plain: a record belongs to the session of one request."""
    shared = kept.list_kept()
    assert not [key for key, value in shared.items() if _holds_record(value)], path


def _holds_record(value: Any) -> bool:
    if isinstance(value, db.Model):
        return True
    if isinstance(value, dict):
        return any(_holds_record(each) for each in (*value.keys(), *value.values()))
    if isinstance(value, list | tuple | set | frozenset):
        return any(_holds_record(each) for each in value)
    if is_dataclass(value):
        return any(_holds_record(getattr(value, each.name)) for each in fields(value))
    return False


def _one_of_each(paths: list[str]) -> list[str]:
    """One address of each page: the first order, the first part."""
    found: dict[str, str] = {}
    for path in paths:
        page = re.sub(r"[A-Z]{2}\d{8}-\d{4}|(?<=/)\d+(?=/|$)|(?<==)\d+", "…", path)
        if not _LEFT_OUT.search(path):
            found.setdefault(page, path)
    return list(found.values())


@contextmanager
def _asked() -> Iterator[list[str]]:
    """The statements that are asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(re.sub(r"\s+", " ", re.sub(r"^.*? FROM ", "… FROM ", statement, flags=re.S)))

    event.listen(db.db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.db.engine, "before_cursor_execute", note)
