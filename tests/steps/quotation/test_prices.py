"""Quotations follow the catalogue: the price of the day, by class and payer, packages whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.databases import Database
from tests.factories import (
    AT,
    make_kind,
    make_labour_price,
    make_operation,
    make_order,
    make_package,
    make_part,
    make_rate,
    make_user,
    make_vehicle,
)
from tests.steps.quotation.factories import (
    make_brakes,
    make_draft,
    make_offer,
    make_shop,
    make_signed,
)
from workshop.catalogue.models import OperationPart, PackagePrice, Payer
from workshop.customers.models import EnergyType, VehicleClass
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.quotation import lines, menu, payers, queries
from workshop.steps.quotation.models import Quotation, QuotationState
from workshop.steps.quotation.pricing import package_lines, todays_prices
from workshop.stock.models import PartClass

SignIn = Callable[[User], FlaskClient]
TODAY = date(2026, 11, 23)
ONE_ENGINE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def prices_of(written: Quotation) -> list[int]:
    return [line.total_fen for line in queries.list_lines(written)]


def order_of(size: VehicleClass | None) -> RepairOrder:
    return make_order(Stage.INSPECTED, vehicle=make_vehicle(vehicle_class=size))


@pytest.mark.parametrize(
    ("size", "labour", "litres"),
    [
        (VehicleClass.COMPACT, 20_000, 4000),
        (VehicleClass.MID, 24_000, 4500),
        (VehicleClass.SUV, 30_000, 5500),
        (None, 24_000, 4500),
    ],
)
def test_minutes_and_quantities_go_by_the_class_of_the_car(
    database: Database, size: VehicleClass | None, labour: int, litres: int
) -> None:
    # given: an hour of a mid-size car at ¥240, oil by class.
    make_shop()
    oil = make_part("OIL", price_fen=10_000)
    operation = make_operation("M-OIL", compact_minutes=50, suv_minutes=75)
    need = OperationPart(part_id=oil.id, quantity_milli=4500, compact_milli=4000, suv_milli=5500)
    operation.parts.append(need)
    # when
    head, part = queries.list_lines(make_draft(operation, order=order_of(size)))
    # then
    assert (head.total_fen, part.quantity_milli) == (labour, litres)


def test_of_a_kind_the_shelfs_own_part_is_taken_first_the_original(database: Database) -> None:
    # given
    make_shop()
    kind = make_kind("pad-front")
    operation = make_operation("B-PAD-F")
    operation.parts.append(OperationPart(kind_id=kind.id, quantity_milli=1000))
    # when: there is none yet
    bare = make_draft(operation)
    entry = menu.Menu(bare.order, None, AT).operations([operation])[0]
    # then
    assert len(queries.list_lines(bare)) == 1
    assert [each.code for each in entry.partless] == ["pad-front"]
    # when: two classes are on the shelf, and one that is used no more
    make_part("OLD", choice_group="pad-front", active=False)
    make_part("EQ", choice_group="pad-front", part_class=PartClass.EQUIVALENT)
    make_part("OEM", choice_group="pad-front", price_fen=42_000)
    _, line = queries.list_lines(make_draft(operation))
    # then
    assert line.part is not None
    assert line.part.no == "OEM"
    assert menu.Menu(bare.order, None, AT).operations([operation])[0].price_fen == 66_000


def test_the_rate_follows_the_payer_and_back(database: Database) -> None:
    # given
    make_labour_price(make_rate(fen=24_000), 18_000, Payer.WARRANTY)
    written = make_draft()
    head = queries.list_lines(written)[0]
    by = written.order.advisor
    # when, then
    for payer, fen in (
        (Payer.WARRANTY, 18_000),
        (Payer.INSURANCE, 24_000),
        (Payer.WARRANTY, 18_000),
        (Payer.CUSTOMER, 24_000),
    ):
        payers.choose_payer(head, written, payer, by=by, at=AT)
        assert (head.unit_fen, head.total_fen) == (fen, fen)
        assert written.total_fen == fen + 38_000


def test_a_new_line_takes_the_price_of_its_day(database: Database) -> None:
    rate = make_rate(fen=24_000)
    make_labour_price(rate, 26_000, valid_from=TODAY + timedelta(days=1))
    written = make_draft(make_operation("ONE"))
    lines.add_operation(written, make_operation("TWO"), at=AT + timedelta(days=1))
    assert prices_of(written) == [24_000, 26_000]


def test_a_signed_quotation_keeps_its_prices_and_an_open_one_says_what_changed(
    database: Database,
) -> None:
    # given
    make_shop()
    part = make_part(price_fen=38_000)
    signed = make_signed(make_brakes("B-1", part=part))
    written = make_draft(make_brakes("B-2", part=part))
    assert todays_prices.list_changes(written, AT) == []
    # when
    make_labour_price(make_rate(), 26_000, valid_from=TODAY)
    part.price_fen = 40_000
    session.flush()
    # then
    changes = todays_prices.list_changes(written, AT)
    assert [(each.was_fen, each.now_fen) for each in changes] == [
        (24_000, 26_000),
        (38_000, 40_000),
    ]
    assert todays_prices.list_changes(signed, AT) == []
    # when
    todays_prices.take(written, by=written.order.advisor, at=AT)
    # then
    assert prices_of(written) == [26_000, 40_000]
    assert written.total_fen == 66_000
    assert prices_of(signed) == [24_000, 38_000]
    with pytest.raises(RuleBroken, match="those of today"):
        todays_prices.take(written, by=written.order.advisor, at=AT)
    with pytest.raises(RuleBroken):
        todays_prices.take(signed, by=signed.order.advisor, at=AT)


def test_an_offer_gets_a_new_version_at_todays_prices(database: Database) -> None:
    offered = make_offer(make_operation("ONE"))
    make_labour_price(make_rate(), 30_000, valid_from=TODAY)
    renewed = todays_prices.take(offered, by=offered.order.advisor, at=AT)
    assert (offered.state, offered.total_fen) == (QuotationState.SUPERSEDED, 24_000)
    assert (renewed.version_no, renewed.total_fen) == (2, 30_000)
    assert renewed.is_draft


def make_service(fen: int | None) -> tuple[Quotation, object]:
    """A draft with a package of two operations, ¥620 and ¥240 by themselves."""
    make_shop()
    package = make_package(make_brakes("ONE"), make_operation("TWO"), fen=fen, code="PK")
    written = make_draft(make_operation("OTHER"))
    package_lines.add_package(written, package, at=AT)
    return written, package


def test_a_package_costs_its_fixed_price_line_by_line(database: Database) -> None:
    # 24000 + 38000 + 24000 = 86000 for 79900: 24000 × 79900 / 86000 = 22297.67…, 35304.65….
    written, _ = make_service(79_900)
    assert prices_of(written) == [24_000, 22_297, 35_304, 22_299]
    assert written.total_fen == 24_000 + 79_900
    totals = queries.totals(queries.list_lines(written))
    assert (totals.labour_fen, totals.parts_fen) == (24_000 + 22_297 + 22_299, 35_304)
    assert totals.discount_fen == 0


def test_a_package_without_a_fixed_price_costs_its_lines(database: Database) -> None:
    assert prices_of(make_service(None)[0]) == [24_000, 24_000, 38_000, 24_000]


@pytest.mark.parametrize("change", ["remove", "quantity", "payer"])
def test_a_package_that_is_not_whole_any_more_costs_its_lines(
    database: Database, change: str
) -> None:
    # given
    written, package = make_service(79_900)
    _, head, part, last = queries.list_lines(written)
    # when
    if change == "remove":
        loosened = lines.remove_line(last, written)
    elif change == "quantity":
        loosened = lines.change_quantity(part, written, 2000)
    else:
        by = written.order.advisor
        loosened = payers.choose_payer(head, written, Payer.INSURANCE, by=by, at=AT)
    # then
    assert loosened is package
    wanted = {"remove": 86_000, "quantity": 148_000, "payer": 110_000}
    assert written.total_fen == wanted[change]
    assert all(line.package_fen == 0 for line in queries.list_lines(written))


def test_lines_that_stood_there_before_join_the_package(database: Database) -> None:
    make_shop()
    one, two = make_brakes("ONE"), make_operation("TWO")
    package = make_package(one, two, fen=79_900, code="PK")
    written = make_draft(one, two)
    (entry,) = menu.Menu(written.order, written, AT).packages()
    assert (entry.is_chosen, entry.price_fen) == (False, 79_900)
    assert package_lines.add_package(written, package, at=AT) == []
    assert written.total_fen == 79_900
    (entry,) = menu.Menu(written.order, written, AT).packages()
    assert entry.is_chosen
    with pytest.raises(RuleBroken, match="already"):
        package_lines.add_package(written, package, at=AT)


def test_a_new_fixed_price_is_told_and_taken_as_one(database: Database) -> None:
    written, package = make_service(79_900)
    session.add(PackagePrice(package_id=package.id, fen=89_901, valid_from=TODAY, at=AT))  # type: ignore[attr-defined]
    make_labour_price(make_rate(), 30_000, valid_from=TODAY)
    changes = todays_prices.list_changes(written, AT)
    assert [(each.was_fen, each.now_fen) for each in changes] == [
        (24_000, 30_000),
        (79_900, 89_901),
    ]
    todays_prices.take(written, by=written.order.advisor, at=AT)
    assert written.total_fen == 30_000 + 89_901
    assert todays_prices.list_changes(written, AT) == []


@ONE_ENGINE
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(min_value=1, max_value=300_000),
    st.lists(st.integers(min_value=1, max_value=997), min_size=1, max_size=5),
)
def test_any_fixed_price_is_the_sum_of_its_lines_to_the_fen(
    database: Database, fixed: int, minutes: list[int]
) -> None:
    operations = [make_operation(book_minutes=each) for each in minutes]
    package = make_package(*operations, fen=fixed)
    written = make_draft(make_operation())
    package_lines.add_package(written, package, at=AT)
    assert sum(prices_of(written)[1:]) == fixed
    assert min(prices_of(written)) >= 0
    assert written.total_fen == 24_000 + fixed


def test_a_retired_operation_goes_on_where_it_stands_and_is_offered_nowhere(
    database: Database,
) -> None:
    # given
    brakes = make_brakes("B-1")
    written = make_draft(brakes)
    # when
    brakes.active = False
    session.flush()
    # then
    assert prices_of(written) == [24_000, 38_000]
    assert todays_prices.list_changes(written, AT) == []
    assert menu.Menu(written.order, written, AT).search("B-1") == []
    other = make_draft(make_operation("Y"))
    with pytest.raises(RuleBroken, match="retired"):
        lines.add_operation(other, brakes, at=AT)
    lines.add_operation(other, brakes, at=AT, agreed=True)
    assert len(queries.list_lines(other)) == 3


def test_work_for_other_cars_says_so(database: Database) -> None:
    make_shop()
    vehicle = make_vehicle(energy=EnergyType.ELECTRIC)
    order = make_order(Stage.INSPECTED, vehicle=vehicle)
    petrol, any_car = make_operation("P", energies=["fuel"]), make_operation("A")
    entries = menu.Menu(order, None, AT).operations([petrol, any_car])
    assert [entry.suits for entry in entries] == [False, True]


def test_the_page_says_old_and_new_and_takes_todays_prices(
    database: Database, sign_in: SignIn
) -> None:
    # given
    written = make_draft(make_operation("ONE"))
    make_labour_price(make_rate(), 26_050, valid_from=TODAY)
    client = sign_in(written.order.advisor)
    url = f"/orders/{written.order.no}/quotation"
    # when
    page = client.get(url).text
    answer = client.post(f"{url}/{written.id}/prices", data={"seen": written.version})
    # then
    assert "¥240.00 → ¥260.50" in page
    assert answer.status_code == 302
    assert "→ ¥260.50" not in client.get(url).text
    assert "¥260.50" in client.get(url).text


def test_the_page_says_that_no_rate_is_set_and_who_may_gets_a_link(
    database: Database, sign_in: SignIn
) -> None:
    order = make_order(Stage.INSPECTED)
    url = f"/orders/{order.no}/quotation"
    for role, linked in ((RoleName.SERVICE_ADVISOR, False), (RoleName.SERVICE_MANAGER, True)):
        user = make_user(role)
        user.locale = "en"
        page = sign_in(user).get(url).text
        assert "No labour rate: quotations cannot be offered." in page
        assert ("/catalogue/rates" in page) is linked
