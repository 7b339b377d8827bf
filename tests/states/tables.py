"""The lives of the tables: for each state that is not the last, who presses what on which page.

Written by hand, independent of the code's own transitions. `test_states` finds the tables itself
from the models, so that a new one fails until it stands here.
"""

from __future__ import annotations

from tests import ink
from tests.audit import (
    acts,
    changing_acts,
    front_acts,
    list_acts,
    staff_acts,
)
from tests.setup.imports import factories as imports
from tests.states import records
from tests.states.lives import Last, Life, On, newest, of_act, told
from tests.steps.booking.online import factories as online
from tests.steps.followup import factories as followups
from tests.steps.handover import factories as handovers
from tests.steps.quotation import factories as quotations
from tests.steps.repair import factories as repairs
from tests.steps.settlement import factories as settlements
from workshop.cases.models import Case
from workshop.catalogue.checklists.models import ChecklistVersion
from workshop.orders.flow import Stage
from workshop.staff.permissions import RoleName
from workshop.steps.parts.models import PickList
from workshop.steps.repair.rules import Level
from workshop.stock.models import Reservation

R, S = RoleName, Stage
OVER = Last("over")
DRIVE = {
    "road_from_km": "58000",
    "road_to_km": "58006",
    "road_route": "中环",
    "road_findings": "平顺",
}


