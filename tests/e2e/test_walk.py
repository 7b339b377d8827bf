"""One car walks through all ten steps, in the hands of eleven people, before one screen."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Cast
from tests.e2e.walk import booking

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_one_car_walks_through_the_ten_steps(cast: Cast, locale: str) -> None:
    slot = booking.book_by_phone(cast["assistant"])
    cast.shop.wait_until(slot)
    booking.stamp_arrival(cast["greeter"])
