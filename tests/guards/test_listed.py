"""What is listed by hand stands in the database, and nothing else: no guard without a test."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import text

from tests.databases import Database
from tests.guards import listed, once
from tests.guards.checks import CHECKS, ONLY_ON_POSTGRESQL
from tests.guards.rows import put_apart, refuses, rolled_back
from workshop import db
from workshop.db import session

ON_POSTGRESQL = """
    SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
    UNION SELECT conname FROM pg_constraint WHERE contype = 'x'"""
_ABOUT_AN_ENUM = re.compile(r"_known_(insert|update)$")
ON_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'trigger'"


def test_the_triggers_are_those_of_the_list(database: Database) -> None:
    is_sqlite = database.kind == "sqlite"
    listed_ = {name for each in listed.GUARDS.values() for name in each[0 if is_sqlite else 1]}
    there = set(session.scalars(text(ON_SQLITE if is_sqlite else ON_POSTGRESQL)))
    # Which values an enum has is guarded column by column, and tried as such below.
    listed_ |= listed.MARKS[0 if is_sqlite else 1]
    assert {name for name in there if not _ABOUT_AN_ENUM.search(name)} == listed_


def test_the_checks_are_those_of_the_list(database: Database) -> None:
    there = {name for table in _tables() for name in _checks_of(table)}
    wanted = {f"ck_{name.replace('.', '_')}" for name in CHECKS}
    if database.kind == "postgresql":
        wanted |= set(ONLY_ON_POSTGRESQL)
    assert there == wanted


def test_what_there_is_once_is_what_the_list_says(database: Database) -> None:
    there = {name for table in _tables() for name in _unique_of(table)}
    assert there == {each.constraint for each in once.ONCE} | set(once.ONCE_IN_A_TEAM)


def test_an_index_over_some_rows_is_no_index_over_all(database: Database) -> None:
    for each in once.PARTIAL:
        (found,) = (one for one in _look().get_indexes(each.table) if one["name"] == each.name)
        assert found["unique"]
        assert found["column_names"] == each.columns.split()
        assert found.get("dialect_options", {})[f"{database.kind}_where"] is not None, each.name


def test_a_row_that_is_written_once_is_neither_changed_nor_deleted(
    database: Database, subtests: pytest.Subtests
) -> None:
    for table in listed.APPEND_ONLY:
        with subtests.test(table), rolled_back():
            row, words = put_apart(table), f"append-only:{table}"
            refuses(f"UPDATE {table} SET id = id WHERE id = {row}", words)
            refuses(f"DELETE FROM {table} WHERE id = {row}", words)
            refuses(f"DELETE FROM {table}", words)


def test_no_column_of_an_enum_takes_a_value_that_it_does_not_know(
    database: Database, subtests: pytest.Subtests
) -> None:
    enums = [
        column
        for table in db.Model.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.Enum) and "id" in table.columns
    ]
    assert len(enums) > 80
    for column in enums:
        name = column.table.name
        with subtests.test(f"{name}.{column.name}"), rolled_back():
            row = put_apart(name)
            refuses(
                f"UPDATE \"{name}\" SET {column.name} = 'unheard_of' WHERE id = {row}",
                "known|append-only:|frozen:|ck_",
            )


# ---- Looking ----


def _look() -> sa.Inspector:
    return sa.inspect(db.db.engine)


def _tables() -> list[str]:
    return [name for name in _look().get_table_names() if name != "alembic_version"]


def _checks_of(table: str) -> Iterator[str]:
    """The checks of a table, without those that say which values an enum has."""
    for each in _look().get_check_constraints(table):
        if not str(each["name"]).endswith("_known"):
            yield str(each["name"])


def _unique_of(table: str) -> Iterator[str]:
    looked = _look()
    for constraint in looked.get_unique_constraints(table):
        yield str(constraint["name"])
    for index in looked.get_indexes(table):
        if index["unique"] and "duplicates_constraint" not in index:
            yield str(index["name"])
