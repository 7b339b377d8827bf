"""One car walks through all ten steps, in the hands of twelve people, before one screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.cast import Cast
from tests.e2e.open_shop import CODE
from tests.e2e.walk import (
    addition,
    booking,
    followup,
    handover,
    lounge,
    parts,
    quality,
    quotation,
    reception,
    repair,
    scheduling,
    settlement,
)
from tests.e2e.walk.television import Television

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_one_car_walks_through_the_ten_steps(cast: Cast, locale: str, tmp_path: Path) -> None:
    shop = cast.shop
    television = Television(cast.stranger(width=1920, height=1080), CODE)
    television.pair(cast["manager"])

    # Step 1: booking
    slot = booking.book_by_phone(cast["assistant"])
    shop.wait_until(slot)
    booking.stamp_arrival(cast["greeter"])

    # Step 2: reception
    advisor = cast["advisor"]
    shop.pass_time(minutes=3)
    no = reception.greet(advisor)
    shop.pass_time(minutes=6)
    reception.walk_round(advisor)
    reception.sign(advisor)

    # Step 3: quotation
    quotation.offer(advisor)
    if locale == "zh_CN":
        link = quotation.make_link(advisor, no)
        customer = cast.stranger(width=390, height=844)
        quotation.decide_on_phone(customer, link)
    else:
        quotation.decide_on_screen(advisor, no)
    quotation.read_authorised(advisor, no)
    television.shows("Waiting")

    # Step 4: customer care
    lounge.care(cast["lounge"], shop)

    # Step 5: scheduling
    controller = cast["controller"]
    scheduling.assign(controller, quotation.PADS)

    # Step 6: parts
    technician = cast["tech2"]
    repair.clock_in(technician)
    parts.release(controller, no)
    repair.cannot_start(technician)
    parts.pick_and_issue(cast["parts"], parts.PADS)

    # Step 7: repair and quality
    repair.open_jobs(technician)
    television.sees(technician, lambda: repair.start(technician), "In repair")
    shop.pass_time(minutes=10)
    repair.report_finding(technician)
    addition.price(advisor)
    if locale == "zh_CN":
        addition.record_by_phone(advisor, no)
    else:
        link = quotation.make_link(advisor, no)
        customer = cast.stranger(width=390, height=844)
        addition.agree_on_phone(customer, link)
    television.explains("additional work agreed")
    scheduling.assign(controller, repair.FLUID)
    parts.release(controller, no)
    parts.pick_and_issue(cast["parts"], parts.FLUID)
    repair.work(technician, shop, minutes=40)
    repair.finish(technician)
    repair.open_jobs(technician)
    repair.start(technician)
    repair.work(technician, shop, minutes=40)
    television.sees(technician, lambda: repair.finish(technician), "Quality check")

    quality.fail(cast["inspector"])
    television.shows("In repair")
    scheduling.assign(controller, repair.REWORK)
    repair.open_jobs(technician)
    repair.start(technician)
    repair.work(technician, shop, minutes=20)
    television.sees(technician, lambda: repair.finish(technician), "Quality check")
    quality.passes(cast["inspector"])
    television.shows("Quality check")
    quality.final_check(advisor)
    television.shows("Wash")
    quality.wash(cast["washer"])
    television.shows("Ready")

    # Step 8: completion and settlement
    cashier = cast["cashier"]
    settlement.make_bill(cashier)
    settlement.take_money(cashier)
    settlement.read_list(cashier, tmp_path)

    # Step 9: handover
    shop.pass_time(minutes=5)
    handover.open_car(advisor)
    handover.answer_concerns(advisor)
    handover.show_car(advisor)
    handover.agree_what_follows(advisor, "2026-11-25", "14:00")
    pass_no = handover.deliver(advisor)
    handover.let_out(cast["greeter"], pass_no)
    television.shows_nothing()
    television.was_quick()
    television.told_no_secret()

    # Step 10: follow-up
    shop.run_timers()
    shop.wait_until("14:00", days=2)
    officer, manager = cast["relations"], cast["manager"]
    case = followup.call(officer)
    followup.resolve(officer)
    followup.call_again(manager, case)
    followup.read_closed(manager, no)
    slot = followup.book_comeback(officer, no)
    shop.wait_until(slot)
    booking.stamp_arrival(cast["greeter"])
    followup.see_red_mark(advisor, no)
