"""A whole shop from one engine to the other: all of it, guarded as before, and it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from tests.backup import shops
from tests.factories import AT
from tests.releases import kept
from workshop import db, moving, upgrading
from workshop.app import create_app
from workshop.backup import swapping, tables, whole
from workshop.backup.swapping import CannotRestore
from workshop.config import Settings

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


@contextmanager
def moved(kind: str, folder: Path) -> Iterator[tuple[Settings, Settings]]:
    """A shop on one engine, and the same one after it was moved to the other."""
    (folder / "new").mkdir()
    with (
        shops.filled(kind, folder / "data") as old,
        kept.place_for(OTHER[kind], folder / "new") as address,
    ):
        moving.move(old, address, at=AT)
        yield old, replace(old, database_url=address)


def rows_of(settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """Every row, as the models read it."""
    with whole.reading(settings) as connection:
        return {
            name: [
                dict(row)
                for row in connection.execute(
                    sa.select(*table.c).order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for name, table in db.Model.metadata.tables.items()
        }


@pytest.mark.parametrize("kind", shops.KINDS)
def test_every_row_is_the_same_there(kind: str, tmp_path: Path) -> None:
    with moved(kind, tmp_path) as (old, new):
        assert shops.count(new) == shops.count(old)
        assert shops.count(new).files == shops.PICTURES
        before, after = rows_of(old), rows_of(new)
        assert sum(map(len, before.values())) > 4000
        for name, rows in before.items():
            assert after[name] == rows, name
        # and it is a database of this release, with all its guards
        with create_app(new).app_context():
            upgrading.require_current()
            db.db.engine.dispose()


def test_the_guards_stand_and_the_counters_go_on(tmp_path: Path) -> None:
    with moved("sqlite", tmp_path) as (_, new):
        address = new.database_url.replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            with pytest.raises(psycopg.Error, match="audit"):
                connection.execute("DELETE FROM audit_entry")
            connection.rollback()
            with pytest.raises(psycopg.errors.ForeignKeyViolation):
                connection.execute("UPDATE attachment SET order_id = 999999")
            connection.rollback()
            most = connection.execute("SELECT max(id) FROM customer").fetchone()
            query = "SELECT nextval(pg_get_serial_sequence('customer', 'id'))"
            assert most is not None
            assert connection.execute(query).fetchone() == (most[0] + 1,)


def test_null_in_json_and_no_value_stay_apart(tmp_path: Path) -> None:
    """What `None` would make of both."""
    table = sa.Table(
        "kept",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("said", sa.JSON),
    )
    plain = tables._plain(table)
    with kept.place_for("postgresql", tmp_path) as address:
        for url in (f"sqlite:///{tmp_path / 'a.db'}", address):
            engine = sa.create_engine(url)
            with engine.begin() as connection:
                table.create(connection)
                rows = [
                    {"id": 1, "said": None},
                    {"id": 2, "said": "null"},
                    {"id": 3, "said": '{"b":  [1.50, "李"]}'},
                ]
                tables.write(connection, plain, iter(rows))
                assert list(tables.read(connection, plain)) == rows
            engine.dispose()


def test_a_target_with_a_shop_is_refused(tmp_path: Path) -> None:
    with moved("sqlite", tmp_path) as (old, new):
        shops.run(new, "UPDATE branch SET name = '别人的店'")
        with pytest.raises(CannotRestore, match="holds a shop already"):
            moving.move(old, new.database_url, at=AT)
        assert rows_of(new)["branch"][0]["name"] == "别人的店"


def test_a_move_that_fails_leaves_nothing_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, count = tables.write, [0]

    def failing(*arguments: Any) -> None:
        count[0] += 1
        if count[0] > 20:
            raise OSError(28, "No space left on device")
        write(*arguments)

    monkeypatch.setattr(tables, "write", failing)
    target = tmp_path / "new.db"
    with shops.filled("postgresql", tmp_path / "data") as old:
        with pytest.raises(OSError, match="No space"):
            moving.move(old, f"sqlite:///{target}", at=AT)
        assert not target.exists()
        assert shops.count(old).files == shops.PICTURES


def test_a_shop_that_is_served_is_not_moved(tmp_path: Path) -> None:
    with (
        shops.filled("sqlite", tmp_path / "data") as old,
        closing(swapping.serving(old)),
        pytest.raises(CannotRestore, match="is running on these data"),
    ):
        moving.move(old, f"sqlite:///{tmp_path / 'new.db'}", at=AT)
