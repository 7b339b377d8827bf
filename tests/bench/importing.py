"""What a large import costs: `python -m tests.bench.importing [--rows N] [--xlsx] [--postgresql]`.

A list of cars and owners, all of them new, is brought into a shop in a process of its own: the dry
run, taking it over, and taking it back. Prints the seconds of each, by the clock and of work
(PostgreSQL's own beside them, when it is on this computer), the longest transaction that wrote (on
SQLite a desk that saves waits for it), and the most memory that the process ever had.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event

from tests import databases, postgresql
from tests.databases import settings_for
from tests.factories import AT, make_branch, make_user
from workshop import clock, db, live, sheets
from workshop.app import create_app
from workshop.customers.models import Customer, CustomerKind, Vehicle
from workshop.customers.rules import pinyin_initials
from workshop.setup.imports import background, listed, queries, service
from workshop.setup.imports.rules import ImportState
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

ROWS = 100_000
S = ImportState
_HEAD = [
    "车牌",
    "车架号",
    "姓名",
    "手机",
    "品牌",
    "车系",
    "颜色",
    "能源",
    "里程",
    "里程日期",
    "上牌日期",
    "备用",
]
_MAKES = (
    ("大众", "朗逸"),
    ("丰田", "卡罗拉"),
    ("比亚迪", "秦"),
    ("别克", "英朗"),
    ("本田", "思域"),
)
_NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"


def main() -> None:
    """Measure in a process of its own, and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--postgresql", action="store_true", help="on the test server")
    parser.add_argument("--xlsx", action="store_true", help="the list as a workbook")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        measure(asked.rows, on_postgresql=asked.postgresql, as_workbook=asked.xlsx)
        return
    command = [sys.executable, "-m", "tests.bench.importing", "--here", "--rows", str(asked.rows)]
    command += ["--postgresql"] * asked.postgresql + ["--xlsx"] * asked.xlsx
    subprocess.run(command, check=True)


def measure(rows: int, *, on_postgresql: bool, as_workbook: bool) -> None:
    """Bring the cars in, and take them back."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), on_postgresql) as app:
        with app.app_context():
            upgrade()
            staff.ensure_roles()
            by = make_user(RoleName.SERVICE_MANAGER).id
            _add_owners(rows)
            db.commit()
        clock.freeze(AT)
        # As a served process does.
        live.settle_memory()
        name = "cars.xlsx" if as_workbook else "cars.csv"
        data = (_in_another_process if as_workbook else cars)(rows)
        print(f"{rows} cars, {len(data) / 1e6:.0f} MB of {name.rpartition('.')[2]}")
        batch_id = _bring(app, name, data, by)
        del data
        longest = _watch(app)
        for state, words in (
            (S.CHECKING, "dry run"), (S.APPLYING, "taken over"), (S.UNDOING, "taken back"),
        ):  # fmt: skip
            longest.clear()
            began, worked, served = time.perf_counter(), time.process_time(), _server_work(app)
            _run(app, batch_id, state, by)
            seconds, work = time.perf_counter() - began, time.process_time() - worked
            beside = f", {_server_work(app) - served:.1f} of the server" if on_postgresql else ""
            print(
                f"{words:>12}: {seconds:5.1f} s ({work:.1f} s of work{beside}); "
                f"the longest transaction that wrote {max(longest):.1f} s"
            )
            _say(app, batch_id)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{'memory':>12}: {peak:.0f} MB at most")


@contextmanager
def opened(folder: Path, on_postgresql: bool) -> Iterator[Flask]:
    """An app on a database of its own."""
    if not on_postgresql:
        yield create_app(settings_for(folder, f"sqlite:///{folder}/shop.db"))
        return
    postgresql.make_empty("workshop_bench")
    app = create_app(settings_for(folder, databases.postgres_url("workshop_bench")))
    try:
        yield app
    finally:
        with app.app_context():
            db.db.engine.dispose()
        postgresql.drop("workshop_bench")


def _add_owners(rows: int) -> None:
    """The owners are here already, as when their list was brought first: half as many as cars."""
    make_branch()
    names = [_name(number) for number in range(rows // 2)]
    made = [
        {
            "kind": CustomerKind.PERSON, "name": name, "initials": pinyin_initials(name),
            "phone": _phone(number), "address": "", "channel": "phone", "remark": "",
            "phone_invalid": False, "created_at": AT, "version": 1,
        }
        for number, name in enumerate(names)
    ]  # fmt: skip
    db.session.execute(sa.insert(Customer), made)


def _name(number: int) -> str:
    return f"{_NAMES[number % len(_NAMES)]}{'伟芳娜敏静强磊洋'[number % 8]}{number}"


def _phone(number: int) -> str:
    return f"138{number:08}"


def cars(rows: int) -> bytes:
    """A list of cars as an old system writes it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEAD)
    pick = random.Random(20261130)
    for number in range(rows):
        make, model = _MAKES[number % len(_MAKES)]
        owner = number // 2
        writer.writerow(
            [
                f"沪{'ABCDEFGHJK'[number // 100_000 % 10]}{number % 100_000:05}", _vin(number),
                _name(owner), _phone(owner), make, model, "白", "汽油",
                pick.randrange(1000, 200_000), "2026/5/1", f"20{10 + number % 15}-03-08", "",
            ]
        )  # fmt: skip
    return text.getvalue().encode("gb18030")


