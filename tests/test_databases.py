"""A test finds the database as it was just migrated, whatever the test before has done to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from tests import databases, postgresql
from tests.crash import acts
from tests.databases import Database
from tests.factories import make_customer, make_order
from workshop import db
from workshop.migrations import schemas

# What the catalogs of PostgreSQL say of everything but rows.
SCHEMA = """
SELECT 'column', concat_ws(' ', attrelid::regclass, attnum, attname, format_type(atttypid,
       atttypmod), attnotnull, atthasdef, attidentity, attisdropped)
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i', 'S') AND attnum > 0
UNION ALL
SELECT 'constraint', concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid),
       convalidated)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'trigger', concat_ws(' ', tgrelid::regclass, tgenabled, tgtype,
       CASE WHEN tgisinternal THEN tgfoid::regproc::text ELSE pg_get_triggerdef(oid) END)
  FROM pg_trigger
UNION ALL
SELECT 'function', pg_get_functiondef(oid) FROM pg_proc
 WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
UNION ALL
SELECT 'sequence', concat_ws(' ', sequencename, start_value, increment_by, last_value IS NULL,
       coalesce(last_value, start_value))
  FROM pg_sequences
ORDER BY 1, 2
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def describe_postgresql(name: str) -> list[Any]:
    """All that a database holds, the rows in the order in which they lie."""
    url = databases.postgres_url(name).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        found: list[Any] = connection.execute(SCHEMA).fetchall()
        for (table,) in connection.execute(TABLES).fetchall():
            rows = connection.execute(f'SELECT ctid::text, "{table}"::text FROM "{table}"')
            found.append((table, rows.fetchall()))
    return found


def describe(database: Database, is_template: bool = False) -> list[Any]:
    """All that the test's database, or the template, holds."""
    copy = database.copy
    if isinstance(copy, postgresql.Copy):
        return describe_postgresql(copy.template if is_template else copy.name)
    assert isinstance(copy, databases.File)
    with closing(sqlite3.connect(copy.template if is_template else copy.target)) as connection:
        return list(connection.iterdump())


def run(*statements: str) -> None:
    for each in statements:
        db.session.execute(text(each))
    db.commit()


def fill(database: Database) -> None:
    """Rows in most tables, some changed, some deleted again."""
    acts.prepare()
    db.commit()
    assert describe(database) != describe(database, is_template=True)


def drop_guard(database: Database) -> None:
    make_order()
    table = "" if database.kind == "sqlite" else " ON audit_entry"
    run(f"DROP TRIGGER {min(find_guards(database.kind))}{table}")


def find_guards(kind: str) -> list[str]:
    """The triggers that keep audit entries as they were written."""
    return [name for name in schemas.list_guards(kind) if name.startswith("audit_entry")]


def add_column(database: Database) -> None:
    run("ALTER TABLE part ADD COLUMN colour VARCHAR(9)")


def take_change_back(database: Database) -> None:
    run("ALTER TABLE part RENAME TO piece", "ALTER TABLE piece RENAME TO part")


def delete_roles(database: Database) -> None:
    run("DELETE FROM role")


def count_up(database: Database) -> None:
    """A number is taken and its row rolled back: only the counter has moved."""
    make_order()
    db.rollback()


def write_and_delete(database: Database) -> None:
    """No row is left, only the place of one."""
    customer = make_customer()
    db.commit()
    db.session.delete(customer)
    db.commit()


LEAVE = [fill, drop_guard, add_column, take_change_back, delete_roles, count_up, write_and_delete]


@pytest.mark.parametrize("leave", LEAVE)
def test_a_renewed_database_equals_a_fresh_one(
    database: Database, leave: Callable[[Database], None]
) -> None:
    fresh = describe(database, is_template=True)
    leave(database)
    db.session.remove()
    database.renew()
    assert describe(database) == fresh


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_database_of_which_only_rows_were_written_is_not_made_again(database: Database) -> None:
    number = text("SELECT oid FROM pg_database WHERE datname = current_database()")
    before = db.session.execute(number).scalar()
    make_order()
    db.commit()
    db.session.remove()
    database.renew()
    assert db.session.execute(number).scalar() == before


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_who_is_still_connected_is_cut_off_with_all_that_he_holds(database: Database) -> None:
    url = database.app.extensions["workshop_settings"].database_url.replace("+psycopg", "")
    with psycopg.connect(url) as left:
        left.execute("SELECT pg_advisory_lock(7)")
        left.execute("LOCK TABLE branch")
        database.renew()
        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")
    assert db.session.execute(text("SELECT pg_try_advisory_lock(7)")).scalar()
