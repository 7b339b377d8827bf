"""A restore: looked at first, whole or not at all, and what stops it says so in words."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.backup import shops
from tests.factories import AT
from tests.releases import kept
from tests.test_upgrade import LATER
from workshop import restoring, upgrading
from workshop.app import create_app
from workshop.backup import archive, making, sqlite, swapping
from workshop.backup.errors import WorkshopError
from workshop.backup.figures import Figures
from workshop.backup.swapping import CannotRestore
from workshop.cli import main
from workshop.config import Settings

CHANGE = "UPDATE branch SET name = '后来的店'"


@dataclass(frozen=True)
class Case:
    """A shop that went on after its backup, on a computer with another key."""

    settings: Settings
    file: Path
    then: Figures
    now: Figures

    def names(self) -> str:
        """What tells the two states apart: the branch, and the key in the folder."""
        where = making.database_file(self.settings)
        way = (
            sqlite.opened(where)
            if where
            else restoring.postgresql.connected(self.settings.database_url)
        )
        with way as connection:
            name = connection.exec_driver_sql("SELECT name FROM branch").scalar_one()
        key = (self.settings.data_dir / "secret.key").read_text(encoding="ascii")
        return f"{name}, {key}"


OLD_STATE = f"福星汽车 · 浦东店, {shops.OLD_KEY}"
NEW_STATE = f"后来的店, {shops.NEW_KEY}"


@contextmanager
def gone_on(kind: str, folder: Path) -> Iterator[Case]:
    with shops.filled(kind, folder / "data") as shop:
        made = making.make(shop, at=AT)
        then = shops.count(shop)
        shops.run(shop, CHANGE)
        shops.run(shop, "DELETE FROM number_series")
        (shop.data_dir / "secret.key").write_text(shops.NEW_KEY, encoding="ascii")
        yield Case(
            replace(shop, secret_key=shops.NEW_KEY),
            shop.backup_dir / made.name,
            then,
            shops.count(shop),
        )


@pytest.fixture(params=shops.KINDS)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    with gone_on(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Case]:
    with gone_on("sqlite", tmp_path) as made:
        yield made


def test_all_comes_back_and_what_was_there_is_kept(case: Case) -> None:
    # given
    plan = restoring.look(case.settings, case.file)
    assert (plan.now, plan.manifest.figures) == (case.now, case.then)
    # when
    saved = restoring.restore(plan, case.settings, at=AT + timedelta(hours=1))
    # then
    assert case.names() == OLD_STATE
    assert shops.count(case.settings).differences(case.then) == []
    assert case.then.broken_files == 0
    assert case.then.files == shops.PICTURES
    # and back again
    assert saved is not None
    again = restoring.look(case.settings, case.settings.backup_dir / saved.name)
    restoring.restore(again, case.settings, at=AT + timedelta(hours=2))
    assert case.names() == NEW_STATE
    assert shops.count(case.settings).differences(case.now) == []
    assert not list(case.settings.data_dir.glob("*.restored"))


@pytest.mark.parametrize("kind", shops.KINDS)
def test_a_backup_of_an_older_release_is_upgraded(kind: str, tmp_path: Path) -> None:
    # given
    with (
        shops.filled(kind, tmp_path / "old", current=False) as old,
        kept.place_for(kind, tmp_path) as url,
    ):
        made = making.make(old, at=AT)
        rows = shops.count(old).rows
        # when it comes into the empty place of a new computer
        new = replace(old, data_dir=tmp_path, database_url=url, secret_key=shops.NEW_KEY)
        plan = restoring.look(new, old.backup_dir / made.name)
        assert restoring.restore(plan, new, at=AT) is None
        # then
        assert plan.manifest.revision != upgrading.head()
        with create_app(new).app_context():
            upgrading.require_current()
            restoring.db.db.engine.dispose()
        after = shops.count(new).rows
        assert {name: after[name] for name in ("customer", "payment", "repair_order")} == {
            name: rows[name] for name in ("customer", "payment", "repair_order")
        }
        key = (tmp_path / "secret.key").read_text(encoding="ascii")
        assert key == shops.OLD_KEY


def test_a_backup_of_a_newer_release_is_refused(
    on_sqlite: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(upgrading, "VERSIONS", [*upgrading.VERSIONS, LATER])
        with create_app(on_sqlite.settings).app_context():
            upgrading.upgrade(at=AT)
            restoring.db.db.engine.dispose()
        made = making.make(on_sqlite.settings, at=AT + timedelta(days=1))
    before = on_sqlite.names()
    with pytest.raises(CannotRestore, match=r"knows only up to \d+: install the newer Workshop"):
        restoring.look(on_sqlite.settings, on_sqlite.settings.backup_dir / made.name)
    assert on_sqlite.names() == before


def test_the_other_engine_is_refused_in_words(on_sqlite: Case) -> None:
    other = replace(on_sqlite.settings, database_url="postgresql+psycopg://nobody@127.0.0.1/x")
    with pytest.raises(CannotRestore, match="then use workshop move"):
        restoring.look(other, on_sqlite.file)


def test_a_broken_archive_changes_nothing(on_sqlite: Case) -> None:
    whole = on_sqlite.file.read_bytes()
    on_sqlite.file.write_bytes(whole[:-2000] + bytes(1000) + whole[-1000:])
    with pytest.raises(WorkshopError):
        restoring.look(on_sqlite.settings, on_sqlite.file)
    assert on_sqlite.names() == NEW_STATE


def test_what_is_served_is_not_replaced(case: Case) -> None:
    plan = restoring.look(case.settings, case.file)
    with (
        swapping.serving(case.settings),
        pytest.raises(CannotRestore, match="Workshop is running on these data: stop it first"),
    ):
        restoring.restore(plan, case.settings, at=AT)
    assert case.names() == NEW_STATE


def test_what_another_program_has_open_is_not_replaced(case: Case) -> None:
    plan = restoring.look(case.settings, case.file)
    words = "another program has .* open|others are connected"
    engine = restoring.sa.create_engine(case.settings.database_url)
    with engine.connect() as other:
        if engine.dialect.name == "sqlite":
            other.exec_driver_sql("BEGIN")
        other.exec_driver_sql("SELECT count(*) FROM branch").all()
        with pytest.raises(CannotRestore, match=words):
            restoring.restore(plan, case.settings, at=AT, copy_first=False)
    engine.dispose()
    assert case.names() == NEW_STATE
    assert not list(case.settings.data_dir.glob("*restored*"))


def test_no_one_serves_while_it_is_restored(on_sqlite: Case) -> None:
    with (
        swapping.alone(on_sqlite.settings),
        pytest.raises(CannotRestore, match="wait until it has ended"),
    ):
        swapping.serving(on_sqlite.settings)


def test_a_failed_copy_of_the_present_state_stops_it(
    on_sqlite: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = restoring.look(on_sqlite.settings, on_sqlite.file)
    free = making.shutil.disk_usage(on_sqlite.settings.data_dir)._replace(free=1)
    monkeypatch.setattr(making.shutil, "disk_usage", lambda _place: free)
    with pytest.raises(WorkshopError, match="MB free"):
        restoring.restore(plan, on_sqlite.settings, at=AT)
    assert on_sqlite.names() == NEW_STATE


def test_a_damaged_database_is_put_aside_and_replaced(on_sqlite: Case) -> None:
    file = making.database_file(on_sqlite.settings)
    assert file is not None
    whole = bytearray(file.read_bytes())
    whole[40_000:400_000] = bytes(360_000)
    file.write_bytes(whole)
    plan = restoring.look(on_sqlite.settings, on_sqlite.file)
    assert plan.damage is not None
    assert restoring.restore(plan, on_sqlite.settings, at=AT) is None
    assert on_sqlite.names() == OLD_STATE
    (aside,) = file.parent.glob("workshop-damaged-*.db")
    assert aside.read_bytes() == whole


def test_the_rows_in_the_log_of_a_killed_server_are_in_the_copy(on_sqlite: Case) -> None:
    """What lies beside a SQLite file belongs to the state that is backed up before."""
    file = making.database_file(on_sqlite.settings)
    assert file is not None
    with closing(sqlite3.connect(file)) as killed:
        killed.execute("PRAGMA journal_mode=WAL")
        killed.execute("UPDATE branch SET name = '最后一行'")
        killed.commit()
        for each in (file, *sqlite.companions(file)):
            if each.exists():
                shutil.copy(each, each.with_name(f"{each.name}.kept"))
    for each in file.parent.glob("*.kept"):
        os.replace(each, each.with_suffix(""))
    plan = restoring.look(on_sqlite.settings, on_sqlite.file)
    saved = restoring.restore(plan, on_sqlite.settings, at=AT + timedelta(hours=1))
    assert on_sqlite.names() == OLD_STATE
    assert saved is not None
    manifest = archive.read_manifest(on_sqlite.settings.backup_dir / saved.name, None)
    assert manifest.branches == ["最后一行"]


# ---- Killed ----


class Mortal:
    """A process whose forks restore and die."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def restore(self, settings: Settings, file: Path, moment: object) -> tuple[int, int]:
        """Restore; the exit status, and how many moments there were when it did not die."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        said = {"folder": str(settings.data_dir), "url": settings.database_url}
        self._process.stdin.write(json.dumps({**said, "file": str(file), "moment": str(moment)}))
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        status, count = self._process.stdout.readline().split()
        return int(status), int(count)


@pytest.fixture
def mortal() -> Iterator[Mortal]:
    command = [sys.executable, "-m", "tests.backup.child"]
    with subprocess.Popen(
        command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield Mortal(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=20)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no fork")
def test_a_killed_restore_of_sqlite_leaves_the_old_state_or_the_new_one(
    on_sqlite: Case, mortal: Mortal, tmp_path: Path
) -> None:
    # given
    data, pristine = on_sqlite.settings.data_dir, tmp_path / "pristine"
    file = Path(shutil.copy(on_sqlite.file, tmp_path / "archive.zip"))
    shutil.copytree(data, pristine)
    status, moments = mortal.restore(on_sqlite.settings, file, "never")
    assert (status, on_sqlite.names()) == (0, OLD_STATE)
    assert moments > 20
    # when it is killed early, in the middle, and at each of the last moments
    chosen = {*range(1, moments, moments // 6), *range(moments - 12, moments + 1)}
    seen = set()
    for moment in sorted(chosen):
        shutil.rmtree(data)
        shutil.copytree(pristine, data)
        status, _ = mortal.restore(on_sqlite.settings, file, moment)
        assert status == -signal.SIGKILL, moment
        # then the next command finds one state or the other
        swapping.finish(on_sqlite.settings)
        found = making.database_file(on_sqlite.settings)
        assert found is not None
        assert sqlite.find_damage(found) is None
        state = on_sqlite.names()
        assert state in (OLD_STATE, NEW_STATE), moment
        wanted = on_sqlite.then if state == OLD_STATE else on_sqlite.now
        assert shops.count(on_sqlite.settings).differences(wanted) == [], moment
        seen.add(state)
    assert seen == {OLD_STATE, NEW_STATE}
    # and what was cut off can be done again
    assert mortal.restore(on_sqlite.settings, file, "never")[0] == 0
    assert on_sqlite.names() == OLD_STATE


@pytest.mark.skipif(os.name == "nt", reason="Windows has no fork")
def test_a_killed_restore_of_postgresql_leaves_the_old_state_or_the_new_one(
    tmp_path: Path, mortal: Mortal
) -> None:
    with gone_on("postgresql", tmp_path) as case:
        file = Path(shutil.copy(case.file, tmp_path / "archive.zip"))
        for moment, wanted in (
            (3, NEW_STATE),
            ("commit", NEW_STATE),
            ("committed", OLD_STATE),
        ):
            assert mortal.restore(case.settings, file, moment)[0] == -signal.SIGKILL
            swapping.finish(case.settings)
            assert case.names() == wanted, moment
        assert shops.count(case.settings).differences(case.then) == []


# ---- As somebody types it ----


@pytest.fixture
def run(on_sqlite: Case, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(on_sqlite.settings.data_dir))
    for name in ("WORKSHOP_DATABASE_URL", "WORKSHOP_REDIS_URL", "WORKSHOP_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    return CliRunner()


def test_restore_shows_what_it_replaces_and_asks(run: CliRunner, on_sqlite: Case) -> None:
    refused = run.invoke(main, ["restore", str(on_sqlite.file)], input="n\n")
    assert refused.exit_code == 1
    assert "Replace what is there now?" in refused.output
    assert on_sqlite.names() == NEW_STATE
    answer = run.invoke(main, ["restore", str(on_sqlite.file), "--yes"])
    assert answer.exit_code == 0, answer.output
    assert "secret.key" in answer.output
    assert "What was there is in" in answer.output
    assert on_sqlite.names() == OLD_STATE


def test_backup_says_what_it_has_made(run: CliRunner, on_sqlite: Case, tmp_path: Path) -> None:
    answer = run.invoke(main, ["backup"])
    assert answer.exit_code == 0, answer.output
    assert f"{on_sqlite.now.all_rows} rows, 3 pictures" in answer.output
    assert "opened again and counted" in answer.output
    assert "not encrypted" in answer.output
    elsewhere = run.invoke(main, ["backup", "--to", str(tmp_path)])
    assert elsewhere.exit_code == 0, elsewhere.output
    assert len(list(tmp_path.glob("workshop-*Z.zip"))) == 1


def test_a_backup_that_missed_its_second_place_says_so_and_ends_otherwise(
    run: CliRunner, on_sqlite: Case, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # given: one disk is there, the other was taken away
    (tmp_path / "usb").mkdir()
    gone = tmp_path / "drawer"
    monkeypatch.setenv("WORKSHOP_BACKUP_COPIES", f"{tmp_path / 'usb'};{gone}")
    # when
    answer = run.invoke(main, ["backup"])
    # then: neither well (0), nor failed (1), nor called wrongly (2)
    assert answer.exit_code == 3, answer.output
    here = on_sqlite.settings.backup_dir
    assert f"The backup is safe here, in {here}, but not at {gone}." in answer.output
    newest = max(each.name for each in here.glob("*.zip"))
    assert [each.name for each in (tmp_path / "usb").iterdir()] == [newest]
    # when the disk is back
    gone.mkdir()
    assert run.invoke(main, ["backup"]).exit_code == 0


def test_a_database_that_is_gone_is_not_made_again_empty(run: CliRunner, on_sqlite: Case) -> None:
    file = making.database_file(on_sqlite.settings)
    assert file is not None
    for each in (file, *sqlite.companions(file)):
        each.unlink(missing_ok=True)
    for command in (["serve", "--port", "1"], ["upgrade"], ["init", "--branch", "店"]):
        answer = run.invoke(main, command)
        assert answer.exit_code == 1
        assert "restore that" in answer.output
        assert not file.exists()


def test_any_command_finishes_a_restore_that_was_cut_off(
    run: CliRunner, on_sqlite: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        plan = restoring.look(on_sqlite.settings, on_sqlite.file)
        note = swapping.note

        def noted(*arguments: object) -> None:
            note(*arguments)  # type: ignore[arg-type]
            raise KeyboardInterrupt

        dying.setattr(swapping, "note", noted)
        with pytest.raises(KeyboardInterrupt):
            restoring.restore(plan, on_sqlite.settings, at=AT, copy_first=False)
    assert on_sqlite.names() == NEW_STATE
    run.invoke(main, ["doctor"])
    assert on_sqlite.names() == OLD_STATE
