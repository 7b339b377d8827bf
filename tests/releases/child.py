"""An upgrade that is killed: `python -m tests.releases.child URL FOLDER MOMENT`.

It applies the later migration too. MOMENT is "copy", when half of the copy is written, "never",
or the number of the statement before which the process kills itself; "commit" and "committed" are
before and after the end of the transaction. "slowly" dies nowhere: it says when it is about to wait
for others, and takes its time over the roles. It says that it begins, and at its end which revision
it found.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event

from tests import databases
from tests.factories import AT
from workshop import db, upgrading
from workshop.app import create_app

LATER = Path(__file__).parent / "later"


def main(url: str, folder: str, moment: str) -> None:
    """Upgrade, and die at the moment."""
    upgrading.VERSIONS.append(LATER)
    app = create_app(databases.settings_for(Path(folder), url))
    with app.app_context():
        _listen(moment)
        _say("begins")
        _say(upgrading.upgrade(at=AT).before or "new")


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _die(*_arguments: Any, **_named: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _listen(moment: str) -> None:
    if moment == "copy":
        sqlite3.connect = _DyingConnection  # type: ignore[assignment]
    elif moment == "commit":
        event.listen(db.db.engine, "commit", _die)
    elif moment == "committed":
        upgrading.granting.learn_permissions = _die  # type: ignore[assignment]
    elif moment == "slowly":
        _say_before_waiting()
        _make_roles_slowly()
    elif moment != "never":
        count = iter(range(10**9))
        event.listen(
            db.db.engine,
            "before_cursor_execute",
            lambda *_arguments: _die() if next(count) == int(moment) else None,
        )


def _say_before_waiting() -> None:
    """Say it before the transaction that lets nobody else upgrade is asked for."""
    alone = upgrading._alone

    def say_and_wait() -> AbstractContextManager[Connection]:
        _say("waits")
        return alone()

    upgrading._alone = say_and_wait


def _make_roles_slowly() -> None:
    """Leave the other one time to come to the roles; too little would only prove less."""
    make = upgrading.staff.ensure_roles

    def slowly() -> None:
        make()
        time.sleep(2)

    upgrading.staff.ensure_roles = slowly


class _DyingConnection(sqlite3.Connection):
    def backup(self, target: sqlite3.Connection, **_options: Any) -> None:
        super().backup(target, pages=20, progress=_die)


if __name__ == "__main__":
    main(*sys.argv[1:])
