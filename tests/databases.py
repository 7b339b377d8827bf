"""A freshly migrated database for each test, on SQLite and on PostgreSQL.

The migrations run once a worker, into a template that each test gets a copy of.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade

from tests import servers
from workshop import db
from workshop.app import create_app
from workshop.config import Settings
from workshop.staff import service as staff

_TRIES = 50


@dataclass
class Database:
    """One kind of database of one worker: the app bound to it, and the way to renew it."""

    app: Flask
    kind: str
    renew_from: str
    target: str

    def renew(self) -> None:
        """Replace the test database by a copy of the migrated template."""
        with self.app.app_context():
            db.db.engine.dispose()
        if self.kind == "sqlite":
            _overwrite(self.renew_from, self.target)
        else:
            _run(f'DROP DATABASE IF EXISTS "{self.target}" WITH (FORCE)')
            _run(f'CREATE DATABASE "{self.target}" TEMPLATE "{self.renew_from}"')

    def drop(self) -> None:
        """Leave nothing behind on a shared server."""
        with self.app.app_context():
            db.db.engine.dispose()
        if self.kind == "postgresql":
            for name in (self.target, self.renew_from):
                _run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def make(kind: str, worker: str, folder: Path) -> Database:
    """Migrate a template and make the app whose database is renewed from it."""
    if kind == "sqlite":
        template = str(folder / "template.db")
        _migrate(settings_for(folder, f"sqlite:///{template}"))
        target = str(folder / "test.db")
        return Database(
            create_app(settings_for(folder, f"sqlite:///{target}")), kind, template, target
        )
    # The process number keeps two runs on one machine apart.
    own = f"{worker}_{os.getpid()}"
    template, target = f"workshop_template_{own}", f"workshop_test_{own}"
    _run(f'DROP DATABASE IF EXISTS "{template}" WITH (FORCE)')
    _run(f'CREATE DATABASE "{template}"')
    _migrate(settings_for(folder, postgres_url(template)))
    app = create_app(settings_for(folder, postgres_url(target)))
    return Database(app, kind, template, target)


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


def _migrate(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        upgrade()
        staff.ensure_roles()
        db.commit()
        db.session.remove()
        db.db.engine.dispose()


def _overwrite(source: str, target: str) -> None:
    """Copy a database over another one under its own locks: a server may still have it open."""
    with (
        closing(sqlite3.connect(source)) as template,
        closing(sqlite3.connect(target, timeout=20)) as copy,
    ):
        copy.execute("PRAGMA synchronous=OFF")
        template.backup(copy)


def _run(statement: str) -> None:
    with psycopg.connect(servers.POSTGRES_URL, autocommit=True) as connection:
        # The server's own vacuum may hold the database for a moment, and only it can end that.
        for _ in range(_TRIES - 1):
            try:
                connection.execute(statement)
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
                connection.execute("SELECT pg_sleep(0.1)")
            else:
                return
        connection.execute(statement)
