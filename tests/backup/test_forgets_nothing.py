"""A table or a kind of file that a later change adds is in the backup, or a test fails."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import workshop
from tests.backup import shops
from tests.factories import AT
from workshop import db
from workshop.backup import archive, folder, making

ROOT = Path(workshop.__file__).parent

# Where the program names the data folder, and what it keeps there. Whoever adds a place says here
# whether a backup takes it: all files are taken that `folder.LEFT_OUT` and
# `folder.FOLDERS_LEFT_OUT` do not name.
KEPT_THERE = {
    "backup/folder.py": "lists what is taken",
    "backup/making.py": "backup.lock, backups/",
    "backup/swapping.py": "restore.json, serve.lock",
    "cli.py": "tells the demo's folder from the shop's",
    "config.py": "workshop.db, demo.db, secret.key, backups/",
    "commands/data.py": "shows where the key is",
    "doctor.py": "looks how full it is",
    "health/views.py": "metrics/",
    "restoring.py": "*.restored until they are in place",
    "serving.py": "timers.lock",
    "setup/leaving/background.py": "whole-shop.lock",
    "setup/leaving/state.py": "whole-shop.lock",
}


@pytest.mark.parametrize("kind", shops.KINDS)
def test_every_table_of_the_models_is_counted_in_the_archive(kind: str, tmp_path: Path) -> None:
    for module in pkgutil.walk_packages(workshop.__path__, "workshop."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
    with shops.filled(kind, tmp_path) as shop:
        made = making.make(shop, at=AT)
        manifest = archive.read_manifest(shop.backup_dir / made.name, None)
    assert set(db.Model.metadata.tables) <= manifest.figures.rows.keys()


def test_whatever_is_kept_in_the_data_folder_is_thought_of() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if re.search(r"\bdata_dir\b", path.read_text(encoding="utf-8"))
    }
    assert found == set(KEPT_THERE)


@pytest.mark.parametrize("name", ["secret.key", "timers.lock", "workshop.db-wal", "restore.json"])
def test_what_is_left_out_is_left_out_at_the_top_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / "letters").mkdir()
    for place in (tmp_path, tmp_path / "letters"):
        (place / name).write_text("x", encoding="ascii")
    taken = list(folder.list_files(tmp_path, tmp_path / "backups", None))
    assert taken == [tmp_path / "letters" / name]


def test_what_processes_count_while_they_run_is_left_out(tmp_path: Path) -> None:
    for name in ("metrics/counter_1.db", "letters/metrics/kept.txt", "metrics.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="ascii")
    taken = {
        str(path.relative_to(tmp_path))
        for path in folder.list_files(tmp_path, tmp_path / "backups", None)
    }
    assert taken == {"letters/metrics/kept.txt", "metrics.txt"}


def test_only_the_database_holds_bytes_of_pictures() -> None:
    """A picture is checked by its hash: a new table with bytes in it needs one beside them."""
    holding = {
        table.name
        for table in db.Model.metadata.tables.values()
        for column in table.c
        if "BLOB" in str(column.type) or "BYTEA" in str(column.type)
    }
    hashed = {
        t.name for t in db.Model.metadata.tables.values() if {"sha256", "data"} <= {*t.c.keys()}
    }
    # A logo, a public key, a file that was imported, and what somebody sent with a request for a
    # time: the database checks itself.
    assert holding - hashed == {"import_file", "letterhead", "online_photo", "passkey"}
    assert hashed == {"attachment"}
