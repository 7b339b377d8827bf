"""Databases of released versions: how they are kept, and how a test gets one back."""

from __future__ import annotations

import lzma
import os
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import event
from sqlalchemy.pool import Pool

from tests import databases, postgresql, servers

FOLDER = Path(__file__).parent
_KEPT = {"sqlite": "sqlite.xz", "postgresql": "sql.xz"}


def list_releases() -> list[str]:
    """The versions of which a database is kept, oldest first."""
    names = {path.name.removesuffix(".sqlite.xz") for path in FOLDER.glob("*.sqlite.xz")}
    return sorted(names, key=lambda name: [int(part) for part in name.split(".")])


def keep(url: str, version: str) -> None:
    """Keep the database at the address as that of a version."""
    kind = "sqlite" if url.startswith("sqlite") else "postgresql"
    whole = _read_sqlite(url) if kind == "sqlite" else _dump_postgresql(url)
    _file(version, kind).write_bytes(lzma.compress(whole, preset=9))


@contextmanager
def bring_back(version: str, kind: str, folder: Path) -> Iterator[str]:
    """The address of a database as that version left it; gone afterwards."""
    whole = lzma.decompress(_file(version, kind).read_bytes())
    with place_for(kind, folder) as url:
        if kind == "sqlite":
            Path(url.removeprefix("sqlite:///")).write_bytes(whole)
        else:
            with psycopg.connect(_plain(url), autocommit=True) as connection:
                connection.execute(whole)
        yield url


@contextmanager
def place_for(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of the kind; gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'workshop.db'}"
        return
    servers.need(servers.why_no_postgresql())
    name = f"workshop_release_{os.getpid()}_{os.urandom(3).hex()}"
    postgresql.make_empty(name)
    try:
        with _hanging_up():
            yield databases.postgres_url(name)
    finally:
        postgresql.drop(name)


@contextmanager
def _hanging_up() -> Iterator[None]:
    """Close what pools have opened meanwhile: an app that a test lets go of leaves its pool open,
    and whichever test runs when it is cleared away would fail for it."""
    opened: list[psycopg.Connection[object]] = []

    def note(connection: object, _record: object) -> None:
        if isinstance(connection, psycopg.Connection):
            opened.append(connection)

    event.listen(Pool, "connect", note)
    try:
        yield
    finally:
        event.remove(Pool, "connect", note)
        for connection in opened:
            connection.close()


def _file(version: str, kind: str) -> Path:
    return FOLDER / f"{version}.{_KEPT[kind]}"


def _read_sqlite(url: str) -> bytes:
    """One file: nothing of it is left in the log that lies beside a database in use."""
    path = url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("VACUUM")
    return Path(path).read_bytes()


def _dump_postgresql(url: str) -> bytes:
    """Plain SQL that any server reads: no setting that an older one does not know, no owner."""
    command = ["pg_dump", "--inserts", "--rows-per-insert=200", "--no-owner", "--no-privileges"]
    done = subprocess.run([*command, _plain(url)], check=True, capture_output=True, text=True)
    # Settings, psql's own commands and remarks are left out: a server may not know them.
    noise = r"^(SET |SELECT pg_catalog\.set_config|\\|--|COMMENT ON EXTENSION ).*\n"
    return re.sub(r"\n{2,}", "\n", re.sub(noise, "", done.stdout, flags=re.MULTILINE)).encode()


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")
