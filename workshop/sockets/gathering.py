"""A gunicorn worker whose threads see only requests that have arrived as a whole.

One loop waits for all that people are still sending. So a slow or silent client costs a place in a
list and never a thread, and who takes too long is let go. Nor does the loop itself ever wait for
one of them: a line that ends is drained beside the others.
"""

from __future__ import annotations

import errno
import re
import selectors
import socket
import struct
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_SECONDS = 10
BODY_SECONDS = 120
GOODBYE_SECONDS = 2
# A browser that takes nothing of its answer for so long is gone.
SEND_SECONDS = 20
# A shop's desks, phones and televisions may share one address; each sends for an instant only.
MOST_OF_ONE_ADDRESS = 200
# As config.py lets a body be; the application refuses a longer one in words.
MOST_BODY = 32 * 2**20
_MOST_HEAD = 64 * 2**10
_IN_MEMORY = 2**20
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*$", re.IGNORECASE | re.MULTILINE)
_CHUNKED = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)
_NO_LENGTH = b"HTTP/1.1 411 Length Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Incoming:
    """What has arrived of one request so far."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - Read later.
        self._size = 0
        self._whole: int | None = None
        self.is_chunked = False

    def add(self, data: bytes) -> None:
        """Take what has just arrived."""
        self._file.write(data)
        self._size += len(data)
        if self._whole is None:
            self._head += data
            self._look()

    @property
    def has_head(self) -> bool:
        """Whether the head is there."""
        return self._whole is not None

    @property
    def is_whole(self) -> bool:
        """Whether the application may read it without waiting."""
        return self._whole is not None and self._size >= self._whole

    @property
    def must_be_last(self) -> bool:
        """Whether the line holds more than this request: then it ends with the answer."""
        return self._size != self._whole

    def open(self) -> Callable[[int], bytes]:
        """What reads the request from its beginning."""
        self._file.seek(0)
        left = self._whole or 0

        def read(size: int) -> bytes:
            nonlocal left
            piece = self._file.read(min(size, left))
            left -= len(piece)
            return piece

        return read

    def close(self) -> None:
        """It has been read, or nobody wants it any more."""
        self._file.close()

    def _look(self) -> None:
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            # The parser says in its own words that this is too long.
            self._whole = self._size if self._size > _MOST_HEAD else None
            return
        lines = bytes(self._head[:end]).replace(b"\r\n", b"\n")
        self.is_chunked = _CHUNKED.search(lines) is not None
        found = _LENGTH.search(lines)
        length = int(found.group(1)) if found else 0
        # Of a body that is refused anyway nothing is awaited.
        self._whole = end + 4 + (length if length <= MOST_BODY else 0)
        self._head.clear()


class _Unreader(SocketUnreader):  # type: ignore[misc]  # gunicorn ships no types.
    """Gives the parser what was gathered, and never waits for more."""

    read_gathered: Callable[[int], bytes]

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The next piece; nothing at the end."""
        return self.read_gathered(max(self.mxchunk, min(size_hint or 0, self.max_body_chunk)))


class PageWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types.
    """gunicorn's threads, behind a loop that gathers requests and lets slow clients go."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # In the order of their coming, with the moment until which each may stay.
        self._waiting: dict[Any, float] = {}
        self._of_address: Counter[str] = Counter()

    def accept(self, listener: socket.socket) -> None:
        """Take a new line; nothing is asked of it before its request is there."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EMFILE, errno.ENFILE):
                raise
            return
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_SECONDS, 0))
        self.nr_conns += 1
        self._await_request(TConn(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Any, client: socket.socket) -> None:
        """A line that was kept open begins its next request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await_request(conn)

    def murder_pending(self) -> None:
        """Let those go that have taken too long."""
        now = time.monotonic()
        for conn in [each for each, until in self._waiting.items() if until < now]:
            self._drop(conn)

    def finish_request(self, conn: Any, done: Future[Any]) -> None:
        """The answer is on its way: keep the line for the next request, or end it."""
        conn.incoming.close()
        is_fine = not done.cancelled() and done.exception() is None and done.result()
        conn.sock.setblocking(False)
        if not is_fine or conn.incoming.must_be_last:
            self._say_goodbye(conn)
            return
        conn.set_timeout()
        if not self.alive:
            conn.timeout = min(conn.timeout, time.monotonic() + GOODBYE_SECONDS)
        self.keepalived_conns.append(conn)
        callback = partial(self.on_client_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, callback)

    def _keepalive_after(self, conn: Any, keepalive: bool) -> bool:
        # Its body is here as a whole, so nothing is drained for it.
        return bool(
            keepalive and not conn.incoming.must_be_last and super()._keepalive_after(conn, True)
        )

    def _await_request(self, conn: Any) -> None:
        conn.incoming = Incoming()
        self._wait(conn, HEAD_SECONDS, self._gather)

    def _gather(self, conn: Any, client: socket.socket) -> None:
        incoming, had_head = conn.incoming, conn.incoming.has_head
        data = _read(client)
        if data is None:
            return
        if not data:
            self._drop(conn)
            return
        incoming.add(data)
        if incoming.is_chunked:
            self._refuse(conn, _NO_LENGTH)
        elif incoming.is_whole:
            self._forget(conn)
            self._hand_to_a_thread(conn)
        elif incoming.has_head and not had_head:
            self._waiting[conn] = time.monotonic() + BODY_SECONDS

    def _hand_to_a_thread(self, conn: Any) -> None:
        conn.init()
        unreader = _Unreader(conn.sock)
        unreader.read_gathered = conn.incoming.open()
        conn.parser.unreader = unreader
        self.enqueue_req(conn)

    def _refuse(self, conn: Any, answer: bytes) -> None:
        self._forget(conn)
        with suppress(OSError):
            conn.sock.send(answer)
        self._say_goodbye(conn)

    def _say_goodbye(self, conn: Any) -> None:
        """Send the end, and read what still comes, or the answer's last words may be lost."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        self._wait(conn, GOODBYE_SECONDS, self._drain)

    def _drain(self, conn: Any, client: socket.socket) -> None:
        if _read(client) == b"":
            self._drop(conn)

    def _wait(self, conn: Any, seconds: float, then: Callable[[Any, socket.socket], None]) -> None:
        self._waiting[conn] = time.monotonic() + seconds
        self._of_address[_address(conn)] += 1
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(then, conn))
        if self._of_address[_address(conn)] > MOST_OF_ONE_ADDRESS:
            self._drop(next(each for each in self._waiting if _address(each) == _address(conn)))
        elif self.nr_conns >= self.worker_connections - 1:
            # There must always be room for the next, whoever came before.
            self._drop(next(iter(self._waiting)))

    def _forget(self, conn: Any) -> None:
        del self._waiting[conn]
        self._of_address[_address(conn)] -= 1
        if not self._of_address[_address(conn)]:
            del self._of_address[_address(conn)]
        self.poller.unregister(conn.sock)

    def _drop(self, conn: Any) -> None:
        self._forget(conn)
        self._close(conn)

    def _close(self, conn: Any) -> None:
        self.nr_conns -= 1
        conn.incoming.close()
        conn.close()


def _address(conn: Any) -> str:
    # A line over a socket in the file system has none.
    return str(conn.client[0]) if conn.client else ""


def _read(client: socket.socket) -> bytes | None:
    """What has arrived; empty at the end of the line, None when it was a false alarm."""
    try:
        return client.recv(2**16)
    except BlockingIOError:
        return None
    except OSError:
        return b""
