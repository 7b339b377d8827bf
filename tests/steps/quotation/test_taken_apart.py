"""A package of which the customer wants a part: what is left costs itself, and that is said."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_operation, make_order, make_package
from tests.steps.quotation.factories import make_brakes, make_shop
from workshop import clock
from workshop.catalogue.models import PackagePrice
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.orders.flow import Stage
from workshop.steps.quotation import draft, queries
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.models import Quotation
from workshop.steps.quotation.pricing import package_lines
from workshop.track import service as track

ONE_ENGINE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def make_offer() -> Quotation:
    """Two operations of ¥240.00, one with a part of ¥380.00, for ¥500.00 together."""
    make_shop()
    order = make_order(Stage.INSPECTED)
    package = make_package(make_brakes(), make_operation("CHECK", book_minutes=60), fen=50_000)
    written = draft.get_draft(order, None, by=order.advisor, at=AT)
    package_lines.add_package(written, package, at=AT)
    return quotation.offer(order, by=order.advisor, at=AT)


def sign(offered: Quotation, agreed_fen: int | None) -> Quotation:
    first, second = (group.head.id for group in queries.list_groups(offered))
    return quotation.authorise(
        offered,
        {first: True, second: False},
        signer_name="王小明",
        agreed_fen=agreed_fen,
        by=offered.order.advisor,
        at=AT,
    )


def test_what_is_left_costs_itself_and_is_told_before_the_signature(database: Database) -> None:
    offered = make_offer()
    assert offered.total_fen == 50_000
    # when somebody signs for the sum that stood there before
    with pytest.raises(RuleBroken, match=r"¥620\.00 in all") as refusal, session.begin_nested():
        sign(offered, 36_047)
    assert refusal.value.code == "package_apart"
    session.refresh(offered)
    assert offered.total_fen == 50_000
    # when they sign for what is left
    signed = sign(offered, 62_000)
    # then
    assert queries.authorised_fen(signed.order) == 62_000
    assert all(not line.package_fen for line in queries.list_lines(signed))


@ONE_ENGINE
def test_the_link_shows_the_sum_of_what_is_left_and_prices_of_today(
    database: Database, client: FlaskClient
) -> None:
    # given
    offered = make_offer()
    order = offered.order
    token = track.make_link(order, by=order.advisor, at=AT)
    session.commit()
    clock.freeze(AT)
    first, second = (group.head.id for group in queries.list_groups(offered))
    # when
    ticked = client.get(
        f"/t/{token}/{offered.id}/sum?decide-{first}=yes&decide-{second}=no&lang=en",
        headers={"Accept-Language": "en"},
    ).text
    # then
    assert 'name="agreed" value="62000"' in ticked
    assert "is for the whole of it" in ticked
    # when a price has changed since
    package_id = queries.list_lines(offered)[0].package_id
    told = {"valid_from": AT.date(), "reason": "调价", "at": AT, "by_id": order.advisor_id}
    session.add(PackagePrice(package_id=package_id, fen=52_000, **told))
    session.commit()
    page = client.get(f"/t/{token}", headers={"Accept-Language": "en"}).text
    # then
    assert "keeps the price of the offer" in page
    assert "(today ¥520.00)" in page
