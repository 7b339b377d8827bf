"""A fee or a part alone is no visit: nobody could plan it, do it or check it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_order
from tests.steps.quotation.factories import make_draft, make_shop
from workshop import db
from workshop.errors import RuleBroken
from workshop.orders.flow import Stage
from workshop.staff.models import User
from workshop.steps.quotation import draft, gates, lines, queries
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.models import LineKind, QuotationState


def test_a_fee_alone_is_not_offered_and_the_page_says_why(
    database: Database, sign_in: Callable[[User], FlaskClient]
) -> None:
    make_shop()
    order = make_order(Stage.INSPECTED)
    by = order.advisor
    by.locale = "en"
    written = draft.get_draft(order, 0, by=by, at=AT)
    lines.add_charge(written, LineKind.OTHER, "诊断费", 10_000)
    db.commit()
    (missing,) = gates.missing_to_offer(order)
    assert missing.code == "no_operation"
    page = sign_in(by).get(f"/orders/{order.no}/quotation").text
    assert "The quotation names no work yet, only parts or charges." in page
    with pytest.raises(RuleBroken, match="no work yet"):
        quotation.offer(order, by=by, at=AT)


def test_of_work_and_a_fee_the_fee_alone_is_not_agreed(database: Database) -> None:
    # given
    written = make_draft()
    order, by = written.order, written.order.advisor
    fee = lines.add_charge(written, LineKind.OTHER, "诊断费", 10_000)
    offered = quotation.offer(order, by=by, at=AT)
    heads = [group.head.id for group in queries.list_groups(offered)]
    # when
    only_the_fee = {each: each == fee.id for each in heads}
    with pytest.raises(RuleBroken, match="Accept at least one operation"):
        quotation.authorise(offered, only_the_fee, signer_name="王小明", by=by, at=AT)
    db.rollback()
    # then it is still to be answered
    assert offered.state is not QuotationState.SIGNED
    assert order.stage is not Stage.AUTHORISED
