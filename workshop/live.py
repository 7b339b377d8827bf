"""Socket.IO: namespaces, rooms, and the only emitter."""

from __future__ import annotations

from flask import Flask
from flask_socketio import SocketIO

from workshop.config import Settings

socketio = SocketIO()


def init_app(app: Flask, settings: Settings) -> None:
    """Bind Socket.IO to the app; with Redis, several processes share one message queue."""
    socketio.init_app(
        app,
        async_mode="threading",
        message_queue=settings.redis_url,
        ping_interval=10,
        ping_timeout=20,
    )