APPOINTMENT: Life = {
    "requested": On(
        of_act(acts.booking_confirmed), R.SERVICE_ADVISOR, "/booking/{row.no}", "/confirm"
    ),
    "confirmed": On(records.confirmed, R.GREETER, "/reception", "/{row.no}/arrived"),
    "arrived": On(
        of_act(front_acts.booking_take_back_arrival),
        R.SERVICE_ADVISOR,
        "/booking/{row.no}",
        "/arrival/take-back",
    ),
    "converted": Last("the order goes on"),
    "rescheduled": Last("another appointment has taken its place"),
    "cancelled": OVER,
    "no_show": Last("who is booked again stays a no-show in the figures"),
}
ONLINE: Life = {
    "held": Last("the customer sends it or lets it run out; five minutes later it is free"),
    "requested": On(
        lambda: online.ask(online.hold(online.make_online()[0])),
        R.SERVICE_ADVISOR,
        "/booking/online",
        "/{row.id}/refuse",
        {"reason": "配件未到"},
    ),
    "confirmed": Last("an appointment has taken its place"),
    "refused": OVER,
    "cancelled": OVER,
    "lapsed": Last("the desk calls all the same, and books or turns it down"),
}
ORDER: Life = {
    "reception": On(
        told(S.RECEPTION),
        R.SERVICE_ADVISOR,
        "/orders/{row.no}/reception",
        "/reception/cancel",
        {"cancel-reason": "开错了"},
    ),
    "inspected": On(
        lambda: quotations.make_draft().order,
        R.SERVICE_ADVISOR,
        "/orders/{row.no}/quotation",
        "/quotation/offer",
    ),
    "quoted": On(
        lambda: quotations.make_offer().order,
        R.SERVICE_ADVISOR,
        "/orders/{row.no}/quotation",
        "/decline",
        {"reason": "太贵"},
    ),
    "authorised": On(
        told(S.AUTHORISED), R.SERVICE_ADVISOR, "/orders/{row.no}/quotation", "/revise"
    ),
    "scheduled": On(lambda: records.waiting().order, records.worker, records.phone, "/start"),
    "repair": On(
        lambda: records.running().order, records.worker, records.phone, "/finish", minutes=40
    ),
    "paused": On(
        lambda: records.paused().order, records.worker, records.phone, "/resume", minutes=10
    ),
    "quality_check": On(
        lambda: repairs.make_checked_in(),
        R.QUALITY_INSPECTOR,
        "/orders/{row.no}/repair",
        "/quality-check",
        {**records.measured(Level.QUALITY_CHECK), **DRIVE},
        minutes=45,
    ),
    "rework": On(records.rework, records.worker, records.phone, "/start", minutes=90),
    "final_check": On(
        told(S.FINAL_CHECK), lambda row: row.advisor, "/orders/{row.no}/repair", "/final-check"
    ),
    "wash": On(told(S.WASH), R.WASHER, "/washes", "/orders/{row.no}/wash"),
    "settlement": On(
        told(S.SETTLEMENT), R.CASHIER, "/orders/{row.no}/settlement", "/settlement/pay"
    ),
    "settled": On(
        lambda: settlements.make_settled(S.WASH), R.WASHER, "/washes", "/orders/{row.no}/wash"
    ),
    "ready": On(
        lambda: handovers.prepare(settlements.make_settled()),
        lambda row: row.advisor,
        "/orders/{row.no}/handover",
        "/deliver",
        {"deliver-signature": ink.data_url()},
    ),
    "delivered": On(
        told(S.DELIVERED), R.CUSTOMER_RELATIONS, "/orders/{row.no}/followup", "/followup/answers"
    ),
    "followed_up": On(
        records.followed_up,
        R.SERVICE_MANAGER,
        lambda row: f"/cases/{newest(Case, order_id=row.id).no}",
        "/second_call",
        {"words": "满意"},
    ),
    "closed": OVER,
    "declined": On(
        of_act(front_acts.handover_release_declined),
        R.SERVICE_ADVISOR,
        "/orders/{row.no}/handover",
        "/release",
    ),
    "cancelled": OVER,
}
JOB: Life = {
    "waiting": On(records.waiting, records.worker, records.phone, "/start"),
    "running": On(records.running, records.worker, records.phone, "/finish", minutes=40),
    "paused": On(records.paused, records.worker, records.phone, "/resume", minutes=10),
    "done": OVER,
    "cancelled": OVER,
}
QUOTATION: Life = {
    "draft": On(
        quotations.make_draft,
        R.SERVICE_ADVISOR,
        "/orders/{row.order.no}/quotation",
        "/quotation/offer",
    ),
    "offered": On(
        quotations.make_offer,
        R.SERVICE_ADVISOR,
        "/orders/{row.order.no}/quotation/{row.id}/answer",
        "/answer",
        {"signature": ink.data_url(), "agreed": "1"},
    ),
    "signed": Last("the work goes on"),
    "declined": OVER,
    "superseded": OVER,
}
SETTLEMENT: Life = {
    "open": On(
        settlements.make_settlement,
        R.CASHIER,
        "/orders/{row.order.no}/settlement",
        "/settlement/pay",
    ),
    "credited": On(
        records.credited, R.CASHIER, "/orders/{row.order.no}/settlement", "/settlement/pay"
    ),
    "paid": OVER,
    "reversed": OVER,
}
PICK_LIST: Life = {
    "open": On(lambda: records.list_in("open"), R.PARTS_CLERK, "/parts/{row.no}", "/pick"),
    "partly_picked": On(
        lambda: records.list_in("partly_picked"), R.PARTS_CLERK, "/parts/{row.no}", "/pick"
    ),
    "picked": On(lambda: records.list_in("picked"), R.PARTS_CLERK, "/parts/{row.no}", "/issue"),
    # It is over with the bill; until then parts come back.
    "issued": On(
        records.billable_list, R.CASHIER, "/orders/{row.order.no}/settlement", "/settlement/make"
    ),
    "closed": OVER,
    "cancelled": Last("what was in the basket is cleared; the list itself is over"),
}
FOLDER: Life = {
    "prepared": On(
        lambda: records.folder_in("prepared"),
        R.SERVICE_ADVISOR,
        "/orders/{job.order.no}/scheduling",
        "/folder",
    ),
    "on_rack": On(
        lambda: records.folder_in("on_rack"),
        R.SERVICE_ADVISOR,
        "/orders/{job.order.no}/scheduling",
        "/folder",
    ),
    "taken": On(
        lambda: records.folder_in("taken"),
        R.SERVICE_ADVISOR,
        "/orders/{job.order.no}/scheduling",
        "/folder",
    ),
    "returned": OVER,
}
CASE: Life = {
    "open": On(
        of_act(acts.cases_acknowledge), R.SERVICE_MANAGER, "/cases/{row.no}", "/acknowledge"
    ),
    "acknowledged": On(
        of_act(acts.cases_make_plan),
        R.SERVICE_MANAGER,
        "/cases/{row.no}",
        "/plan",
        {"plan": "明天免费检查"},
    ),
    "planned": On(
        of_act(acts.cases_resolve),
        R.SERVICE_MANAGER,
        "/cases/{row.no}",
        "/resolve",
        {"cause": "螺栓松动", "remedy": "重新紧固"},
    ),
    "resolved": On(
        of_act(acts.cases_second_call),
        R.SERVICE_MANAGER,
        "/cases/{row.no}",
        "/second_call",
        {"words": "满意"},
    ),
    "closed": OVER,
}

