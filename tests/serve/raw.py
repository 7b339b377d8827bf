"""Lines to a server that do less, or more, than a browser would."""

from __future__ import annotations

import base64
import os
import socket
from urllib.parse import urlsplit

PATIENCE_SECONDS = 20


def connect(address: str, source: str = "127.0.0.1") -> socket.socket:
    """A line on which nothing was said yet; `source` is the address that it comes from."""
    place = urlsplit(address)
    return socket.create_connection(
        (str(place.hostname), int(place.port or 80)), PATIENCE_SECONDS, (source, 0)
    )


def upgrade(
    address: str, cookie: str = "", origin: str = "", source: str = "127.0.0.1"
) -> socket.socket:
    """Ask for a WebSocket, and say nothing on it."""
    place = urlsplit(address)
    line = connect(address, source)
    words = [
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
        f"Host: {place.netloc}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        *([f"Cookie: {cookie}"] if cookie else []),
        *([f"Origin: {origin}"] if origin else []),
    ]
    line.sendall("\r\n".join([*words, "", ""]).encode())
    return line


def status_of(line: socket.socket) -> int:
    """The number in the first line of the answer; 0 when there was none."""
    words = line.recv(4096).split(b" ", 2)
    return int(words[1]) if len(words) > 1 else 0


def is_closed(line: socket.socket, seconds: float) -> bool:
    """Whether the other side ends the line within so many seconds."""
    line.settimeout(seconds)
    try:
        while line.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True
