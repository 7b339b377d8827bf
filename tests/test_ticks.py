"""The flow bar tells the truth: what each step says of itself, by a table that was written by hand.

One row a situation, one sign a step: v done, - skipped, 0 not needed, . open, > in work.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import AT, make_order, make_user
from tests.steps.handover.factories import prepare
from tests.steps.lounge.factories import make_sheet
from tests.steps.quotation.factories import make_addition, make_brakes, make_offer, make_signed
from tests.steps.repair.factories import make_running
from tests.steps.settlement.factories import (
    give_half_back,
    make_checked,
    make_settled,
    make_settlement,
)
from workshop import steps
from workshop.db import session
from workshop.orders import cancellation
from workshop.orders.flow import Stage, Step
from workshop.orders.models import JobState, RepairOrder
from workshop.orders.ticks import Progress
from workshop.staff.permissions import RoleName
from workshop.steps.followup import service as followup
from workshop.steps.followup.models import FollowUp, FollowUpState
from workshop.steps.handover import delivery
from workshop.steps.lounge import departure
from workshop.steps.lounge.enums import CareKind
from workshop.steps.lounge.models import CareAct
from workshop.steps.parts.models import PickLine, PickList
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.answers import Answer
from workshop.steps.reception.models import Walkaround
from workshop.steps.repair.changing import taking_off as changing
from workshop.steps.repair.changing.taking_off import Wanted
from workshop.steps.settlement import queries as settlements
from workshop.steps.settlement import service as settlement

SIGNS = {
    Progress.DONE: "v",
    Progress.SKIPPED: "-",
    Progress.NOT_NEEDED: "0",
    Progress.OPEN: ".",
    Progress.CURRENT: ">",
}


def greeted() -> RepairOrder:
    return make_order()


def booked() -> RepairOrder:
    return make_order(is_walk_in=False)


def looked_at() -> RepairOrder:
    return inspected(make_order(Stage.INSPECTED))


def offered() -> RepairOrder:
    return inspected(make_offer().order)


def declined() -> RepairOrder:
    found = make_offer()
    quotation.decline(found, "太贵", by=found.order.advisor, at=AT)
    return inspected(found.order)


def declined_and_gone() -> RepairOrder:
    order = declined()
    order.ready_at = order.delivered_at = AT
    order.move_to(Stage.READY, None, AT)
    order.move_to(Stage.DELIVERED, None, AT)
    return order


def signed() -> RepairOrder:
    return inspected(make_signed().order)


def signed_waiting_nobody_cared() -> RepairOrder:
    order = signed()
    order.stays = True
    return order


def signed_waiting_all_six() -> RepairOrder:
    order = signed_waiting_nobody_cared()
    for kind in CareKind:
        care(order, kind)
    return order


def left_with_a_sheet() -> RepairOrder:
    order = signed()
    departure.save_sheet(order, make_sheet(), seen_version=0, by=order.advisor, at=AT)
    return order


def in_work_parts_out() -> RepairOrder:
    return at_work(Stage.REPAIR, job_state=JobState.RUNNING)


def in_work_parts_in_the_basket() -> RepairOrder:
    order = in_work_parts_out()
    query = select(PickLine).join(PickList).where(PickList.order_id == order.id)
    for line in session.scalars(query):
        line.issued_milli = 0
    session.flush()
    return order


def in_work_without_parts() -> RepairOrder:
    return at_work(Stage.REPAIR, job_state=JobState.RUNNING, parts_fen=())


def in_work_addition_unanswered() -> RepairOrder:
    order = in_work_parts_out()
    make_addition(order, make_brakes())
    return order


def ready_nobody_cared() -> RepairOrder:
    return inspected(make_checked(stays=True, released_at=AT))


def ready_one_act() -> RepairOrder:
    order = ready_nobody_cared()
    care(order, CareKind.WATER)
    return order


def part_not_used_not_back() -> RepairOrder:
    order = ready_nobody_cared()
    give_half_back(order)
    for line in session.scalars(select(PickLine).join(PickList)):
        line.returned_milli = 0
    session.flush()
    return order


def billed_not_paid() -> RepairOrder:
    return make_settlement(ready_nobody_cared()).order


def paid() -> RepairOrder:
    return inspected(make_settled(released_at=AT))


def reversed_bill() -> RepairOrder:
    order = paid()
    boss = make_user(RoleName.SERVICE_MANAGER)
    bill = settlements.get_live(order)
    settlement.reverse_settlement(bill, "单价有误", by=boss, at=AT)
    return order


def gone() -> RepairOrder:
    order = prepare(paid())
    delivery.deliver(order, signer_name="王小明", by=order.advisor, at=AT)
    return order


def called() -> RepairOrder:
    return finished(FollowUpState.ANSWERED)


def not_reached() -> RepairOrder:
    return finished(FollowUpState.UNREACHED)


def wishes_no_call() -> RepairOrder:
    return finished(FollowUpState.REFUSED)


def called_off() -> RepairOrder:
    order = signed()
    boss = make_user(RoleName.SERVICE_MANAGER)
    cancellation.cancel_order(order, "客户改期", by=boss, at=AT)
    return order


def stopped_half_done(**check: object) -> RepairOrder:
    """The clock ran for a while; what was done is billed, and is looked at first."""
    (job,) = make_running()
    at = AT + timedelta(minutes=30)
    wanted = Wanted({}, "客户要用车", stops=True, **check)  # type: ignore[arg-type]
    changing.take_off(job.order, wanted, Answer("王小明"), shown_at=at, by=job.order.advisor, at=at)
    return inspected(job.order)


def stopped_unchecked() -> RepairOrder:
    return stopped_half_done(checked=False, no_check_reason="只拆了轮胎，已装回")


# The ten steps: booking reception quotation | lounge scheduling parts | repair | bill handover call
TABLE: dict[Callable[[], RepairOrder], str] = {
    greeted: "->. ... . ...",
    booked: "v>. ... . ...",
    looked_at: "-v> ... . ...",
    offered: "-v> ... . ...",
    declined: "-vv 000 0 0>.",
    declined_and_gone: "-vv 000 0 0v>",
    signed: "-vv .>. . ...",
    signed_waiting_nobody_cared: "-vv .>. . ...",
    signed_waiting_all_six: "-vv v>. . ...",
    left_with_a_sheet: "-vv v>. . ...",
    in_work_parts_out: "-vv .vv > ...",
    in_work_parts_in_the_basket: "-vv .v. > ...",
    in_work_without_parts: "-vv .v0 > ...",
    in_work_addition_unanswered: "-v. .vv > ...",
    ready_nobody_cared: "-vv -vv v .>.",
    ready_one_act: "-vv -vv v .>.",
    part_not_used_not_back: "-vv -v. v .>.",
    billed_not_paid: "-vv -vv v >..",
    paid: "-vv -vv v v>.",
    reversed_bill: "-vv -vv v >..",
    gone: "-vv -vv v vv>",
    called: "-vv -vv v vvv",
    not_reached: "-vv -vv v vv-",
    wishes_no_call: "-vv -vv v vv0",
    called_off: "-vv 000 0 000",
    stopped_half_done: "-vv .00 > ...",
    stopped_unchecked: "-vv -00 - .>.",
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("situation", TABLE, ids=lambda each: each.__name__)
def test_a_tick_is_what_the_step_has_done(situation: Callable[[], RepairOrder]) -> None:
    drawn = steps.flow_of(situation())
    signs = [SIGNS[each.tick.progress] for each in drawn]
    assert "".join(signs) == TABLE[situation].replace(" ", "")
    assert all(each.tick.message for each in drawn if each.tick.progress.is_left_out)


def test_every_step_says_for_itself_how_far_it_is() -> None:
    assert [step for step, face in steps.faces().items() if face.tick is None] == []
    assert list(steps.faces()) == list(Step)


def at_work(stage: Stage, **values: object) -> RepairOrder:
    order = make_checked(stage, final_check=False, released_at=AT, **values)  # type: ignore[arg-type]
    return inspected(order)


def inspected(order: RepairOrder) -> RepairOrder:
    """The customer signed under the walk-around."""
    session.add(Walkaround(order_id=order.id, signed_at=AT, signed_by_id=order.advisor_id))
    session.flush()
    return order


def care(order: RepairOrder, kind: CareKind) -> None:
    session.add(CareAct(order_id=order.id, kind=kind, done_at=AT, by_id=order.advisor_id))
    session.flush()


def finished(state: FollowUpState) -> RepairOrder:
    order = gone()
    follow_up = session.scalars(select(FollowUp).where(FollowUp.order_id == order.id)).one_or_none()
    follow_up = follow_up or followup.plan_call(order, AT)
    follow_up.state, follow_up.closed_at = state, AT
    order.move_to(Stage.FOLLOWED_UP, None, AT)
    followup.close_if_settled(order, by=None, at=AT)
    return order
