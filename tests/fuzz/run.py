"""One round: a filled shop, a seed, and as many spoilt requests as are asked for.

Each case is made of the round's seed and its own number alone, but what it meets is what the cases
before it have left. So a fault is repeated by running the round again up to its number.
"""

from __future__ import annotations

import contextvars
import json
import re
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from tests import walks
from tests.factories import become
from tests.fuzz import values
from tests.fuzz.forms import Sent, forms_of
from workshop.db import session
from workshop.shop.models import Branch
from workshop.staff.models import User

# Whose pages show nearly every form; everybody sends them.
_SHOWN_TO = ("manager", "admin", "tech4", "advisor", "parts")
# Signing somebody out or in changes who sends what follows.
_LEFT_OUT = ("/sign-out", "/static", "/fs-static", "/style")


@dataclass(frozen=True)
class Fault:
    """A request that broke something."""

    number: int
    who: str
    told: str
    why: str


@dataclass
class Round:
    """The shop under fire."""

    app: Flask
    seed: str
    people: dict[str, FlaskClient] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def prepare(self) -> None:
        """Sign everybody in and read the forms of their pages."""
        branch = session.get_one(Branch, 1)
        for user in session.scalars(select(User).order_by(User.id)).all():
            self.people[user.username] = self._signed_in(user)
        self.people["nobody"] = self._client()
        for name in _SHOWN_TO:
            user = session.scalars(select(User).where(User.username == name)).one_or_none()
            if user is None:
                continue
            known = {path for _, path in self.pages}
            for path in walks.addresses(self.app, user, branch):
                if path not in known:
                    self._read(name, path)
        session.rollback()

    def _client(self) -> FlaskClient:
        # Another test of this worker may have left the application a client of its own kind.
        return FlaskClient(self.app, self.app.response_class, use_cookies=True)

    def _signed_in(self, user: User) -> FlaskClient:
        return become(self._client(), user)

    def _read(self, name: str, path: str) -> None:
        answer = self._ask(-1, name, path, lambda client: client.get(path))
        if answer is None:
            return
        self.pages.append((name, path))
        if answer.mimetype == "text/html":
            self.sent += forms_of(answer.get_data(as_text=True), path)

    def fire(self, cases: int, first: int = 0) -> None:
        """Send the spoilt requests of these numbers."""
        for number in range(first, first + cases):
            self._fire(number, Random(f"{self.seed}/{number}"))

    def fire_free_fields(self, value: Callable[[], values.Value]) -> int:
        """Send each kind of form once with this in its free fields; gives how many there were.

        What is chosen or hidden stays as the page has it, so that the act itself is reached.
        """
        kinds = {re.sub(r"\d+", "1", each.action): each for each in self.sent if _free(each)}
        for sent in kinds.values():
            fields: dict[str, list[values.Value]] = {
                name: list(given) for name, given in sent.fields.items() if name != "csrf_token"
            }
            fields |= {name: [value()] for name in _free(sent)}
            options = {"method": sent.method, **_body(fields)}
            told = f"{sent.action} {sorted(_free(sent))}"
            answer = self._ask(-3, "manager", told, partial(_open, sent.action, options))
            if answer is not None:
                answer.close()
        return len(kinds)

    def check_pages(self, most: int | None = None) -> None:
        """Whatever was accepted, every page can still be read."""
        shown = self.pages
        if most is not None and most < len(shown):
            shown = Random(self.seed).sample(shown, most)
        for name, path in shown:
            self._ask(-2, name, path, lambda client, path=path: client.get(path))  # type: ignore[misc]

    def _fire(self, number: int, dice: Random) -> None:
        who = dice.choice((*_SHOWN_TO, "manager", "manager", *sorted(self.people)))
        who = who if who in self.people else "nobody"
        make = dice.choice((self._form, self._form, self._form, self._get, self._any))
        path, options = make(dice)
        if path.startswith(_LEFT_OUT):
            return
        if dice.random() < 0.08:
            name, value = dice.choice(values.HEADERS)
            options.setdefault("headers", {})[name] = value
        told = f"{options.get('method')} {path[:200]} {_told(options)}"
        answer = self._ask(number, who, told, lambda client: client.open(path, **options))
        # A file that nobody reads stays open otherwise.
        if answer is not None:
            answer.close()

    def _form(self, dice: Random) -> tuple[str, dict[str, Any]]:
        sent = dice.choice(self.sent)
        fields: dict[str, list[values.Value]] = {
            name: list(given) for name, given in sent.fields.items() if name != "csrf_token"
        }
        if dice.random() < 0.95:
            values.spoil(fields, dice)
        if sent.method != "POST":
            return f"{sent.action}?{_query(fields)}", {"method": "GET"}
        if dice.random() < 0.05:
            body = dice.choice(
                (b"\xff\xfe", b"{", json.dumps([1]).encode(), b"a=%ff&b=%", b"--x\r\n\r\n")
            )
            kind = dice.choice(values.TYPES)
            return sent.action, {"method": "POST", "data": body, "content_type": kind}
        return sent.action, {"method": "POST", **_body(fields)}

    def _get(self, dice: Random) -> tuple[str, dict[str, Any]]:
        _, path = dice.choice(self.pages)
        known = sorted(
            {name for each in self.sent for name in each.fields} | {"day", "q", "page", "next"}
        )
        fields: dict[str, list[values.Value]] = {
            dice.choice(known): [values.text(dice)] for _ in range(dice.choice((1, 1, 2)))
        }
        return f"{path.partition('?')[0]}?{_query(fields)}", {"method": "GET"}

    def _any(self, dice: Random) -> tuple[str, dict[str, Any]]:
        rules = sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule)
        path = _spoilt_path(dice.choice(rules), dice)
        method = dice.choice((*values.METHODS, "GET", "GET", "POST", "POST", "POST"))
        fields: dict[str, list[values.Value]] = {
            "next": [values.text(dice)],
            "x": [values.text(dice)],
        }
        if method in ("GET", "HEAD"):
            return f"{path}?{_query(fields)}", {"method": method}
        return path, {"method": method, **_body(fields)}

    def _ask(self, number: int, who: str, told: str, ask: Callable[[FlaskClient], Any]) -> Any:
        try:
            answer = contextvars.Context().run(ask, self.people[who])
        except Exception:
            self.faults.append(Fault(number, who, told, _end_of(traceback.format_exc())))
            return None
        finally:
            session.rollback()
        if number >= 0:
            self.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            self.faults.append(Fault(number, who, told, answer.status))
            return None
        return answer


