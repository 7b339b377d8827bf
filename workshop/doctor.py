"""What is not right with an installation, in words."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import redis
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from workshop import db
from workshop.app import PACKAGE, create_app, resource_folder
from workshop.config import Settings
from workshop.shop.models import Bay, Branch, Technician
from workshop.staff.models import User


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    is_fine: bool
    words: str


def examine(settings: Settings) -> list[Finding]:
    """Look at folder, assets, database, guards, people and Redis."""
    findings = [_folder(settings.data_dir), *_assets()]
    with create_app(settings).app_context():
        try:
            findings += _database()
        except SQLAlchemyError as error:
            findings.append(Finding(False, f"the database does not answer: {error}"))
    if settings.redis_url:
        findings.append(_redis(settings.redis_url))
    return findings


def _folder(folder: Path) -> Finding:
    if not os.access(folder, os.W_OK):
        return Finding(False, f"the data folder {folder} cannot be written")
    free = shutil.disk_usage(folder).free // 2**20
    return Finding(free > 500, f"data folder {folder}, {free} MB free")


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


def _database() -> list[Finding]:
    script = ScriptDirectory(str(PACKAGE / "migrations"))
    with db.db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        current = MigrationContext.configure(connection).get_current_revision()
    head = script.get_current_head()
    where = db.db.engine.url.render_as_string(hide_password=True)
    if current != head:
        words = f"{where} is at {current}, wanted {head}: run workshop init or workshop serve"
        return [Finding(False, words)]
    return [Finding(True, f"{where} at {head}"), _guards(), *_shop()]


def _guards() -> Finding:
    if db.is_sqlite():
        query = (
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%overlap%'"
        )
        kept = bool(db.session.scalar(text(query)))
    else:
        query = "SELECT count(*) FROM pg_constraint WHERE conname LIKE 'ex_allocation_%'"
        kept = bool(db.session.scalar(text(query)))
    return Finding(kept, "the database refuses overlaps" if kept else "the overlap guard is gone")


def _shop() -> list[Finding]:
    counts = {
        "branches": db.session.scalar(select(func.count(Branch.id))),
        "active users": db.session.scalar(select(func.count(User.id)).where(User.active)),
        "technicians": db.session.scalar(select(func.count(Technician.id))),
        "bays": db.session.scalar(select(func.count(Bay.id))),
    }
    return [Finding(bool(count), f"{count} {name}") for name, count in counts.items()]


def _redis(url: str) -> Finding:
    try:
        redis.Redis.from_url(url, socket_connect_timeout=3).ping()
    except redis.RedisError as error:
        return Finding(False, f"Redis does not answer: {error}")
    return Finding(True, "Redis answers")
