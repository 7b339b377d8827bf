"""A browser without scripts: reads the forms of a page, fills one in and sends it.

What a page does not offer cannot be sent, so a walk with it ends where a person's would.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

from flask.testing import FlaskClient


@dataclass
class Form:
    """A form with what it holds by itself, and what may be chosen or typed in it."""

    action: str
    method: str
    held: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    offered: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    """All forms of a page, and the labels of buttons that cannot be pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self._area = ""
        self._outside: dict[str, Form] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self._outside[given.get("id", "")] = self._form
            self.forms.append(self._form)
        form = self._outside.get(given["form"]) if "form" in given else self._form
        if form is None or "disabled" in given:
            return
        name = given.get("name", "")
        if tag == "select":
            self._select = name
            form.names.add(name)
        elif tag == "option" and self._select:
            form.offered.setdefault(self._select, []).append(given.get("value", ""))
            if "selected" in given or self._select not in form.held:
                form.held[self._select] = [given.get("value", "")]
        elif tag == "textarea":
            self._area = name
            form.names.add(name)
            form.held[name] = [""]
        elif tag in ("input", "button") and name:
            self._read(form, tag, name, given)

    def _read(self, form: Form, tag: str, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "submit" if tag == "button" else "text")
        form.names.add(name)
        if kind in ("radio", "checkbox", "submit", "button"):
            form.offered.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.held.setdefault(name, []).append(given.get("value", "on"))
        elif kind != "file":
            form.held.setdefault(name, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._form is not None:
            # The line break after the tag is no part of the text.
            held = self._form.held[self._area][0]
            self._form.held[self._area] = [held.removeprefix("\r").removeprefix("\n")]
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.held[self._area] = [self._form.held[self._area][0] + data]


def said(page: str) -> str:
    """What a page says in its middle, without tags."""
    middle = page.partition("<main")[2] or page
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", middle)))


class Desk:
    """Somebody at a desk: the page that is open, and its forms."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.url = "/"
        self.text = ""

    def open(self, url: str) -> str:
        """Open a page, wherever it leads."""
        answer = self._client.get(url, follow_redirects=True)
        assert answer.status_code == 200, f"{url}: {answer.status_code} {said(answer.text)}"
        self.url, self.text = answer.request.full_path.rstrip("?"), answer.text
        return self.text

    def forms(self) -> list[Form]:
        """The forms of the page."""
        reader = _Reader()
        reader.feed(self.text)
        return reader.forms

    def find(self, action: str, has: str = "", holds: str = "") -> Form:
        """The form that leads there; it has a field `has`, and `holds` this value in some field."""
        for each in self.forms():
            path = (urldefrag(each.action)[0] or self.url).partition("?")[0]
            values = [value for found in each.held.values() for value in found]
            fits = (not has or has in each.names) and (not holds or holds in values)
            if path.endswith(action) and fits:
                return each
        known = [each.action for each in self.forms()]
        raise AssertionError(f"{self.url} has no form to {action}: {known} {said(self.text)}")

    def send(self, action: str, has: str = "", holds: str = "", **typed: str | list[str]) -> str:
        """Fill in the form and send it; what is not offered cannot be typed.

        A name is written without its form's own prefix.
        """
        form = self.find(action, has, holds)
        data = {name: values for name, values in form.held.items() if name}
        for name, value in typed.items():
            data[self._name(form, name)] = value if isinstance(value, list) else [value]
        self._press(form, data)
        return self.text

    def press_in(self, action: str, path: str, **typed: str) -> str:
        """Send what the form holds to another address, as a script of the page does."""
        form = self.find(action, next(iter(typed)))
        data = {**form.held, **{name: [value] for name, value in typed.items()}}
        answer = self._client.post(path, data=data)
        assert answer.status_code == 200, said(answer.text)
        self.text = answer.text
        return self.text

    def fill(self, action: str, values: Callable[[str], str | None], **typed: str) -> str:
        """Fill in every field for which there is a value, and the typed ones."""
        form = self.find(action)
        wanted = {name: values(name) for name in form.names}
        found = {name: value for name, value in wanted.items() if value is not None}
        data = {**form.held, **{name: [value] for name, value in found.items()}}
        for name, value in typed.items():
            data[self._name(form, name)] = [value]
        self._press(form, data)
        return self.text

    def _name(self, form: Form, name: str) -> str:
        fits = [each for each in form.names if each == name or each.endswith(f"-{name}")]
        assert fits, f"{form.action} on {self.url} asks for no {name}: {sorted(form.names)}"
        return fits[0]

    def _press(self, form: Form, data: dict[str, list[str]]) -> None:
        path = urljoin(self.url, urldefrag(form.action)[0] or self.url)
        send = self._client.post if form.method == "post" else self._client.get
        key = "data" if form.method == "post" else "query_string"
        answer = send(path, **{key: data}, headers={"Referer": f"http://localhost{self.url}"})
        assert answer.status_code in (200, 302, 303), (
            f"{path}: {answer.status_code} {said(answer.text)}"
        )
        if answer.status_code == 200:
            self.url, self.text = path, answer.text
            return
        self.open(urldefrag(answer.location)[0])
