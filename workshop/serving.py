"""Serving for real: gunicorn with the settings that were measured to hold up."""

from __future__ import annotations

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy.orm import configure_mappers

from workshop import live, timers
from workshop.app import create_app
from workshop.config import Settings


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types.
    """One process with many threads; a socket holds a thread, so there are plenty."""

    def __init__(self, settings: Settings, host: str, port: int, workers: int) -> None:
        self._settings = settings
        self._options: dict[str, Any] = {
            "bind": f"{host}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": 200,
            "graceful_timeout": 3,
            "timeout": 120,
            "keepalive": 30,
            "control_socket_disable": True,
            # Made once, before the worker comes to be: both hold the same pages of memory. With
            # Redis the app listens from its first moment, and a thread does not survive a fork.
            "preload_app": settings.redis_url is None,
            "when_ready": _settle,
            "post_worker_init": self._begin,
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand the options over."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application; without Redis it opens nothing that a fork would share."""
        app = create_app(self._settings)
        configure_mappers()
        return app

    def _begin(self, worker: Any) -> None:
        """In the worker: its timers."""
        timers.start(worker.wsgi, self._settings.data_dir)
        if self._settings.redis_url is not None:
            live.settle_memory()


def _settle(_arbiter: Any) -> None:
    live.settle_memory()
