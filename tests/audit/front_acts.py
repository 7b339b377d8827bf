"""The cases of the front: booking, reception, lounge, parts, additional work and the handover."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.audit.act import LATER, Act, boss, collect
from tests.factories import (
    AT,
    make_branch,
    make_customer,
    make_job,
    make_operation,
    make_order,
    make_package,
    make_part,
    make_user,
    make_vehicle,
)
from tests.steps.booking import factories as bookings
from tests.steps.booking.online import factories as online
from tests.steps.lounge.factories import make_loaner, make_sheet
from tests.steps.parts.factories import make_scheduled
from tests.steps.quotation import factories as quotations
from tests.steps.reception.factories import make_photo, make_reception
from tests.steps.repair import factories as repairs
from workshop.catalogue.models import GuaranteeClass
from workshop.customers import corrections, mileage
from workshop.db import session
from workshop.orders import guarantees
from workshop.orders.flow import Stage
from workshop.orders.models import JobState, RepairOrder, Urgency
from workshop.phone import dropping
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking import hours, making
from workshop.steps.booking import service as booking_service
from workshop.steps.booking.making import Wish
from workshop.steps.booking.online import answering, by_link, holding
from workshop.steps.booking.online import settings as online_settings
from workshop.steps.booking.online.settings import Values
from workshop.steps.booking.people import owners
from workshop.steps.handover import service as handover
from workshop.steps.handover.mileage import correcting as mileages
from workshop.steps.lounge import departure as departures
from workshop.steps.lounge import rounds
from workshop.steps.lounge import service as lounge
from workshop.steps.lounge.enums import CareKind, Transport
from workshop.steps.lounge.models import Departure
from workshop.steps.parts import picking, returns
from workshop.steps.parts import queries as parts_queries
from workshop.steps.parts import service as parts
from workshop.steps.parts.models import PickList
from workshop.steps.quotation import service as quotation
from workshop.steps.reception import condition, repeat, walkaround
from workshop.steps.reception.car import damage, photos
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.car.zones import DamageKind
from workshop.steps.reception.models import DamageMark
from workshop.steps.reception.rules import CoverKind, PhotoOf, Question
from workshop.steps.repair.additions import service as additions
from workshop.steps.repair.models import AdditionalWork
from workshop.stock import backorders
from workshop.stock.models import Backorder

# ---- Booking ----


def booking_add_work() -> Act:
    _, (by,) = bookings.make_shop()
    booked = bookings.make_appointment(by)
    more = make_operation("B-PAD-F")
    said = {"operations": "B-PAD-F"}

    def do() -> None:
        hours.add_work(booked, [more], seen_version=booked.version, by=by, at=LATER)

    return Act(by, do, booked, said)


def booking_ask_online() -> Act:
    branch, _ = online.make_online()
    kept = online.hold(branch)
    return Act(None, lambda: online.ask(kept, at=AT), kept)


def booking_cancel_online() -> Act:
    branch, _ = online.make_online()
    asked = online.ask(online.hold(branch))
    return Act(None, lambda: by_link.cancel(asked, at=AT), asked)


def booking_confirm_online() -> Act:
    branch, (by,) = online.make_online()
    asked, car = online.ask(online.hold(branch)), make_vehicle()

    def book() -> Any:
        return making.book(
            car,
            car.customer,
            Wish("刹车有异响"),
            advisor=by,
            slot_at=asked.slot_at,
            branch=branch,
            by=by,
            at=LATER,
        )

    along = ("booking.requested", "booking.confirmed")
    return Act(
        by,
        lambda: answering.make_appointment(asked, book, by=by, at=LATER),
        asked,
        along=along,
    )


def booking_lapse_online() -> Act:
    branch, _ = online.make_online()
    asked = online.ask(online.hold(branch))
    return Act(None, lambda: holding.give_back_run_out(None, asked.held_until), asked)


def booking_offer_online() -> Act:
    by, package = boss(), make_package(make_operation())
    branch = make_branch()
    said = {"packages": [package.code]}
    return Act(
        by,
        lambda: online_settings.offer(branch, {package.id: ("保养", "")}, by=by, at=LATER),
        branch,
        said,
    )


def booking_refuse_online() -> Act:
    branch, (by,) = online.make_online()
    asked = online.ask(online.hold(branch))
    said = {"reason": "配件未到"}
    return Act(by, lambda: answering.refuse(asked, "配件未到", by=by, at=LATER), asked, said)


def booking_set_online() -> Act:
    by, values = boss(), Values(is_open=True, days_ahead=14)
    branch = make_branch()
    branch.phone = "0755-88880000"
    return Act(by, lambda: online_settings.set_rules(branch, values, by=by, at=LATER))


def booking_give() -> Act:
    _, (by,) = bookings.make_shop()
    booked = bookings.make_appointment(by)
    old, new = booked.customer, make_customer("买主")
    corrections.change_owner(booked.vehicle, new, by, LATER)
    session.flush()
    session.refresh(booked.vehicle)

    def do() -> None:
        owners.give_appointments(booked.vehicle, by=by, at=LATER)

    return Act(by, do, booked, {"old": old.id, "new": new.id})


def booking_overbook() -> Act:
    _, (advisor,) = bookings.make_shop()
    long = make_operation(book_minutes=430)
    bookings.make_appointment(advisor, "08:00", 1, operations=[long])
    by, vehicle, more = boss(), make_vehicle(), make_operation()

    def do() -> Any:
        return making.book(
            vehicle,
            vehicle.customer,
            Wish("异响", operations=[more]),
            advisor=advisor,
            slot_at=bookings.local("10:00", 1),
            branch=make_branch(),
            by=by,
            at=LATER,
            overbook_reason="老客户",
        )

    said = {"day": "2026-11-24", "minutes": 60, "reason": "老客户"}
    return Act(by, do, None, said, ("booking.requested",))


# ---- Reception ----


def reception_record_vin() -> Act:
    order = make_reception(AT)
    by, said = order.advisor, {"reason": "铭牌已锈蚀"}

    def do() -> None:
        condition.record_vin(order, "", "铭牌已锈蚀", by=by, at=LATER)

    return Act(by, do, order, said)


def reception_record_interview() -> Act:
    order = make_reception(AT)
    by = order.advisor

    def do() -> None:
        answers = {Question.WHEN: "上周"}
        walkaround.record_interview(order, answers, "左前异响", seen=None, by=by, at=LATER)

    return Act(by, do, order)


def reception_correct_mileage() -> Act:
    order = make_reception(AT)
    by = order.advisor
    walkaround.record_gauges(order, 84_500, 50, by=by, at=AT)

    def do() -> None:
        walkaround.record_gauges(order, 48_500, 50, correction_reason="看错了", by=by, at=LATER)

    said = {"old": 84_500, "new": 48_500, "reason": "看错了"}
    return Act(by, do, order, said, ("reception.record_gauges",))


def customers_correct_mileage() -> Act:
    order = make_reception(AT, vehicle=make_vehicle(mileage_km=40_000))
    walkaround.record_gauges(order, 480_000, 50, by=order.advisor, at=AT)
    by, car = order.advisor, order.vehicle
    wrong = mileage.list_readings(car)[-1]
    said = {"old": 480_000, "new": 48_000, "reason": "多打了一个零", "orders": [order.no]}

    def do() -> None:
        mileages.correct(car, wrong.id, 48_000, "多打了一个零", by=by, at=LATER)

    return Act(by, do, car, said)


def booking_take_back_arrival() -> Act:
    booked = bookings.make_appointment(bookings.make_shop()[1][0])
    by = boss()
    booking_service.register_arrival(booked, by, booked.slot_at)
    said = {"reason": "认错车", "was": booked.slot_at.isoformat()}

    def do() -> None:
        booking_service.take_back_arrival(booked, "认错车", by=by, at=LATER)

    return Act(by, do, booked, said)


def reception_uncheck_view() -> Act:
    order = make_reception(AT)
    by, said = order.advisor, {"view": "front"}
    walkaround.check_view(order, CarView.FRONT, True, by=by, at=AT)

    def do() -> None:
        walkaround.check_view(order, CarView.FRONT, False, by=by, at=LATER)

    return Act(by, do, order, said)


def reception_take_off_cover() -> Act:
    order = make_reception(AT)
    by, said = order.advisor, {"kind": "seat"}
    walkaround.fit_cover(order, CoverKind.SEAT, True, by=by, at=AT)

    def do() -> None:
        walkaround.fit_cover(order, CoverKind.SEAT, False, by=by, at=LATER)

    return Act(by, do, order, said)


def reception_remove_valuable() -> Act:
    order = make_reception(AT)
    by, said = order.advisor, {"title": "墨镜"}
    kept = walkaround.add_valuable(order, "墨镜", True, place="前台", by=by, at=AT)
    return Act(by, lambda: walkaround.remove_valuable(order, kept, by=by, at=LATER), order, said)


def reception_add_mark() -> Act:
    order = make_reception(AT)
    by, said = order.advisor, {"zone": "grille", "kind": "dent"}
    return Act(by, lambda: _mark(order), None, said)


def reception_remove_mark() -> Act:
    order = make_reception(AT)
    by, mark = order.advisor, _mark(order)
    return Act(by, lambda: damage.remove_mark(order, mark, by=by, at=LATER), mark)


def _mark(order: RepairOrder) -> DamageMark:
    return damage.add_mark(order, "grille", DamageKind.DENT, by=order.advisor, at=AT)


def reception_add_photo() -> Act:
    order = make_reception(AT)
    by, said = order.advisor, {"view": "dial"}

    def do() -> None:
        photos.add(order, PhotoOf.DIAL, make_photo(), by=by, at=LATER)

    return Act(by, do, order, said)


def reception_remove_photo() -> Act:
    order = make_reception(AT)
    by, said = order.advisor, {"view": "left"}
    photo = photos.add(order, PhotoOf.LEFT, make_photo(), by=by, at=AT)
    return Act(by, lambda: photos.remove(order, photo, by=by, at=LATER), order, said)


def reception_drop_act() -> Act:
    order = make_reception(AT)
    by, refused = order.advisor, "里程比上次少"
    said = {"what": "里程", "refused": refused, "reason": "按错了"}

    def do() -> None:
        act = "reception.drop_act"
        dropping.note(act, order, "里程", refused, "按错了", tapped_at=AT, by=by, at=LATER)

    return Act(by, do, order, said)


def reception_set_repeat() -> Act:
    order = make_reception(AT)
    by, said = order.advisor, {"reason": "同一个毛病"}
    return Act(by, lambda: repeat.decide(order, True, "同一个毛病", by=by, at=LATER), order, said)


def reception_set_repeat__looked_up() -> Act:
    earlier = _delivered(days=12)
    order = make_order(vehicle=earlier.vehicle)
    by, said = order.advisor, {"earlier": earlier.no, "looked_up": True}

    def do() -> None:
        repeat.look_up(order, by=by, at=LATER)

    return Act(by, do, order, said)


def reception_clear_repeat() -> Act:
    order = make_reception(AT, vehicle=_delivered(days=12).vehicle)
    by, said = order.advisor, {"reason": "这次换轮胎"}
    return Act(by, lambda: repeat.decide(order, False, "这次换轮胎", by=by, at=LATER), order, said)


def reception_clear_repeat__guarantee_is_over() -> Act:
    earlier = _delivered(days=60, mileage_km=50_000)
    day = (AT - timedelta(days=60)).date()
    guarantees.add(earlier, "变速箱总成", GuaranteeClass.OVERHAUL, day, 50_000)
    order = make_reception(AT, vehicle=earlier.vehicle)
    by, said = order.advisor, {"reason": "guarantee over by mileage"}

    def do() -> None:
        walkaround.record_gauges(order, 70_001, 50, by=by, at=LATER)

    return Act(by, do, order, said, ("reception.record_gauges",))


def _delivered(days: int, **values: Any) -> RepairOrder:
    """An order that was repaired and left so many days ago."""
    order = make_order(Stage.DELIVERED, **values)
    order.ready_at = order.delivered_at = AT - timedelta(days=days)
    order.vehicle.mileage_km = order.mileage_km
    make_job(order, state=JobState.DONE)
    return order


# ---- Lounge ----


def lounge_record_stay() -> Act:
    order, by = _staying()
    said = {"stays": False}
    return Act(by, lambda: lounge.record_stay(order, False, by=by, at=LATER), order, said)


def lounge_take_back_act() -> Act:
    order, by = _staying()
    act, said = lounge.do_act(order, CareKind.SEAT, by=by, at=AT), {"kind": "seat"}
    return Act(by, lambda: lounge.take_back_act(order, act, by=by, at=LATER), act, said)


def lounge_save_record() -> Act:
    order, by = _staying()

    def do() -> Any:
        return lounge.save_record(
            order,
            seat="A3",
            drinks="绿茶",
            remarks="",
            complained=False,
            complaint="",
            seen_version=0,
            by=by,
            at=LATER,
        )

    return Act(by, do, None, {"complained": False})


def lounge_save_sheet() -> Act:
    order, by = _staying()
    said = {"transport": "taxi"}

    def do() -> Any:
        return departures.save_sheet(order, make_sheet(), seen_version=0, by=by, at=LATER)

    return Act(by, do, None, said, ("lounge.record_stay",))


def lounge_return_loaner() -> Act:
    order, by = _staying()
    sheet = make_sheet(transport=Transport.LOANER, loaner=make_loaner())
    out: Departure = departures.save_sheet(order, sheet, seen_version=0, by=by, at=AT)

    def do() -> None:
        departures.return_loaner(out, km_in=35_290, energy_in=60, damage="", by=by, at=LATER)

    return Act(by, do, out, {"km": 35_290})


def lounge_check() -> Act:
    by, said = make_user(RoleName.LOUNGE_ATTENDANT), {"item": "cups", "is_ok": False}

    def do() -> Any:
        return rounds.check(make_branch(), "cups", False, "已补", by=by, at=LATER)

    return Act(by, do, None, said)


def lounge_close_fault() -> Act:
    by, said = make_user(RoleName.LOUNGE_ATTENDANT), {"item": "cups"}
    fault = rounds.check(make_branch(), "cups", False, "去取", by=by, at=AT)
    return Act(by, lambda: rounds.close(fault, by=by, at=LATER), fault, said)


def _staying() -> tuple[RepairOrder, User]:
    """An order whose customer waits here, and the attendant."""
    order = make_order(
        Stage.REPAIR, stays=True, authorised_at=AT, promised_at=AT + timedelta(hours=3)
    )
    return order, make_user(RoleName.LOUNGE_ATTENDANT)


# ---- Parts ----


def parts_change_basket() -> Act:
    pick_list, by = _released(), make_user(RoleName.PARTS_CLERK)
    said = {"basket_no": 7, "was": pick_list.basket_no}
    return Act(by, lambda: picking.change_basket(pick_list, 7, by=by, at=LATER), pick_list, said)


def parts_want_old() -> Act:
    (line,) = parts_queries.list_lines(_released())
    by, said = line.pick_list.order.advisor, {"wanted": True, "was": False}
    return Act(by, lambda: returns.want_old(line, True, by=by, at=LATER), line, said)


def _released() -> PickList:
    order = make_scheduled((make_part(on_hand=5), 2_000))
    pick_list = parts.release(order, by=order.advisor, at=AT)
    assert pick_list is not None
    return pick_list


def stock_change_backorder() -> Act:
    short, by = _shortage(), make_user(RoleName.PARTS_CLERK)
    before, after = AT + timedelta(hours=2), AT + timedelta(hours=4)
    said = {"expected_at": after.isoformat(), "was": before.isoformat()}

    def do() -> None:
        backorders.change(short, after, "PO-1", by=by, at=LATER)

    return Act(by, do, short, said)


def stock_tell_customer() -> Act:
    short, by = _shortage(), make_user(RoleName.SERVICE_ADVISOR)
    return Act(by, lambda: backorders.mark_told(short, by=by, at=LATER), short)


def _shortage() -> Backorder:
    order = make_order(Stage.AUTHORISED)
    expected_at = AT + timedelta(hours=2)
    return backorders.note(make_part(on_hand=0), order, 1_000, expected_at, by=order.advisor, at=AT)


# ---- Additional work ----


def quotation_make_addition() -> Act:
    order = repairs.make_running()[0].order
    by, more = order.advisor, quotations.make_brakes()

    def do() -> Any:
        return quotation.make_addition(
            order, (more,), reason="后制动片只剩 2 mm", urgency=None, by=by, at=LATER
        )

    return Act(by, do, None, {"total_fen": 62_000}, ("quotation.begin",))


def repair_request_addition() -> Act:
    (job,) = repairs.make_running()
    by, said = repairs.worker(job), {"urgency": "red"}

    def do() -> Any:
        return additions.request_addition(job, "后制动片薄", Urgency.RED, by=by, at=LATER)

    return Act(by, do, None, said)


def repair_price_addition() -> Act:
    asked = _asked()
    by, more = asked.order.advisor, quotations.make_brakes()

    def do() -> None:
        additions.price(asked, [more], by=by, at=LATER)

    return Act(by, do, asked, {}, ("quotation.begin", "quotation.make_addition"))


def repair_dismiss_addition() -> Act:
    asked = _asked()
    by, said = asked.order.advisor, {"reason": "上次已换"}
    return Act(by, lambda: additions.dismiss(asked, "上次已换", by=by, at=LATER), asked, said)


def _asked() -> AdditionalWork:
    (job,) = repairs.make_running()
    return additions.request_addition(job, "后制动片薄", Urgency.RED, by=repairs.worker(job), at=AT)


# ---- Handover ----


def handover_release_declined() -> Act:
    order = make_order(Stage.DECLINED)
    by = order.advisor
    return Act(by, lambda: handover.release_declined(order, by=by, at=LATER), order)


ACTS = collect(__name__, globals())
