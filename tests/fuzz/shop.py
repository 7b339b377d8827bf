"""The shop that is shot at: one car in each stage, and a screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import databases
from tests.e2e import story
from tests.factories import AT
from tests.fuzz.run import Round
from tests.setup.imports import factories as imports
from workshop import clock, db

PASSWORD = "correct horse battery"


@contextmanager
def under_fire(database: databases.Database, seed: str) -> Iterator[Round]:
    """A filled shop with everybody signed in."""
    clock.freeze(AT)
    database.renew()
    app = database.app
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        story.tell(AT, PASSWORD)
        db.commit()
        imports.check("customers", imports.PEOPLE)
        imports.bring("customers", imports.PEOPLE)
        fight = Round(app, seed)
        fight.prepare()
        yield fight
        db.rollback()
        db.session.remove()
        db.db.engine.dispose()


def make(folder: Path, kind: str = "sqlite") -> databases.Database:
    """A database of its own for a long run."""
    folder.mkdir(parents=True, exist_ok=True)
    return databases.make(kind, "fuzz", folder)
