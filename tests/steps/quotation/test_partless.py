"""Work whose parts the shop has none of is offered for the labour alone only when that is meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.databases import Database
from tests.factories import AT, make_kind, make_operation, make_part
from tests.steps.quotation.factories import make_draft, make_shop
from workshop.catalogue.models import OperationPart
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.staff.models import AuditEntry, User
from workshop.steps.quotation import queries
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.models import Quotation

SignIn = Callable[[User], FlaskClient]


def make_bare() -> Quotation:
    """A draft of front pads, of which the shop has no part."""
    make_shop()
    kind = make_kind("pad-front")
    operation = make_operation("B-PAD-F")
    operation.parts.append(OperationPart(kind_id=kind.id, quantity_milli=1000))
    return make_draft(operation)


def offered_with() -> list[dict[str, object]]:
    asked = select(AuditEntry.details).where(AuditEntry.action == "quotation.offer")
    return list(session.scalars(asked))


def test_pads_without_a_part_are_offered_only_when_that_is_said(database: Database) -> None:
    # given
    order = make_bare().order
    # when, then: nobody has said it
    with pytest.raises(RuleBroken, match="price is without it") as refused:
        quotation.offer(order, by=order.advisor, at=AT)
    assert [kind.code for kind in refused.value.values["kinds"]] == ["pad-front"]
    # when: it is meant
    offered = quotation.offer(order, by=order.advisor, at=AT, without_parts=True)
    # then
    assert offered.is_offered
    assert [each["without"] for each in offered_with()] == [["pad-front"]]


def test_with_a_part_of_the_kind_there_is_nothing_to_say(database: Database) -> None:
    # given
    order = make_bare().order
    make_part("OEM", choice_group="pad-front")
    # when
    quotation.offer(order, by=order.advisor, at=AT)
    # then
    assert "without" not in offered_with()[0]


def test_the_page_asks_before_it_offers_the_labour_alone(
    database: Database, sign_in: SignIn
) -> None:
    # given
    written = make_bare()
    order, client = written.order, sign_in(written.order.advisor)
    # when
    page = client.get(f"/orders/{order.no}/quotation").text
    bare = client.post(f"/orders/{order.no}/quotation/offer", data={"seen": written.version})
    # then
    assert 'data-confirm="还没有“前制动片”这类配件，价格中不含。' in page
    assert bare.status_code == 409
    assert "前制动片" in bare.text
    # when
    meant = {"seen": written.version, "without_parts": "1"}
    client.post(f"/orders/{order.no}/quotation/offer", data=meant)
    # then
    current = queries.find_current(order)
    assert current is not None
    assert current.is_offered
