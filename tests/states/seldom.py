"""Advices that come about seldom: in a crowd, on a planned floor, by a second session or record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import current_app

from tests.factories import (
    AT,
    make_branch,
    make_job,
    make_operation,
    make_order,
    make_part,
    make_technician,
    make_user,
    make_vehicle,
)
from tests.guards.rows import put
from tests.shop.factories import hour
from tests.states import records
from tests.states.advice import Advice, Said, boss, newest_user
from tests.states.lives import newest
from tests.steps.booking import factories as bookings
from tests.steps.quotation import factories as quotations
from tests.steps.repair import factories as repairs
from tests.steps.repair.test_checklists import answered
from tests.steps.repair.test_checklists import check as quality_check
from tests.steps.scheduling.replanning.floor import Floor, make_floor
from tests.steps.settlement import factories as settlements
from workshop import clock
from workshop.attendance import corrections
from workshop.attendance import service as attendance
from workshop.catalogue import grades
from workshop.customers import mileage
from workshop.customers import service as customers
from workshop.customers.merging import service as merging
from workshop.orders.flow import Stage
from workshop.orders.models import Job, Urgency
from workshop.screen import service as screens
from workshop.shop import calendar
from workshop.staff.floor import service as floor_devices
from workshop.staff.permissions import RoleName
from workshop.staff.second_factor import views as second_factor
from workshop.staff.sessions import service as sessions
from workshop.steps.booking.joining import service as joining
from workshop.steps.handover.mileage import correcting
from workshop.steps.parts import queries as part_lists
from workshop.steps.parts import replacing
from workshop.steps.quotation import gates as quotation
from workshop.steps.quotation import lines
from workshop.steps.repair import gates as repair
from workshop.steps.repair import queries as repair_queries
from workshop.steps.repair.additions import service as additions
from workshop.steps.repair.quality import gates as quality
from workshop.steps.repair.rules import Level, Verdict
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.models import PinPart
from workshop.steps.scheduling.pinning import service as pinning
from workshop.steps.scheduling.replanning import service as replanning
from workshop.steps.scheduling.replanning.models import Cause, PlanReason
from workshop.stock import backorders
from workshop.stock import service as stock
from workshop.stock.counting import service as counting

R, S = RoleName, Stage


def _break_twice() -> None:
    who = make_technician(here_since=None)
    attendance.clock_in(who, by=who.user, at=AT)
    attendance.start_break(who, by=who.user, at=AT)
    attendance.start_break(who, by=who.user, at=AT)


def _until_refused(offer: Callable[[], Any]) -> None:
    for _ in range(201):
        offer()


def _stale_password() -> None:
    with current_app.test_request_context("/second-factor/app"):
        second_factor._require_fresh()


def _own_session() -> None:
    by = make_user(R.WASHER)
    sessions.revoke(by, 1, using=1, by=by, at=AT)


def _planned() -> tuple[Floor, Job]:
    floor = make_floor()
    job = floor.plan(14)
    return floor, job


def _fix(floor: Floor, job: Job) -> None:
    live = scheduling.get_live(job)
    parts = tuple(PinPart)
    pinning.fix(job, parts, seen_version=live.version, by=floor.controller, at=AT)


def _fixed_meanwhile() -> None:
    floor, job = _planned()
    run = floor.ask(floor.goes_home())
    _fix(floor, job)
    floor.accept(run, job)


def _fixed_and_gone() -> None:
    floor, job = _planned()
    _fix(floor, job)
    floor.ask(floor.goes_home())


def _nothing_to_move() -> None:
    """A branch whose only car waits for a part that nobody has a date for."""
    branch = make_branch("second")
    order = make_order(S.AUTHORISED, branch=branch)
    make_job(order)
    backorders.note(make_part("LATE-2"), order, 1_000, None, by=order.advisor, at=AT)
    cause = Cause(PlanReason.IMPROVE)
    replanning.ask(branch, cause, by=order.advisor, at=AT)


def _both_here() -> None:
    one, other = (make_order(S.RECEPTION).vehicle for _ in range(2))
    joining.join(one, other, merging.seen_of(one, other), by=boss(), at=AT)


def _both_booked() -> None:
    one, other = make_vehicle(), make_vehicle()
    for slot, vehicle in (("14:00", one), ("15:00", other)):
        bookings.make_appointment(boss(), slot, 1, vehicle=vehicle)
    joining.join(one, other, merging.seen_of(one, other), by=boss(), at=AT)


def _needed_mileage() -> None:
    order = records.running().order
    order.mileage_km = 50_000
    customers.record_mileage(order.vehicle, 50_000, by=boss(), at=AT)
    reading = mileage.list_readings(order.vehicle)[-1]
    correcting.correct(order.vehicle, reading.id, None, "看错了车", by=boss(), at=AT)


def _count_below() -> None:
    part, branch = make_part("FEW-1", on_hand=5), make_branch()
    stock.reserve(part, make_order(S.SCHEDULED), 4_000, by=boss(), at=AT)
    made = counting.open_count(branch, "A-01", "A-09", "ST-9", by=boss(), at=AT)
    counting.count(made, part, 3_000, by=boss(), at=AT)
    counting.book(made, "盘亏", by=boss(), at=AT)


def _outside() -> None:
    order = repairs.make_checked_in()
    quality_check(order, answered("brakes", "2", Verdict.ATTENTION, "还能开"))


def _found_at_the_check() -> Said:
    order = repairs.make_checked_in()
    (job,) = repair_queries.list_jobs(order)
    by = make_user(R.TEAM_LEADER)
    additions.request_addition(job, "刹车片薄", Urgency.RED, by=by, at=AT)
    return quality.missing_to_check(order, Level.QUALITY_CHECK)


def _second_stay() -> None:
    who = make_technician()
    corrections.add_stay(who, hour(9), hour(9.5), [], "补录", by=boss(), at=AT)


def _charged() -> None:
    branch, day = make_branch(), AT.date()
    grade = grades.make(
        branch.id, "body", "钣金", "Body", 30_000, valid_from=day, today=day, by=boss(), at=AT
    )
    make_operation(rate_code="body")
    grades.put_in_use(grade, False, by=boss(), at=AT)


def _unpriced() -> None:
    written = quotations.make_draft(quotations.make_brakes())
    lines.add_operation(written, make_operation(rate_code="nobody-set-it"), at=AT)


def _work_over() -> None:
    order = settlements.make_settled()
    (line,) = part_lists.list_order_lines(order)
    replacing.need_again(line, 1_000, by=boss(), at=AT)


def _unoffered() -> Said:
    return quotation.missing_to_print(quotations.make_draft())


def _no_day() -> Said:
    branch = make_branch()
    calendar.set_day(branch, AT.date(), False, "盘点", by=boss(), at=AT)
    return repair.missing_day(branch, AT)


def _day_over() -> Said:
    """On a day of next week that was closed off at noon."""
    branch, at = make_branch(), AT + timedelta(days=7)
    clock.freeze(at)
    begins, ends = calendar.day_span(branch, at.date())
    put("day_close", branch_id=branch.id, day=at.date(), begins_at=begins, ends_at=ends,
        closed_at=at)  # fmt: skip
    return repair.missing_day(branch, at)


SELDOM: dict[str, Advice] = {
    "%(name)s is on a break already, since %(since)s.": Advice(_break_twice, newest_user, "/back"),
    "Too many devices wait to be paired. Pair one of them, or try in an hour.": Advice(
        lambda: _until_refused(lambda: floor_devices.offer(None, at=AT)),
        R.ADMINISTRATOR,
        "/devices",
    ),
    "Too many screens wait to be paired. Pair one of them, or try in ten minutes.": Advice(
        lambda: _until_refused(lambda: screens.offer(make_branch(), None, at=clock.now())),
        R.ADMINISTRATOR,
        "/pair",
    ),
    "Your password was asked too long ago. Enter it once more, then try again.": Advice(
        _stale_password, R.WASHER, "/account/confirm"
    ),
    "You are using this session. Sign out instead.": Advice(_own_session, newest_user, "/sign-out"),
    "%(plate)s was fixed in place by %(name)s. Release it, or leave it out.": Advice(
        _fixed_meanwhile, R.JOB_CONTROLLER, "/release-pin"
    ),
    "Fixed cards that cannot stay where they are: %(count)s. Release or move them.": Advice(
        _fixed_and_gone, R.JOB_CONTROLLER, r"/jobs/\d+/place"
    ),
    "The planner can move none of the jobs: move them on the board.": Advice(
        _nothing_to_move, lambda: newest(Job).order.advisor, r"/jobs/\d+/place"
    ),
    "Both are in the shop now, under %(nos)s. Close one of the orders first.": Advice(
        _both_here, R.SERVICE_ADVISOR, "/reception"
    ),
    "Both have %(what)s that there may be only once. Settle that first.": Advice(
        _both_booked, R.SERVICE_ADVISOR, r"/booking/[A-Z]+[\d-]+"
    ),
    "Order %(no)s goes on with this mileage. Enter the right one instead.": Advice(
        _needed_mileage, R.SERVICE_ADVISOR, r"/mileage/\d+"
    ),
    "%(part)s: %(after)s %(unit)s would be left, %(reserved)s are reserved for orders. "
    "Count again, or release them first.": Advice(_count_below, R.PARTS_CLERK, "/give-way"),
    "%(value)s is outside the limit: this is not in order. Propose the work first; only what the "
    "customer has declined may stay so.": Advice(_outside, R.TEAM_LEADER, "/repair/additions"),
    "Additional work waits for an answer.": Advice(
        _found_at_the_check, R.SERVICE_ADVISOR, r"/additions/\d+/price"
    ),
    "There is another attendance from %(since)s in this time. Correct that one.": Advice(
        _second_stay, R.JOB_CONTROLLER, r"/stays/\d+"
    ),
    "Operations are charged by it, such as %(operation)s. Change them first.": Advice(
        _charged, R.SERVICE_MANAGER, r"/catalogue/operations/\d+"
    ),
    "The labour rate “%(rate)s” is not set for this branch. Set it first.": Advice(
        _unpriced, R.SERVICE_MANAGER, "/catalogue/rates"
    ),
    "No more parts are issued for this work. The order shows where it stands.": Advice(
        _work_over, R.PARTS_CLERK, r"/orders/[^/]+/settlement"
    ),
    "A draft is not printed; offer it first.": Advice(
        _unoffered, R.SERVICE_ADVISOR, "/quotation/offer"
    ),
    "The shop is closed on %(day)s. Make it an open day in the calendar first.": Advice(
        _no_day, R.SERVICE_MANAGER, "/calendar/days/forget|/forget"
    ),
    "Today was closed at %(time)s. Open the day again first.": Advice(
        _day_over, R.SERVICE_ADVISOR, "/close/reopen"
    ),
}
"""By the words of the refusal, as `ADVICE`."""
