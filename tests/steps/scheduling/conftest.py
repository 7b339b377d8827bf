"""What the tests of the board share: a shop whose advisor and controller read English."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.steps.scheduling.factories import Shop, make_shop


@pytest.fixture
def shop(client: FlaskClient) -> Shop:
    shop = make_shop()
    for user in (shop.advisor, shop.controller):
        user.locale = "en"
    return shop
