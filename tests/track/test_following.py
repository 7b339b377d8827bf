"""The customer's page follows the car: one query says whether anything is new."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.factories import make_order, make_user
from tests.steps.quotation.factories import make_offer
from tests.steps.settlement.factories import make_settled
from workshop import clock, db
from workshop.orders.flow import Stage
from workshop.orders.models import OrderForecast, RepairOrder
from workshop.orders.rules import Why
from workshop.staff.models import AuditEntry
from workshop.staff.permissions import RoleName
from workshop.steps.handover.models import Wash
from workshop.steps.quotation import queries, versions
from workshop.steps.quotation.models import Quotation, QuotationState
from workshop.track import service as track

ENGLISH = {"Accept-Language": "en"}
STATIC = Path(__file__).parents[2] / "static"


def make_link(order: RepairOrder, at: datetime) -> str:
    address = "/t/" + track.make_link(order, by=order.advisor, at=at)
    db.commit()
    return address


def tag_of(client: FlaskClient, url: str) -> str:
    found = re.search(r'data-tag="(\w+)"', client.get(url, headers=ENGLISH).text)
    assert found is not None
    return found.group(1)


def ask(client: FlaskClient, url: str, tag: str, **headers: str) -> int:
    known = {"If-None-Match": f'"{tag}"'}
    return client.get(url, headers=ENGLISH | known | headers).status_code


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    sa.event.listen(db.db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(db.db.engine, "before_cursor_execute", note)


def test_22_an_unchanged_page_is_answered_by_one_query(client: FlaskClient, at: datetime) -> None:
    """Acceptance 22: what a phone asks four times a minute costs one look by an index."""
    url = make_link(make_order(Stage.REPAIR, promised_at=at + timedelta(hours=2)), at)
    tag = tag_of(client, url)
    with statements() as asked:
        answer = client.get(url, headers=ENGLISH | {"If-None-Match": f'"{tag}"'})
    assert answer.status_code == 304
    assert answer.headers["X-Shop-Time"] == "10:00"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    looked = [each for each in asked if "track_link" in each]
    assert len(looked) == 1
    others = [each for each in asked if each not in looked and not each.startswith("BEGIN")]
    assert [each for each in others if "snapshot" not in each] == []
    # What a compressed page's tag says besides is the way it was packed.
    assert ask(client, url, f"{tag}:gzip") == 304


def move(order: RepairOrder) -> None:
    order.move_to(Stage.PAUSED, order.advisor, clock.now())


def wash(order: RepairOrder) -> None:
    db.session.add(Wash(order_id=order.id, finished_at=clock.now(), by_id=order.advisor_id))


def promise(order: RepairOrder) -> None:
    order.promised_at = clock.now() + timedelta(hours=5)


def forecast(order: RepairOrder) -> None:
    at = clock.now()
    seen = OrderForecast(
        order_id=order.id, expected_at=at + timedelta(hours=3), why=Why.PART, at=at
    )
    db.session.add(seen)


@pytest.mark.parametrize("change", [move, wash, promise, forecast])
def test_whatever_the_page_tells_makes_it_another_page(
    client: FlaskClient, at: datetime, change: Callable[[RepairOrder], None]
) -> None:
    order = make_order(Stage.REPAIR, promised_at=at + timedelta(hours=2))
    url = make_link(order, at)
    tag = tag_of(client, url)
    change(order)
    db.commit()
    assert ask(client, url, tag) == 200
    assert tag_of(client, url) != tag


def test_another_language_or_time_is_another_page(client: FlaskClient, at: datetime) -> None:
    offered = make_offer()
    url = make_link(offered.order, at)
    tag = tag_of(client, url)
    assert ask(client, url, tag) == 304
    assert ask(client, url, tag, **{"Accept-Language": "zh-CN"}) == 200
    # While something is to decide, each minute: its price stands beside today's.
    clock.freeze(at + timedelta(minutes=1))
    assert ask(client, url, tag) == 200


def test_what_stands_on_the_page_is_asked_for(client: FlaskClient, at: datetime) -> None:
    """A table that the page reads and the one query does not: then news would be missed."""
    url = make_link(make_settled(Stage.WASH), at)
    tag = tag_of(client, url)
    with statements() as page:
        client.get(url, headers=ENGLISH)
    with statements() as asked:
        client.get(url, headers=ENGLISH | {"If-None-Match": f'"{tag}"'})
    read = {name for each in page for name in re.findall(r"(?:FROM|JOIN) (\w+)", each)}
    assert read - set(re.findall(r"(?:FROM|JOIN) (\w+)", " ".join(asked))) <= HEALED


# Written with a table that is asked for, or so rarely that a quarter of an hour is soon enough.
HEALED = {
    "attachment",
    "appointment",
    "calendar_day",
    "customer",
    "customer_contact",
    "deferred_work",
    "guarantee",
    "opening_hours",
    "part",
    "pg_current_snapshot",
    "quotation_line",
    "settlement_line",
    "take_off_line",
    "user",
    "vehicle",
}


def test_20_a_preview_robot_changes_nothing(client: FlaskClient, at: datetime) -> None:
    """Acceptance 20: who only looks at the address decides nothing and leaves no trace."""
    offered = make_offer()
    url = make_link(offered.order, at)
    before = db.session.query(AuditEntry).count()
    robot = client.application.test_client()
    for method in ("GET", "HEAD", "GET"):
        assert robot.open(url, method=method).status_code == 200
    for act in (f"{url}/{offered.id}", f"{url}/{offered.id}/decline"):
        assert robot.get(act).status_code in (302, 405)
    assert db.session.query(AuditEntry).count() == before
    assert db.session.get_one(Quotation, offered.id).state is QuotationState.OFFERED


def test_20_a_double_tap_approves_once(client: FlaskClient, at: datetime) -> None:
    """Acceptance 20: the second of two answers finds that all is answered."""
    offered = make_offer()
    number, url = offered.id, make_link(offered.order, at)
    data = {f"decide-{line.id}": "yes" for line in _heads(offered)}
    data |= {"seen": str(offered.version), "signature_typed": "王"}
    assert client.post(f"{url}/{number}", data=data).status_code == 302
    written = db.session.query(AuditEntry).count()
    assert client.post(f"{url}/{number}", data=data).status_code == 409
    assert db.session.query(AuditEntry).count() == written
    assert db.session.get_one(Quotation, number).is_signed


def test_21_the_old_sum_cannot_be_signed(client: FlaskClient, at: datetime) -> None:
    """Acceptance 21: a version that was changed while the customer read it is refused."""
    offered = make_offer()
    order, number, url = offered.order, offered.id, make_link(offered.order, at)
    data = {f"decide-{line.id}": "yes" for line in _heads(offered)}
    data |= {"seen": str(offered.version), "signature_typed": "王"}
    client.get(url)
    versions.revise(offered, by=order.advisor, at=at)
    db.commit()
    assert client.post(f"{url}/{number}", data=data).status_code == 404
    assert db.session.get_one(Quotation, number).state is QuotationState.SUPERSEDED


def _heads(offered: Quotation) -> list[db.Model]:
    return [group.head for group in queries.list_groups(offered)]


# ---- The same phone ----


def test_an_old_link_leads_the_same_phone_to_the_new_one(client: FlaskClient, at: datetime) -> None:
    order = make_offer().order
    old = make_link(order, at)
    assert client.get(old).status_code == 200
    new = make_link(order, at)
    stranger = client.application.test_client()
    assert client.get(old).status_code == 200
    assert stranger.get(old).status_code == 404
    assert stranger.get(new).status_code == 200
    make_link(order, at)
    assert client.get(old).status_code == 200


def test_a_new_version_keeps_the_phone_that_follows(client: FlaskClient, at: datetime) -> None:
    offered = make_offer()
    url = make_link(offered.order, at)
    assert client.get(url).status_code == 200
    versions.revise(offered, by=offered.order.advisor, at=at)
    db.commit()
    assert client.get(url).status_code == 200
    assert client.application.test_client().get(url).status_code == 404


def test_a_link_that_was_ended_leads_nobody_on(client: FlaskClient, at: datetime) -> None:
    order = make_offer().order
    old = make_link(order, at)
    client.get(old)
    newer = make_link(order, at)
    client.get(newer)
    track.revoke_link(order, by=order.advisor, at=at)
    db.commit()
    newest = make_link(order, at)
    assert client.get(old).status_code == 404
    assert client.get(newer).status_code == 404
    assert client.get(newest).status_code == 200


def test_the_neutral_page_has_the_shops_phone(client: FlaskClient, at: datetime) -> None:
    make_user(RoleName.SERVICE_ADVISOR)
    db.commit()
    page = client.get("/t/guessed")
    assert page.status_code == 404
    assert "tel:021-50001234" in page.text


# ---- Old browsers ----


@pytest.mark.parametrize(
    "name", ["track/follow.js", "track/sum.js", "signature.js", "base/line.js"]
)
def test_the_pages_scripts_are_old_enough(name: str) -> None:
    """The browser inside a chat app reads ES2017 and stops at anything newer."""
    text = re.sub(r"//.*|`[^`]*`|\"[^\"]*\"", "", (STATIC / name).read_text(encoding="utf-8"))
    newer = r"\?\.(?!\d)|\?\?|catch \{|\{ *\.\.\.|for await|\.replaceChildren|\.flat\(|\.at\("
    assert re.findall(newer, text) == []
