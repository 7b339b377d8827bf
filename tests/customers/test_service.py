"""Customers and vehicles, without HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests import factories
from tests.databases import Database
from workshop.customers import corrections, mileage, queries
from workshop.customers import service as customers
from workshop.customers.models import Channel, EnergyType, Vehicle, VehicleClass
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotFound, RuleBroken
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

VIN = "LVSHCAMB1KE100001"


@pytest.fixture
def by(database: Database) -> User:
    return factories.make_user(RoleName.SERVICE_ADVISOR)


@pytest.fixture
def car(by: User, at: datetime) -> Vehicle:
    customer = customers.make_customer("曾小贤", "139 1234 5678", by=by, at=at)
    session.flush()
    vehicle = customers.make_vehicle(
        customer, "粤b·１２３４５", vin=VIN, make="福特", model="蒙迪欧", by=by, at=at
    )
    session.flush()
    return vehicle


def test_a_new_customer_is_kept_normalised(car: Vehicle) -> None:
    assert car.customer.phone == "13912345678"
    assert car.customer.initials == "zxx"
    assert car.plate == "粤B12345"
    assert car.title == "福特 蒙迪欧"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"phone": "123"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"credit_code": "91350100M000100Y4"}, "credit_code"),
    ],
)
def test_a_customer_needs_a_name_and_a_right_number(
    by: User, at: datetime, values: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        customers.make_customer(
            **({"name": "王建国", "phone": "13800138000"} | values),  # type: ignore[arg-type]
            by=by,
            at=at,
        )
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "text",
    ["粤B12345", "b·123", "45", "5678", "13912345678", "+8613912345678", "KE100001", "曾小", "zx"],
)
def test_a_vehicle_is_found_by_any_part(car: Vehicle, text: str) -> None:
    factories.make_vehicle(
        customer=factories.make_customer("王建国", "13600000000"), plate="沪A8K321"
    )
    assert customers.search_vehicles(text) == [car]


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "99999", "李"])
def test_nothing_fitting_finds_nothing(car: Vehicle, text: str) -> None:
    assert customers.search_vehicles(text) == []


def test_the_exact_plate_comes_first_then_its_end(by: User) -> None:
    middle = factories.make_vehicle(plate="粤B1234A")
    end = factories.make_vehicle(plate="沪AB1234")
    exact = factories.make_vehicle(plate="B1234")
    assert customers.search_vehicles("B1234") == [exact, end, middle]


def test_customers_are_found_by_phone_however_it_is_written(car: Vehicle) -> None:
    assert queries.find_customers("+86 139-1234-5678") == [car.customer]
    with pytest.raises(Invalid):
        queries.find_customers("no number")


def test_customers_are_searched_by_themselves_and_by_their_cars(car: Vehicle) -> None:
    for text in ("曾小贤", "5678", "12345", "KE100001"):
        assert queries.search_customers(text) == [car.customer]
    assert queries.search_customers("") == [car.customer]


def test_what_is_not_there_is_said_so(by: User) -> None:
    with pytest.raises(NotFound):
        customers.get_vehicle(999)
    with pytest.raises(NotFound):
        customers.get_customer(999)
    assert customers.find_vehicle("粤B99999") is None
    assert customers.find_vehicle_by_vin(VIN) is None


def test_a_plate_and_a_vin_belong_to_one_vehicle(car: Vehicle, by: User, at: datetime) -> None:
    for plate, vin, field in (("粤B12345", None, "plate"), ("粤B99999", VIN, "vin")):
        with pytest.raises(RuleBroken) as refusal:
            customers.make_vehicle(car.customer, plate, vin=vin, by=by, at=at)
        assert refusal.value.field == field


def test_a_vehicle_needs_a_plate_or_a_vin(car: Vehicle, by: User, at: datetime) -> None:
    with pytest.raises(Invalid):
        customers.make_vehicle(car.customer, " ", by=by, at=at)
    bare = customers.make_vehicle(car.customer, None, vin="LVSHCAMBXKE100014", by=by, at=at)
    assert bare.plate is None


def test_a_wrong_vin_of_a_china_made_car_is_refused_and_an_imports_passes(
    car: Vehicle, by: User, at: datetime
) -> None:
    with pytest.raises(Invalid, match="check digit"):
        customers.make_vehicle(car.customer, "粤B1", vin="LVSHCAMB2KE100001", by=by, at=at)
    odd = customers.make_vehicle(car.customer, "粤B1", vin="WDB1240661J000000", by=by, at=at)
    assert odd.vin == "WDB1240661J000000"


def test_a_new_plate_keeps_the_old_one_in_the_history(car: Vehicle, by: User, at: datetime) -> None:
    customers.change_plate(car, "粤BD12345", by, at)
    assert car.plate == "粤BD12345"
    (former,) = queries.list_plate_changes(car)
    assert (former.plate, former.until) == ("粤B12345", at)
    assert customers.find_vehicle("粤B12345") is None
    assert customers.search_vehicles("粤B12345") == [car]
    # and the old plate may go to the next car
    other = customers.make_vehicle(car.customer, "粤B12345", by=by, at=at)
    session.flush()
    assert customers.search_vehicles("粤B12345")[0] is other


def test_a_plate_is_not_taken_from_another_car(car: Vehicle, by: User, at: datetime) -> None:
    other = factories.make_vehicle(plate="沪A8K321")
    with pytest.raises(RuleBroken, match="Another vehicle has this already"):
        customers.change_plate(other, "粤B12345", by, at)
    with pytest.raises(Invalid, match="keeps its plate"):
        customers.hand_back_plate(other, by, at)
    customers.hand_back_plate(car, by, at)
    assert car.plate is None


def test_the_mileage_never_falls_unless_the_odometer_was_replaced(
    car: Vehicle, by: User, at: datetime
) -> None:
    customers.record_mileage(car, 58_210, by=by, at=at)
    with pytest.raises(RuleBroken, match="58000 km is below the last one, 58210 km") as refusal:
        customers.record_mileage(car, 58_000, by=by, at=at)
    assert refusal.value.field == "mileage_km"
    customers.record_mileage(car, 12, replaced=True, by=by, at=at)
    assert car.mileage_km == 12
    assert [reading.km for reading in mileage.list_readings(car)] == [58_210, 12]


@pytest.mark.parametrize("km", [-1, 2_000_001])
def test_an_impossible_mileage_is_refused(car: Vehicle, by: User, at: datetime, km: int) -> None:
    with pytest.raises(Invalid):
        customers.record_mileage(car, km, by=by, at=at)


def test_a_correction_on_a_stale_page_shows_both_versions(
    car: Vehicle, by: User, at: datetime
) -> None:
    seen = car.customer.version
    values = {"channel": Channel.SMS, "by": by, "at": at}
    car.customer.phone_invalid = True
    corrections.change_customer(
        car.customer,
        seen,
        name="曾小贤",
        phone="13600000000",
        **values,  # type: ignore[arg-type]
    )
    session.flush()
    assert not car.customer.phone_invalid
    with pytest.raises(Conflict) as conflict:
        corrections.change_customer(
            car.customer,
            seen,
            name="曾小闲",
            phone="13700000000",
            **values,  # type: ignore[arg-type]
        )
    assert conflict.value.theirs["Phone"] == "13600000000"
    assert conflict.value.yours["Phone"] == "13700000000"


def test_a_vehicle_is_corrected_and_may_change_hands(car: Vehicle, by: User, at: datetime) -> None:
    about = {"make": "福特", "model": "锐界", "colour": "白", "energy": EnergyType.HYBRID}
    about["vehicle_class"] = VehicleClass.SUV
    corrections.change_vehicle(car, car.version, vin=VIN, by=by, at=at, **about)  # type: ignore[arg-type]
    assert (car.model, car.energy, car.size) == ("锐界", EnergyType.HYBRID, "suv")
    session.flush()
    with pytest.raises(Conflict):
        corrections.change_vehicle(car, 1, vin=VIN, by=by, at=at, **about)  # type: ignore[arg-type]
    buyer = factories.make_customer("王建国")
    corrections.change_owner(car, buyer, by, at)
    session.flush()
    assert queries.list_vehicles(buyer) == [car]


def test_the_next_service_is_due_by_date_or_by_mileage(car: Vehicle, at: datetime) -> None:
    today = at.date()
    assert not queries.is_service_due(car, today)
    car.next_due_on = today + timedelta(days=31)
    assert not queries.is_service_due(car, today)
    car.next_due_on = today + timedelta(days=30)
    assert queries.is_service_due(car, today)
    car.next_due_on, car.next_due_km, car.mileage_km = None, 60_000, 59_500
    assert queries.is_service_due(car, today)
