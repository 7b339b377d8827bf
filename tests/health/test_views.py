"""What who watches the server is told, and what nobody else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from tests import servers
from tests.databases import Database
from tests.serve.process import serve
from workshop import db, timers
from workshop.config import Settings
from workshop.health import service
from workshop.health.models import TimerBeat


@pytest.fixture
def beaten(database: Database) -> FlaskClient:
    """A client of a shop whose timers have just run."""
    service.note_beat(datetime.now(UTC))
    db.commit()
    return database.app.test_client()


def settle(app: Flask, **changed: Any) -> None:
    settings: Settings = app.extensions["workshop_settings"]
    app.extensions["workshop_settings"] = replace(settings, **changed)


def test_it_is_ready_while_all_answers(beaten: FlaskClient) -> None:
    answer = beaten.get("/readyz")

    assert answer.status_code == 200
    assert answer.get_json() == {"status": "ready", "database": "ok", "timers": "ok"}


@pytest.mark.parametrize(("minutes", "said"), [(2, "ok"), (4, "late")])
def test_timers_that_are_silent_for_three_minutes_are_late(
    database: Database, minutes: int, said: str
) -> None:
    service.note_beat(datetime.now(UTC) - timedelta(minutes=minutes))
    db.commit()

    answer = database.app.test_client().get("/readyz")

    assert answer.get_json()["timers"] == said
    assert answer.status_code == (200 if said == "ok" else 503)


def test_timers_that_never_ran_are_late(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.get_json()["status"]) == (503, "not ready")
    assert answer.get_json()["timers"] == "late"


def test_a_database_of_another_release_is_not_ready(beaten: FlaskClient) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    db.commit()

    answer = beaten.get("/readyz")

    assert answer.status_code == 503
    assert answer.get_json()["database"] == "of another release"


def test_a_redis_that_is_away_is_named(beaten: FlaskClient) -> None:
    settle(beaten.application, redis_url="redis://127.0.0.1:1/0")

    answer = beaten.get("/readyz")

    assert (answer.status_code, answer.get_json()["redis"]) == (503, "away")


def test_a_redis_that_answers_is_fine(beaten: FlaskClient) -> None:
    servers.need(servers.why_no_redis())
    settle(beaten.application, redis_url=servers.REDIS_URL)

    assert beaten.get("/readyz").get_json()["redis"] == "ok"


def test_each_run_of_a_timer_leaves_a_beat(database: Database, tmp_path: Path) -> None:
    leader = timers.Leader(database.app, tmp_path)

    timers.run_one(database.app, leader, lambda: None)
    leader.resign()

    db.session.expire_all()
    beat = db.session.get_one(TimerBeat, 1)
    assert timedelta() <= datetime.now(UTC) - beat.at < timedelta(minutes=1)


def test_a_beat_is_written_twice_a_minute_and_never_lies_ahead(database: Database) -> None:
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    kept = []
    for seconds in (0, 10, 29, 30, 45, -3600):
        service.note_beat(at + timedelta(seconds=seconds))
        db.commit()
        db.session.expire_all()
        kept.append((db.session.get_one(TimerBeat, 1).at - at).total_seconds())

    assert kept == [0, 0, 0, 30, 30, -3600]


def test_without_a_token_there_are_no_figures(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 404


def test_figures_are_for_who_holds_the_token(client: FlaskClient) -> None:
    settle(client.application, metrics_token="geheimnis-ä")

    for said in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "geheimnis-ä"}):
        answer = client.get("/metrics", headers=said)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_server_that_runs_is_ready_and_tells_its_figures(tmp_path: Path) -> None:
    env = {"WORKSHOP_DATA_DIR": str(tmp_path / "data"), "WORKSHOP_METRICS_TOKEN": "watch"}
    with serve(env, tmp_path) as served:
        urlopen(f"{served.address}/sign-in").close()
        asked = Request(f"{served.address}/metrics", headers={"Authorization": "Bearer watch"})
        with urlopen(asked) as answer:
            figures = answer.read().decode()

    line = 'workshop_request_seconds_count{answer="2xx",page="security.login"} 1.0'
    assert line in figures
    assert "workshop_last_good_backup_timestamp_seconds 0.0" in figures
    assert "workshop_timers_beat_timestamp_seconds" in figures
