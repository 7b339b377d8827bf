"""The records that stand in a state: made through the services, on the told shop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.audit import (
    acts,
    floor_acts,
    front_acts,
)
from tests.factories import AT, make_order, make_part, make_technician
from tests.states.lives import as_, newest
from tests.steps.followup import factories as followups
from tests.steps.followup.test_service import answer
from tests.steps.quotation import factories as quotations
from tests.steps.repair import factories as repairs
from tests.steps.settlement import factories as settlements
from workshop.allocation.models import Allocation
from workshop.attendance.models import AttendanceBreak
from workshop.cases import service as cases
from workshop.customers.merging.models import CustomerMerge, VehicleMerge
from workshop.orders.flow import Stage
from workshop.orders.models import Job, RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking import service as booking
from workshop.steps.booking.models import Appointment
from workshop.steps.handover import service as handover
from workshop.steps.parts import picking
from workshop.steps.parts import queries as parts
from workshop.steps.parts.models import PickList
from workshop.steps.quotation import service as quotation
from workshop.steps.repair import work
from workshop.steps.repair.rules import Level, PauseReason
from workshop.steps.scheduling import queries as plan
from workshop.steps.scheduling.folder import service as folders
from workshop.steps.scheduling.models import JobFolder, PlacePin
from workshop.steps.settlement import paying
from workshop.steps.settlement.models import Settlement
from workshop.stock import backorders
from workshop.stock.models import Backorder
from workshop.track.models import TrackLink

R, S = RoleName, Stage


def running() -> Job:
    """A job whose clock runs, ready to be finished."""
    (job,) = repairs.make_running()
    repairs.tick_all(job, AT)
    repairs.self_check(job, AT + timedelta(minutes=25))
    return job


def paused() -> Job:
    (job,) = repairs.make_running()
    work.pause(job, PauseReason.PARTS, repairs.worker(job), AT + timedelta(minutes=5))
    return job


def waiting() -> Job:
    (job,) = repairs.make_ready()
    return job


def phone(row: RepairOrder | Job) -> str:
    """The job on the technician's phone."""
    return f"/my-jobs/{_job_of(row).id}"


def worker(row: RepairOrder | Job) -> User:
    """The technician."""
    return repairs.worker(_job_of(row))


def _job_of(row: RepairOrder | Job) -> Job:
    return row if isinstance(row, Job) else newest(Job, order_id=row.id)


def list_in(state: str) -> PickList:
    """A pick list of one line of two pieces in this state."""
    made = front_acts._released()
    by = made.order.advisor
    by.roles = [*by.roles, *as_(R.PARTS_CLERK).roles]
    (line,) = parts.list_lines(made)
    job = parts.job_of(line.quotation_line)
    if state != "open":
        milli = 1_000 if state == "partly_picked" else 2_000
        picking.pick(line, by=by, at=AT, quantity_milli=milli)
    if state == "issued":
        assert job is not None
        technician = plan.technician_of(job)
        assert technician is not None
        picking.issue(made, technician, by=by, at=AT)
    return made


def billable_list() -> PickList:
    """An issued list of an order that can be settled."""
    settlements.make_checked()
    return newest(PickList)


def folder_in(state: str) -> JobFolder:
    """The folder of a planned job."""
    (job,) = repairs.make_planned()
    by = job.order.advisor
    folder = folders.ensure(job, by=by, at=AT)
    if state != "prepared":
        folders.put_on_rack(job, by=by, at=AT)
    if state == "taken":
        folders.take(job, by=by, at=AT)
    return folder


def credited() -> Settlement:
    bill = settlements.make_settlement()
    asked = paying.ask_credit(
        bill, AT.date() + timedelta(days=30), "老客户", by=settlements.make_cashier(), at=AT
    )
    paying.decide_credit(asked, True, by=as_(R.SERVICE_MANAGER), at=AT)
    return bill


def confirmed() -> Appointment:
    booked: Appointment = acts.booking_confirmed().on
    booking.confirm(booked, booked.advisor, AT)
    return booked


def followed_up() -> RepairOrder:
    """The customer said no, and what was done about it waits for the second call."""
    by = as_(R.CUSTOMER_RELATIONS)
    planned = followups.make_follow_up()
    case = answer(planned, by, AT, is_fixed=False)
    cases.make_plan(case, "检查", by=by, at=AT)
    cases.resolve(case, "螺栓松动", "重新紧固", by=by, at=AT)
    return planned.order


def rework() -> RepairOrder:
    """A failed check sent it back, and its rework has a technician."""
    floor_acts.repair_open_rework().do()
    order = newest(RepairOrder, stage=S.REWORK)
    repairs.assign(_job_of(order), make_technician(), at=AT + timedelta(hours=1))
    return order


def measured(level: Level) -> dict[str, str]:
    """Values of a car that is in order."""
    return {f"measured_{code}": value for code, value in repairs.ASKED[level].items() if value}


def merged_customers() -> CustomerMerge:
    acts.customers_part()
    return newest(CustomerMerge)


def merged_vehicles() -> VehicleMerge:
    acts.customers_part__vehicles()
    return newest(VehicleMerge)


def break_begun() -> AttendanceBreak:
    acts.shop_end_break()
    return newest(AttendanceBreak)


def pinned() -> PlacePin:
    acts.scheduling_release_pin()
    return newest(PlacePin)


def place_of(pin: PlacePin) -> str:
    """The page on which the pinned job is placed."""
    job = newest(Job, id=newest(Allocation, id=pin.allocation_id).job_id)
    return f"/orders/{job.order.no}/scheduling/jobs/{job.id}/place"


def let_go() -> RepairOrder:
    """The customer wanted nothing, and the car was released without a bill."""
    offered = quotations.make_offer()
    order = offered.order
    quotation.decline(offered, "太贵", by=order.advisor, at=AT)
    handover.release_declined(order, by=order.advisor, at=AT)
    return order


def link() -> TrackLink:
    acts.track_revoke_link()
    return newest(TrackLink)


def shortage() -> Backorder:
    """A part that an order waits for."""
    part, order = make_part("LATE-1", on_hand=0), make_order(S.AUTHORISED)
    return backorders.note(part, order, 1_000, AT + timedelta(hours=2), by=order.advisor, at=AT)


def order_of(row: Any) -> RepairOrder:
    return newest(RepairOrder, id=row.order_id)
