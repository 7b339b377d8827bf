"""The command lines of the README, run as they stand there."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tests.serve import process

ROOT = Path(__file__).parent.parent.parent.parent
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
    command = [*_workshop(now), "init", "--lang", lang]
    return process.link_of(command, env, typed=f"{shop}\n{manager}\n")


@contextmanager
def serve(words: list[str], env: Mapping[str, str], folder: Path, now: datetime) -> Iterator[str]:
    """`workshop serve` on a free port, with the shop's clock begun at `now`; gives its address.

    A shop is asleep half of the day, and a test is not.
    """
    assert words == ["workshop", "serve"]
    with process.serve(env, folder, workshop=_workshop(now)) as served:
        yield served.address


def _workshop(now: datetime) -> list[str]:
    begin = (
        "from datetime import datetime; from workshop import clock; "
        f"clock.run_from(datetime.fromisoformat({now.isoformat()!r}), 1.0); "
        "from workshop.cli import main; main()"
    )
    return [sys.executable, "-c", begin]
