"""Many sockets in one process, which note when a frame came: a child of `tests.bench.live`.

`python -m tests.bench.listening ADDRESS COUNT MARK JOIN COOKIE` opens them, says "ready", and at
the next line of its input prints the moments by the mark that was found in a frame, and one such
frame. The clock is that of the computer, so the parent can compare it with its own.
"""

from __future__ import annotations

import asyncio
import base64
import gc
import json
import os
import re
import sys
import time
from collections import defaultdict
from urllib.parse import urlsplit

# No address has more than this many (workshop/sockets/rooms.py); loopback has many addresses.
OF_ONE_ADDRESS = 250
PING, PONG = b"2", "3"


class Listener:
    """All the sockets, and what they heard."""

    def __init__(self, address: str, mark: str, join: str, cookie: str) -> None:
        self._place = urlsplit(address)
        self._path = "/socket.io/?EIO=4&transport=websocket" if join else "/"
        self._mark = re.compile(mark.encode())
        self._join = join
        self._cookie = cookie
        self._tasks: set[asyncio.Task[None]] = set()
        self.joined = 0
        self.heard: dict[str, list[float]] = defaultdict(list)
        self.sample = ""

    async def open(self, number: int) -> None:
        """One more socket, which is read from now on."""
        source = (f"127.0.0.{number // OF_ONE_ADDRESS + 2}", 0)
        host, port = str(self._place.hostname), self._place.port
        reader, writer = await asyncio.open_connection(host, port, local_addr=source)
        words = [
            f"GET {self._path} HTTP/1.1",
            f"Host: {self._place.netloc}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            f"Cookie: {self._cookie}",
        ]
        writer.write("\r\n".join([*words, "", ""]).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in head:
            raise RuntimeError(head)
        if self._join:
            writer.write(frame(self._join))
        self._tasks.add(asyncio.create_task(self._read(reader, writer)))

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            data = await read_frame(reader)
            moment = time.perf_counter()
            if data == PING:
                writer.write(frame(PONG))
            elif self._join and data.startswith(self._join.rstrip(",").encode()):
                self.joined += 1
            else:
                for found in self._mark.findall(data):
                    self.heard[found.decode()].append(moment)
                    self.sample = self.sample or data.decode()


def frame(text: str) -> bytes:
    """A short text from a client, masked with nothing."""
    data = text.encode()
    return bytes([0x81, 0x80 | len(data)]) + bytes(4) + data


async def read_frame(reader: asyncio.StreamReader) -> bytes:
    """What the next frame of the server carries."""
    length = (await reader.readexactly(2))[1]
    if length == 126:
        length = int.from_bytes(await reader.readexactly(2), "big")
    elif length == 127:
        length = int.from_bytes(await reader.readexactly(8), "big")
    return await reader.readexactly(length)


async def main() -> None:
    """Open, wait, print."""
    address, count, mark, join, cookie = sys.argv[1:6]
    listener = Listener(address, mark, join, cookie)
    for number in range(int(count)):
        await listener.open(number)
    while join and listener.joined < int(count):
        await asyncio.sleep(0.05)
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    print(json.dumps([listener.heard, listener.sample]), flush=True)
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
