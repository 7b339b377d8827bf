"""A process that does an act and dies in it: `python -m tests.crash.child DATA_DIR URL`.

It reads one line a time, "point TAB act", lets a fork of itself do the act, and answers with the
fork's exit status. The fork holds its own connection and ends without tidying up anything.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import configure_mappers

from tests.crash import acts
from tests.factories import AT
from workshop import clock, db
from workshop.app import create_app
from workshop.config import Settings
from workshop.errors import WorkshopError

DONE, BEFORE_COMMIT, AFTER_COMMIT, REFUSED, BROKEN = 0, 41, 42, 43, 44


def main() -> None:
    """Serve acts until the input ends."""
    app = create_app(settings_of(Path(sys.argv[1]), sys.argv[2]))
    configure_mappers()
    for line in sys.stdin:
        point, name = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            with app.app_context():
                os._exit(_live_and_die(acts.ACTS[name], point))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _live_and_die(act: acts.Act, point: str) -> int:
    if point == "before":
        event.listen(db.db.engine, "commit", lambda _connection: os._exit(BEFORE_COMMIT))
    if point == "after":
        event.listen(db.session, "after_commit", lambda _session: os._exit(AFTER_COMMIT))
    clock.freeze(AT)
    try:
        acts.do(act)
        db.commit()
    except WorkshopError as error:
        sys.stderr.write(f"{act.name}: refused: {error}\n")
        db.rollback()
        return REFUSED
    except BaseException:
        traceback.print_exc()
        return BROKEN
    return DONE


def settings_of(folder: Path, url: str) -> Settings:
    return Settings(
        data_dir=folder,
        database_url=url,
        redis_url=None,
        secret_key="a key for tests only",
        behind_https=False,
        testing=True,
    )


if __name__ == "__main__":
    main()
