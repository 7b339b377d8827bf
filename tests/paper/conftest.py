"""What the tests of printed paper need."""

from __future__ import annotations

import pytest

from tests import servers


@pytest.fixture
def poppler() -> None:
    """The programs that read a PDF."""
    servers.need(servers.why_no_poppler())
