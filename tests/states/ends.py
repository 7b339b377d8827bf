"""What ends at a moment, without a state of its own: who ends it, on which page."""

from __future__ import annotations

from tests.audit import (
    acts,
    front_acts,
    inbox_acts,
    staff_acts,
    stock_acts,
)
from tests.factories import make_contact
from tests.states import records
from tests.states.lives import Last, Life, On, newest, of_act
from workshop.attendance.models import Attendance
from workshop.orders.flow import Stage
from workshop.orders.models import Job, RepairOrder
from workshop.staff.permissions import RoleName
from workshop.steps.repair.models import WorkSession
from workshop.steps.settlement.models import Settlement

R, S = RoleName, Stage

ENDS: Life = {
    "absence.ends_at": On(
        of_act(acts.shop_end_absence),
        R.JOB_CONTROLLER,
        "/scheduling/calendar",
        "/absences/{row.id}/end",
    ),
    "additional_work.dismissed_at": On(
        of_act(front_acts.repair_dismiss_addition),
        R.SERVICE_ADVISOR,
        "/orders/{row.order.no}/repair",
        "/dismiss",
        {"reason": "上次已换"},
    ),
    "attendance.replaced_at": Last("a correction"),
    "attendance.ended_at": On(
        of_act(acts.shop_clock_out), lambda row: row.technician.user, "/my-jobs", "/clock-out"
    ),
    "attendance_break.ended_at": On(
        records.break_begun,
        lambda row: newest(Attendance, id=row.attendance_id).technician.user,
        "/my-jobs",
        "/back",
    ),
    "backorder.cancelled_at": Last("with its order, or when the part comes"),
    "backorder.arrived_at": On(
        records.shortage,
        R.PARTS_CLERK,
        "/parts/receipts",
        "/parts/receipts",
        {
            "part_no": "LATE-1",
            "quantity": "1",
            "supplier": "博世",
            "document": "DN-1",
            "cost": "20",
        },
    ),
    "capacity_take.released_at": Last("by the program, with what had taken it"),
    "care_act.taken_back_at": Last("a correction"),
    "concern_answer.taken_back_at": Last("a correction"),
    "core_return.withdrawn_at": Last("a correction"),
    "core_shipment.credited_at": On(
        of_act(stock_acts.stock_credit_cores),
        R.PARTS_CLERK,
        "/parts/cores",
        "/shipments/{row.id}/credit",
        {"credit_no": "CN-1"},
    ),
    "core_shipment.withdrawn_at": Last("a correction"),
    "credit_request.decided_at": On(
        of_act(acts.settlement_decide_credit),
        R.SERVICE_MANAGER,
        lambda row: f"/orders/{newest(Settlement, id=row.settlement_id).order.no}/settlement",
        "/credit/{row.id}",
        {"decide-answer": "yes"},
    ),
    "customer_contact.retired_at": On(
        lambda: make_contact(name="李工"),
        R.SERVICE_ADVISOR,
        "/customers/{row.customer_id}",
        "/contacts/{row.id}/use",
    ),
    "customer_merge.undone_at": On(
        records.merged_customers,
        R.SERVICE_ADVISOR,
        "/customers/{row.kept_id}",
        "/joined/{row.id}/part",
    ),
    "vehicle_merge.undone_at": On(
        records.merged_vehicles,
        R.SERVICE_ADVISOR,
        "/vehicles/{row.kept_id}",
        "/joined/{row.id}/part",
    ),
    "damage_mark.removed_at": Last("a correction"),
    "walkaround_photo.removed_at": Last("a correction"),
    "day_close.reopened_at": Last("on its own day, if at all"),
    "departure.loaner_returned_at": On(
        of_act(front_acts.lounge_return_loaner),
        R.LOUNGE_ATTENDANT,
        lambda row: f"/orders/{newest(RepairOrder, id=row.order_id).no}/lounge",
        "/loaner",
        {"km_in": "35290", "energy_in": "60"},
    ),
    "floor_device.revoked_at": On(
        of_act(staff_acts.staff_revoke_device),
        R.ADMINISTRATOR,
        "/devices",
        "/devices/{row.id}/revoke",
    ),
    "gate_pass.left_at": On(of_act(acts.handover_let_out), R.GREETER, "/gate", "/gate/leave"),
    "handover.delivered_at": Last("with its order"),
    "handover_check.taken_back_at": Last("a correction"),
    "job_hold.released_at": On(
        of_act(acts.scheduling_release),
        R.JOB_CONTROLLER,
        "/scheduling",
        "/holds/{row.job_id}/release",
    ),
    "lounge_check.closed_at": On(
        of_act(front_acts.lounge_close_fault),
        R.LOUNGE_ATTENDANT,
        "/lounge/round",
        "/faults/{row.id}/close",
    ),
    "place_pin.released_at": On(
        records.pinned,
        R.JOB_CONTROLLER,
        lambda row: records.place_of(row),
        "/release-pin",
    ),
    "purchase.closed_at": On(
        of_act(stock_acts.stock_close_purchase),
        R.PARTS_CLERK,
        "/parts/purchases/{row.no}",
        "/close",
        {"end-reason": "其余不要了"},
    ),
    "purchase.cancelled_at": On(
        of_act(stock_acts.stock_cancel_purchase),
        R.PARTS_CLERK,
        "/parts/purchases/{row.no}",
        "/{row.no}/cancel",
        {"end-reason": "订错"},
    ),
    "quarantine.ended_at": On(
        of_act(stock_acts.stock_end_quarantine),
        R.PARTS_CLERK,
        "/parts/quarantine",
        "/quarantine/{row.id}/end",
        {"how": "scrapped", "note": "报废"},
    ),
    "repeat_check.decided_at": Last("written with its answer"),
    "rework_order.closed_at": Last("with the check of its job, or with the order"),
    "role.retired_at": Last("a role is of use as long as one likes"),
    "screen_device.revoked_at": On(
        of_act(acts.screen_revoke), R.ADMINISTRATOR, "/screens", "/screens/{row.id}/revoke"
    ),
    "sign_in.ended_at": Last("by signing out, or after its time"),
    "stocktake.booked_at": On(
        of_act(stock_acts.stock_book_count),
        R.PARTS_CLERK,
        "/parts/counts/{row.no}",
        "/book",
        {"end-reason": "盘亏"},
    ),
    "stocktake.dropped_at": On(
        of_act(stock_acts.stock_drop_count),
        R.PARTS_CLERK,
        "/parts/counts/{row.no}",
        "/drop",
        {"end-reason": "改天"},
    ),
    "red_end.taken_back_at": Last("the line is open again, or red no more"),
    "inspection_answer.replaced_at": Last("a correction"),
    "stocktake_line.replaced_at": Last("by a newer count"),
    "supplier_invoice.withdrawn_at": Last("a correction"),
    "track_link.revoked_at": On(
        records.link,
        R.SERVICE_ADVISOR,
        lambda row: f"/orders/{records.order_of(row).no}/link",
        "/revoke",
    ),
    "taken.ended_at": On(
        of_act(inbox_acts.desk_give_back), lambda row: row.by, "/inbox", "/inbox/give-back"
    ),
    "valuable.returned_at": Last("with the car, at the handover"),
    "walk_in.left_at": On(
        of_act(acts.reception_dismiss_walk_in), R.GREETER, "/reception", "/{row.id}/left"
    ),
    "watch_alarm.cleared_at": Last("by the watch, when its cause is gone"),
    "work_point.undone_at": Last("a correction"),
    "work_session.ended_at": On(
        lambda: (records.running(), newest(WorkSession))[1],
        R.SERVICE_ADVISOR,
        lambda row: f"/orders/{newest(Job, id=row.job_id).order.no}/repair",
        "/pause",
        minutes=40,
    ),
}
