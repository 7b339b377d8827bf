"""New damage opens a case; two people at one handover see both versions."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_user
from tests.steps.settlement.factories import make_settled
from workshop.cases import service as cases
from workshop.cases.models import CaseState
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.handover import queries, service

SignIn = Callable[[User], FlaskClient]


def test_new_damage_opens_one_case_and_later_words_are_added_to_it(
    database: Database, at: datetime
) -> None:
    # given
    order = make_settled()
    # when
    service.record_walkround(order, True, "右后门新划痕", by=order.advisor, at=at)
    service.record_walkround(order, True, "右后门新划痕", by=order.advisor, at=at)
    # then
    (case,) = cases.list_for_order(order)
    assert (case.state, case.owner_id) == (CaseState.OPEN, order.advisor_id)
    assert case.summary == "右后门新划痕"
    assert case.due_ack_at == at + timedelta(hours=1)
    # when
    service.record_walkround(order, True, "右后门新划痕，免费喷漆", by=order.advisor, at=at)
    # then
    assert cases.list_for_order(order) == [case]
    assert [each.words for each in cases.list_entries(case)] == [
        "右后门新划痕，免费喷漆",
        "右后门新划痕",
    ]


def test_no_new_damage_opens_no_case(database: Database, at: datetime) -> None:
    order = make_settled()
    service.record_walkround(order, False, "", by=order.advisor, at=at)
    assert not cases.list_for_order(order)


PARTS = {
    "walk": ({"new_damage": "yes", "damage_note": "划痕"}, {"new_damage": "no"}, "划痕"),
    "next": (
        {"mileage_km": "60000", "due_on": "2027-05-23", "due_km": "70000"},
        {"mileage_km": "60001", "due_on": "2027-05-23", "due_km": "70000"},
        "60,000 km",
    ),
    "collector": (
        {"collector": "other", "name": "李四", "proof": "owner_confirmed", "note": "电话"},
        {"collector": "bringer"},
        "李四",
    ),
    "followup": (
        {"followup_day": "2026-11-25", "followup_time": "10:00", "channel": "phone"},
        {"refused": "不想被打扰"},
        "2026-11-25 10:00",
    ),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_stale_page_shows_both_versions_and_saves_when_sent_again(
    database: Database, sign_in: SignIn, part: str
) -> None:
    # given
    first, second, shown = PARTS[part]
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    advisor.locale = "en"
    browser, address = sign_in(advisor), f"/orders/{make_settled().no}/handover"
    seen = _seen(browser.get(address).text, part)
    assert _post(browser, address, part, first | {"seen": seen})[0] == 302
    # when
    status, page = _post(browser, address, part, second | {"seen": seen})
    # then
    assert status == 409
    assert "Somebody else changed this meanwhile" in page
    assert shown in page
    assert all(value in page for value in second.values() if value not in ("no", "bringer"))
    # when
    again, _ = _post(browser, address, part, second | {"seen": _seen(page, part)})
    # then
    assert again == 302


def test_a_double_click_is_no_conflict(database: Database, sign_in: SignIn) -> None:
    order = make_settled()
    browser, address = sign_in(order.advisor), f"/orders/{order.no}/handover"
    data = {"new_damage": "no", "seen": _seen(browser.get(address).text, "walk")}
    assert [_post(browser, address, "walk", data)[0] for _ in range(2)] == [302, 302]
    assert queries.find_handover(order) is not None


def _post(browser: FlaskClient, address: str, part: str, data: dict[str, str]) -> tuple[int, str]:
    named = {f"{part}-{name}": value for name, value in data.items()}
    answer = browser.post(f"{address}/{part}", data=named)
    return answer.status_code, answer.text


def _seen(page: str, part: str) -> str:
    found = re.search(rf'name="{part}-seen" type="hidden" value="(\w+)"', page)
    assert found is not None
    return found.group(1)
