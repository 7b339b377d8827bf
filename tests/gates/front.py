"""Moments from the arrival to the release: reception, quotation, scheduling, parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.factories import (
    AT,
    make_bay,
    make_job,
    make_operation,
    make_order,
    make_part,
    make_skill,
    make_technician,
    make_vehicle,
)
from tests.gates.tries import Try, advisor, clerk, controller, manager
from tests.steps.booking import factories as bookings
from tests.steps.parts import factories as parts_given
from tests.steps.quotation import factories as quotations
from tests.steps.reception.factories import complete, make_ink, make_reception
from tests.steps.scheduling import factories as plans
from workshop.allocation.models import Allocation
from workshop.customers.models import EnergyType
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import JobState, RepairOrder
from workshop.shop.models import BayKind, Technician
from workshop.steps.parts import picking
from workshop.steps.parts import queries as parts_queries
from workshop.steps.parts import service as parts
from workshop.steps.parts.models import PickLine, PickList
from workshop.steps.quotation import queries as quotation_queries
from workshop.steps.quotation.models import LineKind
from workshop.stock.models import Part
from workshop.web import local


def a_car_that_was_only_greeted() -> list[Try]:
    order = make_reception(AT)
    by, url = order.advisor, f"/orders/{order.no}"
    operation = make_operation()
    signed = {"deliver-signature_typed": "王小明"}
    stage = "is not possible while the order is “In reception”"
    back = {"complaint": "划痕", "cause": "workmanship", "minutes": "20"}
    return [
        Try(by, f"{url}/quotation/draft/operations/{operation.id}", stage),
        Try(by, f"{url}/parts/release", "An order that is “In reception” cannot be released"),
        Try(manager(), f"{url}/settlement/make", "Nothing was authorised"),
        Try(by, f"{url}/handover/deliver", "The order is “In reception”.", signed),
        Try(manager(), f"{url}/handover/release", "Only a declined order leaves without a bill."),
        Try(
            by,
            "/gate/leave",
            "Your role does not allow this.",
            {"wanted": order.vehicle.plate},
            status=403,
        ),
        Try(manager(), f"{url}/wash", stage),
        Try(by, f"{url}/repair/send-back", "Only a car that is ready can be sent back.", back),
    ]


def an_electric_car_whose_charge_nobody_read() -> list[Try]:
    order = make_reception(AT, vehicle=make_vehicle(energy=EnergyType.ELECTRIC))
    complete(order, AT)
    order.energy_percent = None
    session.flush()
    url = f"/orders/{order.no}/reception/sign"
    return [
        Try(order.advisor, url, "The charge level is not read.", {"sign-signature": make_ink()})
    ]


def a_mileage_below_the_last_one() -> list[Try]:
    vehicle = make_vehicle(mileage_km=50_000)
    order = make_reception(AT, vehicle=vehicle)
    gauges = {"gauges-mileage_km": "４９９９９", "gauges-eighths": "4", "gauges-seen": ""}
    words = "The mileage 49999 km is below the last one, 50000 km."
    return [Try(order.advisor, f"/orders/{order.no}/reception/gauges", words, gauges)]


def a_car_that_is_expected_already() -> list[Try]:
    _, (by,) = bookings.make_shop()
    made = bookings.make_appointment(by, "14:00")
    tomorrow = bookings.make_appointment(by, "15:00", days=1)
    return [
        Try(by, f"/booking/{made.no}/no-show", "the customer may still come"),
        Try(by, f"/booking/{tomorrow.no}/arrival", "Change its time first."),
    ]


def a_quotation_that_is_being_written() -> list[Try]:
    brakes = quotations.make_brakes()
    written = quotations.make_draft(brakes)
    by, url = written.order.advisor, f"/orders/{written.order.no}/quotation"
    labour, part = _lines(written)
    unpriced = make_operation(rate_code="nobody-set-it")
    seen = {"seen": str(written.version)}
    return [
        Try(by, f"{url}/draft/operations/{brakes.id}", "is in the quotation already", seen),
        Try(by, f"{url}/draft/operations/{unpriced.id}", "is not set for this branch", seen),
        Try(
            by,
            f"{url}/draft/lines/{labour.id}/quantity",
            "Labour is its book time; it has no quantity.",
            seen | {"quantity": "2"},
        ),
        Try(by, f"{url}/{written.id}/answer", "only an offered one can be answered", seen),
        Try(by, f"{url}/{written.id}/revise", "This version is not the one that counts.", seen),
        Try(by, f"{url}/draft/discard", "Only additional work that was not offered", seen),
        Try(
            by,
            f"{url}/draft/lines/{part.id}/quantity",
            "Somebody else changed this",
            {"seen": "99", "quantity": "2"},
        ),
    ]


def a_quotation_of_parts_alone() -> list[Try]:
    written = quotations.make_draft()
    labour, part = _lines(written)
    session.delete(part)
    session.flush()
    session.delete(labour)
    session.flush()
    session.refresh(written)
    url = f"/orders/{written.order.no}/quotation"
    empty = Try(written.order.advisor, f"{url}/offer", "The quotation is empty.")
    return [empty]


def an_offer_that_nobody_signed() -> list[Try]:
    offered = quotations.make_offer()
    order, by = offered.order, offered.order.advisor
    url = f"/orders/{order.no}"
    operation = quotations.make_brakes()
    seen = {"seen": str(offered.version)}
    groups = quotation_queries.list_groups(offered)
    refused = {f"decide-{group.head.id}": "no" for group in groups} | seen
    return [
        Try(
            by,
            f"{url}/quotation/draft/operations/{operation.id}",
            "This version is “Offered”. Make a new version to change it.",
            seen,
        ),
        Try(
            by,
            f"{url}/quotation/{offered.id}/answer",
            "Accept at least one operation, or decline the whole quotation.",
            refused | {"signature_typed": "王小明"},
        ),
        Try(by, f"{url}/parts/release", "An order that is “Quoted” cannot be released"),
        Try(manager(), f"{url}/settlement/make", "Nothing was authorised"),
        Try(by, f"{url}/reception/valuables/asked", "is not possible while the order is “Quoted”"),
    ]


def a_signed_authorisation() -> list[Try]:
    signed = quotations.make_signed()
    order, by = signed.order, signed.order.advisor
    url = f"/orders/{order.no}/quotation"
    labour, part = _lines(signed)
    seen = {"seen": str(signed.version)}
    operation = quotations.make_brakes()
    later = "The version on your page is not the draft any more."
    line, answered = f"{url}/draft/lines/{part.id}", "only an offered one can be answered"
    yes = {f"decide-{labour.id}": "yes", "signature_typed": "王小明"} | seen
    discount = {"discount": "10", "reason": "熟客"} | seen
    return [
        Try(by, f"{url}/draft/operations/{operation.id}", later, seen),
        Try(by, f"{url}/draft/parts/{part.part_id}", later, seen),
        Try(by, f"{url}/draft/lines/{labour.id}/remove", later, seen),
        Try(by, f"{line}/quantity", later, seen | {"quantity": "5"}),
        Try(by, f"{line}/payer", later, seen | {"payer": "internal"}),
        Try(by, f"{line}/urgency", later, seen | {"urgency": "red"}),
        Try(manager(), f"{line}/discount", later, discount),
        Try(by, f"{url}/offer", "The quotation is empty.", seen),
        Try(by, f"{url}/{signed.id}/answer", answered, yes),
        Try(by, f"{url}/{signed.id}/decline", answered, {"reason": "太贵"} | seen),
        Try(by, f"{url}/{signed.id}/renew", answered, seen),
        Try(by, f"/orders/{order.no}/parts/release", "Not every job has a technician"),
    ]


def _lines(quotation: Any) -> tuple[Any, Any]:
    """The labour line and the part line of a quotation with one operation."""
    lines = quotation_queries.list_lines(quotation)
    labour = next(line for line in lines if line.kind is LineKind.LABOUR)
    part = next(line for line in lines if line.kind is LineKind.PART)
    return labour, part


def _place(allocation: Allocation | None, **values: Any) -> dict[str, str]:
    """The place form as the page sends it, for an hour at 14:00 unless said otherwise."""
    starts_at: datetime = values.pop("starts_at", AT + timedelta(hours=4))
    shown = local(starts_at)
    version = "" if allocation is None else str(allocation.version)
    data = {"day": f"{shown:%Y-%m-%d}", "time": f"{shown:%H:%M}", "minutes": "60"}
    return data | {"version": version} | {name: str(value) for name, value in values.items()}


def a_job_and_people_unfit_for_it() -> list[Try]:
    shop = plans.make_shop()
    url = f"/orders/{shop.order.no}/scheduling/jobs/{shop.job.id}"
    stranger = make_technician(skill=make_skill("bodywork"))
    beginner = make_technician(level=1)
    shop.job.level = 2
    wrong, closed = make_bay(BayKind.WASH), make_bay()
    closed.active = False
    session.flush()
    able, bay = make_technician(level=3).id, shop.bay.id
    by = shop.advisor
    return [
        Try(
            by,
            f"{url}/place",
            "does not have the skill",
            _place(None, technician_id=stranger.id, bay_id=bay),
        ),
        Try(
            by,
            f"{url}/place",
            "this work needs level 2",
            _place(None, technician_id=beginner.id, bay_id=bay),
        ),
        Try(
            by,
            f"{url}/place",
            "Choose one of what is offered.",
            _place(None, technician_id=able, bay_id=wrong.id),
            422,
        ),
        Try(
            by,
            f"{url}/place",
            "Choose one of what is offered.",
            _place(None, technician_id=able, bay_id=closed.id),
            422,
        ),
        Try(
            by,
            f"{url}/place",
            "That time is over.",
            _place(None, technician_id=able, bay_id=bay, starts_at=AT - timedelta(minutes=30)),
        ),
        Try(by, f"{url}/unassign", "This job has no time yet. Assign it first.", {"version": "1"}),
        Try(
            by, f"{url}/folder", "The folder is made when the job gets its time.", {"step": "rack"}
        ),
    ]


def a_board_on_which_the_time_is_taken() -> list[Try]:
    shop = plans.make_shop()
    taken = shop.assign(14)
    other = make_order(Stage.AUTHORISED, advisor=shop.advisor)
    job = make_job(other)
    url = f"/orders/{other.no}/scheduling/jobs/{job.id}/place"
    here = f"/orders/{shop.order.no}/scheduling/jobs/{shop.job.id}"
    both = {"technician_id": shop.technician.id, "bay_id": shop.bay.id}
    free_bay, free_technician = make_bay().id, make_technician().id
    buffered = AT + timedelta(hours=5, minutes=10)
    taken_until = "to 2026-11-23 15:15, buffer included. The nearest free time is"
    tomorrow = _place(taken, **both, starts_at=AT + timedelta(days=1, hours=4))
    later = _place(taken, **both, starts_at=AT + timedelta(hours=6))
    return [
        Try(shop.advisor, url, taken_until, _place(None, **both | {"bay_id": free_bay})),
        Try(
            shop.advisor,
            url,
            taken_until,
            _place(None, **both | {"technician_id": free_technician}),
        ),
        Try(shop.advisor, url, taken_until, _place(None, **both, starts_at=buffered)),
        Try(shop.advisor, f"{here}/place", "needs the customer's consent", tomorrow),
        Try(shop.advisor, f"{here}/place", "Somebody else was faster.", later | {"version": "99"}),
        Try(
            controller(),
            f"{here}/unassign",
            "You may propose another time, and somebody who may change times confirms it",
            {"version": str(taken.version)},
            403,
        ),
        Try(
            shop.advisor,
            f"/orders/{shop.order.no}/scheduling/promise",
            "The promised time must be in the future.",
            {"day": "2026-11-23", "time": "09:00", "reason": "x", "told_how": "phone"},
            422,
        ),
        Try(shop.controller, "/scheduling/undo", "There is nothing to undo any more."),
    ]


@dataclass
class Released:
    """An order with one job that needs a part, released to the workshop."""

    order: RepairOrder
    job_id: int | None
    technician: Technician
    pick_list: PickList
    line: PickLine


def release_one(part: Part, milli: int) -> Released:
    order = parts_given.make_scheduled((part, milli))
    job_id = quotation_queries.list_lines(quotation_queries.find_signed(order))[0].job_id  # type: ignore[arg-type]
    technician = session.query(Allocation).filter_by(job_id=job_id).one().technician
    parts.release(order, by=order.advisor, at=AT)
    (pick_list,) = parts_queries.list_pick_lists(order)
    (line,) = parts_queries.list_lines(pick_list)
    return Released(order, job_id, technician, pick_list, line)


def a_basket_that_is_not_full() -> list[Try]:
    part = make_part(on_hand=2)
    given = release_one(part, 2000)
    order, line, pick_list = given.order, given.line, given.pick_list
    by = clerk()
    hand_out = {"technician_id": str(given.technician.id)}
    return [
        Try(
            given.technician.user,
            f"/my-jobs/{given.job_id}/start",
            "The parts are not issued yet (open lines: 1).",
        ),
        Try(by, f"/parts/{pick_list.no}/issue", "The basket is empty", hand_out),
        Try(
            by, f"/parts/lines/{line.id}/pick", "are reserved and not picked yet", {"quantity": "3"}
        ),
        Try(
            by,
            f"/parts/lines/{line.id}/return",
            f"of {part.no} are out for this order",
            {"quantity": "1"},
        ),
        Try(by, f"/parts/{pick_list.no}/clear", "Only the basket of a cancelled order is cleared."),
        Try(order.advisor, f"/orders/{order.no}/parts/release", "Everything that was authorised"),
        Try(
            order.advisor,
            f"/parts/lines/{line.id}/unused",
            "are out for this order",
            {"quantity": "1"},
        ),
    ]


def a_part_that_is_not_there() -> list[Try]:
    part = make_part(on_hand=0)
    given = release_one(part, 1000)
    missing = f"Part {part.no} is missing"
    return [
        Try(given.technician.user, f"/my-jobs/{given.job_id}/start", missing),
        Try(
            clerk(),
            f"/parts/lines/{given.line.id}/pick",
            f"Part {part.no} is short; it has to arrive first.",
        ),
    ]


def a_basket_that_was_issued() -> list[Try]:
    part = make_part(on_hand=2)
    order = parts_given.make_scheduled((part, 1000))
    parts.release(order, by=order.advisor, at=AT)
    (pick_list,) = parts_queries.list_pick_lists(order)
    (line,) = parts_queries.list_lines(pick_list)
    by = clerk()
    picking.pick(line, by=by, at=AT)
    technician = make_technician()
    picking.issue(pick_list, technician, by=by, at=AT)
    closed = f"Pick list {pick_list.no} is “Issued”."
    bag = "Nobody wants the old part of this line."
    return [
        Try(by, f"/parts/lines/{line.id}/pick", closed),
        Try(by, f"/parts/lines/{line.id}/put-back", closed),
        Try(by, f"/parts/{pick_list.no}/basket", closed, {"basket_no": "9"}),
        Try(by, f"/parts/{pick_list.no}/issue", closed, {"technician_id": str(technician.id)}),
        Try(by, f"/parts/lines/{line.id}/old-bagged", bag),
        Try(
            order.advisor,
            f"/orders/{order.no}/reception/cancel",
            "Parts are issued",
            {"cancel-reason": "不修了"},
        ),
    ]


def a_job_without_a_signature() -> list[Try]:
    shop = plans.make_shop()
    shop.assign(10.25)
    return [
        Try(
            shop.technician.user,
            f"/my-jobs/{shop.job.id}/start",
            "The customer has not authorised this work.",
        ),
        Try(
            shop.advisor,
            f"/orders/{shop.order.no}/parts/release",
            "The service authorisation is not signed.",
        ),
    ]


def a_job_that_was_called_off() -> list[Try]:
    shop = plans.make_shop()
    shop.job.state = JobState.CANCELLED
    session.flush()
    url = f"/orders/{shop.order.no}/scheduling/jobs/{shop.job.id}/place"
    both = {"technician_id": shop.technician.id, "bay_id": shop.bay.id}
    return [Try(shop.advisor, url, "This job is over.", _place(None, **both))]


def a_car_that_is_here_already() -> list[Try]:
    order = make_reception(AT)
    url = f"/reception/new?vehicle={order.vehicle_id}"
    words = "already has the open repair order"
    return [Try(advisor(), url, words, {"concern": "再来一次"})]


MOMENTS = (
    a_car_that_was_only_greeted,
    an_electric_car_whose_charge_nobody_read,
    a_mileage_below_the_last_one,
    a_car_that_is_expected_already,
    a_car_that_is_here_already,
    a_quotation_that_is_being_written,
    a_quotation_of_parts_alone,
    an_offer_that_nobody_signed,
    a_signed_authorisation,
    a_job_and_people_unfit_for_it,
    a_board_on_which_the_time_is_taken,
    a_job_without_a_signature,
    a_job_that_was_called_off,
    a_basket_that_is_not_full,
    a_part_that_is_not_there,
    a_basket_that_was_issued,
)
