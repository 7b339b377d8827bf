"""While the database does not answer: words, no secrets, and the moment to come back."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import errors
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from workshop.app import create_app
from workshop.config import Settings
from workshop.web import outage


@pytest.fixture
def cut_off(nowhere: Settings) -> Flask:
    """An app whose database does not answer."""
    return create_app(nowhere)


def signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = '[1, "x"]', True
    return client


@pytest.mark.parametrize("path", ["/", "/booking", "/readyz", "/orders/RO-1"])
def test_an_outage_is_said_in_words_and_the_page_comes_back(cut_off: Flask, path: str) -> None:
    with capture_logs() as log:
        answer = signed_in(cut_off).get(path, headers={"Accept-Language": "zh-CN"})

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "门店数据库暂时没有响应" in answer.text
    assert '<meta http-equiv="refresh" content="5">' in answer.text
    assert answer.headers["Content-Security-Policy"]
    assert [each["event"] for each in log] == ["the database does not answer"]
    assert "hidden-word" not in f"{log}{answer.text}"


def test_what_was_sent_is_not_sent_again_by_itself(cut_off: Flask) -> None:
    cut_off.config["WTF_CSRF_ENABLED"] = False

    answer = signed_in(cut_off).post("/booking/new", headers={"Accept-Language": "en"})

    assert answer.status_code == 503
    assert "Nothing was saved" in answer.text
    assert "refresh" not in answer.text


def test_the_process_is_alive_all_the_same(cut_off: Flask) -> None:
    assert cut_off.test_client().get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("said", "is_outage"),
    [
        (sqlite3.OperationalError("unable to open database file"), True),
        (sqlite3.OperationalError("disk I/O error"), True),
        (sqlite3.OperationalError("no such table: branch"), False),
        (sqlite3.OperationalError("database is locked"), False),
        (psycopg.OperationalError("connection refused"), True),
        (errors.AdminShutdown("terminating connection"), True),
        (errors.TooManyConnections("sorry, too many clients already"), True),
        (errors.DeadlockDetected("deadlock detected"), False),
        (errors.LockNotAvailable("canceling statement due to lock timeout"), False),
        (errors.QueryCanceled("canceling statement due to statement timeout"), False),
    ],
)
def test_a_fault_of_ours_is_no_outage(said: Exception, is_outage: bool) -> None:
    assert outage.is_one(OperationalError("SELECT 1", {}, said)) is is_outage


def test_the_database_and_its_folder_are_for_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir(mode=0o755)
    (folder / "workshop.db").touch(mode=0o644)

    settings = Settings.from_env({"WORKSHOP_DATA_DIR": str(folder)})
    (folder / "later").touch()

    rights = [stat.S_IMODE(path.stat().st_mode) for path in (folder, *sorted(folder.iterdir()))]
    assert settings.data_dir == folder
    assert rights == [0o700, 0o600, 0o600, 0o600]
