"""An upgrade that cannot be, or that is cut off: the old database or the new one, in words."""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from click.testing import CliRunner

from tests.factories import AT
from tests.releases import kept
from tests.test_upgrade import KINDS, LATER, opened, read_schema
from workshop import cli, upgrading
from workshop.cli import main
from workshop.demo import folder
from workshop.demo import run as demo_run

COMMANDS = (["upgrade"], ["serve", "--port", "1"], ["doctor"], ["init", "--branch", "店"])
USER = ["user", "zhao", "--name", "赵强", "--role", "technician"]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("WORKSHOP_DATABASE_URL", raising=False)
    monkeypatch.delenv("WORKSHOP_REDIS_URL", raising=False)
    return CliRunner()


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Path]:
    """The file of a shop that still has release 0.1.0."""
    with kept.bring_back("0.1.0", "sqlite", tmp_path) as url:
        yield Path(url.removeprefix("sqlite:///"))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrading, "VERSIONS", [*upgrading.VERSIONS, LATER])


def list_copies(file: Path) -> list[Path]:
    return sorted(file.parent.glob("workshop-at-*.db"))


# ---- What is no database of ours ----


def check_refused(run: CliRunner, words: str) -> None:
    """All commands refuse in a line of words, and the exit status says so too."""
    more = ["--manager", "周敏", "--username", "boss"]
    for command in (*COMMANDS, USER):
        answer = run.invoke(main, command + (more if command[0] == "init" else []))
        assert answer.exit_code == 1, answer.output
        assert isinstance(answer.exception, SystemExit), answer.exception
        assert re.search(words, answer.output), (command, answer.output)


def test_a_database_of_another_program_is_refused(run: CliRunner, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "workshop.db")) as other:
        other.execute("CREATE TABLE recipe (id INTEGER PRIMARY KEY)")
    check_refused(run, r"tables of another program \(recipe\).*WORKSHOP_DATABASE_URL")
    with closing(sqlite3.connect(tmp_path / "workshop.db")) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("recipe",)]


def test_a_database_of_another_program_with_alembic_is_refused(
    run: CliRunner, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "workshop.db")) as other:
        other.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        other.execute("INSERT INTO alembic_version VALUES ('4f3a')")
        other.execute("CREATE TABLE recipe (id INTEGER PRIMARY KEY)")
        other.commit()
    check_refused(run, r"tables of another program \(recipe\)")


def test_a_file_that_is_no_database_is_refused(run: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "workshop.db").write_bytes(b"Dear customer, " * 400)
    check_refused(run, "is no database")


def test_a_newer_database_is_refused(run: CliRunner, old: Path) -> None:
    with closing(sqlite3.connect(old)) as database:
        database.execute("UPDATE alembic_version SET version_num = '0099'")
        database.commit()
    check_refused(run, r"is at 0099, .* knows only up to \d+.*Install the newer Workshop again")


def test_a_database_of_an_unfinished_version_is_refused(run: CliRunner, old: Path) -> None:
    with closing(sqlite3.connect(old)) as database:
        database.execute("ALTER TABLE bay ADD COLUMN colour VARCHAR(20)")
    check_refused(run, r"says it is at \d+, but its tables are not those")


def test_an_index_of_the_shops_own_is_no_fault(run: CliRunner, old: Path) -> None:
    with closing(sqlite3.connect(old)) as database:
        database.execute("CREATE INDEX mine ON bay (kind)")
    assert run.invoke(main, ["upgrade"]).exit_code == 0


def test_a_shop_that_needs_the_upgrade_is_told_so(run: CliRunner, old: Path, later: None) -> None:
    for command in (["doctor"], USER):
        answer = run.invoke(main, command)
        assert answer.exit_code == 1
        assert re.search(r"is at \d+, wanted later: run workshop upgrade", answer.output)


# ---- The copy ----


def test_the_upgrade_keeps_a_copy_that_can_be_put_back(
    run: CliRunner, old: Path, tmp_path: Path, later: None
) -> None:
    # given
    with opened(f"sqlite:///{old}", tmp_path):
        before = read_schema()
    # when
    answer = run.invoke(main, ["upgrade"])
    # then
    assert answer.exit_code == 0, answer.output
    (copy,) = list_copies(old)
    assert str(copy) in answer.output
    number = re.escape(upgrading.version())
    assert re.fullmatch(rf"workshop-at-\d+-before-{number}-\d{{8}}T\d{{6}}Z\.db", copy.name)
    with opened(f"sqlite:///{copy}", tmp_path):
        assert read_schema() == before
    # A second time there is nothing to do, and nothing is copied.
    again = run.invoke(main, ["upgrade"])
    assert (again.exit_code, list_copies(old)) == (0, [copy])


