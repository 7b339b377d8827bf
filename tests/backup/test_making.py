"""A backup: everything in it, whole, opened again; and what a broken or failed one says."""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pyzipper

from tests.backup import shops
from tests.factories import AT
from workshop.backup import archive, figures, making, postgresql, records, verifying
from workshop.backup.errors import BackupFailed, WorkshopError
from workshop.config import Backups, BadSetting, Settings


@pytest.fixture(params=shops.KINDS)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    with shops.filled(request.param, tmp_path / "data") as settings:
        yield settings


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Settings]:
    """A shop on SQLite, for what is the same on both."""
    with shops.filled("sqlite", tmp_path / "data", current=False) as settings:
        yield settings


def test_a_backup_holds_the_shop_its_pictures_its_key_and_other_files(shop: Settings) -> None:
    # given a kind of file that no release knows yet
    (shop.data_dir / "letters").mkdir()
    (shop.data_dir / "letters" / "of thanks.txt").write_text("谢谢", encoding="utf-8")
    # when
    made = making.make(shop, at=AT, by="周敏")
    # then
    file = shop.backup_dir / made.name
    manifest = archive.check(file, None)
    assert manifest.figures == shops.count(shop)
    assert manifest.figures.files == shops.PICTURES
    assert manifest.figures.sums["settlement.total_fen"] > 0
    assert manifest.branches == ["福星汽车 · 浦东店"]
    assert set(manifest.members) == {
        manifest.database,
        "files/secret.key",
        "files/letters/of thanks.txt",
    }
    assert archive.read_bytes(file, None, "files/secret.key") == shops.OLD_KEY.encode()
    assert made.verified == ("counted" if manifest.engine == "sqlite" else "restored")
    assert (made.rows, made.by, made.warnings) == (manifest.figures.all_rows, "周敏", [])
    assert records.list_records(shop.backup_dir) == [made]
    assert sorted(os.listdir(shop.backup_dir)) == [made.name[:-3] + "json", made.name]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_else_reads_an_archive(small: Settings) -> None:
    made = making.make(small, at=AT)
    mode = (small.backup_dir / made.name).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_with_a_key_nothing_can_be_read_without_it(small: Settings) -> None:
    # given
    locked = shops.with_key(small, "雨刮 lemon tyre rotate")
    made = making.make(locked, at=AT)
    file = small.backup_dir / made.name
    # then
    assert made.is_encrypted
    assert archive.check(file, "雨刮 lemon tyre rotate").figures.all_rows == made.rows
    with pytest.raises(WorkshopError, match="set WORKSHOP_BACKUP_KEY"):
        archive.check(file, None)
    with pytest.raises(WorkshopError, match="is not the key"):
        archive.check(file, "another")
    with zipfile.ZipFile(file) as plain, pytest.raises((RuntimeError, NotImplementedError)):
        plain.read("files/secret.key")
    # and it is the usual format, which 7-Zip opens
    with pyzipper.AESZipFile(file) as other:
        other.setpassword("雨刮 lemon tyre rotate".encode())
        assert other.read("files/secret.key") == shops.OLD_KEY.encode()


@pytest.mark.parametrize("place", [0.02, 0.5, 0.97])
def test_a_changed_byte_is_found(small: Settings, place: float) -> None:
    made = making.make(small, at=AT)
    file = small.backup_dir / made.name
    whole = bytearray(file.read_bytes())
    whole[int(len(whole) * place)] ^= 0xFF
    file.write_bytes(whole)
    with pytest.raises(WorkshopError, match="archive"):
        archive.check(file, None)


