"""A shop that is open: a real server in a thread, and the shop's clock in hand."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from flask import Flask
from flask_migrate import upgrade

from tests.serve.thread import serving
from tests.templates import COMPILED
from workshop import clock, db, timers
from workshop.app import create_app
from workshop.config import Settings
from workshop.staff import service as staff

PASSWORD = "a-password-for-tests"
CODE = "main"
_ZONE = ZoneInfo("Asia/Shanghai")
# What each function has filled: its folder and its orders' numbers.
_READY: dict[Callable[[], list[str]], tuple[Path, list[str]]] = {}


@dataclass
class OpenShop:
    """A running server with the demo's people and catalogue."""

    app: Flask
    address: str
    orders: list[str] = field(default_factory=list)

    def pass_time(self, **length: float) -> datetime:
        """Let shop time pass, e.g. `pass_time(minutes=5)`."""
        clock.freeze(clock.now() + timedelta(**length))
        return clock.now()

    def wait_until(self, wall_clock: str, days: int = 0) -> datetime:
        """Let shop time pass until a time of the same day or of a later one, such as 10:30."""
        hours, minutes = wall_clock.split(":")
        here = clock.now().astimezone(_ZONE) + timedelta(days=days)
        clock.freeze(here.replace(hour=int(hours), minute=int(minutes)))
        return clock.now()

    def run_timers(self) -> None:
        """Let every package do what it does by itself from time to time."""
        with self.app.app_context():
            for job, _seconds in timers.list_jobs(self.app):
                job()
                db.commit()
            db.session.remove()

    def choose_language(self, username: str, locale: str) -> None:
        """What a person has chosen in the header once before."""
        with self.app.app_context():
            user = staff.find_user(username)
            assert user is not None
            user.locale = locale
            db.commit()
            db.session.remove()


@contextmanager
def opened(folder: Path, fill: Callable[[], list[str]]) -> Iterator[OpenShop]:
    """Open a shop with its data in the folder; `fill` makes it and gives its orders' numbers.

    What a function made once is copied when it is asked for again.
    """
    orders = _take_ready(folder, fill)
    app = create_app(_settings(folder))
    app.jinja_env.bytecode_cache = COMPILED
    with serving(app) as address:
        urlopen(f"{address}/healthz").close()
        yield OpenShop(app, address, orders)
    with app.app_context():
        db.db.engine.dispose()


def _take_ready(folder: Path, fill: Callable[[], list[str]]) -> list[str]:
    if fill not in _READY:
        made = Path(tempfile.mkdtemp(prefix="workshop-ready-"))
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        _READY[fill] = made, _make(made, fill)
    made, orders = _READY[fill]
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return list(orders)


def _make(folder: Path, fill: Callable[[], list[str]]) -> list[str]:
    app = create_app(_settings(folder))
    with app.app_context():
        upgrade()
        orders = fill()
        db.commit()
        db.session.remove()
        # The last connection that closes leaves all in one file.
        db.db.engine.dispose()
    return orders


def _settings(folder: Path) -> Settings:
    return Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'shop.db'}",
        redis_url=None,
        secret_key="a key for tests only",
        behind_https=False,
        testing=True,
    )
