"""The drill: back up while people write, lose everything, restore, and compare."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from tests import postgresql
from tests.backup import shops
from tests.factories import AT
from workshop import restoring
from workshop.backup import archive, making, sqlite
from workshop.config import Settings

WRITERS = 3


class Writer:
    """A process that writes, and how far its writes are acknowledged."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.acknowledged = 0
        self._process = process
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.acknowledged = int(line)

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(timeout=60) == 0
        self._reader.join()


@contextmanager
def writing(settings: Settings, name: str) -> Iterator[Writer]:
    command = [sys.executable, "-m", "tests.backup.writer", str(settings.data_dir)]
    with subprocess.Popen(
        [*command, settings.database_url, name],
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        writer = Writer(process)
        try:
            yield writer
        finally:
            writer.end()


def wait_for(what: list[Writer], number: int) -> None:
    until = time.monotonic() + 120
    while any(each.acknowledged < number for each in what):
        assert time.monotonic() < until
        time.sleep(0.02)


def wipe(settings: Settings) -> None:
    """The computer is lost: the database and everything beside it."""
    file = making.database_file(settings)
    if file is not None:
        for each in (file, *sqlite.companions(file)):
            each.unlink(missing_ok=True)
    else:
        name = str(sa.make_url(settings.database_url).database)
        postgresql.make_empty(name)
    (settings.data_dir / "secret.key").unlink()


@pytest.mark.parametrize("kind", shops.KINDS)
def test_backed_up_under_load_wiped_and_restored(kind: str, tmp_path: Path) -> None:
    with shops.filled(kind, tmp_path / "data") as shop:
        before = shops.count(shop)
        # given people who write all the while
        with ExitStack() as stack:
            writers = [
                stack.enter_context(writing(shop, f"writer {number}")) for number in range(WRITERS)
            ]
            wait_for(writers, 3)
            acknowledged = [each.acknowledged for each in writers]
            # when
            made = making.make(shop, at=AT)
            during = [each.acknowledged for each in writers]
            wait_for(writers, max(during) + 1)
        # then they were not held up by it
        assert sum(during) > sum(acknowledged)
        file = shop.backup_dir / made.name
        manifest = archive.read_manifest(file, None)
        # when all is lost
        wipe(shop)
        restoring.restore(restoring.look(shop, file), shop, at=AT)
        # then what comes back is what the manifest says
        after = shops.count(shop)
        assert after.differences(manifest.figures) == []
        assert after.broken_files == 0
        # and every write that was acknowledged before the backup began is in it, none is torn
        engine = sa.create_engine(shop.database_url)
        with engine.connect() as connection:
            kept = set(connection.execute(sa.text("SELECT caption FROM attachment")).scalars())
        engine.dispose()
        for number, count in enumerate(acknowledged):
            assert {f"writer {number} {each}" for each in range(1, count + 1)} <= kept
        pictures = after.rows["attachment"] - before.rows["attachment"]
        assert after.rows["audit_entry"] - before.rows["audit_entry"] == pictures
        # and money is what it was
        assert after.sums == before.sums
        key = (shop.data_dir / "secret.key").read_text(encoding="ascii")
        assert key == shops.OLD_KEY


def test_a_row_put_into_the_restored_shop_gets_a_new_number(tmp_path: Path) -> None:
    """The counters of a server come back as well."""
    with shops.filled("postgresql", tmp_path / "data") as shop:
        made = making.make(shop, at=AT)
        wipe(shop)
        plan = restoring.look(shop, shop.backup_dir / made.name)
        restoring.restore(plan, shop, at=AT)
        with psycopg.connect(shop.database_url.replace("+psycopg", "")) as connection:
            most = connection.execute("SELECT max(id) FROM attachment").fetchone()
            query = "SELECT nextval(pg_get_serial_sequence('attachment', 'id'))"
            assert most is not None
            assert connection.execute(query).fetchone() == (most[0] + 1,)
