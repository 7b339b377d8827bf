"""Two upgrades at the same moment: one does it, the other waits and finds it done."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from tests.releases import kept
from tests.releases.child import LATER
from tests.test_upgrade import KINDS, opened
from workshop import upgrading
from workshop.db import session
from workshop.staff.models import Role
from workshop.staff.permissions import PRESETS


@contextmanager
def nobody_upgrades(url: str) -> Iterator[None]:
    """Whoever begins to upgrade inside has to wait until the end of it."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as held:
            held.execute("PRAGMA journal_mode=WAL")
            held.execute("BEGIN IMMEDIATE")
            yield
            held.execute("ROLLBACK")
    else:
        with psycopg.connect(url.replace("+psycopg", "")) as held_there:
            held_there.execute(f"SELECT pg_advisory_xact_lock({upgrading._LOCK_KEY})")
            yield


def begin(url: str, folder: Path) -> subprocess.Popen[str]:
    """An upgrade in a process of its own, which takes its time before it commits the roles."""
    command = [sys.executable, "-m", "tests.releases.child", url, str(folder), "slowly"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_until_held(url: str, count: int) -> None:
    """Until the server holds so many back; SQLite lets nobody see who waits for its one writer."""
    if url.startswith("sqlite"):
        return
    waiting = (
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
        "WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
    )
    until = time.monotonic() + 30
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as looking:
        while looking.execute(waiting).fetchone() != (count,):
            assert time.monotonic() < until, "the two never asked for the lock"
            time.sleep(0.02)


def upgrade_twice(url: str, folder: Path) -> set[str]:
    """Let two begin together; the revisions that they found."""
    with nobody_upgrades(url):
        both = [begin(url, folder), begin(url, folder)]
        for each in both:
            assert each.stdout is not None
            assert each.stdout.readline() == "begins\n"
            assert each.stdout.readline() == "waits\n"
        wait_until_held(url, len(both))
        assert [each.poll() for each in both] == [None, None]
    found = set()
    for each in both:
        told, errors = each.communicate(timeout=60)
        assert each.returncode == 0, errors
        found.add(told.strip())
    return found


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program as the two processes have it."""
    monkeypatch.setattr(upgrading, "VERSIONS", [*upgrading.VERSIONS, LATER])


@pytest.mark.parametrize("kind", KINDS)
def test_of_two_upgrades_one_finds_it_done(kind: str, tmp_path: Path, later: None) -> None:
    with kept.bring_back("0.1.0", kind, tmp_path) as url:
        assert upgrade_twice(url, tmp_path) == {"0002", "later"}
        with opened(url, tmp_path):
            upgrading.require_current()
        # Only the one that did it has kept a copy.
        copies = list(tmp_path.glob("workshop-at-*.db"))
        assert len(copies) == (1 if kind == "sqlite" else 0)
        assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("kind", KINDS)
def test_of_two_that_begin_a_new_database_one_finds_it_made(
    kind: str, tmp_path: Path, later: None
) -> None:
    with kept.place_for(kind, tmp_path) as url:
        assert upgrade_twice(url, tmp_path) == {"new", "later"}
        with opened(url, tmp_path):
            upgrading.require_current()
            assert set(session.scalars(select(Role.name))) == {each.value for each in PRESETS}
