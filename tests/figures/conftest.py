"""A day of the demo's shop, told once for a worker and copied for each test."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Client
from tests.databases import Database
from tests.factories import AT
from tests.figures import money_acts
from workshop import clock, db
from workshop.db import session
from workshop.demo import story
from workshop.screen import service as screen
from workshop.shop.models import Branch
from workshop.staff import service as staff
from workshop.staff.models import User

# Of the cars that were here before, every so many: the others cost only time.
_EACH = 6


@pytest.fixture(scope="session")
def _told(_databases: Callable[[str], Database], tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = _databases("sqlite")
    kept = tmp_path_factory.mktemp("told") / "told.db"
    database.renew()
    clock.freeze(AT)
    with database.app.app_context():
        _tell()
        db.commit()
        session.remove()
    _copy(_file_of(database.app), kept)
    return kept


def _tell() -> None:
    history = story._history
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story, "_history", lambda *told: list(history(*told))[::_EACH])
        shop = story.tell(AT)
    admin = staff.find_user("admin")
    assert admin is not None
    screen.pair_directly(shop.branch, "客休室", by=admin, at=AT)
    money_acts.act(shop)


@pytest.fixture
def living(_databases: Callable[[str], Database], _told: Path) -> Iterator[Flask]:
    """The application on a copy of the told day, at ten o'clock of it."""
    database = _databases("sqlite")
    _copy(_told, _file_of(database.app))
    database.app.config["WTF_CSRF_ENABLED"] = False
    database.app.test_client_class = Client
    with database.app.app_context():
        yield database.app
        db.rollback()
        session.remove()
        db.db.engine.dispose()


@pytest.fixture
def database(living: Flask) -> Flask:
    """What the general fixtures ask for; here it is the told day."""
    return living


@pytest.fixture
def app(living: Flask) -> Flask:
    """The application on the told day."""
    return living


@pytest.fixture
def branch(living: Flask) -> Branch:
    """The first branch."""
    return session.get_one(Branch, 1)


@pytest.fixture
def manager(app: Flask, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    """The manager, who reads English and may see everything but the work of the hands."""
    user = staff.find_user("manager")
    assert user is not None
    user.locale = "en"
    return sign_in(user)


def _file_of(app: Flask) -> Path:
    """The file of the app's database, which nobody has open any more."""
    with app.app_context():
        db.db.engine.dispose()
        return Path(str(db.db.engine.url.database))


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        new.execute("PRAGMA synchronous=OFF")
        old.backup(new)
