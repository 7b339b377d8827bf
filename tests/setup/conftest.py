"""What several tests of the set-up begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.backup import shops
from workshop.config import Backups, Settings


@pytest.fixture
def settings(app: Flask, tmp_path: Path) -> Iterator[Settings]:
    """The app's own settings, with a folder of backups that no other test uses."""
    kept = app.extensions["workshop_settings"]
    app.extensions["workshop_settings"] = shops.with_backups(kept, Backups(folder=tmp_path))
    yield app.extensions["workshop_settings"]
    app.extensions["workshop_settings"] = kept
