"""Real Socket.IO clients that keep every frame they hear."""

from __future__ import annotations

import json
import queue
import threading
import time
from typing import Any
from urllib.request import Request, urlopen

import socketio
import websocket
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from tests.factories import begin_session
from tests.serve.thread import PATIENCE_SECONDS
from workshop.staff.models import User


class _Line(websocket.WebSocket):
    """Hangs up at once: the farewell that it would wait 3 s for has gone to the reading thread."""

    def close(self, *args: Any, **_kwargs: Any) -> None:
        super().close(*args, timeout=0.05)


class Listener:
    """One client of one namespace. `frames` holds all that ever came, in order."""

    def __init__(self, address: str, namespace: str, cookie: str = "") -> None:
        self.frames: list[tuple[str, Any]] = []
        self.heard: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.closed = threading.Event()
        self.namespace = namespace
        self.address = address
        self._headers = {"Cookie": cookie} if cookie else {}
        self.client = socketio.Client(reconnection=False, websocket_extra_options={"class_": _Line})
        self.client.on("*", self._keep, namespace=namespace)
        self.client.on("disconnect", self._close, namespace=namespace)
        self.client.connect(
            address,
            headers=self._headers,
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

    def read(self, code: str = "main") -> Any:
        """All that the television shows, as its page reads it."""
        with urlopen(
            Request(f"{self.address}/screen/{code}/rows", headers=self._headers)
        ) as answer:
            return json.load(answer)

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
    value = signer.dumps({"_user_id": begin_session(user), "_fresh": True})
    return f"session={value}"
