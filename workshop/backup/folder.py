"""What of the data folder goes into a backup: everything but what is named here, with the reason.

So a kind of file that a later release adds is in the backup by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from workshop.backup import sqlite

SECRET_KEY = "secret.key"
LEFT_OUT = {
    "*.lock": "says which process works here now",
    "*.part": "a file that was never finished",
    "*.restored": "a restore that is not finished",
    "restore.json": "a restore that is not finished",
    "*-at-*-before-*.db": "copies from before an upgrade, of the same database",
    "workshop-damaged-*": "copies of a damaged database, kept for whoever mends it",
    "demo.db*": "the database of the demo",
    "workshop.db*": "the database, or what was before a move: it is copied in its own way",
    SECRET_KEY: "it is in the backup as the key in use, wherever that comes from",
}
FOLDERS_LEFT_OUT = {"metrics": "what the processes that run now have counted, until the next start"}


def list_files(data_dir: Path, backup_dir: Path, database: Path | None) -> Iterator[Path]:
    """The files that a backup takes from the data folder, beside the database and the key."""
    own = {database, *sqlite.companions(database)} if database else set()
    for path in sorted(data_dir.rglob("*")):
        if path.is_symlink() or not path.is_file() or path in own:
            continue
        if backup_dir in path.parents or is_left_out(path.relative_to(data_dir)):
            continue
        yield path


def is_left_out(path: Path) -> bool:
    """Whether a file of the data folder, by its path in it, stays out of a backup."""
    if len(path.parts) > 1:
        return path.parts[0] in FOLDERS_LEFT_OUT
    return any(fnmatch(path.name, each) for each in LEFT_OUT)
