"""The pages of the step, through HTTP: gates, wrong values, roles, and the way to a signature."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests import ink
from tests.factories import AT, make_operation, make_order, make_package, make_part, make_user
from tests.steps.quotation.factories import (
    make_addition,
    make_brakes,
    make_draft,
    make_offer,
    make_shop,
    make_signed,
)
from workshop import clock, db
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.quotation import queries
from workshop.steps.quotation.models import Quotation, QuotationLine, QuotationState
from workshop.stock.parts import succession

SignIn = Callable[[User], FlaskClient]


def signed_in(sign_in: SignIn, order: RepairOrder, locale: str = "en") -> tuple[FlaskClient, str]:
    order.advisor.locale = locale
    return sign_in(order.advisor), f"/orders/{order.no}/quotation"


def reload(quotation_id: int) -> Quotation:
    return db.session.get_one(Quotation, quotation_id)


def answers(quotation: Quotation, said: str = "yes") -> dict[str, str]:
    groups = queries.list_groups(quotation)
    return {f"decide-{group.head.id}": said for group in groups} | {"seen": str(quotation.version)}


def test_the_menu_adds_and_the_search_finds(app: object, sign_in: SignIn) -> None:
    # given
    make_shop()
    brakes = make_brakes()
    package = make_package(brakes)
    order = make_order(Stage.INSPECTED)
    client, url = signed_in(sign_in, order)
    # when
    found = client.get(f"{url}/search?q=异响").text
    added = client.post(f"{url}/draft/packages/{package.id}", data={"seen": 0})
    page = client.get(url).text
    # then
    assert "BR-01" in found
    assert "¥620.00" in found
    assert added.status_code == 302
    assert "Front brake pads" in page
    assert "If offered now" in page


def test_an_empty_quotation_cannot_be_offered_and_the_page_says_why(
    app: object, sign_in: SignIn
) -> None:
    order = make_order(Stage.INSPECTED)
    client, url = signed_in(sign_in, order)
    answer = client.post(f"{url}/offer")
    assert answer.status_code == 409
    assert "The quotation is empty." in answer.text


def test_a_wrong_quantity_comes_back_as_typed(app: object, sign_in: SignIn) -> None:
    written = make_draft()
    client, url = signed_in(sign_in, written.order)
    part = queries.list_lines(written)[1]
    data = {"quantity": "４.５x", "seen": written.version}
    answer = client.post(f"{url}/draft/lines/{part.id}/quantity", data=data)
    assert answer.status_code == 422
    assert "Enter a quantity" in answer.text
    assert "４.５x" in answer.text


def test_full_width_digits_are_a_quantity(app: object, sign_in: SignIn) -> None:
    written = make_draft()
    client, url = signed_in(sign_in, written.order)
    part_id = queries.list_lines(written)[1].id
    data = {"quantity": "４．５", "seen": written.version}
    assert client.post(f"{url}/draft/lines/{part_id}/quantity", data=data).status_code == 302
    assert db.session.get_one(QuotationLine, part_id).quantity_milli == 4500


def test_a_refused_answer_brings_the_drawn_signature_back_unless_the_offer_has_changed(
    app: object, sign_in: SignIn
) -> None:
    # given
    offered = make_offer()
    client, url = signed_in(sign_in, offered.order)
    drawn, page = ink.data_url(), f"{url}/{offered.id}/answer"
    kept = f'name="signature" value="{drawn}"'
    # when a line is undecided
    undecided = client.post(page, data={"signature": drawn, "seen": str(offered.version)})
    # then
    assert undecided.status_code == 422
    assert kept in html.unescape(undecided.text)
    # when the offer is another one now
    stale = client.post(page, data=answers(offered) | {"signature": drawn, "seen": "999"})
    # then
    assert stale.status_code == 409
    assert kept not in html.unescape(stale.text)


@pytest.mark.parametrize("name", ["   ", "\u3000", "\u200b", "\r\n"])
def test_a_name_of_blanks_agrees_to_nothing(app: object, sign_in: SignIn, name: str) -> None:
    offered = make_offer()
    client, url = signed_in(sign_in, offered.order)
    data = answers(offered) | {"signature_typed": name}
    answer = client.post(f"{url}/{offered.id}/answer", data=data)
    assert answer.status_code in {409, 422}
    assert reload(offered.id).is_offered


def test_a_stale_page_shows_both_versions(app: object, sign_in: SignIn) -> None:
    written = make_draft()
    client, url = signed_in(sign_in, written.order)
    answer = client.post(f"{url}/offer", data={"seen": written.version - 1})
    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile" in answer.text
    assert "¥620.00" in answer.text


def test_an_advisor_gives_no_discount(app: object, sign_in: SignIn) -> None:
    written = make_draft()
    line = queries.list_lines(written)[0]
    client, url = signed_in(sign_in, written.order)
    address = f"{url}/draft/lines/{line.id}/discount"
    data = {"discount": "10", "reason": "老客户", "seen": written.version}
    assert client.post(address, data=data).status_code == 403
    manager = make_user(RoleName.SERVICE_MANAGER)
    assert sign_in(manager).post(address, data=data | {"reason": ""}).status_code == 422
    assert sign_in(manager).post(address, data=data).status_code == 302


@pytest.mark.parametrize("role", [RoleName.TECHNICIAN, RoleName.WASHER])
def test_other_roles_see_no_quotation(app: object, sign_in: SignIn, role: RoleName) -> None:
    written = make_draft()
    client = sign_in(make_user(role))
    assert client.get(f"/orders/{written.order.no}/quotation").status_code == 403
    assert client.get("/quotation").status_code == 403


def test_a_parts_clerk_reads_and_changes_nothing(app: object, sign_in: SignIn) -> None:
    written = make_draft()
    client = sign_in(make_user(RoleName.PARTS_CLERK))
    url = f"/orders/{written.order.no}/quotation"
    assert client.get(url).status_code == 200
    assert client.post(f"{url}/offer").status_code == 403


def test_the_customer_signs_on_the_screen(app: object, sign_in: SignIn) -> None:
    # given
    offered = make_offer()
    number = offered.id
    client, url = signed_in(sign_in, offered.order)
    page = client.get(f"{url}/{number}/answer").text
    # then
    assert 'value="yes" checked' not in page
    assert 'value="no" checked' not in page
    # when
    undecided = client.post(f"{url}/{number}/answer", data={"signature_typed": "王小明"})
    unsigned = client.post(f"{url}/{number}/answer", data=answers(reload(number)))
    # then
    assert undecided.status_code == 422
    assert "Please decide on this line." in undecided.text
    assert unsigned.status_code == 422
    assert "The signature is missing" in unsigned.text
    assert 'value="yes" checked' in unsigned.text
    # when
    data = answers(reload(number)) | {"signature": ink.data_url(), "signature_typed": "王小明"}
    signed = client.post(f"{url}/{number}/answer", data=data)
    # then
    assert signed.status_code == 302
    assert reload(number).state is QuotationState.SIGNED
    assert reload(number).signature_id is not None
    assert reload(number).order.stage is Stage.AUTHORISED
    paper = client.get(f"{url}/authorisation.pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF")


def test_a_late_time_is_refused_and_can_be_offered_again(app: object, sign_in: SignIn) -> None:
    # given
    offered = make_offer()
    number, first = offered.id, offered.offered_promise_at
    client, url = signed_in(sign_in, offered.order)
    clock.freeze(clock.now() + timedelta(hours=2))
    # when
    data = answers(offered) | {"signature_typed": "王小明"}
    late = client.post(f"{url}/{number}/answer", data=data)
    client.post(f"{url}/{number}/renew")
    # then
    assert late.status_code == 409
    assert "Offer the new time" in late.text
    renewed = reload(number).offered_promise_at
    assert renewed is not None
    assert first is not None
    assert renewed > first


def test_a_stale_line_comes_back_with_what_was_typed(app: object, sign_in: SignIn) -> None:
    written = make_draft()
    client, url = signed_in(sign_in, written.order)
    part = queries.list_lines(written)[1]
    data = {"quantity": "7.5", "seen": written.version - 1}
    answer = client.post(f"{url}/draft/lines/{part.id}/quantity", data=data)
    assert answer.status_code == 409
    assert "Saved meanwhile" in answer.text
    assert 'value="7.5"' in answer.text


def test_a_stale_decline_keeps_its_reason(app: object, sign_in: SignIn) -> None:
    offered = make_offer()
    client, url = signed_in(sign_in, offered.order)
    data = {"reason": "太贵了", "seen": offered.version - 1}
    answer = client.post(f"{url}/{offered.id}/decline", data=data)
    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile" in answer.text
    assert 'value="太贵了"' in answer.text


def test_a_drop_down_speaks_the_readers_language(app: object, sign_in: SignIn) -> None:
    written = make_draft()
    client, url = signed_in(sign_in, written.order, "zh_CN")
    assert ">外包</option>" in client.get(url).text


def test_a_quotation_of_another_stage_cannot_be_written(app: object, sign_in: SignIn) -> None:
    signed = make_signed()
    signed.order.stage = Stage.SETTLED
    operation = make_operation()
    client, url = signed_in(sign_in, signed.order)
    answer = client.post(f"{url}/draft/operations/{operation.id}", data={"seen": 0})
    assert answer.status_code == 409
    assert "not possible while the order is" in answer.text


def test_additional_work_is_answered_by_phone_with_a_note(app: object, sign_in: SignIn) -> None:
    # given
    addition = make_addition(make_order(Stage.REPAIR))
    number = addition.id
    client, url = signed_in(sign_in, addition.order)
    data = answers(addition) | {"channel": "phone"}
    # when
    refused = client.post(f"{url}/{number}/answer", data=data)
    done = client.post(f"{url}/{number}/answer", data=data | {"who": "王小明", "when": "10:20"})
    # then
    assert refused.status_code == 422
    assert "Note who said so" in refused.text
    assert done.status_code == 302
    assert reload(number).evidence == "王小明, 10:20"


def test_the_list_says_what_waits_and_for_how_long(
    app: object, sign_in: SignIn, at: datetime
) -> None:
    # given
    offered = make_offer()
    make_order(Stage.INSPECTED)
    clock.freeze(at + timedelta(minutes=75))
    offered.order.advisor.locale = "en"
    # when
    page = sign_in(offered.order.advisor).get("/quotation").text
    # then
    assert "Make the quotation" in page
    assert "Get the decision" in page
    assert "1 h 15 min" in page


def test_nothing_open_is_said_in_words(app: object, sign_in: SignIn) -> None:
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    advisor.locale = "en"
    assert "No quotation is open" in sign_in(advisor).get("/quotation").text


def test_an_unknown_order_or_quotation_is_not_found(app: object, sign_in: SignIn) -> None:
    written = make_draft()
    client, url = signed_in(sign_in, written.order)
    assert client.get("/orders/RO1/quotation").status_code == 404
    assert client.get(f"{url}/999/answer").status_code == 404
    assert client.get(f"{url}/authorisation.pdf").status_code == 409


def test_the_customers_words_stand_beside_the_lines(app: object, sign_in: SignIn) -> None:
    order = make_order(Stage.INSPECTED, concern="高速时方向盘抖")
    client, url = signed_in(sign_in, order)
    assert "高速时方向盘抖" in client.get(url).text


def test_why_nothing_can_be_written_is_said_in_the_readers_language(
    app: object, sign_in: SignIn
) -> None:
    order = make_order(Stage.RECEPTION)
    client, url = signed_in(sign_in, order, "zh_CN")
    page = html.unescape(client.get(url).text)
    assert "修改报价" in page
    assert "Edit the quotation" not in page


def test_units_are_shown_in_the_readers_language(app: object, sign_in: SignIn) -> None:
    make_shop()
    offered = make_offer(make_brakes())
    client, url = signed_in(sign_in, offered.order)
    assert "1 pc" in client.get(url).text
    client, url = signed_in(sign_in, offered.order, "zh_CN")
    assert "1 件" in client.get(url).text


def test_the_authorisation_is_a_pdf_with_what_was_agreed_at_the_car(
    app: object, sign_in: SignIn
) -> None:
    make_shop()
    signed = make_signed(make_brakes())
    client, url = signed_in(sign_in, signed.order)
    assert client.get(f"{url}/authorisation.pdf").data.startswith(b"%PDF")


def test_a_part_that_replaces_another_shows_both_numbers(app: object, sign_in: SignIn) -> None:
    # given
    make_shop()
    old, new = make_part("PAD-OLD"), make_part("PAD-NEW")
    order = make_draft(make_brakes(part=new)).order
    succession.replace(old, new, by=make_user(RoleName.PARTS_CLERK), at=AT)
    client, url = signed_in(sign_in, order)
    # when
    page = client.get(url).text
    # then
    assert "PAD-NEW" in page
    assert "replaces PAD-OLD" in page