def _open(path: str, options: dict[str, Any], client: FlaskClient) -> Any:
    return client.open(path, **options)


def _free(sent: Sent) -> list[str]:
    """The fields in which somebody writes: they are empty when the page comes."""
    is_left_out = sent.method != "POST" or sent.action.startswith(_LEFT_OUT)
    return [] if is_left_out else [name for name, given in sent.fields.items() if given == [""]]


def _query(fields: dict[str, list[values.Value]]) -> str:
    plain = [(name, each) for name, given in fields.items() for each in given]
    return urlencode([(name, each) for name, each in plain if isinstance(each, (str, bytes))])


def _body(fields: dict[str, list[values.Value]]) -> dict[str, Any]:
    has_file = any(isinstance(each, tuple) for given in fields.values() for each in given)
    if not has_file:
        kind = "application/x-www-form-urlencoded"
        return {"data": _query(fields), "content_type": kind}
    readable = {
        name: [each.decode("latin-1") if isinstance(each, bytes) else each for each in given]
        for name, given in fields.items()
    }
    return {"data": readable, "content_type": "multipart/form-data"}


def _spoilt_path(rule: Rule, dice: Random) -> str:
    parts = []
    for is_named, text in _parts(rule.rule):
        parts.append(dice.choice(values.PATHS) if is_named else text)
    return "".join(parts)


def _parts(rule: str) -> Iterator[tuple[bool, str]]:
    while rule:
        before, _, rest = rule.partition("<")
        name, _, rule = rest.partition(">")
        if before:
            yield False, quote(before)
        if name:
            yield True, name


def _told(options: dict[str, Any]) -> str:
    return (
        f"{options.get('content_type', '')} {options.get('headers', '')} {options.get('data', '')}"[
            :600
        ]
    )


def _end_of(trace: str) -> str:
    own = [line for line in trace.splitlines() if "/workshop/" in line or "/tests/" not in line]
    return "\n".join(own[-14:])
