"""A whole shop into another, empty database: of the other engine, or out of a ZIP of CSV files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale
from sqlalchemy import Connection

from workshop import db, upgrading
from workshop.app import create_app
from workshop.backup import figures, making, sqlite, swapping, tables, whole
from workshop.backup.figures import Figures
from workshop.backup.swapping import CannotRestore
from workshop.config import Settings, with_driver
from workshop.setup.leaving import packing_page
from workshop.staff.service import LOCALES


def move(settings: Settings, address: str, *, at: datetime) -> Figures:
    """Copy the shop into the empty database at the address, in one transaction there.

    The shop stays where it is as well, until the setting names the other database. Raises
    CannotRestore while Workshop runs, and if the target holds anything.
    """
    there = replace(settings, database_url=with_driver(address))
    with swapping.alone(settings):
        with create_app(settings).app_context():
            upgrading.require_current()
            db.db.engine.dispose()
        with filling(there, at=at) as target, whole.reading(settings) as source:
            tables.copy(source, target, db.Model.metadata)
            return figures.read(source)


@contextmanager
def filling(there: Settings, *, at: datetime) -> Iterator[Connection]:
    """A transaction in a new database of this release; it holds all or nothing in the end.

    Raises CannotRestore if somebody's rows are there already.
    """
    file = making.database_file(there)
    is_new = file is not None and not file.exists()
    with create_app(there).app_context():
        _make_tables(at)
        with db.db.engine.connect() as connection:
            connection.detach()
            if db.is_sqlite():
                driver: Any = connection.connection.dbapi_connection
                driver.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    _require_empty(connection)
                    yield connection
            except BaseException:
                connection.close()
                db.db.engine.dispose()
                if is_new and file is not None:
                    # A database without a shop would be found there the next time.
                    for each in (file, *sqlite.companions(file)):
                        each.unlink(missing_ok=True)
                raise
        db.db.engine.dispose()


def _make_tables(at: datetime) -> None:
    with db.db.engine.connect() as connection:
        found = upgrading.find_revision(connection)
    if found not in (None, upgrading.head()):
        raise CannotRestore(
            f"the target is at {found}, and it has to be empty. Nothing was changed"
        )
    upgrading.upgrade(at=at)


def _require_empty(connection: Connection) -> None:
    """Nothing but what a new database begins with: no branch, and so nothing that hangs on one."""
    if connection.execute(sa.text("SELECT count(*) FROM branch")).scalar_one():
        raise CannotRestore("the target holds a shop already; give an empty database")


def export_whole(settings: Settings, path: Path, locale: str = LOCALES[0]) -> Figures:
    """Write the whole shop into one ZIP, while it is running; its papers in a language."""
    app = create_app(settings)
    with app.test_request_context(), force_locale(locale):
        upgrading.require_current()
        counted = packing_page.pack(settings, path, locale)
        db.db.engine.dispose()
    return counted


def import_whole(settings: Settings, path: Path, *, at: datetime) -> Figures:
    """Bring the whole shop in a ZIP into an empty database, in one transaction.

    Raises CannotRestore for one of another release, while Workshop runs, and where a shop is.
    """
    said = whole.read_manifest(path)
    if said["revision"] != upgrading.head():
        raise CannotRestore(
            f"the file is of Workshop {said['version']} ({said['revision']}) and this is Workshop "
            f"{upgrading.version()} ({upgrading.head()}): take it over with the same release. "
            "Nothing was changed"
        )
    with swapping.alone(settings), filling(settings, at=at) as target:
        return whole.bring(path, target, db.Model)
