"""A filled shop in a database and a data folder of its own, for what replaces whole shops."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from tests import databases
from tests.factories import AT
from tests.releases import kept
from workshop import db, upgrading
from workshop.app import create_app
from workshop.backup import figures, making, postgresql, sqlite
from workshop.backup.figures import Figures
from workshop.config import Backups, Settings
from workshop.orders.models import Attachment, AttachmentKind

KINDS = ("sqlite", "postgresql")
PICTURES = 3
OLD_KEY, NEW_KEY = "the key of the shop as it was", "the key of a new computer"


@contextmanager
def filled(
    kind: str, folder: Path, *, release: str = "0.1.0", current: bool = True
) -> Iterator[Settings]:
    """A shop with some months of history and pictures, brought to this release if `current`."""
    folder.mkdir(parents=True, exist_ok=True)
    with kept.bring_back(release, kind, folder) as url:
        settings = replace(databases.settings_for(folder, url), secret_key=OLD_KEY)
        (folder / "secret.key").write_text(OLD_KEY, encoding="ascii")
        file = making.database_file(settings)
        if current and file is not None and _UPGRADED:
            file.write_bytes(_UPGRADED[0])
        elif current:
            _bring_up_to_date(settings)
        yield settings


# What the upgrade of the file has made: it takes as long as the rest of a test.
_UPGRADED: list[bytes] = []


def _bring_up_to_date(settings: Settings) -> None:
    with create_app(settings).app_context():
        upgrading.upgrade(at=AT)
        add_pictures()
        db.db.engine.dispose()
    for copy in settings.data_dir.glob("*-before-*"):
        copy.unlink()
    file = making.database_file(settings)
    if file is not None:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        _UPGRADED.append(file.read_bytes())


def add_pictures(count: int = PICTURES) -> None:
    """Pictures of the oldest order."""
    order = db.session.execute(sa.text("SELECT min(id) FROM repair_order")).scalar_one()
    for number in range(count):
        data = f"picture {number}".encode() * 1000
        db.session.add(
            Attachment(
                order_id=order,
                kind=AttachmentKind.PHOTO,
                mime="image/jpeg",
                sha256=hashlib.sha256(data).hexdigest(),
                data=data,
                at=AT,
            )
        )
    db.commit()
    db.session.remove()


def with_key(settings: Settings, key: str | None) -> Settings:
    """The same shop, whose backups are encrypted."""
    return replace(settings, backups=replace(settings.backups, key=key))


def with_backups(settings: Settings, backups: Backups) -> Settings:
    """The same shop with other settings of its backups."""
    return replace(settings, backups=backups)


def count(settings: Settings) -> Figures:
    """All figures of the shop's database."""
    file = making.database_file(settings)
    way = sqlite.opened(file) if file else postgresql.connected(settings.database_url)
    with way as connection:
        return figures.read(connection)


def run(settings: Settings, statement: str) -> None:
    """Change something behind the program's back."""
    engine = sa.create_engine(settings.database_url)
    try:
        with engine.begin() as connection:
            connection.execute(sa.text(statement))
    finally:
        engine.dispose()
