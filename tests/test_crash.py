"""A crash in the middle of any step leaves the step undone or done, never half."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import workshop
from tests import databases
from tests.crash import acts, child
from tests.databases import Database
from tests.snapshot import changed, take
from workshop import db

ROOT = Path(databases.__file__).parents[1]


class Mortal:
    """A real process that does acts and dies where it is told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def do(self, act: acts.Act, dies: str = "") -> int:
        """Do the act in a fork; returns how that one ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{dies}\t{act.name}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def mortal(database: Database) -> Iterator[Mortal]:
    """A process on the test's database, which ends with the block."""
    settings = database.app.extensions["workshop_settings"]
    # `str` of a URL would hide the password.
    command = [sys.executable, "-m", "tests.crash.child", str(settings.data_dir)]
    with subprocess.Popen(
        [*command, settings.database_url],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield Mortal(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=20)


def test_a_crash_leaves_every_act_undone_or_done(
    database: Database, subtests: pytest.Subtests
) -> None:
    acts.prepare()
    db.commit()
    with mortal(database) as process:
        for act in acts.ACTS.values():
            with subtests.test(act.name):
                check_crashes(process, act)


def check_crashes(process: Mortal, act: acts.Act) -> None:
    before = take()
    # when it dies with everything written and nothing committed
    assert process.do(act, dies="before") == child.BEFORE_COMMIT
    # then there is no trace of it
    assert changed(before, take()) == set()
    # when it is done again, and dies right after the commit
    assert process.do(act, dies="after") == child.AFTER_COMMIT
    # then all of it is there
    done = take()
    assert changed(before, done) >= act.leaves
    # when somebody who saw no answer does it once more, then nothing is done twice
    assert process.do(act) in (child.DONE, child.REFUSED)
    assert changed(done, take()) == set()


def test_whoever_commits_commits_once() -> None:
    """Two commits in one request would be a place to be half done in."""
    for path in Path(workshop.__file__).parent.rglob("*.py"):
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(each, ast.FunctionDef):
                calls = [call for call in ast.walk(each) if isinstance(call, ast.Call)]
                commits = [call for call in calls if ast.unparse(call.func).endswith(".commit")]
                assert len(commits) <= 1, f"{path}: {each.name}"
