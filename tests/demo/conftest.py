"""The made-up shop, empty."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.databases import Database
from tests.factories import AT
from workshop import db
from workshop.demo import shop as made
from workshop.demo.shop import Shop


@pytest.fixture
def shop(database: Database) -> Shop:
    """An empty demo shop, into which nobody drives by chance."""
    found = made.build(AT - timedelta(days=420))
    db.commit()
    return found
