"""Restores that are killed: `python -m tests.backup.child`.

It reads lines of JSON: the settings of the shop, the archive, and the moment at which a fork of
it kills itself: the number of a file's opening, renaming or removal, "commit" before and
"committed" after the server's transaction, or "never". It answers with the fork's exit status and,
for "never", the number of such moments.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from tests import databases
from tests.factories import AT
from workshop import restoring
from workshop.backup import swapping

_MOMENTS = {"open", "os.rename", "os.remove", "sqlite3.connect"}


def main() -> None:
    """Answer until the input ends."""
    for line in sys.stdin:
        said = json.loads(line)
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            _restore(said, writer)
        os.close(writer)
        with os.fdopen(reader) as told:
            count = told.read()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)} {count or 0}\n")
        sys.stdout.flush()


def _restore(said: dict[str, str], told: int) -> None:
    settings = databases.settings_for(Path(said["folder"]), said["url"])
    moment, count = said["moment"], [0]

    def look(name: str, arguments: tuple[Any, ...]) -> None:
        if name in _MOMENTS and said["folder"] in str(arguments):
            count[0] += 1
            if str(count[0]) == moment:
                _die()

    try:
        plan = restoring.look(settings, Path(said["file"]))
        if moment == "commit":
            event.listen(sa.engine.Engine, "commit", _die_after_note(settings.data_dir))
        elif moment == "committed":
            swapping.finish = _die  # type: ignore[assignment]
        sys.addaudithook(look)
        restoring.restore(plan, settings, at=AT, copy_first=False)
        os.write(told, str(count[0]).encode())
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _die_after_note(folder: Path) -> Any:
    return lambda _connection: _die() if (folder / swapping.JOURNAL).exists() else None


def _die(*_arguments: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