def test_the_last_copies_are_kept_and_no_more(old: Path, tmp_path: Path, later: None) -> None:
    pristine = shutil.copy(old, tmp_path / "pristine")
    for day in range(5):
        shutil.copy(pristine, old)
        with opened(f"sqlite:///{old}", tmp_path):
            upgrading.upgrade(at=AT + timedelta(days=day))
        for log in tmp_path.glob("workshop.db-*"):
            log.unlink()
    days = [re.findall(r"-202611(\d\d)T", copy.name)[0] for copy in list_copies(old)]
    assert days == ["25", "26", "27"]


def test_a_disk_without_room_for_the_copy_refuses_before_it_begins(
    run: CliRunner, old: Path, later: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A doctor's look leaves its traces in the head of the file.
    run.invoke(main, ["doctor"])
    before = old.read_bytes()
    monkeypatch.setattr(upgrading, "free_bytes", lambda _folder: 1_500_000)
    answer = run.invoke(main, ["upgrade"])
    assert answer.exit_code == 1
    assert re.search(r"needs \d+ MB in .* and 1 MB are free: nothing was changed", answer.output)
    assert list_copies(old) == []
    assert not list(old.parent.glob("*.part"))
    assert old.read_bytes() == before


def test_serve_upgrades_before_it_serves(
    run: CliRunner, old: Path, later: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = []
    server = SimpleNamespace(run=lambda: served.append(True))
    monkeypatch.setattr(cli, "Server", lambda *_settings, **_more: server)
    # What a process of its own prints goes past the one that catches the words here.
    monkeypatch.setattr(cli, "_in_child", lambda work: work())
    answer = run.invoke(main, ["serve", "--port", "1"])
    assert (answer.exit_code, served) == (0, [True]), answer.output
    assert "Upgraded from" in answer.output
    assert len(list_copies(old)) == 1
    # The next start finds it done.
    assert run.invoke(main, ["doctor"]).output.count("at later") == 1


def test_the_demo_of_another_version_begins_again(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # given
    with closing(sqlite3.connect(old)) as database:
        database.execute("UPDATE alembic_version SET version_num = '0099'")
        database.commit()
    old.rename(tmp_path / folder.DATABASE)
    told: list[datetime] = []
    monkeypatch.setattr(demo_run.story, "tell", lambda day, _say: told.append(day))
    # when
    with opened(f"sqlite:///{tmp_path / folder.DATABASE}", tmp_path):
        demo_run.prepare(tmp_path, AT)
        # then
        upgrading.require_current()
    assert told == [AT]
    assert "Another version of the program" in capsys.readouterr().out


# ---- Cut off ----


def upgrade_and_die(url: str, folder: Path, moment: str) -> int:
    command = [sys.executable, "-m", "tests.releases.child", url, str(folder), moment]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


# The statements of the later migration are some sixty.
@pytest.mark.parametrize("moment", ["copy", "3", "12", "25", "40", "55", "commit", "committed"])
def test_a_killed_upgrade_leaves_the_old_database_or_the_new_one(
    old: Path, tmp_path: Path, later: None, moment: str
) -> None:
    url = f"sqlite:///{old}"
    with opened(url, tmp_path):
        before = read_schema()
    # when
    assert upgrade_and_die(url, tmp_path, moment) == -signal.SIGKILL
    # then
    with opened(url, tmp_path):
        found = read_schema()
        assert (found != before) == (moment == "committed")
        with closing(sqlite3.connect(old)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        # And what was cut off is done the next time.
        upgrading.upgrade(at=AT)
        upgrading.require_current()
        assert len(list_copies(old)) == 1
        assert not list(old.parent.glob("*.part"))


@pytest.mark.postgresql
def test_a_killed_upgrade_of_postgresql_leaves_the_old_database(
    tmp_path: Path, later: None
) -> None:
    with kept.bring_back("0.1.0", "postgresql", tmp_path) as url, opened(url, tmp_path):
        before = read_schema()
        assert upgrade_and_die(url, tmp_path, "commit") == -signal.SIGKILL
        assert read_schema() == before
        upgrading.upgrade(at=AT)
        upgrading.require_current()


def test_the_kills_really_fall_into_the_work(old: Path, tmp_path: Path) -> None:
    assert upgrade_and_die(f"sqlite:///{old}", tmp_path, "never") == 0


@pytest.mark.parametrize("kind", KINDS[1:])
def test_another_program_on_postgresql_is_refused(
    run: CliRunner, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kept.place_for(kind, tmp_path) as url:
        monkeypatch.setenv("WORKSHOP_DATABASE_URL", url)
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CREATE TABLE recipe (id int)")
        answer = run.invoke(main, ["upgrade"])
        assert answer.exit_code == 1
        assert "tables of another program (recipe)" in answer.output
