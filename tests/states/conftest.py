"""A filled shop, told once for a worker and copied for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.databases import Database, File
from tests.e2e import story
from tests.factories import AT
from workshop import clock, db


@pytest.fixture(scope="session")
def _shop(_databases: Callable[[str], Database], tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = _databases("sqlite")
    database.renew()
    clock.freeze(AT)
    with database.app.app_context():
        story.tell(AT, "x")
        db.commit()
        db.session.remove()
        db.db.engine.dispose()
    kept = tmp_path_factory.mktemp("states") / "told.db"
    File(_file_of(database), kept).renew()
    return kept


@pytest.fixture
def database(_databases: Callable[[str], Database], _shop: Path) -> Iterator[Database]:
    """What the general fixtures ask for: here the shop with one car in each stage."""
    database = _databases("sqlite")
    database._let_go()
    File(_shop, _file_of(database)).renew()
    with database.app.app_context():
        yield database
        db.rollback()
        db.session.remove()
        db.db.engine.dispose()


def _file_of(database: Database) -> Path:
    assert isinstance(database.copy, File)
    return database.copy.target
