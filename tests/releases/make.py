"""Makes what is kept of a release. Run from the top of the repository:

    python -m tests.releases.make schemas    workshop/migrations/schemas.toml, from the migrations
    python -m tests.releases.make release    a filled database of each engine, of this version

Several at once run in the order in which they are named. The first is run after each new
migration, the second at each release. Both need the test server of PostgreSQL, the second pg_dump
as well.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from flask import Flask

from tests import databases
from tests.factories import AT
from tests.releases import kept
from workshop import clock, db, upgrading
from workshop.app import create_app
from workshop.demo import story
from workshop.demo.timeline import Plan
from workshop.migrations import schemas

# Visits in the past year.
_HISTORY = 8
KINDS = ("sqlite", "postgresql")


def write_schemas() -> None:
    """Write the hash of every revision on each engine, and the names of the newest's guards."""
    hashes: dict[str, dict[str, str]] = {}
    guards: dict[str, list[str]] = {}
    # Else an upgrade would compare with what is about to be written.
    schemas.FILE.write_text("", encoding="utf-8")
    for kind in KINDS:
        with empty_database(kind) as app, app.app_context(), db.db.engine.connect() as connection:
            for revision in upgrading.list_revisions():
                migrate_to(revision, connection)
                found = schemas.fingerprint(schemas.read(connection))
                hashes.setdefault(revision, {})[kind] = found
            guards[kind] = schemas.read_guards(connection)
    schemas.FILE.write_text(_as_toml(hashes, guards), encoding="utf-8")


def migrate_to(revision: str, connection: sa.Connection) -> None:
    """Bring an empty database, or one that an earlier call left, to a revision."""
    script = upgrading._script()
    if connection.dialect.name == "sqlite":
        # As in an upgrade, where a table may be rebuilt; it can only be said between transactions.
        connection.commit()
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF")
    with EnvironmentContext(
        Config(), script, fn=lambda begun, _: script._upgrade_revs(revision, begun)
    ) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        with environment.begin_transaction():
            environment.run_migrations()


def _as_toml(hashes: dict[str, dict[str, str]], guards: dict[str, list[str]]) -> str:
    lines = ["# Written by `python -m tests.releases.make schemas`; see schemas.py."]
    for revision, by_engine in hashes.items():
        lines += ["", f'[hash."{revision}"]', *(f'{k} = "{v}"' for k, v in by_engine.items())]
    lines += ["", "# What guards the data at the newest revision.", "[guards]"]
    for kind, names in guards.items():
        lines += [f"{kind} = [", *(f'  "{name}",' for name in names), "]"]
    return "\n".join(lines) + "\n"


def write_release() -> None:
    """Keep a database of each engine that the demo filled, under this version's number."""
    clock.freeze(AT)
    for kind in KINDS:
        with empty_database(kind) as app, app.app_context():
            upgrading.upgrade(at=AT)
            _tell_a_little()
            db.commit()
            db.session.remove()
            db.db.engine.dispose()
            kept.keep(app.config["SQLALCHEMY_DATABASE_URI"], upgrading.version())


def _tell_a_little() -> None:
    """The demo's living day, with a short history, so that the file stays small."""
    whole = story._history

    def short(*arguments: Any) -> Iterator[Plan]:
        return itertools.islice(whole(*arguments), _HISTORY)

    with mock.patch.object(story, "_history", short):
        story.tell(AT)


@contextmanager
def empty_database(kind: str) -> Iterator[Flask]:
    """The app on a new, empty database, which is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, kept.place_for(kind, Path(folder)) as url:
        app = create_app(databases.settings_for(Path(folder), url))
        yield app
        with app.app_context():
            db.session.remove()
            db.db.engine.dispose()


ACTS = {"schemas": write_schemas, "release": write_release}

if __name__ == "__main__":
    if not sys.argv[1:] or set(sys.argv[1:]) - set(ACTS):
        sys.exit(__doc__)
    for each in sys.argv[1:]:
        ACTS[each]()
