"""The forms of a page, as a browser would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Sent:
    """Where a form goes, and what it carries as it stands on the page."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)


def forms_of(page: str, address: str) -> list[Sent]:
    """The forms of the page at this address."""
    reader = _Reader(address)
    reader.feed(page)
    return [each for each in reader.found if each.action.startswith("/")]


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[Sent] = []
        self.by_id: dict[str, Sent] = {}
        self.form: Sent | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Sent(
                given.get("action") or self.address, given.get("method", "get").upper()
            )
            self.found.append(self.form)
            self.by_id[given.get("id", "")] = self.form
        elif tag in ("input", "textarea", "button", "select") and given.get("name"):
            self._keep(tag, given)
        elif tag == "option" and self.select and self.form is not None:
            is_first = self.select not in self.form.fields
            if given.get("value") and ("selected" in given or is_first):
                self.form.fields[self.select] = [given["value"]]

    def _keep(self, tag: str, given: dict[str, str]) -> None:
        form = self.by_id.get(given["form"]) if "form" in given else self.form
        self.select = given["name"] if tag == "select" else None
        if form is None:
            return
        kind = given.get("type", "text")
        is_spare = kind in ("radio", "checkbox") and "checked" not in given
        if is_spare and given["name"] in form.fields:
            return
        form.fields[given["name"]] = [given.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
