"""Three addresses for who watches the server: alive, ready, and figures."""

from __future__ import annotations

import hmac
import os
import shutil
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from workshop import clock, web
from workshop.config import Settings
from workshop.health import metrics_page, queries
from workshop.staff import access

bp = web.blueprint("health", __name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Count requests, where somebody may ask for the figures."""
    if settings.metrics_token is not None:
        folder = _figures(settings)
        folder.mkdir(exist_ok=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        metrics_page.count(app)


def forget_figures(settings: Settings) -> None:
    """Before the first process counts: what the last run counted is gone."""
    if settings.metrics_token is not None:
        shutil.rmtree(_figures(settings), ignore_errors=True)


@bp.get("/healthz")
@access.public
def healthz() -> ResponseReturnValue:
    """Alive: the process answers; it asks nothing else."""
    return {"status": "ok"}


@bp.get("/readyz")
@access.public
def readyz() -> ResponseReturnValue:
    """Ready: all that it stands on answers; else 503, and what does not.

    While the database does not answer, that is the page of an outage.
    """
    settings = _settings()
    is_current = queries.is_of_this_release()
    found = {
        "database": "ok" if is_current else "of another release",
        "timers": "late" if is_current and queries.are_timers_late(clock.of_computer()) else "ok",
    }
    if settings.redis_url:
        found["redis"] = "ok" if queries.is_redis_there(settings.redis_url) else "away"
    is_ready = set(found.values()) == {"ok"}
    status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return {"status": "ready" if is_ready else "not ready", **found}, status


@bp.get("/metrics")
@access.public
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus, for who holds the token; without a token there is no such page."""
    token = _settings().metrics_token
    if token is None:
        abort(HTTPStatus.NOT_FOUND)
    said = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(said, f"Bearer {token}".encode()):
        return Response("", HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": "Bearer"})
    return Response(metrics_page.render(), content_type=metrics_page.CONTENT_TYPE)


def _figures(settings: Settings) -> Path:
    return settings.data_dir / "metrics"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["workshop_settings"]
    return settings
