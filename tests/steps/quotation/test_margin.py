"""What a part brings is seen by who may see costs, and by nobody else: no customer, no paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests import servers, walks
from tests.factories import make_part, make_user
from tests.steps.quotation.factories import make_brakes, make_draft, make_offer
from tests.steps.settlement.factories import make_settlement
from workshop.db import session
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.quotation import queries
from workshop.stock.models import Part
from workshop.stock.parts import succession
from workshop.track import service as track

SignIn = Callable[[User], FlaskClient]


def english(role: RoleName) -> User:
    user = make_user(role)
    user.locale = "en"
    return user


@pytest.mark.parametrize(
    ("role", "sees"), [(RoleName.SERVICE_MANAGER, True), (RoleName.SERVICE_ADVISOR, False)]
)
def test_the_margin_of_a_line_is_for_who_may_see_costs(
    sign_in: SignIn, role: RoleName, sees: bool
) -> None:
    # Two of ¥380.00 that cost ¥251.25 each: 760.00 − 502.50.
    part = make_part(price_fen=380_00, cost_fen=251_25)
    brakes = make_brakes(part=part, milli=2_000)
    draft, offered = make_draft(brakes), make_offer(brakes)
    browser = sign_in(english(role))
    for order in (draft.order, offered.order):
        page = browser.get(f"/orders/{order.no}/quotation").text
        assert ("margin ¥257.50" in page) is sees
        assert "251.25" not in page
    # when
    token = track.make_link(offered.order, by=offered.order.advisor, at=offered.order.arrived_at)
    # then
    assert "257.50" not in browser.get(f"/t/{token}").text


@pytest.mark.parametrize(
    ("role", "sees"), [(RoleName.SERVICE_MANAGER, True), (RoleName.CASHIER, False)]
)
def test_the_margin_stands_beside_the_bill_for_who_may_see_costs(
    sign_in: SignIn, at: datetime, role: RoleName, sees: bool
) -> None:
    bill = make_settlement()
    lines = [each for each in queries.list_part_lines(bill.order) if each.part is not None]
    for line in lines:
        session.get_one(Part, line.part_id).cost_fen = 77_77
    wanted = lines[0].total_fen - round(77_77 * lines[0].quantity_milli / 1000)
    page = sign_in(english(role)).get(f"/orders/{bill.order.no}/settlement").text
    assert (f"margin ¥{wanted / 100:,.2f}" in page) is sees


def test_no_paper_says_what_a_part_cost_or_brings(sign_in: SignIn) -> None:
    # given: whoever may see costs prints them.
    servers.need(servers.why_no_poppler())
    bill = make_settlement()
    line = next(each for each in queries.list_part_lines(bill.order) if each.part is not None)
    session.get_one(Part, line.part_id).cost_fen = 77_77
    browser = sign_in(english(RoleName.SERVICE_MANAGER))
    earned = line.total_fen - round(77_77 * line.quantity_milli / 1000)
    for path in ("quotation/authorisation.pdf", "settlement/list.pdf"):
        # when
        paper = walks.read(browser.get(f"/orders/{bill.order.no}/{path}"))
        # then
        assert f"{line.total_fen / 100:,.2f}" in paper
        for secret in (f"{earned / 100:,.2f}", "77.77", "毛利"):
            assert secret not in paper


def test_a_quotation_shows_both_numbers_of_a_part_that_was_replaced(sign_in: SignIn) -> None:
    old, new = make_part("OLD-1", on_hand=0), make_part("NEW-1", on_hand=5)
    succession.replace(old, new, by=make_user(RoleName.PARTS_CLERK), at=make_draft().created_at)
    draft = make_draft(make_brakes(part=old))
    page = sign_in(english(RoleName.SERVICE_ADVISOR)).get(f"/orders/{draft.order.no}/quotation")
    assert "NEW-1" in page.text
    assert "replaces OLD-1" in page.text
