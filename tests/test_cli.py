"""The command line, as somebody types it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from workshop.app import create_app
from workshop.cli import main
from workshop.config import Settings


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("WORKSHOP_DATABASE_URL", raising=False)
    monkeypatch.delenv("WORKSHOP_REDIS_URL", raising=False)
    return CliRunner()


INIT = ["init", "--branch", "示例店", "--manager", "周敏", "--username", "boss"]


def test_init_makes_a_branch_and_a_manager_with_a_link_that_works_once(
    run: CliRunner, tmp_path: Path
) -> None:
    # given
    answer = run.invoke(main, INIT)
    assert answer.exit_code == 0, answer.output
    found = re.search(r"/welcome/\S+", answer.output)
    assert found is not None
    app = create_app(Settings.from_env({"WORKSHOP_DATA_DIR": str(tmp_path)}))
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    # when
    assert browser.get(found.group()).status_code == 200
    short = browser.post(found.group(), data={"password": "short", "again": "short"})
    good = {"password": "long enough 1", "again": "long enough 1"}
    entered = browser.post(found.group(), data=good)
    # then
    assert short.status_code == 422
    assert entered.status_code == 302
    assert browser.get("/").status_code == 200
    assert app.test_client().get(found.group()).status_code == 404
    assert app.test_client().post(found.group(), data=good).status_code == 404


def test_a_second_init_is_refused_in_words(run: CliRunner) -> None:
    run.invoke(main, INIT)
    answer = run.invoke(main, INIT)
    assert answer.exit_code == 1
    assert "already holds a branch" in answer.output


def test_a_user_gets_a_link_and_a_taken_name_is_refused(run: CliRunner) -> None:
    run.invoke(main, INIT)
    command = ["user", "zhao", "--name", "赵强", "--role", "technician"]
    assert "/welcome/" in run.invoke(main, command).output
    again = run.invoke(main, command)
    assert again.exit_code == 1
    assert "taken" in again.output


def test_doctor_says_what_is_not_right(run: CliRunner) -> None:
    before = run.invoke(main, ["doctor"])
    run.invoke(main, INIT)
    after = run.invoke(main, ["doctor"])
    assert before.exit_code == 1
    assert "wanted" in before.output
    assert "0 technicians" in after.output
    assert "the database refuses overlaps" in after.output


def test_several_workers_without_redis_are_refused(run: CliRunner) -> None:
    answer = run.invoke(main, ["serve", "--workers", "3"])
    assert answer.exit_code == 2
    assert "WORKSHOP_REDIS_URL" in answer.output


def test_the_demo_refuses_a_time_it_cannot_read(run: CliRunner) -> None:
    answer = run.invoke(main, ["demo", "--freeze", "yesterday"])
    assert answer.exit_code == 2
    assert "2026-11-23T10:00" in answer.output
