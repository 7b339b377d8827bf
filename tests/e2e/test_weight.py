"""What a first view weighs in a real browser. Bytes are not time: a test can hold them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.bench import weight

pytestmark = pytest.mark.browser


def test_no_first_view_is_heavier_than_its_limit(chromium: Browser, tmp_path: Path) -> None:
    weighed = {
        (which, name): row for name, which, row in weight.weigh_all(chromium.browser_type, tmp_path)
    }

    too_heavy = {
        place: f"{row.total() / 1000:.1f} kB: {dict(row)}"
        for place, row in weighed.items()
        if row.total() > weight.LIMITS[place[0]][place[1]] * 1000
    }
    assert not too_heavy
    # Only who has no Chinese characters fetches some.
    assert {which for (which, _), row in weighed.items() if row["Font"]} == {"without"}
