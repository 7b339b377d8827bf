"""The next list that somebody makes can be taken along, or says why it cannot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from workshop.app import FACES
from workshop.listing import ListSheet

SHEETS: dict[str, ListSheet] = {sheet.name: sheet for face in FACES for sheet in face.lists}
_IS_LIST = re.compile(r"list_table\(|<table\b")
_TAKES = re.compile(r'take_along\((?:"([\w-]+)"|\{([^}]+)\}|sheet)')

TEMPLATES = Path(__file__).parents[3] / "templates"
OF_ONE_RECORD = "it belongs to one record, whose page or paper says it"
# Templates with a table that nobody takes along as a file, and why.
EXCEPTIONS: dict[str, str] = {
    "booking/appointment.html": OF_ONE_RECORD,
    "booking/new.html": "the free hours of a day, to choose one",
    "catalogue/_macros.html": "the history of one price",
    "catalogue/list.html": "the versions of one list",
    "catalogue/operation.html": OF_ONE_RECORD,
    "customers/join.html": "two records beside each other, to decide",
    "desk/order.html": OF_ONE_RECORD,
    "desk/style.html": "examples for who builds pages",
    "followup/show.html": OF_ONE_RECORD,
    "macros/ui.html": "the macros themselves",
    "parts/give_way.html": "who could give way for one part, to choose one",
    "parts/purchase.html": "one order, which has a paper",
    "parts/show.html": OF_ONE_RECORD,
    "parts/supplier.html": OF_ONE_RECORD,
    "quotation/_macros.html": OF_ONE_RECORD,
    "repair/_desk_macros.html": OF_ONE_RECORD,
    "repair/change.html": "two versions beside each other, to decide",
    "scheduling/_hours.html": "the hours of the shop by skill; the plan of the day is the list",
    "scheduling/_replan.html": "a proposal, to accept or not",
    "scheduling/close.html": "what is open at the end of a day, to decide on each",
    "settlement/_macros.html": "pieces of pages that have their own",
    "settlement/show.html": "one bill, which has a paper",
    "setup/backups.html": "the kept copies of the whole shop, each a file by itself",
    "setup/imports/_checked.html": "the rows of a file that somebody has already",
    "setup/imports/_result.html": "the rows of a file; the refused ones come back as one",
    "setup/imports/index.html": "the files that came, each with a page of its own",
    "setup/people.html": "a form of the first day; the staff page has the list",
    "setup/starter.html": "what the starter set laid; the catalogue's lists have it",
    "touched/before.html": "what an act would touch, to decide",
}
# Pages of the menu without a list, and why.
NO_LIST: dict[str, str] = {
    "book.requests": "requests that wait for an answer, each gone when it has one",
    "repair.phone": "the technician's phone: a file makes no sense there",
    "setup.backups": "the kept copies of the whole shop, each a file by itself",
    "setup.list_imports": "the files that came, each with a page of its own",
    "setup.index": "a checklist of the first days",
    "shop.index": "settings",
    "scheduling.show_close": "what is open at the end of a day, to decide on each",
}


def list_files() -> list[str]:
    return sorted(str(each.relative_to(TEMPLATES)) for each in TEMPLATES.rglob("*.html"))


def names_in(text: str) -> set[str]:
    """The lists that a template offers."""
    return {name for name in SHEETS if re.search(rf'["\']{re.escape(name)}["\']', text)}


def test_every_table_can_be_taken_along_or_says_why_not() -> None:
    forgotten, needless = [], []
    for name in list_files():
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        has_list, offers = bool(_IS_LIST.search(text)), bool(_TAKES.search(text))
        if has_list and not offers and name not in EXCEPTIONS:
            forgotten.append(name)
        if name in EXCEPTIONS and (offers or not has_list) and name != "macros/ui.html":
            needless.append(name)
    assert not forgotten, f"give these a ListSheet and take_along(), or a reason: {forgotten}"
    assert not needless, f"these need no exception any more: {needless}"


def test_every_list_is_offered_on_a_page() -> None:
    offered: set[str] = set()
    for name in list_files():
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        if _TAKES.search(text):
            offered |= names_in(text)
    assert set(SHEETS) == offered


def test_every_page_of_the_menu_has_a_list_or_says_why_not(app: Flask) -> None:
    entries = {entry.endpoint for face in FACES for entry in face.menu}
    known = {sheet.endpoint for sheet in SHEETS.values()}
    assert entries - known - set(NO_LIST) == set()
    assert set(NO_LIST) <= entries - known
    assert known <= set(app.view_functions)


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_a_list_has_a_name_for_addresses_and_a_label_on_each_column(name: str) -> None:
    sheet = SHEETS[name]
    assert re.fullmatch(r"[a-z][a-z-]+", sheet.name)
    assert sheet.label
    assert sheet.columns
    assert all(column.label for column in sheet.columns)
