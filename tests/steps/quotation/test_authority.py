"""Who of a company may agree to work: whom it has named, or anybody with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_contact
from tests.steps.quotation.factories import make_addition, make_offer, make_signed, yes_to_all
from workshop import db
from workshop.customers.models import CustomerKind
from workshop.db import session
from workshop.errors import Invalid
from workshop.staff.models import AuditEntry, User
from workshop.steps.quotation import queries, service
from workshop.steps.quotation.models import ConsentChannel, Quotation
from workshop.track import service as track

SignIn = Callable[[User], FlaskClient]


def of_company(quotation: Quotation) -> Quotation:
    """The same offer to a company that has named who authorises."""
    company = quotation.order.customer
    company.kind, company.name = CustomerKind.COMPANY, "顺达物流有限公司"
    make_contact(company, name="赵总", authorises=True)
    make_contact(company, name="李师傅", drives=True)
    return quotation


def test_whom_the_company_named_may_sign(database: Database, at: datetime) -> None:
    offered = of_company(make_offer())
    by = offered.order.advisor
    service.authorise(offered, yes_to_all(offered), signer_name="赵总", by=by, at=at)
    assert (offered.signer_name, offered.authority) == ("赵总", "")


def test_somebody_else_signs_with_a_reason(database: Database, at: datetime) -> None:
    offered = of_company(make_offer())
    by = offered.order.advisor
    with pytest.raises(Invalid) as refused:
        service.authorise(offered, yes_to_all(offered), signer_name="李师傅", by=by, at=at)
    assert refused.value.field == "authority"

    service.authorise(
        offered,
        yes_to_all(offered),
        signer_name="李师傅",
        authority="赵总出差，电话委托",
        by=by,
        at=at,
    )

    assert offered.authority == "赵总出差，电话委托"
    entry = session.query(AuditEntry).filter_by(action="quotation.answer").one()
    assert entry.details["authority"] == "赵总出差，电话委托"


def test_a_call_about_more_work_is_with_whom_the_company_named(
    database: Database, at: datetime
) -> None:
    addition = of_company(make_addition(make_signed().order))
    said = {"channel": ConsentChannel.PHONE, "evidence": "李师傅, 14:02", "signer_name": "李师傅"}
    by = addition.order.advisor
    with pytest.raises(Invalid, match="has not named this person"):
        service.answer_addition(addition, yes_to_all(addition), by=by, at=at, **said)
    said |= {"evidence": "赵总, 14:02", "signer_name": "赵总"}
    service.answer_addition(addition, yes_to_all(addition), by=by, at=at, **said)
    assert addition.signer_name == "赵总"


def test_the_desk_offers_whom_the_company_named_first(database: Database, sign_in: SignIn) -> None:
    offered = of_company(make_offer())
    order, advisor = offered.order, offered.order.advisor
    advisor.locale = "en"
    page = f"/orders/{order.no}/quotation/{offered.id}/answer"
    browser = sign_in(advisor)
    shown = browser.get(page).text
    assert 0 < shown.index("赵总") < shown.index("李师傅")
    sent = {f"decide-{each.head.id}": "yes" for each in queries.list_groups(offered)}
    sent |= {"seen": str(offered.version), "signature_typed": "李师傅"}
    answer = browser.post(page, data=sent)
    assert answer.status_code == 422
    assert "has not named this person" in answer.text
    assert browser.post(page, data=sent | {"authority": "总经理助理"}).status_code == 302
    assert "总经理助理" in browser.get(f"/orders/{order.no}/quotation").text


def test_the_link_asks_for_the_reason_and_names_nobody(client: FlaskClient, at: datetime) -> None:
    offered = of_company(make_offer())
    db.commit()
    url = "/t/" + track.make_link(offered.order, by=offered.order.advisor, at=at)
    db.commit()
    sent = {f"decide-{each.head.id}": "yes" for each in queries.list_groups(offered)}
    sent |= {"seen": str(offered.version), "signature_typed": "李师傅"}
    answer = client.post(f"{url}/{offered.id}", data=sent, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "has not named this person" in answer.text
    assert "赵总" not in answer.text
    sent["authority"] = "车队长"
    assert client.post(f"{url}/{offered.id}", data=sent).status_code == 302


def test_a_private_person_is_asked_nothing(database: Database, sign_in: SignIn) -> None:
    offered = make_offer()
    page = f"/orders/{offered.order.no}/quotation/{offered.id}/answer"
    assert 'name="authority"' not in sign_in(offered.order.advisor).get(page).text
