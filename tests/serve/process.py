"""`workshop serve` and `workshop init` as child processes on this machine."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

# A start makes the whole database first, beside other tests on the same cores.
READY_SECONDS = 180
STOP_SECONDS = 60
_WORKSHOP = [sys.executable, "-c", "from workshop.cli import main; main()"]


@dataclass
class Served:
    """A server that runs: where it listens, its process, and the file of its log."""

    address: str
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    def stop(self) -> float:
        """End it as a service manager does; returns the seconds that it took."""
        asked = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=STOP_SECONDS)
        return time.monotonic() - asked

    def workers(self) -> list[int]:
        """The processes that make pages (Linux)."""
        return [pid for pid in self._children() if not _is_holder(pid)]

    def holders(self) -> list[int]:
        """The processes that hold sockets (Linux)."""
        return [pid for pid in self._children() if _is_holder(pid)]

    def _children(self) -> list[int]:
        own = self.process.pid
        children = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="ascii")
        return [int(pid) for pid in children.split()]


def init(env: Mapping[str, str]) -> str:
    """Make the first branch and its manager; returns the path of the one-time link."""
    words = ["init", "--branch", "示例店", "--manager", "周敏", "--username", "boss"]
    return link_of([*_WORKSHOP, *words], env)


def link_of(command: Sequence[str], env: Mapping[str, str], typed: str = "") -> str:
    """Run a command that prints a one-time link, and answer its questions; the link's path."""
    done = subprocess.run(
        command,
        input=typed,
        env={**os.environ, **env},
        check=True,
        capture_output=True,
        text=True,
        timeout=READY_SECONDS,
    )
    found = re.search(r"/welcome/\S+", done.stdout)
    assert found is not None, done.stdout
    return found.group()


@contextmanager
def serve(
    env: Mapping[str, str], folder: Path, *options: str, workshop: Sequence[str] = _WORKSHOP
) -> Iterator[Served]:
    """Serve on a free port until the block ends; what is left over then is killed.

    `workshop` is the command that people type as that word.
    """
    port = free_port()
    log_file = folder / "serve.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [*workshop, "serve", "--port", str(port), *options],
            env={**os.environ, **env},
            stdout=log,
            stderr=log,
        )
    served = Served(f"http://127.0.0.1:{port}", process, log_file)
    try:
        _wait_until_ready(served)
        yield served
    finally:
        if process.poll() is None:
            _end(served)


def _is_holder(pid: int) -> bool:
    return b"workshop.sockets.holder" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _wait_until_ready(served: Served) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and served.process.poll() is None:
        try:
            with urlopen(f"{served.address}/healthz", timeout=5) as answer:
                assert answer.read() == b'{"status":"ok"}\n'
                return
        except OSError:
            # Not there yet, or too busy with its start to answer.
            time.sleep(0.1)
    raise AssertionError(f"the server did not get ready:\n{served.log}")


def _end(served: Served) -> None:
    try:
        served.stop()
    except subprocess.TimeoutExpired:
        for pid in (*served.workers(), *served.holders(), served.process.pid):
            os.kill(pid, signal.SIGKILL)
        served.process.wait(timeout=STOP_SECONDS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def list_held(address: str, pids: list[int]) -> dict[int, int]:
    """How many connections to the address each of these processes holds (Linux)."""
    inodes = _inodes_at(int(address.rpartition(":")[2]))
    return {pid: len(_sockets_of(pid) & inodes) for pid in pids}


def _inodes_at(port: int) -> set[str]:
    established = "01"
    rows = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    fields = [row.split() for row in rows]
    wanted = f":{port:04X}"
    return {row[9] for row in fields if row[1].endswith(wanted) and row[3] == established}


def _sockets_of(pid: int) -> set[str]:
    held = set()
    for each in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found = re.fullmatch(r"socket:\[(\d+)\]", os.readlink(each))
        except FileNotFoundError:
            continue
        if found is not None:
            held.add(found.group(1))
    return held
