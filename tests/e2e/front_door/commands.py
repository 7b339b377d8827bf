"""The command lines of the README, run as they stand there."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.request import urlopen

from tests.serve.process import free_port

ROOT = Path(__file__).parent.parent.parent.parent
READY_SECONDS = 180
_BLOCK = re.compile(r"<!-- front door commands -->\n```sh\n(.*?)```", re.DOTALL)


def list_commands() -> list[list[str]]:
    """The words of each line, without its remark."""
    found = _BLOCK.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    return [shlex.split(line, comments=True) for line in found[1].splitlines()]


def init(
    words: list[str],
    env: Mapping[str, str],
    now: datetime,
    *,
    shop: str,
    manager: str,
    lang: str,
) -> str:
    """Answer the two questions of `workshop init`; gives the path of the one-time link."""
    assert words == ["workshop", "init"]
    done = subprocess.run(
        [*_workshop(now), "init", "--lang", lang],
        input=f"{shop}\n{manager}\n",
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
def serve(words: list[str], env: Mapping[str, str], folder: Path, now: datetime) -> Iterator[str]:
    """`workshop serve` on a free port, with the shop's clock begun at `now`; gives its address.

    A shop is asleep half of the day, and a test is not.
    """
    assert words == ["workshop", "serve"]
    port, log = free_port(), folder / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*_workshop(now), "serve", "--port", str(port)],
            env={**os.environ, **env},
            stdout=out,
            stderr=out,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process, log)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=READY_SECONDS)


def _workshop(now: datetime) -> list[str]:
    begin = (
        "from datetime import datetime; from workshop import clock; "
        f"clock.run_from(datetime.fromisoformat({now.isoformat()!r}), 1.0); "
        "from workshop.cli import main; main()"
    )
    return [sys.executable, "-c", begin]


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not get ready:\n{log.read_text(encoding='utf-8')}")
