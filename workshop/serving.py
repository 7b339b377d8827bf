"""Serving for real: gunicorn with the settings that were measured to hold up."""

from __future__ import annotations

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

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
            "post_worker_init": _settle,
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand the options over."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application inside the worker, with its timers."""
        app = create_app(self._settings)
        timers.start(app, self._settings.data_dir)
        return app


def _settle(_worker: Any) -> None:
    live.settle_memory()
