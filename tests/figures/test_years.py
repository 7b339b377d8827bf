"""Each date on a paper carries its year: it is read when nobody knows any more which it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import workshop
from tests import walks
from workshop.shop.models import Branch
from workshop.staff import service as staff
from workshop.staff.models import User

_PACKAGE = Path(workshop.__file__).parent
SignIn = Callable[[User], FlaskClient]

# A month and a day with no year before them, whatever stands between them.
_BARE = re.compile(
    r"(?<![\d.,-])(?<!\d{4}[/.])(?:0[1-9]|1[0-2])[-/](?:0[1-9]|[12]\d|3[01])(?![\d-])"
    r"|(?<!年)(?<![\d])\d{1,2}月\d{1,2}日"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}\b(?!,? \d{4})"
)


def bare_days(text: str) -> list[str]:
    """The lines of a paper with a day that does not say its year."""
    return [line.strip() for line in text.splitlines() if _BARE.search(line)]


def test_the_look_finds_a_day_without_a_year() -> None:
    bad = ("交车 11-23 10:00", "11/23", "11月23日", "Nov 23")
    good = ("2026-11-23 10:00", "2026/11/23", "2026年11月23日", "Nov 23, 2026", "RO20261123-0001")
    assert [bool(bare_days(each)) for each in (*bad, *good)] == [True] * 4 + [False] * 5


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_no_paper_tells_a_day_without_its_year(
    app: Flask, sign_in: SignIn, branch: Branch, locale: str
) -> None:
    """Every paper that the manager may print, for an order of each stage."""
    manager = staff.find_user("manager")
    assert manager is not None
    manager.locale = locale
    client, seen, wrong = sign_in(manager), set(), {}
    for path in walks.addresses(app, manager, branch):
        if ".pdf" not in path:
            continue
        answer = client.get(path)
        if answer.mimetype == "application/pdf":
            seen.add(path.rsplit("/", 1)[1])
            if found := bare_days(walks.read(answer)):
                wrong[path] = found
    assert len(seen) >= 8, seen
    assert wrong == {}


def test_no_file_of_a_paper_asks_for_the_short_form_of_a_time() -> None:
    """What the walk has no example of is held to it as well."""
    papers = [*_PACKAGE.rglob("*pdf.py"), *(_PACKAGE / "paper").rglob("*.py")]
    short = re.compile(r"\bshow_(?:datetime|moment)\b|%m-%d")
    assert len(papers) > 15
    asked = [path.name for path in papers if short.search(_without_years(path.read_text()))]
    assert asked == []


def _without_years(text: str) -> str:
    return text.replace("%Y-%m-%d", "")
