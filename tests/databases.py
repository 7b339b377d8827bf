"""A freshly migrated database for each test, on SQLite and on PostgreSQL.

The migrations run once a worker, into a template that each test gets a copy of.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from flask import Flask
from flask_migrate import upgrade

from tests import postgresql, servers
from tests.templates import COMPILED
from workshop import db
from workshop.app import create_app
from workshop.config import Settings
from workshop.staff import service as staff


class Copy(Protocol):
    """A copy of the migrated template."""

    def renew(self) -> None:
        """Make it equal to the template."""

    def drop(self) -> None:
        """Take it away."""


@dataclass(frozen=True)
class Database:
    """One kind of database of one worker: the app bound to it, and the way to renew it."""

    app: Flask
    kind: str
    copy: Copy

    def renew(self) -> None:
        """Replace the test database by a copy of the migrated template."""
        self._let_go()
        self.copy.renew()

    def drop(self) -> None:
        """Leave nothing behind on a shared server."""
        self._let_go()
        self.copy.drop()

    def _let_go(self) -> None:
        with self.app.app_context():
            db.db.engine.dispose()


def make(kind: str, worker: str, folder: Path) -> Database:
    """Migrate a template and make the app whose database is renewed from it."""
    if kind == "sqlite":
        template, target = folder / "template.db", folder / "test.db"
        migrate(settings_for(folder, f"sqlite:///{template}"))
        app = make_app(folder, f"sqlite:///{target}")
        return Database(app, kind, File(template, target))
    # The process number keeps two runs on one machine apart.
    own = f"{worker}_{os.getpid()}"
    copy = postgresql.Copy(f"workshop_template_{own}", f"workshop_test_{own}")
    postgresql.make_empty(copy.template)
    migrate(settings_for(folder, postgres_url(copy.template)))
    return Database(make_app(folder, postgres_url(copy.name)), kind, copy)


def make_app(folder: Path, url: str) -> Flask:
    """The app of tests on a database."""
    app = create_app(settings_for(folder, url))
    app.jinja_env.bytecode_cache = COMPILED
    return app


@dataclass(frozen=True)
class File:
    """A copy of the template, as SQLite keeps it."""

    template: Path
    target: Path

    def renew(self) -> None:
        """Copy over the old one under its own locks: a server may still have it open."""
        with (
            closing(sqlite3.connect(self.template)) as template,
            closing(sqlite3.connect(self.target, timeout=20)) as copy,
        ):
            copy.execute("PRAGMA synchronous=OFF")
            template.backup(copy)

    def drop(self) -> None:
        """Nothing: the folder goes with the run."""


def postgres_url(name: str) -> str:
    """The URL of a database of this name on the test server, for SQLAlchemy."""
    base = servers.POSTGRES_URL.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
    return f"{base}/{name}"


def settings_for(folder: Path, url: str) -> Settings:
    """The settings of a shop that is only tested."""
    return Settings(
        data_dir=folder,
        database_url=url,
        redis_url=None,
        secret_key="a key for tests only",
        behind_https=False,
        testing=True,
    )


def migrate(settings: Settings) -> None:
    """Make the tables, and the rows that every shop begins with."""
    app = create_app(settings)
    with app.app_context():
        upgrade()
        staff.ensure_roles()
        db.commit()
        db.session.remove()
        db.db.engine.dispose()
