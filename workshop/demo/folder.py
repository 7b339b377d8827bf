"""The folder in which the demo keeps its data, and what of it may be thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from workshop.config import default_data_dir
from workshop.storage import locking

DATABASE = "demo.db"
# SQLite's own companions of the database file.
_DATABASE_FILES = tuple(f"{DATABASE}{suffix}" for suffix in ("", "-wal", "-shm", "-journal"))
_KEYS_AND_LOCKS = ("secret.key", "timers.lock")
_HELD = "demo.lock"
_REAL_SHOP = "workshop.db"


def default() -> Path:
    """A folder of the user's own, beside that of a real shop."""
    return default_data_dir().with_name("workshop-demo")


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Make the folder and keep it for this process; raises ClickException when it is in use."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        file = locking.take(folder / _HELD)
    except locking.Held:
        raise click.ClickException(
            f"another demo runs in {folder}. Stop it, or choose another with --data."
        ) from None
    with file:
        yield


def empty(folder: Path) -> None:
    """Remove all that the program puts there; what somebody else put there stays.

    Raises ClickException in the folder of a real shop, which needs its keys and locks.
    """
    if (folder / _REAL_SHOP).exists():
        raise click.ClickException(
            f"{folder} holds the data of a real shop, {_REAL_SHOP}; nothing was removed. "
            "Choose another folder for the demo with --data or WORKSHOP_DATA_DIR."
        )
    remove_database(folder)
    for name in _KEYS_AND_LOCKS:
        (folder / name).unlink(missing_ok=True)


def remove_database(folder: Path) -> None:
    """Remove the demo's database alone, so that its day can be told again."""
    for name in _DATABASE_FILES:
        (folder / name).unlink(missing_ok=True)
