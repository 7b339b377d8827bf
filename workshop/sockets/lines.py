"""The lines from the pages to the processes that hold the sockets.

A page looks at who asks for a socket, as at anybody who asks for a page, and then gives the open
connection itself to a holder (SCM_RIGHTS): one address for all, nobody copies bytes, and no thread
of the pages ever waits for a socket.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from workshop.sockets.rooms import LARGEST

NOTE = "sockets-full.json"
_STOP_SECONDS = 1
_NEEDED = (
    "HTTP_CONNECTION",
    "HTTP_HOST",
    "HTTP_ORIGIN",
    "HTTP_SEC_WEBSOCKET_KEY",
    "HTTP_SEC_WEBSOCKET_VERSION",
    "HTTP_UPGRADE",
    "PATH_INFO",
    "QUERY_STRING",
    "REMOTE_ADDR",
    "REQUEST_METHOD",
    "SERVER_PROTOCOL",
    "wsgi.url_scheme",
)

log = structlog.get_logger(__name__)


class Lines:
    """The holders of one installation on this computer. Made by their parent, used by its forks."""

    def __init__(self, count: int, *, redis_url: str | None, channel: str, note: Path) -> None:
        # Whoever could not be held by an earlier start may have a place by now.
        note.unlink(missing_ok=True)
        words = {"redis_url": redis_url, "channel": channel, "note": str(note)}
        # By its standard input: everybody may read the command lines of a computer.
        self._words = json.dumps(words).encode()
        self._pairs = [_pair() for _ in range(count)]
        self._holders: list[subprocess.Popen[bytes] | None] = [None] * count

    def tend(self) -> None:
        """Start what does not run; what was said meanwhile waits in the line."""
        for place, (_, far) in enumerate(self._pairs):
            holder = self._holders[place]
            if holder is not None and holder.poll() is None:
                continue
            if holder is not None:
                log.error("a process that holds sockets has ended and is started again")
            command = [sys.executable, "-m", "workshop.sockets.holder", str(far.fileno())]
            holder = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[far.fileno()])
            assert holder.stdin is not None
            holder.stdin.write(self._words)
            holder.stdin.close()
            self._holders[place] = holder

    def stop(self) -> None:
        """End the holders; the sockets close with them."""
        running = [each for each in self._holders if each is not None and each.poll() is None]
        for holder in running:
            holder.send_signal(signal.SIGTERM)
        for holder in running:
            try:
                holder.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                holder.kill()

    def hand(self, environ: Mapping[str, Any], rooms: Mapping[str, list[str]]) -> bool:
        """Give the connection of this request away; False when nobody takes it."""
        connection = environ.get("gunicorn.socket")
        if connection is None or not self._pairs:
            return False
        needed = {name: environ[name] for name in _NEEDED if name in environ}
        message = json.dumps({"environ": needed, "rooms": rooms}).encode()
        (near, _) = random.choice(self._pairs)
        try:
            socket.send_fds(near, [message], [connection.fileno()], socket.MSG_DONTWAIT)
        except OSError:
            # It is full of what a holder has not come to yet.
            return False
        _bury(connection)
        return True

    def tell(self, message: bytes) -> None:
        """Say something to all holders."""
        for near, _ in self._pairs:
            try:
                near.send(message, socket.MSG_DONTWAIT)
            except OSError as error:
                # A screen notices by the digest of the next heartbeat that it has missed something.
                log.warning("a process that holds sockets does not listen", error=str(error))


def _pair() -> tuple[socket.socket, socket.socket]:
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    for each in (near, far):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * LARGEST)
    return near, far


def _bury(connection: socket.socket) -> None:
    """Put a dead socket in its place.

    The server that accepted it will shut it down and close it, and a shutdown would end the line
    for the holder as well.
    """
    dead, other = socket.socketpair()
    other.close()
    os.dup2(dead.fileno(), connection.fileno(), inheritable=False)
    dead.close()
