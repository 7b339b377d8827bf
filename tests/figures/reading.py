"""What people read on a page: its tables by their column names, and its words."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from flask.testing import FlaskClient

from tests.walks import words


class Table:
    """The rows of one table; each cell by its column's name, and all in a row."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[dict[str, str]] = []
        self.cells: list[list[str]] = []


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Table] = []
        self._region = ""
        self._cell: list[str] | None = None
        self._label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if known.get("role") == "region":
            self._region = known.get("aria-label") or ""
        if tag == "table":
            self.found.append(Table(self._region))
        if tag == "tr" and self.found:
            self.found[-1].rows.append({})
            self.found[-1].cells.append([])
        if tag in ("td", "th"):
            self._cell, self._label = [], known.get("data-label") or ""

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            text = re.sub(r"\s+", " ", " ".join(self._cell)).strip()
            self.found[-1].cells[-1].append(text)
            if self._label:
                self.found[-1].rows[-1][self._label] = text
            self._cell = None


def tables(page: str) -> list[Table]:
    """All tables of a page, in their order."""
    parser = _Tables()
    parser.feed(re.sub(r"<(script|style|template|svg)\b.*?</\1>", " ", page, flags=re.DOTALL))
    return parser.found


def table(page: str, name: str) -> Table:
    """The table in the region of this name."""
    return next(each for each in tables(page) if each.name == name)


def rows(page: str, name: str) -> list[dict[str, str]]:
    """The rows of the table of this name that have labelled cells; none without the table."""
    found = [each for each in tables(page) if each.name == name]
    return [row for each in found for row in each.rows if row]


def pairs(page: str) -> dict[str, str]:
    """Every two-celled table row of a page: the words on the left, the figure on the right."""
    return {
        re.sub(r"^Discount:.*", "Discount", cells[0]): cells[1]
        for each in tables(page)
        for cells in each.cells
        if len(cells) == 2
    }


def counts(page: str) -> dict[str, int]:
    """The number behind each heading, tab and chip: {"To pay": 3}."""
    found = re.findall(
        r">\s*([^<>]+?)\s*(?:</span>|</a>|</h2>)?\s*<span class=\"(?:tab-)?count[^\"]*\">\s*(\d+)",
        page,
    )
    return {html.unescape(name).strip(): int(number) for name, number in found}


def read(client: FlaskClient, path: str) -> str:
    """The page at an address, as sent."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def fen(text: str) -> int:
    """The fen of an amount as shown: the first one in the text."""
    found = re.search(r"([-−]?)\s*¥?\s*([-−]?)(\d[\d,]*)\.(\d\d)", text)
    assert found is not None, text
    amount = int(found[3].replace(",", "")) * 100 + int(found[4])
    return -amount if found[1] or found[2] else amount


def minutes(text: str) -> int:
    """The minutes of a length of time as shown: "1:30", "45 min", "1 h 30 min"."""
    clock = re.search(r"(\d+):(\d\d)", text)
    if clock:
        return int(clock[1]) * 60 + int(clock[2])
    hours, rest = re.search(r"(\d+) h", text), re.search(r"(\d+) min", text)
    assert hours or rest, text
    return (int(hours[1]) * 60 if hours else 0) + (int(rest[1]) if rest else 0)


__all__ = ["counts", "fen", "minutes", "pairs", "read", "rows", "table", "tables", "words"]
