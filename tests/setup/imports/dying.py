"""A process that takes a file over and is killed in the middle: `python -m … DATA_DIR URL BATCH`.

It says "begun" when it writes its first rows, and then waits to be killed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.crash.child import settings_of
from tests.factories import AT, make_branch
from workshop import clock, db
from workshop.app import create_app
from workshop.setup.imports import background, queries, service
from workshop.setup.imports.pen import Pen
from workshop.setup.imports.rules import ImportState
from workshop.staff import service as staff


def main() -> None:
    """Begin, say so, and never end."""
    app = create_app(settings_of(Path(sys.argv[1]), sys.argv[2]))
    clock.freeze(AT)
    state = ImportState(sys.argv[4])
    with app.app_context():
        batch = queries.get_batch(make_branch(), int(sys.argv[3]))
        by = staff.find_user("importer")
        assert by is not None
        runner, batch_id = service.begin(batch, state, by=by, at=AT), batch.id
        db.commit()
    _stop_after_first_rows()
    background.run(app, batch_id, runner)


def _stop_after_first_rows() -> None:
    carry_out = Pen.carry_out

    def once(self: Pen, acts: object) -> None:
        carry_out(self, acts)  # type: ignore[arg-type]
        sys.stdout.write("begun\n")
        sys.stdout.flush()
        # Killed long before.
        time.sleep(60)

    Pen.carry_out = once  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    main()
