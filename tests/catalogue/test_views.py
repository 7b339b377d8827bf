"""What a manager sees of the catalogue, and what typing there does."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.catalogue.factories import build, particulars
from tests.databases import Database
from tests.factories import (
    AT,
    make_branch,
    make_kind,
    make_operation,
    make_package,
    make_rate,
    make_user,
)
from workshop import clock
from workshop.catalogue import operations, queries
from workshop.catalogue.models import Package, Payer
from workshop.db import session
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def manager(database: Database, sign_in: SignIn) -> FlaskClient:
    clock.freeze(AT)
    make_branch()
    return sign_in(make_user(RoleName.SERVICE_MANAGER))


def seen_of(page: str, name: str) -> str:
    found = re.search(rf'name="{re.escape(name)}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def test_the_list_finds_filters_and_links(manager: FlaskClient) -> None:
    build("B-PAD-F", compact_minutes=50, suv_minutes=75)
    build("OIL", name_zh="换机油")
    operations.build(particulars("NEW"), branch_id=make_branch().id, starter_version="1")
    page = manager.get("/catalogue?q=制动").text
    assert "B-PAD-F" in page
    assert "50 / 60 / 75" in page
    assert ">OIL<" not in page
    waiting = manager.get("/catalogue?show=unchecked").text
    assert "NEW" in waiting
    assert "B-PAD-F" not in waiting
    assert "No labour rate" in page or "还没有" in page or "没有工时" in page


def test_who_wants_a_price_of_its_own_is_led_to_a_package(manager: FlaskClient) -> None:
    page = manager.get(f"/catalogue/operations/{make_operation().id}").text
    assert "请把它单独做成一个一口价套餐" in page
    assert 'href="/catalogue/packages/new"' in page


def test_an_operation_is_typed_in_and_found(manager: FlaskClient) -> None:
    # given
    make_rate()
    make_kind("oil", unit="升")
    form = {
        "operation-code": "M-OIL",
        "operation-name_zh": "更换机油",
        "operation-name_en": "Oil",
        "operation-book_minutes": "３０",
        "operation-suv_minutes": "35",
        "operation-level": "1",
        "operation-skill_id": "0",
        "operation-guarantee": "minor",
        "operation-rate_code": "standard",
        "operation-bay_kinds": ["lift", "quick"],
        "operation-need0_what": "oil",
        "operation-need0_mid": "4.5",
        "operation-need0_suv": "5.5",
    }
    # when
    wrong = manager.post("/catalogue/operations/new", data={**form, "operation-need0_what": "x"})
    answer = manager.post("/catalogue/operations/new", data=form)
    # then
    assert wrong.status_code == 422
    assert "x" in wrong.text
    assert answer.status_code == 302
    made = queries.find_operations(["m-oil"])["m-oil"]
    assert (made.book_minutes, made.suv_minutes, made.bay_kinds) == (30, 35, ["lift", "quick"])
    assert (made.parts[0].quantity_milli, made.parts[0].suv_milli) == (4500, 5500)
    page = manager.get(answer.location).text
    assert 'value="4.5"' in page
    again = manager.post(
        answer.location,
        data={**form, "operation-seen": seen_of(page, "operation-seen"), "operation-level": "2"},
    )
    assert again.status_code == 302
    session.expire_all()
    assert queries.find_operations(["m-oil"])["m-oil"].level == 2


def test_the_later_manager_sees_both_versions_on_the_page(manager: FlaskClient) -> None:
    package = make_package(make_operation("ONE"), code="PK", interval_km=5000)
    url = f"/catalogue/packages/{package.id}"
    seen = seen_of(manager.get(url).text, "package-seen")
    form = {
        "package-seen": seen,
        "package-code": "PK",
        "package-name_zh": "套餐",
        "package-name_en": "Package",
        "package-item0": "one",
    }
    assert manager.post(url, data={**form, "package-interval_km": "7500"}).status_code == 302
    late = manager.post(url, data={**form, "package-interval_km": "10000"})
    assert late.status_code == 409
    assert "7,500 km" in late.text
    assert "10,000 km" in late.text
    meant = {**form, "package-seen": seen_of(late.text, "package-seen")}
    assert manager.post(url, data={**meant, "package-interval_km": "10000"}).status_code == 302
    session.expire_all()
    assert session.get_one(Package, package.id).interval_km == 10000


def test_a_rate_is_made_and_its_next_price_is_set_and_taken_back(manager: FlaskClient) -> None:
    # given
    first = {
        "grade-code": "standard",
        "grade-name_zh": "标准",
        "grade-name_en": "Standard",
        "grade-price": "240",
        "grade-valid_from": "2026-11-23",
    }
    assert manager.post("/catalogue/rates", data={**first, "grade-price": "0"}).status_code == 422
    assert manager.post("/catalogue/rates", data=first).status_code == 302
    rate = queries.find_grade(make_branch().id, "standard")
    assert rate is not None
    url = f"/catalogue/rates/{rate.id}"
    # when
    page = manager.get(url).text
    answer = manager.post(
        f"{url}/price",
        data={
            "price-payer": "customer",
            "price-price": "260.50",
            "price-valid_from": "2026-12-01",
            "price-reason": "年度调价",
            "seen-customer": seen_of(page, "seen-customer"),
        },
    )
    # then
    assert answer.status_code == 302
    shown = manager.get(url).text
    assert "¥240.00" in shown
    assert "¥260.50" in shown
    assert "年度调价" in shown
    coming = queries.list_labour_prices(rate)[0]
    assert manager.post(f"{url}/price/{coming.id}/take-back").status_code == 302
    assert len(queries.list_labour_prices(rate)) == 3
    assert manager.get("/catalogue/rates").text.count("¥260.50") == 0
    refused = manager.post(f"{url}/price/{coming.id}/take-back")
    assert refused.status_code == 409


def test_a_payers_own_price_stands_beside_the_customers(manager: FlaskClient) -> None:
    rate = make_rate(fen=24_000)
    url = f"/catalogue/rates/{rate.id}"
    data = {
        "price-payer": Payer.WARRANTY.value,
        "price-price": "180",
        "price-valid_from": "2026-11-23",
    }
    assert manager.post(f"{url}/price", data=data).status_code == 302
    assert "¥180.00" in manager.get("/catalogue/rates").text


def test_a_package_gets_a_fixed_price(manager: FlaskClient) -> None:
    package = make_package(make_operation("ONE"), code="PK")
    url = f"/catalogue/packages/{package.id}"
    form = {"price-price": "399", "price-valid_from": "2026-11-23"}
    assert manager.post(f"{url}/price", data={**form, "price-price": "-1"}).status_code == 422
    assert manager.post(f"{url}/price", data=form).status_code == 302
    assert "¥399.00" in manager.get("/catalogue/packages").text
    assert "¥399.00" in manager.get(url).text


def test_retire_copy_and_confirm_by_button(manager: FlaskClient) -> None:
    operation = operations.build(
        particulars("NEW"), branch_id=make_branch().id, starter_version="1"
    )
    url = f"/catalogue/operations/{operation.id}"
    assert manager.post(f"{url}/confirm").status_code == 302
    assert manager.post(f"{url}/confirm").status_code == 409
    copied = manager.post(f"{url}/copy")
    assert "NEW-2" in manager.get(copied.location).text
    assert manager.post(f"{url}/use", data={"active": "no"}).status_code == 302
    assert manager.get("/catalogue?show=retired").text.count("NEW") >= 1
    assert manager.post(f"{url}/use", data={"active": "yes"}).status_code == 302


def test_all_that_a_list_shows_is_confirmed_at_once(manager: FlaskClient) -> None:
    for code in ("ONE", "TWO", "THREE"):
        operations.build(particulars(code), branch_id=make_branch().id, starter_version="1")
    data = {"q": "TWO", "show": "unchecked"}
    assert manager.post("/catalogue/operations/confirm", data=data).status_code == 302
    assert manager.post("/catalogue/operations/confirm", data=data).status_code == 409
    waiting = [each.code for each in queries.search_operations("") if each.is_unchecked]
    assert waiting == ["ONE", "THREE"]


def test_kinds_are_listed_made_and_named_otherwise(manager: FlaskClient) -> None:
    form = {
        "kind-code": "pad-front",
        "kind-name_zh": "前制动片",
        "kind-name_en": "Front pads",
        "kind-unit": "套",
    }
    assert manager.post("/catalogue/kinds", data=form).status_code == 302
    assert manager.post("/catalogue/kinds", data=form).status_code == 422
    page = manager.get("/catalogue/kinds").text
    found = re.search(r'href="(/catalogue/kinds/\d+)"', page)
    assert found is not None
    answer = manager.post(found[1], data={**form, "kind-name_zh": "前刹车片"})
    assert answer.status_code == 302
    assert "前刹车片" in manager.get(found[1]).text


def test_an_empty_catalogue_leads_to_the_starter_set(manager: FlaskClient) -> None:
    assert "/setup/starter" in manager.get("/catalogue").text
    for path in ("packages", "rates", "kinds"):
        assert manager.get(f"/catalogue/{path}").status_code == 200
