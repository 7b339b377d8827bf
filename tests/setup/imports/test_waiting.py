"""While a file is written on SQLite others wait with saving: their writes do not fail."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests.databases import Database
from tests.factories import AT, make_user
from tests.setup.imports import factories
from tests.setup.imports.factories import PEOPLE, S, check
from workshop import db
from workshop.db import session
from workshop.setup.imports import life, rules, service
from workshop.staff.permissions import RoleName
from workshop.storage import busy

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def save_elsewhere(database: Database) -> tuple[threading.Thread, list[BaseException]]:
    """Somebody else saves, with little patience of the connection itself."""
    failed: list[BaseException] = []

    def hurry(connection: Any, *_rest: Any) -> None:
        connection.execute("PRAGMA busy_timeout=50")

    def save() -> None:
        with database.app.app_context():
            sa.event.listen(db.db.engine, "checkout", hurry)
            try:
                session.execute(sa.text("UPDATE branch SET name = 'saved'"))
                db.commit()
            except OperationalError as error:
                failed.append(error)
                db.rollback()
            finally:
                sa.event.remove(db.db.engine, "checkout", hurry)

    thread = threading.Thread(target=save)
    return thread, failed


def write_for_a_while(thread: threading.Thread) -> None:
    """Hold the only place to write, half a second longer than the other one begins."""
    session.execute(sa.text("UPDATE role SET name = name"))
    thread.start()
    time.sleep(0.15)
    assert thread.is_alive() or not busy._questions
    db.commit()
    thread.join(30)


def test_who_saves_while_a_file_is_written_waits_and_saves(database: Database) -> None:
    batch = check("customers", PEOPLE)
    service.begin(batch, S.APPLYING, by=factories.boss(), at=AT)
    assert life.take_turn(batch.id)
    db.commit()
    thread, failed = save_elsewhere(database)
    write_for_a_while(thread)
    assert not failed
    assert session.scalar(sa.text("SELECT name FROM branch")) == "saved"


def test_who_waits_for_anything_else_is_told_at_once(database: Database) -> None:
    make_user(RoleName.SERVICE_MANAGER)
    db.commit()
    thread, failed = save_elsewhere(database)
    session.execute(sa.text("UPDATE role SET name = name"))
    thread.start()
    thread.join(10)
    assert "locked" in str(failed[0])
    db.rollback()


def test_a_large_file_says_how_long_others_wait(database: Database) -> None:
    assert rules.seconds_of_writing(5_000) == 0
    assert rules.seconds_of_writing(100_000) == 25
