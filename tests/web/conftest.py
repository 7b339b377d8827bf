"""What tests of the page furniture share."""

from __future__ import annotations

from pathlib import Path

import pytest

from workshop.config import Settings


@pytest.fixture
def nowhere(tmp_path: Path) -> Settings:
    """Settings whose database is at an address where nothing listens."""
    return Settings(
        data_dir=tmp_path,
        database_url="postgresql+psycopg://shop:hidden-word@127.0.0.1:1/shop",
        redis_url=None,
        secret_key="a key for tests only",
        behind_https=False,
        testing=True,
    )