def _in_another_process(rows: int) -> bytes:
    """The same list as a workbook: to write one takes memory, which is not that of the import."""
    code = "import sys; from tests.bench import importing; importing.write_workbook(sys.argv[1:])"
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        subprocess.run([sys.executable, "-c", code, file.name, str(rows)], check=True)
        return Path(file.name).read_bytes()


def write_workbook(asked: list[str]) -> None:
    """Write the list into the named file, so many rows of it."""
    table = csv.reader(io.StringIO(cars(int(asked[1])).decode("gb18030")))
    with Path(asked[0]).open("wb") as file:
        sheets.write(file, "xlsx", next(table), table, "cars")


def _vin(number: int) -> str:
    # Of a car made elsewhere: its check digit is only flagged, and costs the most words.
    return f"WVWZZZ1KZ{number:08}"


def _bring(app: Flask, name: str, data: bytes, by: int) -> int:
    with app.app_context():
        user = db.session.get_one(User, by)
        branch = make_branch()
        kind = listed.get_kind("vehicles")
        batch = service.bring(branch, kind, name, data, by=user, at=AT)
        db.commit()
        return batch.id


def _run(app: Flask, batch_id: int, state: ImportState, by: int) -> None:
    with app.app_context():
        user = db.session.get_one(User, by)
        batch = queries.get_batch(make_branch(), batch_id)
        runner = service.begin(batch, state, by=user, at=AT)
        db.commit()
    background.run(app, batch_id, runner)


def _watch(app: Flask) -> list[float]:
    """The seconds of each transaction that may write."""
    longest: list[float] = []
    began: dict[int, float] = {}
    with app.app_context():
        engine = db.db.engine

    def begin(connection: sa.Connection) -> None:
        began[id(connection)] = time.perf_counter()

    def end(connection: sa.Connection) -> None:
        longest.append(time.perf_counter() - began.pop(id(connection), time.perf_counter()))

    event.listen(engine, "begin", begin)
    event.listen(engine, "commit", end)
    return longest


def _server_work(app: Flask) -> float:
    """The seconds of work of PostgreSQL's processes for this database, on this computer."""
    with app.app_context():
        if db.is_sqlite():
            return 0.0
        query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        pids = db.session.scalars(sa.text(query)).all()
    times = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    # The fields 14 and 15 of a process, without its number and name.
    return sum(int(each[11]) + int(each[12]) for each in times) / os.sysconf("SC_CLK_TCK")


def _say(app: Flask, batch_id: int) -> None:
    with app.app_context():
        batch = queries.get_batch(make_branch(), batch_id)
        there = db.session.scalar(sa.select(sa.func.count(Vehicle.id)))
        print(
            f"              {batch.state.value} {batch.counts} {there} cars {batch.failure or ''}"
        )


if __name__ == "__main__":
    main()
