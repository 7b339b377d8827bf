"""Migrations stand by themselves, and the release knows the schema of each."""

from __future__ import annotations

import ast
from enum import Enum
from importlib.metadata import version
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.databases import Database
from tests.guards.rows import make_row
from tests.releases import kept, make
from tests.releases.child import LATER
from workshop import db, upgrading
from workshop.cli import main
from workshop.db import session
from workshop.migrations import schemas

VERSIONS = upgrading.MIGRATIONS / "versions"
ALLOWED = {"__future__", "collections.abc", "typing", "sqlalchemy", "alembic"}
ALLOWED |= {"workshop.migrations.changing"}
HELPER = {"__future__", "sqlalchemy", "collections.abc", "pathlib", "re", "sqlite3"}


def list_imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{each.name}" for each in node.names}
            found |= names if node.module == "workshop.migrations" else {str(node.module)}
    return found


@pytest.mark.parametrize(
    "path", [*VERSIONS.glob("*.py"), *LATER.glob("*.py")], ids=lambda path: path.name
)
def test_a_migration_imports_nothing_that_may_change(path: Path) -> None:
    assert list_imports(path) <= ALLOWED


def test_what_migrations_are_written_with_imports_nothing_of_the_program() -> None:
    assert list_imports(upgrading.MIGRATIONS / "changing.py") <= HELPER


def test_there_is_one_line_of_revisions() -> None:
    revisions = upgrading.list_revisions()
    assert revisions == sorted(revisions)
    assert len(revisions) == len(list(VERSIONS.glob("0*.py")))


@pytest.mark.parametrize("kind", make.KINDS)
def test_the_release_knows_the_schema_of_every_revision(kind: str) -> None:
    """Run `python -m tests.releases.make schemas` after a new migration."""
    with (
        make.empty_database(kind) as app,
        app.app_context(),
        db.db.engine.connect() as connection,
    ):
        for revision in upgrading.list_revisions():
            make.migrate_to(revision, connection)
            found = schemas.fingerprint(schemas.read(connection))
            assert found == schemas.find_wanted(revision, kind), revision
        assert schemas.read_guards(connection) == schemas.list_guards(kind)


def test_a_schema_counts_down_to_a_check_a_column_and_a_trigger(database: Database) -> None:
    statements = (
        "ALTER TABLE bay ADD COLUMN colour VARCHAR(20)",
        "CREATE UNIQUE INDEX mine ON bay (kind, code)",
        "DROP TRIGGER quotation_line_signed_insert"
        if database.kind == "sqlite"
        else "DROP TRIGGER quotation_line_signed ON quotation_line",
    )
    with db.db.engine.connect() as connection:
        before = schemas.fingerprint(schemas.read(connection))
        assert before == schemas.find_wanted(upgrading.head(), database.kind)
        for statement in statements:
            connection.execute(text(statement))
            assert schemas.fingerprint(schemas.read(connection)) != before
            connection.rollback()
        connection.execute(text("CREATE INDEX mine ON bay (kind, code)"))
        assert schemas.fingerprint(schemas.read(connection)) == before
        connection.rollback()


def list_enums() -> list[sa.Column[Enum]]:
    tables = db.Model.metadata.sorted_tables
    return [each for table in tables for each in table.columns if isinstance(each.type, sa.Enum)]


def test_every_value_of_an_enum_is_known_to_the_database_and_no_other(database: Database) -> None:
    """A member that no migration allows would be refused when somebody first needs it."""
    with db.db.engine.connect() as connection:
        if database.kind == "sqlite":
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            names = "{0}_{1}_known_insert", "{0}_{1}_known_update"
        else:
            query = (
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE contype = 'c' AND convalidated"
            )
            names = ("ck_{0}_{1}_known",)
        kept_in = {str(row[0]): str(row[1]) for row in connection.execute(text(query))}
    columns = list_enums()
    assert len(columns) > 80
    for column in columns:
        for name in names:
            guard = kept_in[name.format(column.table.name, column.name)]
            guard = guard.partition("RAISE")[0]
            assert set(guard.split("'")[1::2]) == set(column.type.enums), name  # type: ignore[attr-defined]


@pytest.mark.parametrize("table", ["repair_order", "bay", "part", "customer"])
def test_raw_sql_writes_no_value_that_nobody_knows(database: Database, table: str) -> None:
    for column in [each for each in list_enums() if each.table.name == table]:
        make_row(table)
        statement = f"UPDATE {table} SET {column.name} = 'nobody knows'"
        with pytest.raises(IntegrityError, match="_known"), session.begin_nested():
            session.execute(text(statement))


def test_the_version_is_said() -> None:
    answer = CliRunner().invoke(main, ["--version"])
    assert (answer.exit_code, answer.output) == (0, f"workshop {version('workshop')}\n")


def test_the_kept_databases_are_small() -> None:
    assert sum(each.stat().st_size for each in kept.FOLDER.glob("*.xz")) < 500_000
