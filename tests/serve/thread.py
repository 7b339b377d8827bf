"""A live server in a thread of the test, which ends at once when the test does."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

PATIENCE_SECONDS = 10
_POLL_SECONDS = 0.02
# Threads by what they run, which ask the database nothing.
_SLEEPERS = ("(_send_ping)", "(_service_task)", "(_thread)")


class _Handler(WSGIRequestHandler):
    """Knows its line to the client for as long as that is open, and writes no log."""

    lines: set[socket.socket]

    def setup(self) -> None:
        super().setup()
        self.lines.add(self.connection)

    def finish(self) -> None:
        self.lines.discard(self.connection)
        super().finish()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def serving(app: Flask, port: int = 0) -> Iterator[str]:
    """Serve the app with its sockets on this port, or a free one; gives the address."""
    before = set(threading.enumerate())
    handler = type("Handler", (_Handler,), {"lines": set()})
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=handler)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        _end(server, handler.lines)
        # Else its thread goes on for good, and keeps the app and all that hangs on it.
        sockets = app.extensions["socketio"].server
        # An app that is served again has ended it already.
        if sockets.eio.service_task_handle is not None:
            sockets.shutdown()
        thread.join()
        _wait_for(set(threading.enumerate()) - before)


def _end(server: BaseWSGIServer, lines: set[socket.socket]) -> None:
    """Take no more requests, and none from a browser that keeps its line open for the next one."""
    server.shutdown()
    server.server_close()
    for line in list(lines):
        # Who is still answering may finish.
        with suppress(OSError):
            line.shutdown(socket.SHUT_RD)


def _wait_for(threads: set[threading.Thread]) -> None:
    """Whatever still talks to the database must have finished before that is taken away."""
    until = time.monotonic() + PATIENCE_SECONDS
    for each in threads:
        # One that somebody else is only just starting cannot be waited for.
        if each.is_alive() and not each.name.endswith(_SLEEPERS):
            each.join(timeout=max(0.0, until - time.monotonic()))
