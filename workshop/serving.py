"""Serving for real: gunicorn with the settings that were measured to hold up.

Pages are made by threads, and sockets are held by processes of their own; both are children of
this one and share its one address.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import Any, cast

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from sqlalchemy.orm import configure_mappers

from workshop import live, timers
from workshop.app import create_app
from workshop.config import Settings
from workshop.health import views as health
from workshop.sockets.gathering import PageWorker
from workshop.sockets.lines import NOTE, Lines


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types.
    """So many workers that make pages, and so many holders of sockets."""

    def __init__(
        self, settings: Settings, host: str, port: int, workers: int, holders: int
    ) -> None:
        self._settings = settings
        self.lines = Lines(
            holders,
            redis_url=settings.redis_url,
            channel=live.channel_of(settings),
            note=settings.data_dir / NOTE,
        )
        self._options: dict[str, Any] = {
            "bind": f"{host}:{port}",
            "workers": workers,
            "worker_class": PageWorker,
            "worker_connections": 4000,
            "threads": 64,
            "backlog": 2048,
            "graceful_timeout": 2,
            "timeout": 120,
            "keepalive": 30,
            "control_socket_disable": True,
            # Made once, before the worker comes to be: both hold the same pages of memory.
            "preload_app": True,
            "when_ready": _settle,
            "post_worker_init": self._begin,
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand the options over."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application; it opens nothing that a fork would share."""
        health.forget_figures(self._settings)
        app = create_app(self._settings, self.lines)
        configure_mappers()
        return app

    def _begin(self, worker: Any) -> None:
        """In the worker: its timers, and the thread that tells screens."""
        timers.start(worker.wsgi, self._settings.data_dir)
        live.start(worker.wsgi)

    def run(self) -> None:
        """Serve until somebody says that it is enough."""
        _allow_many_files()
        try:
            _Parent(self).run()
        except SystemExit as end:
            # Nothing is left to be done, and taking the whole interpreter apart takes seconds.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(int(end.code or 0))


class _Parent(Arbiter):  # type: ignore[misc]  # gunicorn ships no types.
    """gunicorn's parent, which looks after the holders as well."""

    @property
    def _lines(self) -> Lines:
        return cast(Server, self.app).lines

    def manage_workers(self) -> None:
        """Called at least once a second."""
        self._lines.tend()
        super().manage_workers()

    def stop(self, graceful: bool = True) -> None:
        """The sockets first: nobody is in the middle of anything there."""
        self._lines.stop()
        super().stop(graceful)


def _allow_many_files() -> None:
    # A socket is a file; many systems allow a thousand unless they are asked.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 8192 if hard == resource.RLIM_INFINITY else min(8192, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _settle(_arbiter: Any) -> None:
    live.settle_memory()
