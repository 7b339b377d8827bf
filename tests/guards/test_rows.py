"""Each rule about one row, and each thing that there is once, by raw SQL on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from tests.databases import Database
from tests.guards import listed, once
from tests.guards.checks import CHECKS, Check
from tests.guards.once import Once
from tests.guards.rows import ANOTHER, change, put, put_apart, read, refused, rolled_back

# Of a past visit only the car changes, when two records of it are joined.
REFUSED_ANYWAY = (*listed.APPEND_ONLY, *listed.ENDED_ONCE, "consent", "past_visit")


def test_a_row_keeps_to_the_rules_about_it(database: Database, subtests: pytest.Subtests) -> None:
    for name, check in CHECKS.items():
        with subtests.test(name), rolled_back():
            _try(name.partition(".")[0], name.replace(".", "_"), check)


def _try(table: str, rule: str, check: Check) -> None:
    words = "|".join(rf"\bck_{each}\b" for each in (rule, *check.also))
    for name, values in check.before:
        put(name, **values)
    for values in check.refused:
        with refused(words):
            put(table, **values)
    for values in check.taken:
        with rolled_back():
            put(table, **values)
    if not check.only_insert:
        _try_to_change(table, words, check)


def _try_to_change(table: str, words: str, check: Check) -> None:
    row = put(table)
    if table in REFUSED_ANYWAY:
        words += "|append-only:|frozen:|order:"
    for values in check.refused:
        with refused(words):
            change(table, row, **values)
    for values in () if table in REFUSED_ANYWAY else filter(None, check.taken):
        with rolled_back():
            change(table, row, **values)


def test_there_is_one(database: Database, subtests: pytest.Subtests) -> None:
    for each in once.ONCE:
        with subtests.test(each.constraint), rolled_back():
            _try_once(each)


def _try_once(each: Once) -> None:
    # given
    columns = each.columns.split()
    first = put_apart(each.table, **(dict.fromkeys(columns, ANOTHER) | each.live))
    keys = read(each.table, first, columns)
    live = each.live | each.apart
    words = rf"\b{each.constraint}\b|UNIQUE constraint failed: {each.on_sqlite}\n"
    if each.table in (*listed.ENDED_ONCE, "settlement", "checklist_version", "past_visit"):
        words += "|overlap:|frozen:|append-only:|settled:|ex_attendance"
    # then: no second one is written
    with refused(words):
        put_apart(each.table, **(live | keys))
    # then: none becomes the second one
    if each.table not in listed.APPEND_ONLY:
        other = put_apart(each.table, **(_without(columns, each.live) | each.apart))
        with refused(words):
            change(each.table, other, **keys)
    # then: one that counts no more is in nobody's way, until it counts again
    if each.table in listed.DECIDED_ONCE:
        words += f"|frozen:{each.table}"
    for dead in each.dead:
        second = put_apart(each.table, **(live | keys | dead))
        with refused(words):
            change(each.table, second, **(keys | read(each.table, first, dead)))


def _without(columns: list[str], live: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in live.items() if name not in columns}
