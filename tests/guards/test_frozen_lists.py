"""A version of a list that was published stays as it was, by raw SQL on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from tests.databases import Database
from tests.factories import AT
from tests.guards.rows import change, put, put_apart, refused, refuses, rolled_back
from workshop.db import session

STATES: dict[str, dict[str, Any]] = {
    "draft": {},
    "current": {"state": "current", "published_at": AT},
    "past": {"state": "past", "published_at": AT, "replaced_at": AT},
}
CHANGES: dict[str, Any] = {
    "title_zh": "别的",
    "title_en": "other",
    "standard_en": "other",
    "code": "other",
    "position": 7,
    "kind": "measured",
    "needs_photo": True,
    "places": "wheels",
    "recommend": "C-TYRE",
    "bond": "law",
}


def test_the_lines_of_a_published_version_are_neither_added_nor_changed_nor_taken_away(
    database: Database, subtests: pytest.Subtests
) -> None:
    for state, values in STATES.items():
        with subtests.test(state), rolled_back():
            version = put_apart("checklist_version")
            item = put("checklist_item", version_id=version)
            if values:
                change("checklist_version", version, **values)
            if state == "draft":
                for name, value in CHANGES.items():
                    change("checklist_item", item, **{name: value})
                put("checklist_item", version_id=version)
                session.execute(text(f"DELETE FROM checklist_item WHERE id = {item}"))
                continue
            for name, value in CHANGES.items():
                with refused("frozen:checklist_item"):
                    change("checklist_item", item, **{name: value})
            with refused("frozen:checklist_item"):
                put("checklist_item", version_id=version)
            refuses(f"DELETE FROM checklist_item WHERE id = {item}", "frozen:checklist_item")


def test_no_line_moves_into_or_out_of_a_published_version(database: Database) -> None:
    draft, other = put_apart("checklist_version"), put_apart("checklist_version")
    mine, theirs = put("checklist_item", version_id=draft), put("checklist_item", version_id=other)
    change("checklist_version", other, **STATES["current"])
    with refused("frozen:checklist_item"):
        change("checklist_item", mine, version_id=other)
    with refused("frozen:checklist_item"):
        change("checklist_item", theirs, version_id=draft)


def test_a_published_version_is_only_replaced(
    database: Database, subtests: pytest.Subtests
) -> None:
    ways = {
        ("draft", "current"): True,
        ("draft", "past"): True,
        ("current", "past"): True,
        ("current", "draft"): False,
        ("past", "current"): False,
        ("past", "draft"): False,
    }
    for (before, after), is_taken in ways.items():
        with subtests.test(f"{before} to {after}"), rolled_back():
            row = put_apart("checklist_version", **STATES[before])
            values = {"state": after, "published_at": None, "replaced_at": None} | STATES[after]
            if is_taken:
                change("checklist_version", row, **values)
                continue
            with refused("frozen:checklist_version|ck_checklist_version"):
                change("checklist_version", row, **values)
    for state in ("current", "past"):
        with subtests.test(f"{state} kept"), rolled_back():
            row = put_apart("checklist_version", **STATES[state])
            with refused("frozen:checklist_version"):
                change("checklist_version", row, no=9)
            refuses(f"DELETE FROM checklist_version WHERE id = {row}", "frozen:checklist_version")
