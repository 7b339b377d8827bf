"""Putting in place what a restore has made ready: certain from one moment on, and never half.

`restore.json` says which files go where. Once it is there the restore is certain, and a process
that was killed in the middle is finished by the next one. With a server it is certain if the
transaction whose token it carries has ended well.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from workshop.backup import postgresql, records, sqlite
from workshop.config import Settings, default_data_dir
from workshop.storage import locking, ownership

JOURNAL = "restore.json"
SERVING = "serve.lock"
READY = ".restored"
DATABASE_READY = f".database{READY}"


class CannotRestore(Exception):
    """Nothing was changed; the message says why and what to do."""


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Be the only one who works with the shop's data; raises CannotRestore in words."""
    try:
        with locking.held(settings.data_dir / SERVING):
            yield
    except locking.Held as error:
        raise CannotRestore(
            "Workshop is running on these data: stop it first, with Ctrl-C or "
            "systemctl stop workshop. Nothing was changed"
        ) from error


def serving(settings: Settings) -> IO[str]:
    """Say that Workshop runs on the data until the file is closed; several may at once."""
    try:
        return locking.take(settings.data_dir / SERVING, shared=True)
    except locking.Held as error:
        raise CannotRestore(
            "a restore is running on these data: wait until it has ended"
        ) from error


def finish_cut_off() -> None:
    """Finish what a killed restore has left in the data folder, before anything else happens."""
    folder = Path(os.environ.get("WORKSHOP_DATA_DIR") or default_data_dir())
    if (folder / JOURNAL).exists():
        settings = Settings.from_env()
        with alone(settings):
            finish(settings)


def finish(settings: Settings) -> bool:
    """Finish a restore that was cut off; whether one was certain, or else was never begun.

    Call it with `alone`.
    """
    journal = settings.data_dir / JOURNAL
    if not journal.exists():
        return False
    said = json.loads(journal.read_text(encoding="utf-8"))
    is_certain = "token" not in said or _has_token(settings, said["token"])
    for move in said["moves"]:
        if is_certain:
            _put_in_place(Path(move["from"]), Path(move["to"]))
        else:
            Path(move["from"]).unlink(missing_ok=True)
    _sync(settings.data_dir)
    journal.unlink()
    return is_certain


def note(settings: Settings, moves: list[dict[str, str]], **more: str) -> None:
    """Write down what is to be put in place: {"from": …, "to": …} each."""
    records.write_json(settings.data_dir / JOURNAL, {"moves": moves, **more})
    _sync(settings.data_dir)


def _put_in_place(ready: Path, target: Path) -> None:
    if not ready.exists():
        return
    if ready.name.endswith(DATABASE_READY):
        # What the old database left beside it must not be read into the new one.
        for each in sqlite.companions(target):
            each.unlink(missing_ok=True)
    os.replace(ready, target)
    ownership.hand_over(target)
    _sync(target.parent)


def _has_token(settings: Settings, token: str) -> bool:
    with postgresql.connected(settings.database_url) as connection:
        # The killed process's transaction may not have ended yet.
        postgresql.lock(connection)
        connection.rollback()
        found = connection.exec_driver_sql(
            "SELECT obj_description(to_regclass('alembic_version'))"
        ).scalar_one()
    return bool(found == token)


def _sync(folder: Path) -> None:
    """Let the names of a folder reach the disk; Windows does so by itself."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
