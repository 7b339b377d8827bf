"""Figures for Prometheus: how long requests take, when the timers and the backup ran last.

Several processes answer, and each may be asked: they count in files of one folder. The library
reads where that is when it is loaded, so this module is loaded late (`workshop.later`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from workshop.backup import records
from workshop.config import Settings
from workshop.health import queries

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = Histogram(
    "workshop_request_seconds",
    "How long requests took, by page and kind of answer",
    ("page", "answer"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
)


def count(app: Flask) -> None:
    """Count each request of the app."""
    app.before_request(_begin)
    app.after_request(_end)


def render() -> bytes:
    """All figures as Prometheus reads them."""
    settings: Settings = current_app.extensions["workshop_settings"]
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(_Now(settings))
    return generate_latest(registry)


class _Now:
    """What is read when it is asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def collect(self) -> Iterator[Metric]:
        """Moments that the shop's people should be able to trust."""
        beat = queries.find_beat()
        backup = records.find_last_good(records.list_records(self._settings.backup_dir))
        for name, words, at in (
            ("timers_beat", "When the timers ran last", beat),
            ("last_good_backup", "When the last good backup was made", backup and backup.made_at),
        ):
            value = at.timestamp() if at else 0.0
            yield GaugeMetricFamily(f"workshop_{name}_timestamp_seconds", words, value=value)


def _begin() -> None:
    g.asked_at = time.perf_counter()


def _end(response: Response) -> Response:
    # An address that leads nowhere is one page: anybody may make up as many as they like.
    page = request.endpoint or "none"
    asked_at = g.get("asked_at")
    if asked_at is not None:
        seconds = time.perf_counter() - asked_at
        SECONDS.labels(page, f"{response.status_code // 100}xx").observe(seconds)
    return response