def test_a_cut_off_archive_is_no_backup(small: Settings) -> None:
    made = making.make(small, at=AT)
    file = small.backup_dir / made.name
    os.truncate(file, made.bytes // 2)
    with pytest.raises(WorkshopError, match="cannot be read to its end"):
        archive.check(file, None)


def test_a_member_more_or_less_is_found(small: Settings) -> None:
    made = making.make(small, at=AT)
    file = small.backup_dir / made.name
    with zipfile.ZipFile(file, "a") as more:
        more.writestr("files/more.txt", "more")
    with pytest.raises(WorkshopError, match="missing from the archive, or are too many"):
        archive.check(file, None)


@pytest.mark.parametrize("name", ["../workshop.service", "/etc/passwd", "files/..\\x", "C:/x"])
def test_an_archive_that_would_write_elsewhere_is_refused(small: Settings, name: str) -> None:
    made = making.make(small, at=AT)
    manifest = archive.read_manifest(small.backup_dir / made.name, None)
    bad = small.backup_dir / "bad.zip"
    archive.write(bad, manifest, {manifest.database: b"", name: b"x"}, None)
    with pytest.raises(WorkshopError, match="no backup of this program"):
        archive.read_manifest(bad, None)


def test_what_is_counted_again_must_be_the_same(
    small: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a copy that loses a row on its way
    copy = making.sqlite.copy
    first = making.make(small, at=AT)
    write = archive.write

    def lossy(path: Path, manifest: archive.Manifest, *more: object) -> archive.Manifest:
        part = next(small.backup_dir.glob("*.database.part"))
        shops.run(replace(small, database_url=f"sqlite:///{part}"), "DELETE FROM number_series")
        return write(path, manifest, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(archive, "write", lossy)
    # then it is no backup, and the one before is there
    with pytest.raises(BackupFailed, match=r"differs: number_series: \d+ → 0"):
        making.make(small, at=AT + timedelta(days=1))
    assert making.sqlite.copy is copy
    found = records.list_records(small.backup_dir)
    assert [each.is_good for each in found] == [False, True]
    assert records.find_last_good(found) == first
    assert not list(small.backup_dir.glob("*.part"))


def test_a_database_without_a_shop_is_no_backup(tmp_path: Path, small: Settings) -> None:
    empty = replace(small, database_url=f"sqlite:///{tmp_path / 'empty.db'}")
    shops.run(empty, "CREATE TABLE recipe (id INTEGER PRIMARY KEY)")
    with pytest.raises(BackupFailed, match="There is no shop in the database"):
        making.make(empty, at=AT)


def test_a_database_that_is_gone_is_no_backup_and_none_is_made(
    tmp_path: Path, small: Settings
) -> None:
    gone = replace(small, database_url=f"sqlite:///{tmp_path / 'gone.db'}")
    with pytest.raises(BackupFailed):
        making.make(gone, at=AT)
    assert not (tmp_path / "gone.db").exists()


def test_a_full_disk_is_told_before_it_begins(
    small: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = making.shutil.disk_usage(small.data_dir)._replace(free=1_000_000)
    monkeypatch.setattr(making.shutil, "disk_usage", lambda _place: free)
    with pytest.raises(BackupFailed, match=r"has 0 MB free, and a backup needs \d+ MB"):
        making.make(small, at=AT)


def test_a_folder_of_ones_own_that_is_gone_is_told_and_not_made(
    small: Settings, tmp_path: Path
) -> None:
    away = shops.with_backups(small, Backups(folder=tmp_path / "usb"))
    with pytest.raises(BackupFailed, match="usb is not there"):
        making.make(away, at=AT)
    assert not (tmp_path / "usb").exists()


def test_a_much_smaller_one_warns(small: Settings) -> None:
    making.make(small, at=AT)
    shops.run(small, "PRAGMA user_version = 1")
    before = records.list_records(small.backup_dir)[0]
    records.keep(small.backup_dir, replace(before, bytes=before.bytes * 2))
    made = making.make(small, at=AT + timedelta(days=1))
    assert [str(each) for each in made.warnings] == [
        "It is more than 20 % smaller than the one before."
    ]


def test_a_picture_that_has_changed_is_told(tmp_path: Path) -> None:
    with shops.filled("sqlite", tmp_path) as shop:
        shops.run(shop, "UPDATE attachment SET data = x'00' WHERE id = 1")
        made = making.make(shop, at=AT)
    assert [str(each) for each in made.warnings] == [
        "1 pictures are not what they were when they were kept."
    ]


def test_two_at_once_are_one(small: Settings) -> None:
    with making._alone(small):
        assert making.is_running(small)
        with pytest.raises(BackupFailed, match="Another backup is being made"):
            making.make(small, at=AT)
    assert not making.is_running(small)


# ---- The tools of PostgreSQL ----


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Settings]:
    with shops.filled("postgresql", tmp_path / "data", current=False) as settings:
        yield settings


def test_without_pg_dump_it_says_what_to_install(
    server: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(
        BackupFailed, match=r"pg_dump is missing: install the client tools of PostgreSQL \d+"
    ):
        making.make(server, at=AT)


def test_a_pg_dump_older_than_the_server_is_refused(
    server: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "pg_dump"
    tool.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n", encoding="ascii")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(BackupFailed, match=r"pg_dump is too old \(.*9\.6\.24\): install that of"):
        making.make(server, at=AT)


def test_a_role_that_may_make_no_database_says_listed(
    server: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "_MAY_MAKE", "SELECT false")
    assert making.make(server, at=AT).verified == verifying.LISTED
    # and a table that is not in the dump is missed all the same
    monkeypatch.setattr(postgresql, "list_tables", lambda *_: {"branch"})
    with pytest.raises(BackupFailed, match="Tables are missing from the backup"):
        making.make(server, at=AT + timedelta(days=1))


def test_the_password_of_the_server_is_on_no_command_line(
    server: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    call = postgresql.subprocess.run

    def run(command: list[str], **more: object) -> object:
        seen.extend(command)
        return call(command, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(postgresql.subprocess, "run", run)
    making.make(server, at=AT)
    assert seen
    assert not re.search(r":workshop@", " ".join(seen))


# ---- Settings ----


def test_the_settings_of_backups_are_read(tmp_path: Path) -> None:
    env = {
        "WORKSHOP_DATA_DIR": str(tmp_path),
        "WORKSHOP_BACKUP_HOUR": "22",
        "WORKSHOP_BACKUP_COPIES": "/mnt/usb disk; s3://a:b@host/bucket ;",
    }
    settings = Settings.from_env(env)
    assert settings.backups == Backups(hour=22, copies=("/mnt/usb disk", "s3://a:b@host/bucket"))
    assert settings.backup_dir == tmp_path / "backups"
    for hour in ("24", "-1", "x"):
        with pytest.raises(BadSetting, match="write 0 to 23"):
            Settings.from_env({**env, "WORKSHOP_BACKUP_HOUR": hour})


def test_figures_know_money_by_its_name(tmp_path: Path) -> None:
    """Every whole number that is money is named so, and is summed."""
    with shops.filled("sqlite", tmp_path) as shop:
        sums = shops.count(shop).sums
    assert {"payment.amount_fen", "quotation.total_fen", "part.cost_fen"} <= sums.keys()
    assert figures.Figures({"a": 1}).differences(figures.Figures({"a": 2, "b": 1})) == [
        "a: 1 → 2",
        "b: – → 1",
    ]


def test_a_clock_that_was_put_back_costs_no_older_backup(small: Settings) -> None:
    first, second = making.make(small, at=AT), making.make(small, at=AT)
    assert first.made_at < second.made_at
    assert records.list_records(small.backup_dir) == [second, first]
