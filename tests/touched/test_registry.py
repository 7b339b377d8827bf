"""No act that takes something away can be forgotten: each is judged, each is seen by the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time

import pytest
from flask import Flask, g
from sqlalchemy import select

from tests.audit.act import boss
from tests.audit.names import acts_in_code
from tests.databases import Database
from tests.factories import AT, make_branch, make_package
from tests.shop.factories import hour
from tests.steps.booking.factories import local, make_appointment
from tests.steps.booking.factories import make_shop as make_front
from tests.steps.quotation.factories import make_brakes, make_draft
from tests.steps.scheduling.factories import make_shop as make_floor
from workshop import db
from workshop.catalogue import operations, packages
from workshop.db import session
from workshop.shop import absences, branches, calendar, people
from workshop.staff import people as colleagues
from workshop.staff.models import Role
from workshop.staff.permissions import RoleName
from workshop.staff.roles import service as roles
from workshop.staff.roles.service import RoleValues
from workshop.steps.booking.models import Appointment
from workshop.steps.quotation import queries as quotations
from workshop.steps.quotation.models import Quotation, QuotationLine
from workshop.stock.parts import service as parts
from workshop.touched import asking_views, facts, lists
from workshop.touched.models import CallList, Why
from workshop.touched.rules import TAKES_AWAY

ON_ONE_ENGINE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
# What an act can take from appointments, planned work, quotations and reserved parts lies in these
# packages; all their other acts, each of which somebody has looked at.
PACKAGES = ("catalogue", "setup", "shop", "staff", "stock")
HARMLESS = """
catalogue: add_item begin_draft change_item change_kind change_list change_operation change_package
  confirm copy_item copy_list copy_operation copy_package discard_draft lay_lists make_kind
  make_operation make_package make_rate move_item publish remove_item rename_rate set_package_price
  set_rate take_back_lists take_back_package_price take_back_rate use_kind use_list use_rate
setup: back_up download_backup give_up_import import_file lay_starter pack_shop put_away
  stop_import take_back_import take_back_starter take_out take_shop
shop: add_attendance add_bay add_skill allocate assume_end cancel change_letterhead change_rules
  clock_in clock_out correct_attendance end_absence end_break help help_ends make_technician move
  set_logo set_separation set_team set_work_groups share start_break take_logo_off
staff: add_passkey change_password come_back copy_role create_user learn_permissions make_link
  make_recovery_codes pair_device remove_passkey remove_pin remove_second_factor rename_device
  reset_second_factor restore_role revoke_device revoke_session revoke_sessions set_password set_pin
  set_second_factor unlock use_recovery_code
stock: book_count cancel_line cancel_purchase change_backorder change_part change_supplier
  claim_defective credit_cores end_quarantine send_cores uncredit_cores unsend_cores
  close_purchase correct_receipt count drop_count invoice make_part make_supplier open_count order
  place release replace_part set_cost set_markup set_price take_back_price tell_customer
  tie_supplier untie_supplier use_supplier withdraw_invoice
