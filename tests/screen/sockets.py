"""A live server in a thread, and real Socket.IO clients that keep every frame they hear."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import socketio
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from werkzeug.serving import make_server

from workshop.staff.models import User

PATIENCE_SECONDS = 10
# Threads by what they run, which ask the database nothing.
SLEEPERS = ("(_send_ping)", "(_service_task)", "(_thread)")


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve the app with its sockets on a free port of this machine; gives the address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    before = set(threading.enumerate())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        # Whatever still talks to the database must have finished before that is taken away; a
        # heart may be in the middle of a beat. One that beats slowly sleeps, for all we know.
        beats_slowly = app.config["SCREEN_HEARTBEAT_SECONDS"] > 1
        quiet = (*SLEEPERS, "(_beat)") if beats_slowly else SLEEPERS
        for each in set(threading.enumerate()) - before:
            # One that somebody else is only just starting cannot be waited for.
            if each.is_alive() and not each.name.endswith(quiet):
                each.join(timeout=PATIENCE_SECONDS)


class Listener:
    """One client of one namespace. `frames` holds all that ever came, in order."""

    def __init__(self, address: str, namespace: str, cookie: str = "") -> None:
        self.frames: list[tuple[str, Any]] = []
        self.heard: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.closed = threading.Event()
        self.namespace = namespace
        self.client = socketio.Client(reconnection=False)
        self.client.on("*", self._keep, namespace=namespace)
        self.client.on("disconnect", self._close, namespace=namespace)
        self.client.connect(
            address,
            headers={"Cookie": cookie} if cookie else {},
            transports=["websocket"],
            namespaces=[namespace],
            wait_timeout=PATIENCE_SECONDS,
        )

    def wait_for(self, kind: str) -> Any:
        """The next frame of this kind; others before it are passed over. Fails after a while."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            name, frame = self.heard.get(timeout=max(0.01, until - time.monotonic()))
            if name == kind:
                return frame

    def ask(self, kind: str) -> None:
        """Send a frame to the server."""
        self.client.emit(kind, namespace=self.namespace)

    def leave(self) -> None:
        """Hang up."""
        self.client.disconnect()

    def _keep(self, kind: str, frame: Any = None) -> None:
        self.frames.append((kind, frame))
        self.heard.put((kind, frame))

    def _close(self, *_reason: object) -> None:
        self.closed.set()


def session_cookie(app: Flask, user: User) -> str:
    """The cookie of a signed-in person."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    value = signer.dumps({"_user_id": user.fs_uniquifier, "_fresh": True})
    return f"session={value}"
