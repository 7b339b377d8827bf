"""Parts are kept from the signature on; the last piece goes to one, and the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_part, make_user
from tests.steps.quotation.factories import (
    make_addition,
    make_brakes,
    make_offer,
    make_signed,
    yes_to_all,
)
from workshop import db
from workshop.db import session
from workshop.errors import RuleBroken, WorkshopError
from workshop.orders import cancellation
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.parts import queries as picking
from workshop.steps.parts import service as parts
from workshop.steps.parts.jobs import tidy
from workshop.steps.parts.rules import PickState
from workshop.steps.quotation import queries, versions
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.models import ConsentChannel, Quotation
from workshop.stock import queries as stock
from workshop.stock import service as shelf
from workshop.stock.models import Part

SignIn = Callable[[User], FlaskClient]


def authorise(offered: Quotation, at: datetime) -> Quotation:
    by = offered.order.advisor
    return quotation.authorise(offered, yes_to_all(offered), signer_name="王", by=by, at=at)


def held(order: RepairOrder, part: Part) -> int:
    return stock.held_milli(order.id, part.id)


def test_what_is_signed_is_kept_and_the_second_is_told_before_signing(
    database: Database, at: datetime
) -> None:
    # given
    part = make_part(on_hand=1, name_en="Front brake pads", lead_days=2)
    brakes = make_brakes(part=part)
    first, second = make_offer(brakes), make_offer(brakes)
    # when
    authorise(first, at)
    # then
    assert held(first.order, part) == 1_000
    assert stock.free_milli(first.order.branch_id, part.id) == 0
    with pytest.raises(RuleBroken) as caught:
        authorise(second, at)
    assert caught.value.code == "part_taken"
    assert caught.value.values["parts"] == [part]
    # Monday and two days of delivery.
    assert str(caught.value.values["day"]) == "2026-11-25"


def test_who_signs_for_a_later_arrival_waits_and_knows(database: Database, at: datetime) -> None:
    # given
    part = make_part(on_hand=1, lead_days=2)
    brakes = make_brakes(part=part)
    first, second = make_offer(brakes), make_offer(brakes)
    authorise(first, at)
    # when
    quotation.renew_promise(second, by=second.order.advisor, at=at)
    authorise(second, at)
    # then
    (short,) = stock.list_backorders(second.order_id)
    assert (short.quantity_milli, short.customer_told_at) == (1_000, at)
    assert short.expected_at is not None
    assert str(short.expected_at.date()) == "2026-11-25"
    assert held(second.order, part) == 0


def test_the_advisors_and_the_customers_page_say_that_the_last_piece_is_taken(
    sign_in: SignIn, at: datetime
) -> None:
    # given
    part = make_part(on_hand=1, name_en="Front brake pads", lead_days=2)
    brakes = make_brakes(part=part)
    first, second = make_offer(brakes), make_offer(brakes)
    authorise(first, at)
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    advisor.locale = "en"
    browser = sign_in(advisor)
    address = f"/orders/{second.order.no}/quotation/{second.id}/answer"
    decisions = {f"decide-{key}": "yes" for key in yes_to_all(second)}
    # when
    data = decisions | {"channel": "in_person", "signature_typed": "王", "seen": second.version}
    refused = browser.post(address, data=data)
    # then
    assert refused.status_code == 409
    words = "Somebody else has taken the last of: Front brake pads. More arrives on 2026-11-25."
    assert words in refused.text
    # when
    browser.post(f"/orders/{second.order.no}/quotation/{second.id}/renew")
    page = browser.get(address).text
    # then
    assert "Not on the shelf: Front brake pads." in page
    assert "The last part arrives on 2026-11-25." in page


def test_a_declined_line_keeps_nothing_and_an_addition_keeps_its_own(
    database: Database, at: datetime
) -> None:
    wanted, unwanted = make_part(on_hand=5), make_part(on_hand=5)
    offered = make_offer(make_brakes(part=wanted), make_brakes(part=unwanted))
    first, second = queries.list_groups(offered)
    decisions = {first.head.id: True, second.head.id: False}
    by = offered.order.advisor
    quotation.authorise(offered, decisions, signer_name="王", by=by, at=at)
    assert (held(offered.order, wanted), held(offered.order, unwanted)) == (1_000, 0)
    # when
    order = offered.order
    for stage in (Stage.SCHEDULED, Stage.REPAIR):
        order.move_to(stage, by, at)
    extra = make_part(on_hand=5)
    addition = make_addition(order, make_brakes(part=extra, milli=2_000))
    quotation.answer_addition(
        addition,
        yes_to_all(addition),
        channel=ConsentChannel.LINK,
        signer_name="王",
        by=None,
        at=at,
    )
    # then
    assert held(order, extra) == 2_000


def test_a_new_version_and_a_cancelled_order_give_back(database: Database, at: datetime) -> None:
    part = make_part(on_hand=1, lead_days=0)
    brakes = make_brakes(part=part, milli=2_000)
    signed = make_signed(brakes)
    branch_id = signed.order.branch_id
    assert (held(signed.order, part), len(stock.list_waiting(branch_id))) == (1_000, 1)
    # when
    versions.revise(signed, by=signed.order.advisor, at=at)
    # then
    assert stock.free_milli(branch_id, part.id) == 1_000
    assert stock.list_waiting(branch_id) == []
    # when
    other = make_signed(brakes)
    assert held(other.order, part) == 1_000
    cancellation.cancel_order(other.order, "不修了", by=other.order.advisor, at=at)
    # then
    assert stock.free_milli(branch_id, part.id) == 1_000
    assert stock.list_waiting(branch_id) == []


def test_release_takes_over_what_is_kept_and_what_is_waited_for(
    database: Database, at: datetime
) -> None:
    # given
    part = make_part(on_hand=1, lead_days=0)
    signed = make_signed(make_brakes(part=part, milli=3_000))
    order = signed.order
    assert [each.quantity_milli for each in stock.list_backorders(order.id)] == [2_000]
    order.move_to(Stage.SCHEDULED, order.advisor, at)
    # One piece comes before the release.
    clerk = make_user(RoleName.PARTS_CLERK)
    shelf.receive(part, order.branch, 1_000, "博世 DN-1", by=clerk, at=at)
    # when
    pick_list = parts.release(order, by=order.advisor, at=at)
    # then
    assert pick_list is not None
    (line,) = picking.list_lines(pick_list)
    assert (line.reserved_milli, line.short_milli) == (2_000, 1_000)
    waiting = [each for each in stock.list_backorders(order.id) if each.arrived_at is None]
    assert [each.quantity_milli for each in waiting] == [1_000]
    # when
    shelf.receive(part, order.branch, 1_000, "博世 DN-2", by=clerk, at=at)
    tidy()
    # then
    assert (line.reserved_milli, line.short_milli) == (3_000, 0)


def test_pieces_of_a_released_order_that_is_quoted_again_are_free_again(
    database: Database, at: datetime
) -> None:
    # given
    part = make_part(on_hand=2)
    signed = make_signed(make_brakes(part=part))
    order = signed.order
    order.move_to(Stage.SCHEDULED, order.advisor, at)
    pick_list = parts.release(order, by=order.advisor, at=at)
    assert pick_list is not None
    order.move_to(Stage.AUTHORISED, order.advisor, at)
    # when
    versions.revise(signed, by=order.advisor, at=at)
    tidy()
    # then
    assert stock.free_milli(order.branch_id, part.id) == 2_000
    assert pick_list.state is PickState.CANCELLED


def test_who_waits_longer_is_served_before_a_new_signature(
    database: Database, at: datetime
) -> None:
    part = make_part(on_hand=1, lead_days=0)
    brakes = make_brakes(part=part)
    first = make_signed(brakes)
    waiting = make_signed(brakes)
    third = make_offer(brakes)
    # The first is gone; nobody has looked at the shelf since.
    shelf.release_all(first.order_id, by=first.order.advisor, at=at)
    # when
    authorise(third, at)
    # then
    assert (held(waiting.order, part), held(third.order, part)) == (1_000, 0)


def test_two_customers_sign_at_once_for_the_last_piece(database: Database, at: datetime) -> None:
    # given
    part = make_part(on_hand=1, lead_days=2)
    brakes = make_brakes(part=part)
    offers = [make_offer(brakes).id for _ in range(2)]
    part_id, later = part.id, at + timedelta(minutes=1)
    db.commit()
    db.session.remove()
    answers: list[str] = []
    start = threading.Barrier(2)

    def sign_it(offer_id: int) -> None:
        start.wait()
        with database.app.app_context():
            try:
                authorise(session.get_one(Quotation, offer_id), later)
                db.commit()
                answers.append("signed")
            except WorkshopError as error:
                db.rollback()
                answers.append(error.code)
            finally:
                db.session.remove()

    # when
    threads = [threading.Thread(target=sign_it, args=(each,)) for each in offers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # then
    assert sorted(answers) == ["part_taken", "signed"]
    orders = [session.get_one(Quotation, each).order_id for each in offers]
    assert sorted(stock.held_milli(each, part_id) for each in orders) == [0, 1_000]
