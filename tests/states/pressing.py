"""A page's forms as people find them: what is shown, what can be pressed, and pressing it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import walks


@dataclass
class Shown:
    """A form that stands on a page; `can_be_sent` when one of its buttons is not disabled."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    can_be_sent: bool = False


def forms_on(page: str, address: str) -> list[Shown]:
    """The forms of the page at this address."""
    reader = _Reader(address.partition("?")[0])
    reader.feed(page)
    reader.give_buttons()
    return reader.found


def find(page: str, address: str, action: str) -> Shown | None:
    """The first form that goes to `action` (a pattern of its end) and can be sent."""
    wanted = re.compile(rf"(?:{action})$")
    for form in forms_on(page, address):
        if form.can_be_sent and wanted.search(re.split("[?#]", form.action)[0]):
            return form
    return None


def press(client: FlaskClient, form: Shown, typed: dict[str, str]) -> TestResponse:
    """Send the form as it stands, with what is typed into it."""
    fields = {**form.fields, **{name: [value] for name, value in typed.items()}}
    if form.method == "GET":
        return client.get(form.action, query_string=fields)
    return client.post(form.action, data=fields)


def refusal(page: str) -> str:
    """Why nothing happened, for who reads the failure."""
    said = re.findall(
        r'class="[^"]*(?:notice-bad.*?</ul>|field-error.*?</p>)', page, flags=re.DOTALL
    )
    return " ".join(walks.words(f"<p {each}") for each in said)


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[Shown] = []
        self.by_id: dict[str, Shown] = {}
        self.form: Shown | None = None
        self.select: tuple[Shown, str] | None = None
        self.text: tuple[Shown, str] | None = None
        # Buttons may stand before the form that they name.
        self.buttons: list[str] = []

    def give_buttons(self) -> None:
        for name in self.buttons:
            if name in self.by_id:
                self.by_id[name].can_be_sent = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = given.get("action") or self.address
            self.form = Shown(action, given.get("method", "get").upper())
            self.found.append(self.form)
            self.by_id[given.get("id", "")] = self.form
        elif tag == "option" and self.select is not None:
            form, name = self.select
            is_first = name not in form.fields
            if given.get("value") and ("selected" in given or is_first):
                form.fields[name] = [given["value"]]
        elif "disabled" not in given and tag in ("input", "button", "select", "textarea"):
            self._keep(tag, given)

    def _keep(self, tag: str, given: dict[str, str]) -> None:
        is_button = tag == "button" or given.get("type") == "submit"
        if is_button and given.get("type", "submit") == "submit":
            if "formaction" in given and self.form is not None:
                own = Shown(given["formaction"], "POST", self.form.fields, can_be_sent=True)
                self.found.append(own)
            elif "form" in given:
                self.buttons.append(given["form"])
            elif self.form is not None:
                self.form.can_be_sent = True
            return
        form = self.by_id.get(given["form"]) if "form" in given else self.form
        name = given.get("name", "")
        if form is None or not name:
            return
        if tag == "select":
            self.select = form, name
            return
        is_spare = given.get("type") in ("radio", "checkbox") and "checked" not in given
        if is_spare and (given["type"] == "checkbox" or name in form.fields):
            return
        form.fields[name] = [given.get("value", "")]
        self.text = (form, name) if tag == "textarea" else None

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            form, name = self.text
            form.fields[name] = [data.strip()]
            self.text = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.text = None
