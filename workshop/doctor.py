"""What is not right with an installation, in words."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import redis
import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale, gettext
from limits.errors import ConfigurationError
from sqlalchemy import func, select
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from workshop import clock, db, upgrading, web
from workshop.app import create_app
from workshop.backup.swapping import CannotRestore
from workshop.config import BadSetting, Settings, resource_folder
from workshop.errors import WorkshopError
from workshop.migrations import schemas
from workshop.setup import gates
from workshop.setup.backups import gates as backups
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.shop.queries import list_branches
from workshop.sockets.lines import NOTE
from workshop.sockets.rooms import MOST_SOCKETS
from workshop.staff.models import User
from workshop.storage import statistics


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    is_fine: bool
    words: str


def examine(settings: Settings) -> list[Finding]:
    """Look at folder, assets, database, guards, people and Redis."""
    findings = [_folder(settings.data_dir), *_assets(), _sockets(settings.data_dir)]
    findings += _address(settings)
    with create_app(settings).app_context():
        try:
            findings += _database()
        except SQLAlchemyError as error:
            findings.append(Finding(False, explain(error) or str(error)))
    if settings.redis_url:
        findings.append(_redis(settings.redis_url))
    return findings


def explain(error: Exception) -> str | None:
    """What is wrong with the installation, in words; None for what is no fault of its settings."""
    if isinstance(error, upgrading.Unfit | CannotRestore | BadSetting | WorkshopError):
        return str(error)
    if isinstance(error, DBAPIError):
        said = str(error.orig).splitlines()[0]
        if "file is not a database" in said:
            return (
                "the file that WORKSHOP_DATABASE_URL names is no database: nothing was changed. "
                "Name another file, or restore a backup"
            )
        if "no such table" in said or ("relation" in said and "does not exist" in said):
            return "the database is not set up yet: run workshop init"
        return f"the database does not answer: {said}"
    if isinstance(error, ArgumentError):
        return (
            "WORKSHOP_DATABASE_URL is no address of a database: write "
            "sqlite:///folder/file.db or postgresql+psycopg://user:password@host/name"
        )
    if isinstance(error, ConfigurationError):
        return "WORKSHOP_REDIS_URL is no address of a Redis: write redis://host:6379/0"
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return None


def _folder(folder: Path) -> Finding:
    if not os.access(folder, os.W_OK):
        return Finding(False, f"the data folder {folder} cannot be written")
    free = shutil.disk_usage(folder).free // 2**20
    return Finding(free > 500, f"data folder {folder}, {free} MB free")


def _address(settings: Settings) -> Iterator[Finding]:
    """Whether the name in the browser, the links and the cookies fit together."""
    if settings.behind_https and settings.address is None:
        yield Finding(
            False,
            "behind a proxy people open it under a name, and only this computer's own is answered: "
            "set WORKSHOP_ADDRESS, such as https://workshop.example.com",
        )
    elif settings.address is not None:
        is_secure = settings.address.startswith("https:")
        fits = is_secure == settings.behind_https
        words = (
            "" if fits else ": WORKSHOP_HTTPS=1 belongs to an address with https, and to no other"
        )
        yield Finding(fits, f"links begin with {settings.address}{words}")


def _assets() -> list[Finding]:
    static = resource_folder("static")
    wanted = {
        "scripts": "vendor/socket.io.min.js",
        "screen font": "vendor/fonts/noto-sans-sc.css",
        "print font": "vendor/pdf-fonts/NotoSansSC-Regular.ttf",
    }
    return [
        Finding((static / path).is_file(), f"{name}: {path}" + _how((static / path).is_file()))
        for name, path in wanted.items()
    ]


def _how(is_there: bool) -> str:
    return "" if is_there else " is missing; install the package again"


def _sockets(folder: Path) -> Finding:
    """Whether all open pages and screens had a place at once since the last start."""
    try:
        held = json.loads((folder / NOTE).read_text(encoding="ascii"))["held"]
    except FileNotFoundError:
        fits = f"{MOST_SOCKETS} open pages and screens for each process of serve --live"
        return Finding(True, f"changes show at once on {fits}")
    at = datetime.fromtimestamp((folder / NOTE).stat().st_mtime).astimezone()
    return Finding(
        False,
        f"at {at:%Y-%m-%d %H:%M} a process held {held} open pages and screens and had no "
        "place for more: the others ask every 15 s. Start serve with one more --live",
    )


def _database() -> list[Finding]:
    where = db.db.engine.url.render_as_string(hide_password=True)
    try:
        upgrading.require_current()
    except upgrading.Unfit as unfit:
        return [Finding(False, str(unfit))]
    guarded = Finding(True, "the database guards what must never be false")
    at_head = Finding(True, f"{where} at {upgrading.head()}")
    return [at_head, guarded, *_speed(db.session.connection()), *_backups(), *_shop()]


def _speed(connection: sa.Connection) -> Iterator[Finding]:
    """What makes pages slow in a shop of many years."""
    wanted = {
        str(each.name) for table in db.Model.metadata.tables.values() for each in table.indexes
    }
    missing = sorted(wanted - schemas.read_indexes(connection))
    if missing:
        how = "pages become slow with the years. Restore a backup into a database of its own"
        yield Finding(False, f"indexes of the database are gone: {', '.join(missing)}; {how}")
    unknown = [
        name
        for name in sorted(db.Model.metadata.tables)
        if statistics.are_missing(connection, name)
    ]
    if unknown:
        how = "pages become slow. Let workshop serve run for a minute, it gathers them"
        yield Finding(False, f"the database has no statistics of {', '.join(unknown)}: {how}")
    if not missing and not unknown:
        yield Finding(True, "the database has its indexes and knows its tables")


def _backups() -> list[Finding]:
    settings: Settings = current_app.extensions["workshop_settings"]
    with force_locale("en"):
        missing = backups.missing_for(settings, clock.now())
        found = [Finding(False, f"backups: {web.missing_words(each)}") for each in missing]
    return found or [Finding(True, f"backups in {settings.backup_dir}")]


def _shop() -> list[Finding]:
    counts = [
        _count(Branch.id, "branch", "branches", "run workshop init"),
        _count(User.id, "user", "users", "run workshop user"),
    ]
    with force_locale("en"):
        return [*counts, *(each for branch in list_branches() for each in _gaps_of(branch))]


def _gaps_of(branch: Branch) -> Iterator[Finding]:
    """What a car would stop at; what only some operations miss is no fault of the shop."""
    gaps = gates.missing_for(branch, calendar.local_day(branch, clock.now()))
    if not any(not each.is_partial for each in gaps):
        yield Finding(True, f"{branch.name}: a car can go through all ten steps")
    for each in gaps:
        where = "" if each.is_partial else " Mend it on the page Set-up, /setup"
        words = web.missing_words(each.what)
        yield Finding(each.is_partial, f"{branch.name}, {gettext(each.step.label)}: {words}{where}")


def _count(key: sa.orm.InstrumentedAttribute[int], one: str, many: str, how: str) -> Finding:
    query = select(func.count(key))
    if key.class_ is User:
        query = query.where(User.active)
    count = db.session.scalar(query) or 0
    return Finding(count > 0, f"{count} {one if count == 1 else many}{'' if count else ': ' + how}")


def _redis(url: str) -> Finding:
    try:
        redis.Redis.from_url(url, socket_connect_timeout=3).ping()
    except (redis.RedisError, ValueError) as error:
        return Finding(False, f"Redis does not answer: {error}")
    return Finding(True, "Redis answers")
