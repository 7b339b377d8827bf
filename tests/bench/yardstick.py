"""The yardstick of `tests.bench.live`: bare Python `websockets`, and nothing else in the process.

Prints its address, then broadcasts each line of its input to all, as it is.
"""

from __future__ import annotations

import asyncio
import gc
import sys

from websockets.asyncio.server import ServerConnection, broadcast, serve


async def main() -> None:
    """Listen, and pass on what is typed."""
    listeners: set[ServerConnection] = set()

    async def hold(connection: ServerConnection) -> None:
        listeners.add(connection)
        await connection.wait_closed()

    async with serve(hold, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        print(f"http://127.0.0.1:{port}", flush=True)
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        gc.collect()
        gc.freeze()
        gc.set_threshold(100_000, 50, 100)
        while line := await reader.readline():
            broadcast(listeners, line.decode().rstrip("\n"))


if __name__ == "__main__":
    asyncio.run(main())
