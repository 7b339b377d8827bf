"""A process that holds sockets and does nothing else: `python -m workshop.sockets.holder FD`.

It knows no page and no database. Each socket comes to it over the line FD, with the rooms that a
page has allowed it; what is said to a room comes over the same line, or over Redis. It writes
nothing, so nothing it does can freeze a database.

gevent, because a socket costs it some kilobytes and no thread.
"""

from gevent import monkey

monkey.patch_all()

import gc  # noqa: E402 - What is imported before the line above would block the process.
import json  # noqa: E402
import logging  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections import Counter  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
import gevent.socket  # noqa: E402
import socketio  # noqa: E402
from socketio.exceptions import ConnectionRefusedError  # noqa: E402
from socketio.pubsub_manager import PubSubManager  # noqa: E402

from workshop.sockets.rooms import (  # noqa: E402
    LARGEST,
    MOST_OF_ONE_ADDRESS,
    MOST_SOCKETS,
    NAMESPACES,
    REFUSAL,
    Cutting,
)

# Who has opened a socket and says nothing wants only the place.
JOIN_SECONDS = 5
_REDIS_PAUSE_SECONDS = 1
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

log = logging.getLogger("workshop.sockets")


class FromLine(Cutting, PubSubManager):  # type: ignore[misc]  # socketio ships no types.
    """Says to the rooms what comes over the line."""

    name = "line"

    def _thread(self) -> None:
        """Nothing to wait for: the holder passes on what it hears."""

    def hear(self, message: dict[str, Any]) -> None:
        """One message of a page."""
        self._handle_emit(message)


class FromRedis(Cutting, socketio.RedisManager):  # type: ignore[misc]  # The same.
    """Says to the rooms what any process of the installation has published."""

    def _listen(self) -> Iterator[bytes]:
        # Its own way waits up to a minute between two tries; screens would be blind as long.
        while True:
            try:
                self._redis_connect()
                self.pubsub.subscribe(self.channel)
                for message in self.pubsub.listen():
                    if message["type"] == "message":
                        yield message["data"]
            except Exception as error:
                log.warning("Redis does not answer, and screens hear nothing: %s", error)
            time.sleep(_REDIS_PAUSE_SECONDS)


class _Whole(gevent.socket.socket):  # type: ignore[misc]  # gevent's is no class for mypy.
    """A socket whose `send` sends all, since the WebSocket library takes that for granted."""

    def send(self, data: bytes, flags: int = 0) -> int:
        sent = 0
        while sent < len(data):
            sent += super().send(data[sent:], flags)
        return sent


class Holder:
    """The sockets of this process."""

    def __init__(self, line: socket.socket, redis_url: str | None, channel: str, note: str) -> None:
        self._line = line
        self._note = Path(note)
        self._manager = FromRedis(redis_url, channel) if redis_url else FromLine()
        self._of_address: Counter[str] = Counter()
        self._noted_at = 0.0
        self._server = socketio.Server(
            async_mode="gevent",
            client_manager=self._manager,
            transports=["websocket"],
            ping_interval=10,
            ping_timeout=20,
            max_http_buffer_size=4096,
            async_handlers=False,
        )
        for namespace in NAMESPACES:
            self._server.on("connect", self._joiner(namespace), namespace=namespace)
        self._server.manager.initialize()
        self._server.manager_initialized = True

    def run(self) -> None:
        """Take sockets and pass on messages, until the pages are gone.

        What is said goes on in the order in which it came.
        """
        gevent.spawn(_end_with_parent, os.getppid())
        self._line.setblocking(False)
        while True:
            gevent.socket.wait_read(self._line.fileno())
            data, handles, _, _ = socket.recv_fds(self._line, LARGEST, 1)
            message = json.loads(data)
            if handles:
                gevent.spawn(
                    self._hold, _Whole(fileno=handles[0]), message["environ"], message["rooms"]
                )
            else:
                self._manager.hear(message)

    def _hold(
        self, line: socket.socket, environ: dict[str, Any], rooms: dict[str, list[str]]
    ) -> None:
        address = environ.get("REMOTE_ADDR", "")
        with line:
            if self._is_full(address):
                line.sendall(_FULL)
                return
            self._of_address[address] += 1
            environ |= {"werkzeug.socket": line, "workshop.rooms": rooms}
            deadline = gevent.spawn_later(JOIN_SECONDS, self._require_joined, line, environ)
            try:
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for part in self._server.handle_request(environ, _refuse_on(line)):
                    line.sendall(part)
            except (OSError, StopIteration):
                # The WebSocket library's way to say that the socket is closed.
                pass
            finally:
                deadline.kill()
                self._of_address[address] -= 1
                if not self._of_address[address]:
                    del self._of_address[address]

    def _is_full(self, address: str) -> bool:
        held = self._of_address.total()
        if held < MOST_SOCKETS and self._of_address[address] < MOST_OF_ONE_ADDRESS:
            return False
        if time.monotonic() > self._noted_at + 60:
            self._noted_at = time.monotonic()
            log.warning("no place for more sockets than %s: further pages ask by themselves", held)
            self._note.write_text(json.dumps({"held": held}), encoding="ascii")
        return True

    def _require_joined(self, line: socket.socket, environ: dict[str, Any]) -> None:
        if not environ.get("workshop.joined"):
            line.shutdown(socket.SHUT_RDWR)

    def _joiner(self, namespace: str) -> Any:
        def join(sid: str, environ: dict[str, Any], _auth: object = None) -> None:
            rooms = environ["workshop.rooms"].get(namespace)
            if not rooms:
                raise ConnectionRefusedError(REFUSAL)
            environ["workshop.joined"] = True
            for room in rooms:
                self._server.enter_room(sid, room, namespace=namespace)

        return join


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        gevent.sleep(1)
    os._exit(0)


def _refuse_on(line: socket.socket) -> Any:
    def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> None:
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        line.sendall(f"HTTP/1.1 {status}\r\n{head}Connection: close\r\n\r\n".encode("latin-1"))

    return start_response


def main() -> None:
    """Hold sockets until the parent is gone, or says that it is time to go."""
    logging.basicConfig(format="%(asctime)s [%(process)d] [%(levelname)s] %(message)s")
    # Ctrl-C reaches the whole group; the parent decides when the sockets go.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    holder = Holder(socket.socket(fileno=int(sys.argv[1])), **json.load(sys.stdin))
    gevent.signal_handler(signal.SIGTERM, os._exit, 0)
    # Only in a process that makes no pages: with 1000 sockets a collection stops them for 0.2 s.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    holder.run()


if __name__ == "__main__":
    main()
