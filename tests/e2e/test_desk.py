"""What the desk shows at a glance: how long a page is, what is folded, what a key does."""

from __future__ import annotations

import pytest

from tests.e2e.cast import Enter
from tests.e2e.open_shop import OpenShop
from workshop.orders.flow import Step

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

# Two screens of the desk's usual size.
LONGEST = 1_800


@pytest.fixture
def open_shop(living_shop: OpenShop) -> OpenShop:
    """A shop with a car in each stage; what these tests do to a car harms no other of them."""
    return living_shop


def test_no_page_of_a_step_is_longer_than_two_screens(enter: Enter, open_shop: OpenShop) -> None:
    visitor = enter("manager", width=1440, height=900)
    long, table = [], []
    for no in open_shop.orders:
        heights = []
        for step in Step:
            page = visitor.go(f"/orders/{no}/{step.value}")
            heights.append(int(page.evaluate("document.documentElement.scrollHeight")))
        table.append(f"{no}  " + "".join(f"{each:6}" for each in heights))
        long += [
            f"{no} {step.value}: {each} px"
            for step, each in zip(Step, heights, strict=True)
            if each > LONGEST
        ]
    # Shown by `pytest -s`, and beside a failure.
    print("", *table, sep="\n")  # noqa: T201
    assert not long, "\n".join(long)
