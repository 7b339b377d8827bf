"""A name or word without a blank, however long, makes no page wider than the phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests import twin
from tests.conftest import AT
from tests.e2e import story
from tests.e2e.cast import Enter
from tests.e2e.fitness import PHONE
from tests.e2e.open_shop import PASSWORD, OpenShop, opened
from workshop import db
from workshop.db import session

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

# What people type; a word of a list or a unit has bounds of its own.
_TYPED = (
    *("name", "display_name", "bringer_name", "signer_name", "concern", "note", "remark", "reason"),
    *("title_zh", "title_en", "name_zh", "name_en", "make", "model", "address", "words", "finding"),
)
_KEPT = frozenset({"role", "branch", "known_permission"})
PAGES = (
    *("/", "/?whose=all", "/booking", "/booking/new", "/reception", "/quotation", "/lounge"),
    *("/scheduling", "/scheduling/close", "/scheduling/watch", "/scheduling/week", "/parts"),
    *("/parts/stock", "/parts/stock/1", "/parts/register", "/parts/suppliers", "/repair"),
    *("/repair/attendance", "/settlement", "/settlement/owed", "/settlement/claims"),
    *("/handover", "/gate", "/followup"),
    *("/cases", "/customers", "/customers/1", "/vehicles/1", "/staff", "/staff/2", "/trail"),
    *("/shop", "/shop/technicians/1", "/catalogue/operations", "/catalogue/packages", "/setup"),
)
STEPS = (
    *("", "/reception", "/quotation", "/lounge", "/scheduling", "/parts", "/repair"),
    *("/settlement", "/handover", "/followup"),
)


@pytest.fixture(scope="module")
def _long_words_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    with opened(tmp_path_factory.mktemp("long_words"), _tell) as shop:
        yield shop


@pytest.fixture
def open_shop(_long_words_shop: OpenShop) -> OpenShop:
    """A shop in which everything is called by one long word."""
    return _long_words_shop


def _tell() -> list[str]:
    orders = story.tell(AT, PASSWORD)
    session.flush()
    with twin.asleep_guards():
        for table in db.Model.metadata.sorted_tables:
            for column in table.columns:
                if column.name in _TYPED and table.name not in _KEPT:
                    session.execute(sa.text(_lengthen(table.name, column)))
    db.commit()
    return orders


def _lengthen(table: str, column: sa.Column[object]) -> str:
    length = min(60, getattr(column.type, "length", None) or 60)
    word = ("W" * 20 + "x" * 20 + "0" * 20)[:length]
    name = f'"{column.name}"'
    # Rows stay apart by their number where names must differ.
    return (
        f"UPDATE \"{table}\" SET {name} = substr('{word}', length(id) + 1) || id "
        f"WHERE {name} IS NOT NULL AND {name} <> ''"
    )


def test_long_words_break_on_a_small_phone(enter: Enter, open_shop: OpenShop) -> None:
    visitor = enter("manager", width=PHONE[0], height=PHONE[1])
    page = visitor.page
    of_orders = [
        f"/orders/{no}{step}" for no in (open_shop.orders[0], open_shop.orders[8]) for step in STEPS
    ]
    wide = []
    for path in (*PAGES, *of_orders):
        answer = page.goto(visitor.address + path)
        assert answer is not None
        assert answer.status in (200, 404), path
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE[0]:
            wide.append(f"{path} is {width} px wide: {page.evaluate(_WIDEST)}")
    assert not wide, "\n".join(wide)


_WIDEST = """() => [...document.querySelectorAll("main *")]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && each.innerText)
  .map((each) => each.closest("[class]").className + ": " + each.innerText.slice(0, 30))
  .slice(-3).join(" | ")"""
