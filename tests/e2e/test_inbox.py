"""What one person does appears in another's browser within a second, and goes by the fact."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests import live_page
from tests.databases import Database
from tests.factories import AT, make_branch, make_order, make_user
from tests.screen.sockets import session_cookie
from tests.serve.thread import serving
from workshop import db
from workshop.duties import asking
from workshop.duties.models import RequestState
from workshop.orders.flow import Stage
from workshop.orders.notes import service as notes
from workshop.staff.models import User
from workshop.staff.permissions import Permission, RoleName
from workshop.steps.reception import arrivals

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
# What a desk has to see within a second, and time for a slow machine.
WITHIN_MS = 5_000


@pytest.fixture
def advisor(database: Database) -> User:
    user = make_user(RoleName.SERVICE_ADVISOR, name="陈思远")
    user.locale = "en"
    db.commit()
    return user


@pytest.fixture
def inbox(app: Flask, advisor: User, chromium: Browser) -> Iterator[Page]:
    """The advisor's inbox, open in a browser whose line stands."""
    name, _, value = session_cookie(app, advisor).partition("=")
    db.commit()
    with serving(app) as address:
        context = chromium.new_context(locale="en-US")
        context.add_cookies([{"name": name, "value": value, "url": address}])
        page = context.new_page()
        live_page.open_joined(page, f"{address}/inbox")
        yield page
        context.close()


def test_each_thing_arrives_in_another_browser_and_leaves_by_its_fact(
    inbox: Page, advisor: User
) -> None:
    rows, count = inbox.locator(".ib-need"), inbox.locator("[data-inbox] .count")
    expect(inbox.get_by_text("Nothing waits for you")).to_be_visible()
    # when a car comes to the door
    greeter = make_user(RoleName.GREETER)
    came = arrivals.register_walk_in(make_branch(), "沪A77777", by=greeter, at=AT)
    db.commit()
    # then it is there, counted, in the title, and said
    expect(rows).to_have_text(re.compile("Waiting to be greeted"), timeout=WITHIN_MS)
    expect(count).to_have_text("1", timeout=WITHIN_MS)
    expect(inbox).to_have_title(re.compile(r"^\(1\) "))
    expect(inbox.locator(".toast")).to_contain_text("Waiting to be greeted")
    # when it drives away
    arrivals.dismiss(came, by=greeter, at=AT)
    db.commit()
    # then it is gone
    expect(rows).to_have_count(0, timeout=WITHIN_MS)
    expect(count).to_be_hidden(timeout=WITHIN_MS)
    # when a colleague asks, and names the advisor in a note
    cashier = make_user(RoleName.CASHIER)
    asked = asking.ask(
        make_branch(), {Permission.QUOTE}, "/x", "请报价", of=advisor, by=cashier, at=AT
    )
    order = make_order(Stage.REPAIR)
    notes.write(order, "@陈思远 客人来电", by=order.advisor, at=AT)
    db.commit()
    # then both are there
    expect(rows.filter(has_text="Asked of you")).to_have_count(1, timeout=WITHIN_MS)
    expect(rows.filter(has_text="Note for you")).to_contain_text("客人来电", timeout=WITHIN_MS)
    # when it is answered, and the order opened
    asking.answer(asked, RequestState.DONE, "", by=advisor, at=AT)
    db.commit()
    expect(rows.filter(has_text="Asked of you")).to_have_count(0, timeout=WITHIN_MS)
    inbox.get_by_role("link", name="Open the note").click()
    expect(inbox.get_by_text("客人来电").first).to_be_visible(timeout=WITHIN_MS)
    expect(count).to_be_hidden(timeout=WITHIN_MS)
