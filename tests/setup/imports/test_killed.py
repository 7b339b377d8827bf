"""A process that is killed in the middle of an import leaves nothing of it behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import tests
from tests.databases import Database
from tests.factories import AT, make_branch
from tests.setup.imports import factories
from tests.setup.imports.factories import PEOPLE, S
from tests.snapshot import changed, take
from workshop import db
from workshop.db import session
from workshop.setup.imports import life, queries

ROOT = Path(tests.__file__).parents[1]


def test_killed_in_the_middle_nothing_is_there_and_it_can_be_done_again(
    database: Database,
) -> None:
    # given
    batch_id = factories.check("customers", PEOPLE).id
    settings = database.app.extensions["workshop_settings"]
    db.commit()
    before = take()
    # when: the process has written rows, and is killed before it commits
    command = [sys.executable, "-m", "tests.setup.imports.dying", str(settings.data_dir)]
    with subprocess.Popen(
        [*command, settings.database_url, str(batch_id), S.APPLYING.value],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.kill()
    # then: nothing of it is there, and the file does not say that it runs for ever
    assert changed(before, take()) == {"import_batch"}
    assert life.release_lost(AT + 2 * life.LEASE) == 1
    db.commit()
    batch = queries.get_batch(make_branch(), batch_id)
    session.refresh(batch)
    assert (batch.state, batch.has_turn) == (S.CHECKED, False)
    # when: once more
    assert factories.apply(batch).state is S.APPLIED
    assert {"customer", "import_change"} <= changed(before, take())
