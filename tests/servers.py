"""Which servers and programs the tests find on this machine, and what to say when one is missing.

With WORKSHOP_TEST_REQUIRE=all a missing one is a failure instead of a skip.
"""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

import psycopg
import pytest
import redis

from workshop.config import resource_folder

POSTGRES_URL = os.environ.get(
    "WORKSHOP_TEST_POSTGRES_URL", "postgresql://workshop:workshop@127.0.0.1:5432/postgres"
)
REDIS_URL = os.environ.get("WORKSHOP_TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
# Without these it hangs on look-ups that a closed network refuses.
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@cache
def why_no_postgresql() -> str | None:
    """None when a PostgreSQL that can make databases answers."""
    try:
        psycopg.connect(POSTGRES_URL, connect_timeout=3).close()
    except psycopg.OperationalError:
        return (
            "no PostgreSQL: apt-get install postgresql postgresql-contrib, then as postgres: "
            "CREATE ROLE workshop LOGIN CREATEDB PASSWORD 'workshop' "
            "(or set WORKSHOP_TEST_POSTGRES_URL)"
        )
    return None


@cache
def why_no_redis() -> str | None:
    """None when a Redis answers."""
    try:
        redis.Redis.from_url(REDIS_URL, socket_connect_timeout=3).ping()
    except redis.ConnectionError:
        return "no Redis: apt-get install redis-server (or set WORKSHOP_TEST_REDIS_URL)"
    return None


@cache
def find_chromium() -> str | None:
    """The path of a Chromium, if there is one."""
    chosen = os.environ.get("WORKSHOP_TEST_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome")
    return chosen or next((found for name in names if (found := shutil.which(name))), None)


def why_no_chromium() -> str | None:
    """None when there is a Chromium."""
    return None if find_chromium() else "no Chromium: apt-get install chromium"


def chinese_device(folder: Path) -> dict[str, str]:
    """The environment of a browser on a device whose only font is a Chinese one.

    `folder` is for what the browser's font library keeps.
    """
    config = folder / "fonts.conf"
    fonts = resource_folder("static") / "vendor" / "pdf-fonts"
    config.write_text(
        f"<fontconfig><dir>{fonts}</dir><cachedir>{folder / 'fonts'}</cachedir></fontconfig>"
    )
    return os.environ | {"FONTCONFIG_FILE": str(config)}


def why_no_poppler() -> str | None:
    """None when there are pdffonts and pdftotext."""
    return None if shutil.which("pdffonts") else "no poppler: apt-get install poppler-utils"


def need(reason: str | None) -> None:
    """Skip for the reason, or fail where everything is required."""
    if reason is None:
        return
    if os.environ.get("WORKSHOP_TEST_REQUIRE") == "all":
        pytest.fail(f"required, but {reason}")
    pytest.skip(reason)