LIVES: dict[str, Life] = {
    "appointment.status": APPOINTMENT,
    "online_booking.state": ONLINE,
    "repair_order.stage": ORDER,
    "job.state": JOB,
    "quotation.state": QUOTATION,
    "settlement.state": SETTLEMENT,
    "pick_list.state": PICK_LIST,
    "job_folder.state": FOLDER,
    "case.state": CASE,
    "allocation.status": {
        "planned": On(
            of_act(acts.shop_cancel),
            R.SERVICE_ADVISOR,
            "/orders/{job.order.no}/scheduling/jobs/{row.job_id}/place",
            "/unassign",
        ),
        "done": OVER,
        "cancelled": OVER,
    },
    "checklist_version.state": {
        "draft": On(
            lambda: (list_acts.catalogue_publish(), newest(ChecklistVersion))[1],
            R.SERVICE_MANAGER,
            "/catalogue/lists/{row.checklist_id}/draft",
            "/draft/publish",
        ),
        "current": Last("in use until another is published"),
        "past": OVER,
    },
    "follow_up.state": {
        "planned": On(
            followups.make_follow_up,
            R.CUSTOMER_RELATIONS,
            "/orders/{row.order.no}/followup",
            "/followup/answers",
        ),
        "answered": OVER,
        "unreached": OVER,
        "refused": OVER,
    },
    "hand_over.state": {
        "offered": On(
            of_act(staff_acts.duties_accept), lambda row: row.taker, "/duties", "/accept"
        ),
        "accepted": OVER,
        "set": OVER,
        "declined": OVER,
        "taken_back": OVER,
    },
    "permission_request.state": {
        "open": On(
            of_act(staff_acts.duties_answer), lambda row: row.asked_of, "/duties", "/answer"
        ),
        "done": OVER,
        "declined": OVER,
        "taken_back": OVER,
    },
    "import_batch.state": {
        "uploaded": On(
            lambda: imports.bring("customers", imports.PEOPLE),
            R.SERVICE_MANAGER,
            "/setup/imports/{row.id}",
            "/check",
        ),
        "checking": Last("a run that ends by itself; the timer puts one back that died"),
        "checked": On(
            lambda: imports.check("customers", imports.PEOPLE),
            R.SERVICE_MANAGER,
            "/setup/imports/{row.id}",
            "/apply",
        ),
        "applying": Last("a run that ends by itself; the timer puts one back that died"),
        "applied": On(
            lambda: imports.take_over("customers", imports.PEOPLE),
            R.SERVICE_MANAGER,
            "/setup/imports/{row.id}",
            "/take-back",
        ),
        "undoing": Last("a run that ends by itself; the timer puts one back that died"),
        "undone": OVER,
        "cancelled": OVER,
    },
    "more_time.state": {
        "open": On(
            of_act(acts.scheduling_more_time_left),
            R.SERVICE_ADVISOR,
            "/orders/{row.job.order.no}/repair",
            "/leave",
        ),
        "granted": OVER,
        "left": OVER,
        "replaced": OVER,
    },
    "plan_run.state": {
        "running": On(
            of_act(acts.scheduling_replan_stop),
            R.JOB_CONTROLLER,
            "/scheduling/replan/{row.id}",
            "/stop",
        ),
        "ready": On(
            of_act(acts.scheduling_replan_accept),
            R.SERVICE_ADVISOR,
            "/scheduling/replan/{row.id}",
            "/accept",
        ),
        "accepted": On(
            of_act(acts.scheduling_replan_undo),
            R.SERVICE_ADVISOR,
            "/scheduling/replan/{row.id}",
            "/undo",
        ),
        "failed": Last("another is asked for"),
        "cancelled": OVER,
        "partly_accepted": Last("undone like an accepted one"),
        "undone": OVER,
        "outdated": Last("another is asked for"),
    },
    "plan_step.state": {"accepted": Last("undone with its run"), "undone": OVER},
    "reservation.state": {
        "held": On(
            lambda: (records.list_in("picked"), newest(Reservation))[1],
            R.PARTS_CLERK,
            lambda _row: f"/parts/{newest(PickList).no}",
            "/issue",
        ),
        "issued": OVER,
        "released": OVER,
    },
    "take_off.state": {
        "asked": On(
            of_act(changing_acts.repair_drop_take_off),
            R.SERVICE_ADVISOR,
            "/orders/{row.order.no}/change",
            "/drop",
        ),
        "agreed": OVER,
        "dropped": OVER,
    },
    "time_change.state": {
        "open": On(
            of_act(acts.scheduling_proposal_refused),
            R.SERVICE_ADVISOR,
            "/orders/{row.job.order.no}/scheduling",
            "/refuse",
            {"answer": "客户不同意"},
        ),
        "confirmed": OVER,
        "refused": OVER,
        "withdrawn": OVER,
    },
}

# Records whose way on is another one than that of most in their state.
ALSO: list[tuple[str, str, On]] = [
    (
        "repair_order.stage",
        "ready",
        On(
            records.let_go,
            R.SERVICE_ADVISOR,
            "/orders/{row.no}/reopen",
            "/reopen",
            {"reason": "还是做刹车"},
        ),
    )
]
