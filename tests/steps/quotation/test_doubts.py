"""What does not fit the car, or stands there twice, is warned of and offered with a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.databases import Database
from tests.factories import AT, make_operation, make_order, make_package, make_part, make_vehicle
from tests.steps.quotation.factories import make_addition, make_brakes, make_draft, make_signed
from workshop.customers.models import EnergyType, VehicleClass
from workshop.db import session
from workshop.errors import Invalid
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.models import AuditEntry, User
from workshop.steps.quotation import draft, lines, queries, versions
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.fit import queries as fit
from workshop.steps.quotation.fit import rules
from workshop.steps.quotation.models import Quotation
from workshop.steps.quotation.pricing import package_lines

SignIn = Callable[[User], FlaskClient]
BMW = rules.Car("宝马", "3系", "mid", frozenset({"3系", "蒙迪欧", "锐界"}))
FORD = rules.Car("长安福特", "蒙迪欧新能源", "mid", frozenset({"3系", "蒙迪欧", "锐界"}))
UNKNOWN = rules.Car("", "", None, frozenset({"3系", "蒙迪欧", "锐界"}))


@pytest.mark.parametrize(
    ("text", "bmw", "ford", "unknown"),
    [
        ("Ford", False, True, None),
        ("BMW", True, False, None),
        ("福特、宝马", True, True, None),
        ("蒙迪欧 2.0T", False, None, None),
        ("锐界；3系", True, False, None),
        ("SUV", False, False, None),
        ("中型车", True, True, None),
        # What nobody understands speaks against no car.
        ("1.6 TDI", None, None, None),
        ("Fordson", None, None, None),
        ("", None, None, None),
    ],
)
def test_words_of_what_a_thing_fits_are_held_against_the_car(
    text: str, bmw: bool | None, ford: bool | None, unknown: bool | None
) -> None:
    assert [rules.suits(text, car) for car in (BMW, FORD, UNKNOWN)] == [bmw, ford, unknown]


def test_a_model_in_another_script_is_not_taken_for_another_model() -> None:
    car = rules.Car("福特", "福克斯", None, frozenset({"Focus", "福克斯"}))
    assert rules.suits("Ford Focus", car) is True
    assert rules.suits("Focus", car) is None


def kinds(found: Quotation) -> list[str]:
    return [each.words.code for each in fit.list_doubts(found)]


def an_order(**car: object) -> RepairOrder:
    return make_order(Stage.INSPECTED, vehicle=make_vehicle(**car))  # type: ignore[arg-type]


def test_the_electric_package_is_doubted_for_a_petrol_car(database: Database) -> None:
    # given
    electric = make_operation("H-CHECK", energies=["electric"])
    order = an_order(energy=EnergyType.FUEL)
    found = make_draft(make_brakes(), order=order)
    assert kinds(found) == []
    # when
    package_lines.add_package(found, make_package(electric), at=AT)
    # then
    assert kinds(found) == ["energy"]
    # and then: for an electric car it is right, for a diesel car a petrol one's work is not
    assert kinds(make_draft(electric, order=an_order(energy=EnergyType.ELECTRIC))) == []
    petrol = make_operation("SPARK", energies=["fuel"])
    assert kinds(make_draft(petrol, order=an_order(energy=EnergyType.DIESEL))) == ["energy"]
    assert kinds(make_draft(petrol, order=an_order(energy=EnergyType.FUEL))) == []


def test_a_ford_pad_is_doubted_for_a_bmw(database: Database) -> None:
    # given
    pads = make_part(fits="Ford Focus")
    # then
    bmw = an_order(make="宝马", model="3系")
    assert kinds(make_draft(make_brakes(part=pads), order=bmw)) == ["models"]
    assert kinds(make_draft(make_brakes(part=pads), order=an_order(make="福特"))) == []
    # and then: nobody knows the make of this one
    unknown = an_order(make="", model="", vehicle_class=None)
    assert kinds(make_draft(make_brakes(part=pads), order=unknown)) == []


def test_work_for_another_class_of_car_is_doubted_once_the_class_is_known(
    database: Database,
) -> None:
    lift = make_operation("BIG", models="SUV")
    assert kinds(make_draft(lift, order=an_order(vehicle_class=VehicleClass.COMPACT))) == ["models"]
    assert kinds(make_draft(lift, order=an_order(vehicle_class=VehicleClass.SUV))) == []
    assert kinds(make_draft(lift, order=an_order(vehicle_class=None))) == []


def test_two_operations_that_bring_the_same_pads_are_doubted(database: Database) -> None:
    # given
    pads = make_part(unit="套")
    # when
    found = make_draft(make_brakes(part=pads), make_brakes(part=pads))
    # then
    (doubt,) = fit.list_doubts(found)
    assert doubt.words.code == "twice"
    assert [each.line.part_id for each in doubt.drops] == [pads.id, pads.id]
    # when: one of them is taken out
    lines.remove_line(doubt.drops[0].line, found)
    # then
    assert kinds(found) == []


def test_pads_of_two_classes_are_doubted_as_one_purpose(database: Database) -> None:
    dear, cheap = (make_part(unit="套", choice_group="pad-front") for _ in range(2))
    assert kinds(make_draft(make_brakes(part=dear), make_brakes(part=cheap))) == ["twice"]
    other = make_part(unit="套", choice_group="pad-rear")
    assert (
        kinds(make_draft(make_brakes(part=dear), make_brakes(part=other), order=an_order())) == []
    )


@pytest.mark.parametrize(("unit", "price_fen"), [("升", 38_000), ("份", 38_000), ("件", 1_999)])
def test_oil_and_small_things_may_be_there_twice(
    database: Database, unit: str, price_fen: int
) -> None:
    shared = make_part(unit=unit, price_fen=price_fen)
    assert kinds(make_draft(make_brakes(part=shared), make_brakes(part=shared))) == []


def test_an_addition_that_repeats_what_is_agreed_is_doubted(database: Database) -> None:
    # given
    pads = make_part(unit="套")
    brakes = make_brakes(part=pads)
    order = make_signed(brakes).order
    # when
    with pytest.raises(Invalid) as refused:
        make_addition(order, brakes)
    # then
    assert refused.value.code == "doubtful"
    assert refused.value.field == "despite"


def test_what_is_doubtful_is_offered_with_a_reason_that_is_kept(database: Database) -> None:
    # given
    pads = make_part(unit="套")
    found = make_draft(make_brakes(part=pads), make_brakes(part=pads))
    order = found.order
    # when, then
    with pytest.raises(Invalid, match="twice"):
        quotation.offer(order, by=order.advisor, at=AT, despite="  ")
    # when
    offered = quotation.offer(order, by=order.advisor, at=AT, despite="前后各一套")
    # then
    assert (offered.is_offered, offered.despite) == (True, "前后各一套")
    asked = select(AuditEntry.details).where(AuditEntry.action == "quotation.offer")
    said = session.scalars(asked).one()
    assert (said["doubts"], said["despite"]) == (["twice"], "前后各一套")
    # and then: a new version begins with it
    assert versions.revise(offered, by=order.advisor, at=AT).despite == "前后各一套"


def test_a_reason_for_nothing_is_not_kept(database: Database) -> None:
    order = make_draft().order
    assert quotation.offer(order, by=order.advisor, at=AT, despite="so").despite == ""


def test_the_page_warns_on_the_line_offers_to_drop_one_and_asks_why(
    database: Database, sign_in: SignIn
) -> None:
    # given
    pads = make_part(unit="套", fits="BMW")
    found = make_draft(make_brakes("BR-A", part=pads), make_brakes("BR-B", part=pads))
    order, client = found.order, sign_in(found.order.advisor)
    path = f"/orders/{order.no}/quotation"
    # when
    page = client.get(path).text
    # then
    assert "本报价单上重复" in page
    assert "适用于 BMW；这辆车是 福特 蒙迪欧" in page
    assert page.count("/remove") >= 4
    assert "仍然报价的原因" in page
    # when: without a reason
    refused = client.post(f"{path}/offer", data={"seen": found.version, "despite": ""})
    # then
    assert refused.status_code == 422
    assert "适用于 BMW" in refused.text
    # when
    client.post(f"{path}/offer", data={"seen": found.version, "despite": "客户自带"})
    # then
    current = queries.find_current(order)
    assert current is not None
    assert current.is_offered
    assert "存疑但仍报价：客户自带" in client.get(path).text


def test_the_menu_says_which_part_is_for_other_cars(database: Database, sign_in: SignIn) -> None:
    # given
    make_part("PAD-BMW", fits="宝马 3系")
    order = an_order()
    draft.get_draft(order, None, by=order.advisor, at=AT)
    # when
    found = sign_in(order.advisor).get(f"/orders/{order.no}/quotation/search?q=PAD").text
    # then
    assert '<span class="is-warn">适用于 宝马 3系</span>' in found