"""


def harmless() -> set[str]:
    found, package = set(), ""
    for word in HARMLESS.split():
        if word.endswith(":"):
            package = word[:-1]
        else:
            found.add(f"{package}.{word}")
    return found


def test_every_act_on_people_bays_days_and_the_catalogue_is_judged() -> None:
    acts = {name for name in acts_in_code() if name.partition(".")[0] in PACKAGES}
    unknown = acts - set(TAKES_AWAY) - harmless()
    assert unknown == set(), (
        "does it take something away that cars were promised? workshop/touched/rules.py or here"
    )
    assert not set(TAKES_AWAY) & harmless()
    assert (set(TAKES_AWAY) | harmless()) - acts == set(), "there is no such act any more"


# ---- Each of them, on something that hangs on it ----

Act = Callable[[], object]
Case = Callable[[], tuple[Act, Why]]
CASES: dict[str, Case] = {}


def case(name: str) -> Callable[[Case], Case]:
    def keep(made: Case) -> Case:
        CASES[name] = made
        return made

    return keep


def car(days: int = 1, clock: str = "09:00") -> Appointment:
    _, (advisor,) = make_front()
    return make_appointment(advisor, clock, days=days)


@case("shop.set_day")
def _() -> tuple[Act, Why]:
    by, day = boss(), car().day
    return (
        lambda: calendar.set_day(make_branch(), day, False, "", by=by, at=AT) and None,
        Why.CLOSED,
    )


@case("shop.fill_holidays")
def _() -> tuple[Act, Why]:
    by, found = boss(), car()
    # Nobody could book New Year's Day if it was known; it is a Friday.
    found.slot_at, found.day = local("09:00", days=39), date(2027, 1, 1)
    session.flush()
    return lambda: calendar.fill_holidays(make_branch(), 2027, by=by, at=AT), Why.CLOSED


@case("shop.forget_day")
def _() -> tuple[Act, Why]:
    by, sunday = boss(), date(2026, 11, 29)
    calendar.set_day(make_branch(), sunday, True, "加班", by=by, at=AT)
    car(days=6)
    return lambda: calendar.forget_day(make_branch(), sunday, by=by, at=AT), Why.CLOSED


@case("shop.set_opening")
def _() -> tuple[Act, Why]:
    by = boss()
    car(clock="09:00")
    week = {weekday: [(time(10), time(18))] for weekday in range(6)}
    return lambda: branches.set_opening(make_branch(), week, by=by, at=AT), Why.CLOSED


@case("shop.change_particulars")
def _() -> tuple[Act, Why]:
    by = boss()
    car()
    about = replace(branches.particulars_of(make_branch()), zone="Europe/Berlin")
    return lambda: branches.change_particulars(make_branch(), about, by=by, at=AT), Why.CLOSED


@case("staff.leave")
def _() -> tuple[Act, Why]:
    by, advisor = boss(), car().advisor
    return lambda: colleagues.leave(advisor, by=by, at=AT), Why.ADVISOR


@case("staff.change")
def _() -> tuple[Act, Why]:
    by, advisor = boss(), car().advisor
    wanted = [RoleName.CASHIER]
    return lambda: colleagues.change(advisor, "顾问", wanted, by=by, at=AT), Why.ADVISOR


def _role() -> Role:
    return next(each for each in car().advisor.roles)


@case("staff.change_role")
def _() -> tuple[Act, Why]:
    by, role = boss(), _role()
    values = RoleValues(frozenset())
    return lambda: roles.change(role, values, by=by, at=AT), Why.ADVISOR


@case("shop.add_absence")
def _() -> tuple[Act, Why]:
    by, shop = boss(), make_floor()
    shop.assign(14)
    who, ends = shop.technician, hour(18)
    return (
        lambda: absences.add_absence(who.user, AT, ends, "病假", by=by, at=AT) and None,
        Why.TECHNICIAN,
    )


@case("shop.put_on_board")
def _() -> tuple[Act, Why]:
    by, shop = boss(), make_floor()
    shop.assign(14)
    return lambda: people.put_on_board(shop.technician, False, by=by, at=AT), Why.TECHNICIAN


@case("shop.set_skills")
def _() -> tuple[Act, Why]:
    by, shop = boss(), make_floor()
    shop.assign(14)
    return lambda: people.set_skills(shop.technician, {}, by=by, at=AT), Why.SKILL


@case("shop.set_shifts")
def _() -> tuple[Act, Why]:
    by, shop = boss(), make_floor()
    shop.assign(14)
    week = {weekday: [(time(8), time(12))] for weekday in range(6)}
    return lambda: people.set_shifts(shop.technician.user, week, by=by, at=AT), Why.HOURS


@case("shop.use_bay")
def _() -> tuple[Act, Why]:
    by, shop = boss(), make_floor()
    shop.assign(14)
    return lambda: branches.use_bay(shop.bay, False, by=by, at=AT), Why.BAY


@case("catalogue.use_operation")
def _() -> tuple[Act, Why]:
    by, operation = boss(), make_brakes()
    make_draft(operation)
    return lambda: operations.put_in_use(operation, False, by=by, at=AT), Why.OPERATION


@case("catalogue.use_package")
def _() -> tuple[Act, Why]:
    by, operation = boss(), make_brakes()
    package = make_package(operation)
    (line,) = (each for each in _lines(make_draft(operation)) if each.operation_id)
    line.package_id = package.id
    session.flush()
    return lambda: packages.put_in_use(package, False, by=by, at=AT), Why.PACKAGE


@case("stock.use_part")
def _() -> tuple[Act, Why]:
    by, operation = boss(), make_brakes()
    (part,) = (each.part for each in _lines(make_draft(operation)) if each.part)
    return lambda: parts.use(part, False, by=by, at=AT), Why.PART


def _lines(quotation: Quotation) -> list[QuotationLine]:
    return quotations.list_lines(quotation)


@ON_ONE_ENGINE
@pytest.mark.parametrize("name", sorted(CASES))
def test_what_an_act_takes_away_is_found(database: Database, name: str) -> None:
    # given
    act, why = CASES[name]()
    session.flush()
    assert [each for each in facts.find_all(make_branch(), AT) if each.why is why] == []
    # when
    act()
    session.flush()
    # then
    assert why in {each.why for each in facts.find_all(make_branch(), AT)}


@ON_ONE_ENGINE
@pytest.mark.parametrize("name", sorted(CASES))
def test_each_act_asks_before_and_lists_after(
    database: Database, app: Flask, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    act, why = CASES[name]()
    by = boss()
    db.commit()
    monkeypatch.setattr(asking_views, "find_me", lambda: by)

    def send(**typed: str) -> None:
        with app.test_request_context("/", method="POST", data=typed):
            g.branch = make_branch()
            act()
            session.flush()
            asking_views.ask()

    # when nobody has seen yet what it touches
    with pytest.raises(asking_views.AskFirst) as asked:
        send()
    db.rollback()
    # then it is shown, and nothing is listed; and who has seen it gets the list
    assert why in {each.thing.why for each in asked.value.shown.lines}
    assert session.scalar(select(CallList.id)) is None
    send(touched_seen=asked.value.mark)
    (made,) = session.scalars(select(CallList))
    assert made.act == name
    assert why in {each.thing.why for each in lists.list_open(make_branch(), AT) if each.row}


def test_each_of_these_acts_has_a_case() -> None:
    assert set(TAKES_AWAY) - set(CASES) == {"staff.retire_role"}, "as staff.change_role"
