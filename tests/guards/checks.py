"""The rules about one row, listed by hand: refused values, and the nearest that are taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from tests.factories import AT
from tests.guards.rows import ANOTHER

Sets = tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Check:
    """A rule about one row. `before` are rows that it needs beside its own."""

    refused: Sets
    taken: Sets
    before: tuple[tuple[str, dict[str, Any]], ...] = ()
    only_insert: bool = False
    # A row that breaks this rule breaks another one as well; either may answer.
    also: tuple[str, ...] = ()


def column(name: str, refused: tuple[Any, ...], taken: tuple[Any, ...], **more: Any) -> Check:
    """A rule about one column."""
    return Check(
        tuple({name: each} | more for each in refused), tuple({name: each} | more for each in taken)
    )


def pair(one: str, other: str, first: Any, second: Any) -> Check:
    """Two columns that are set together or not at all."""
    return Check(({one: first}, {other: second}), ({one: first, other: second},))


def needs(first: dict[str, Any], *missing: dict[str, Any], **and_then: Any) -> Check:
    """Values that are taken only together with these others."""
    return Check((first, *({**first, **each} for each in missing)), (first | and_then,))


MINUTE = timedelta(minutes=1)
_LEAD = ("allocation", {})
_HELP: dict[str, Any] = {
    "role": "assistant",
    "lead_id": ...,
    "lead_starts_at": AT,
    "share_percent": 30,
    "technician_id": ANOTHER,
}


def _help(refused: Sets, taken: Sets, also: tuple[str, ...] = ()) -> Check:
    return Check(
        tuple(_HELP | each for each in refused),
        tuple(_HELP | each for each in taken),
        (_LEAD,),
        only_insert=True,
        also=also,
    )


_STAY_OVER = (
    "attendance",
    {"ended_at": AT, "ended_by_id": ..., "replaced_at": AT + MINUTE},
)
_CREDITED = {"credited_at": AT, "due_fen": 5, "reason": "缺件"}
_ISSUED = {"ordered_milli": 3, "reserved_milli": 3, "picked_milli": 3, "issued_milli": 3}

_ANSWERED = {"answered_at": AT, "answered_by_id": ...}
_WAIVED = {"waived_by_id": ..., "waive_reason": "误开工"}
_AGREED = {"state": "agreed", "agreed_at": AT, "signer_name": "王小明", "channel": "link"}


def _agreed(**missing: Any) -> Check:
    return Check((_AGREED | missing,), (_AGREED, {"state": "asked"} | missing))


CHECKS: dict[str, Check] = {
    **{
        f"{table}.two": Check(({"kept_id": ...},), ({"kept_id": ANOTHER},))
        for table in ("customer_merge", "vehicle_merge")
    },
    **{
        f"{table}.undone": pair("undone_at", "undone_by_id", AT, ...)
        for table in ("customer_merge", "vehicle_merge")
    },
    "customer_contact.reached": Check(
        ({"name": ""}, {"phone": ""}), ({"name": "李师傅", "phone": "13900000002"},)
    ),
    "customer_contact.primary_in_use": Check(
        ({"is_primary": True, "retired_at": AT},),
        ({"is_primary": True}, {"is_primary": False, "retired_at": AT}),
    ),
    "floor_device.paired_to_a_branch": needs({"paired_at": AT}, branch_id=...),
    "sign_in_failure.count": column("count", (0, -1), (1,)),
    "absence.order": column("ends_at", (AT - MINUTE,), (AT, AT + MINUTE)),
    "additional_work.one_answer": Check(
        ({"quotation_id": ..., "dismissed_at": AT},), ({"quotation_id": ...}, {"dismissed_at": AT})
    ),
    "allocation.order": Check(
        (
            {"starts_at": AT, "ends_at": AT},
            {"ends_at": AT + 2 * MINUTE, "blocked_until": AT + MINUTE},
        ),
        ({"ends_at": AT + MINUTE, "blocked_until": AT + MINUTE},),
    ),
    "allocation.worked": Check(
        (
            {"worked_from": AT},
            {"worked_until": AT},
            {"worked_from": AT + MINUTE, "worked_until": AT},
        ),
        ({"worked_from": AT, "worked_until": AT}, {"worked_from": None, "worked_until": None}),
    ),
    "allocation.rest_minutes": column("rest_minutes", (-1,), (0, 30)),
    "allocation.has_a_lead": _help(({"lead_id": None},), ({},)),
    "allocation.has_a_share": _help(({"share_percent": None},), ({},)),
    "allocation.share_percent": _help(
        ({"share_percent": 0}, {"share_percent": 100}),
        ({"share_percent": 1}, {"share_percent": 99}),
    ),
    "allocation.lead_has_the_bay": _help(({"bay_id": ...},), ({"bay_id": None},)),
    "allocation.not_before_the_lead": _help(({"lead_starts_at": AT + MINUTE},), ({},)),
    "allocation.bound": _help(
        ({"lead_starts_at": None},), ({"lead_starts_at": None, "status": "cancelled"},)
    ),
    "applied_action.not_ahead": column("at", (AT + MINUTE,), (AT, AT - MINUTE)),
    "appointment.arrived": Check(
        ({"status": "arrived"}, {"status": "converted", "order_id": ...}),
        ({"status": "arrived", "arrived_at": AT}, {"status": "no_show"}),
    ),
    "appointment.converted": needs({"status": "converted", "arrived_at": AT}, order_id=...),
    "appointment.estimate": Check(
        ({"estimated_minutes": 0}, {"estimated_fen": -1}),
        ({"estimated_minutes": 1, "estimated_fen": 0},),
    ),
    "online_booking.estimate": Check(
        ({"minutes": 0, "fen": 0}, {"minutes": 1, "fen": -1}), ({"minutes": 1, "fen": 0},)
    ),
    "online_booking.requested": needs({"state": "requested"}, requested_at=AT),
    "online_booking.confirmed": needs({"state": "confirmed"}, appointment_id=...),
    "online_booking.refused": Check(
        ({"state": "refused", "reason": ""},), ({"state": "refused", "reason": "无"},)
    ),
    "online_rules.cutoff_minutes": column("cutoff_minutes", (-1, 10_081), (0, 10_080)),
    "online_rules.days_ahead": column("days_ahead", (0, 61), (1, 60)),
    "online_rules.share_percent": column("share_percent", (0, 101), (1, 100)),
    "attendance.order": column("ended_at", (AT - MINUTE,), (AT, AT + MINUTE), ended_by_id=...),
    "attendance.reason": Check(
        ({"corrects_id": ..., "reason": ""},),
        ({"corrects_id": ..., "reason": "忘了打卡"}, {"reason": ""}),
        (_STAY_OVER,),
        only_insert=True,
    ),
    "attendance.ended_by": Check(
        ({"ended_at": AT}, {"ended_by_id": ...}, {"ended_by_id": ..., "is_end_assumed": True}),
        (
            {"ended_at": AT, "ended_by_id": ...},
            {"ended_at": AT, "is_end_assumed": True},
            {"ended_at": None, "ended_by_id": None},
        ),
    ),
    "attendance_break.order": column("ended_at", (AT - MINUTE,), (AT, AT + MINUTE)),
    "backorder.quantity": column("quantity_milli", (0, -1), (1,)),
    "branch.buffers": Check(
        ({"buffer_minutes": -1}, {"delivery_minutes": -1}),
        ({"buffer_minutes": 0, "delivery_minutes": 0},),
    ),
    "branch.reserve_percent": column("reserve_percent", (-1, 91), (0, 90)),
    "capacity_take.minutes": column("minutes", (0, -1), (1,)),
    "checklist_item.title": Check(
        ({"title_zh": ""}, {"title_en": ""}), ({"title_zh": "轮胎", "title_en": "Tyres"},)
    ),
    "checklist_item.measured": Check(
        tuple(
            {"kind": "look", f"{end}_milli": 1}
            for end in ("red_low", "green_low", "green_high", "red_high")
        ),
        ({"kind": "measured", "red_low_milli": 1}, {"kind": "measured"}),
    ),
    "checklist_item.limits": Check(
        (
            {"kind": "measured", "red_low_milli": 2, "green_low_milli": 1},
            {"kind": "measured", "green_low_milli": 2, "green_high_milli": 1},
            {"kind": "measured", "green_high_milli": 2, "red_high_milli": 1},
        ),
        ({"kind": "measured", "red_low_milli": 2, "green_low_milli": 2, "green_high_milli": 2},),
    ),
    # The law's own end may be made stricter, never looser, and never be taken away.
    "checklist_item.law_low": Check(
        (
            {"kind": "measured", "law_low_milli": 1600},
            {"kind": "measured", "law_low_milli": 1600, "red_low_milli": 1599},
        ),
        ({"kind": "measured", "law_low_milli": 1600, "red_low_milli": 1600},),
    ),
    "checklist_item.law_high": Check(
        (
            {"kind": "measured", "law_high_milli": 1600},
            {"kind": "measured", "law_high_milli": 1600, "red_high_milli": 1601},
        ),
        ({"kind": "measured", "law_high_milli": 1600, "red_high_milli": 1600},),
    ),
    "checklist_version.published": Check(
        ({"state": "draft", "published_at": AT}, {"state": "current"}),
        ({"state": "current", "published_at": AT},),
    ),
    "checklist_version.replaced": Check(
        ({"state": "past", "published_at": AT}, {"replaced_at": AT}),
        ({"state": "past", "published_at": AT, "replaced_at": AT},),
    ),
    "case.closed": Check(
        ({"state": "closed"}, {"closed_at": AT, "second_call_at": AT}),
        ({"state": "closed", "closed_at": AT, "second_call_at": AT},),
    ),
    "case.second_call": needs({"state": "closed", "closed_at": AT}, second_call_at=AT),
    "credit_request.amount": column("amount_fen", (0, -1), (1,)),
    "credit_request.approved_by": Check(
        ({"approved": True, "decided_at": AT},),
        (
            {"approved": True, "decided_at": AT, "decided_by_id": ANOTHER},
            {"approved": False, "decided_at": AT},
        ),
    ),
    "credit_request.decided": pair("approved", "decided_at", False, AT),
    "day_close.order": column("ends_at", (AT, AT - MINUTE), (AT + MINUTE,)),
    "day_close.reopened": Check(
        (
            {"reopened_at": AT, "reopen_reason": "补做"},
            {"reopened_by_id": ...},
        ),
        ({"reopened_at": AT, "reopened_by_id": ..., "reopen_reason": "补做"}, {}),
    ),
    "day_close.reopened_why": Check(
        ({"reopened_at": AT, "reopened_by_id": ...}, {"reopen_reason": "补做"}),
        ({"reopened_at": AT, "reopened_by_id": ..., "reopen_reason": "补做"}, {}),
    ),
    "day_consent.another_day": Check(
        ({"from_day": date(2026, 11, 23), "to_day": date(2026, 11, 23)},),
        ({"from_day": date(2026, 11, 23), "to_day": date(2026, 11, 24)},),
    ),
    "departure.loaner_km": column("loaner_km_in", (9,), (10, 11), loaner_km_out=10),
    "departure.loaner_energy_out": column("loaner_energy_out", (-1, 101), (0, 100)),
    "departure.loaner_energy_in": column("loaner_energy_in", (-1, 101), (0, 100)),
    "departure.loaner_deposit": column("loaner_deposit_fen", (-1,), (0,)),
    "order_thread.due": Check(
        ({"waits_since": AT, "due_at": None}, {"waits_since": None, "due_at": AT}),
        ({"waits_since": AT, "due_at": AT}, {"waits_since": None, "due_at": None}),
    ),
    "order_thread.claimed": Check(
        ({"claimed_by_id": None, "claimed_at": AT},),
        ({"claimed_by_id": None, "claimed_at": None},),
    ),
    "thread_message.says": Check(
        ({"words": "", "photo_id": None, "wish": "words"},),
        (
            {"words": "?", "photo_id": None, "wish": "words"},
            {"words": "", "photo_id": None, "wish": "water"},
        ),
        only_insert=True,
    ),
    "follow_up_answer.score": column("score", (0, 6), (1, 5)),
    "follow_up_result.recommendation": column("recommendation", (-1, 11), (0, 10)),
    "gate_pass.left": needs({"left_at": AT}, left_by_id=...),
    "handover.damage_note": column("damage_note", ("",), ("左后门新划痕",), new_damage=True),
    "handover.km": Check(
        ({"mileage_km": -1}, {"next_due_km": -1}), ({"mileage_km": 0, "next_due_km": 0},)
    ),
    "handover.other_proof": needs({"collector": "other"}, proof="code"),
    "inspection.self_check_of_job": Check(
        ({"level": "self_check", "job_id": None}, {"level": "quality_check", "job_id": ...}),
        ({"level": "self_check", "job_id": ...}, {"level": "final_check", "job_id": None}),
    ),
    "job.book_minutes": column("book_minutes", (0, -1), (1,)),
    "job_folder.taken_first": needs({"returned_at": AT}, taken_at=AT),
    "job_hold.reason_in_words": column("note", ("",), ("等保险公司",), reason="other"),
    "job_hold.released": pair("released_at", "released_by_id", AT, ...),
    "labour_price.customer": Check(
        ({"payer": "customer", "fen": None},),
        ({"payer": "customer", "fen": 1}, {"payer": "warranty", "fen": None}),
    ),
    "labour_price.fen": column("fen", (0, -1), (1,)),
    "lounge_check.action": Check(
        ({"is_ok": False, "action": ""},),
        ({"is_ok": False, "action": "已补水"}, {"is_ok": True, "action": ""}),
    ),
    "more_time.minutes": column("minutes", (0,), (1,)),
    "more_time.answered": Check(
        ({"state": "open", "answered_at": AT}, {"state": "granted", "answered_at": None}),
        ({"state": "open", "answered_at": None}, {"state": "granted", "answered_at": AT}),
    ),
    "odometer_reading.mileage_km": column("mileage_km", (-1,), (0,)),
    "hand_over.two_persons": Check(({"from_id": ..., "to_id": ...},), ({"from_id": ANOTHER},)),
    "hand_over.reason": column("reason", ("",), ("休假",), from_id=ANOTHER),
    "hand_over.answered": Check(
        ({"from_id": ANOTHER, "state": "accepted"}, {"from_id": ANOTHER, **_ANSWERED}),
        ({"from_id": ANOTHER, "state": "accepted", **_ANSWERED}, {"from_id": ANOTHER}),
    ),
    "hand_over.answered_by": Check(
        ({"from_id": ANOTHER, "state": "accepted", "answered_at": AT},),
        ({"from_id": ANOTHER, "state": "accepted", **_ANSWERED},),
    ),
    "hand_over_item.one_state": Check(
        ({"is_open": True, "is_handed": True},), ({"is_open": False, "is_handed": True},)
    ),
    "permission_request.answered": Check(
        ({"state": "done"}, _ANSWERED), ({"state": "done", **_ANSWERED},)
    ),
    "permission_request.answered_by": Check(
        ({"state": "done", "answered_at": AT},), ({"state": "done", **_ANSWERED},)
    ),
    "named_exception.reason": column("reason", ("",), ("只有一个人",)),
    "odometer_reading.reason": Check(
        ({"corrects_id": ..., "reason": ""},),
        ({"corrects_id": ..., "reason": "多打了一位"}, {"reason": ""}),
        (("odometer_reading", {}),),
        only_insert=True,
    ),
    "odometer_reading.withdrawn": Check(
        ({"is_withdrawn": True},),
        ({"is_withdrawn": True, "corrects_id": ..., "reason": "读错车"}, {"is_withdrawn": False}),
        (("odometer_reading", {}),),
        only_insert=True,
    ),
    "opening_hours.order": column("closes", (time(8), time(7, 59)), (time(8, 1),)),
    "opening_hours.weekday": column("weekday", (-1, 7), (0, 6)),
    "operation.book_minutes": column("book_minutes", (0,), (1,)),
    "operation.class_minutes": Check(
        ({"compact_minutes": 0}, {"compact_minutes": 5, "suv_minutes": 0}),
        ({"compact_minutes": 1, "suv_minutes": 1}, {"compact_minutes": None, "suv_minutes": 2}),
    ),
    "operation_part.class_milli": Check(
        ({"compact_milli": 0}, {"compact_milli": 5, "suv_milli": -1}),
        ({"compact_milli": 1, "suv_milli": 1}, {"compact_milli": None, "suv_milli": 2}),
    ),
    "operation_part.part_or_kind": Check(
        ({"part_id": None, "kind_id": None}, {"part_id": ..., "kind_id": ...}),
        ({"part_id": ..., "kind_id": None}, {"part_id": None, "kind_id": ...}),
    ),
    "operation_part.quantity_milli": column("quantity_milli", (0, -1), (1,)),
    "overbooking.reason": column("reason", ("",), ("老客户坚持",)),
    "package.interval": Check(
        ({"interval_km": 0}, {"interval_km": 5000, "interval_months": 0}),
        ({"interval_km": 1, "interval_months": 1}, {"interval_km": None, "interval_months": 2}),
    ),
    **{
        f"{table}.from_a_visit": Check(
            ({"order_id": None}, {"past_visit_id": ...}),
            ({}, {"order_id": None, "past_visit_id": ...}),
        )
        for table in ("deferred_work", "guarantee")
    },
    "past_visit.mileage": column("mileage_km", (-1,), (0,)),
    "package_price.fen": column("fen", (0, -1), (1,)),
    "part.price_fen": column("price_fen", (-1,), (0,)),
    "part.pack": column("pack_milli", (0, -1), (1,)),
    "part.cost_fen": column("cost_fen", (-1,), (0, None)),
    "part.core_deposit": column("core_deposit_fen", (0, -1), (1, None)),
    "goods_receipt.core_fen": column("core_fen", (0, -1), (1, None)),
    "core_return.quantity": column("quantity_milli", (0, -1), (1,)),
    "core_return.kept_reason": Check(
        ({"outcome": "kept", "note": ""},),
        ({"outcome": "kept", "note": "破损"}, {"outcome": "back", "note": ""}),
    ),
    "core_return.withdrawn": needs(
        {"withdrawn_at": AT},
        {"withdrawn_by_id": ...},
        {"withdrawn_reason": "看错"},
        withdrawn_by_id=...,
        withdrawn_reason="看错",
    ),
    "core_shipment.quantity": column("quantity_milli", (0, -1), (1,)),
    "core_shipment.due": column("due_fen", (-1,), (0,)),
    "core_shipment.credited": Check(
        ({"credited_fen": -1, **_CREDITED}, {"credited_fen": 6, **_CREDITED}),
        ({"credited_fen": 0, **_CREDITED}, {"credited_fen": 5, **_CREDITED}),
    ),
    "core_shipment.credited_at": pair("credited_at", "credited_fen", AT, 1),
    "core_shipment.short_reason": Check(
        ({"credited_fen": 4, **_CREDITED, "reason": ""},),
        ({"credited_fen": 5, **_CREDITED, "reason": ""}, {"credited_fen": 4, **_CREDITED}),
    ),
    "core_shipment.one_end": Check(
        ({"withdrawn_at": AT, "credited_fen": 5, **_CREDITED},),
        ({"withdrawn_at": AT}, {"credited_fen": 5, **_CREDITED}),
    ),
    "package.season_from": column("season_from", (0, 13), (1, 12), season_to=3),
    "package.season_to": column("season_to", (0, 13), (1, 12), season_from=3),
    "package.season": pair("season_from", "season_to", 10, 11),
    "vehicle.ev_km": column("ev_km", (-1,), (0, None)),
    "repair_order.ev_km": column("ev_km", (-1,), (0, None)),
    "part.tax": column("tax_basis_points", (-1, 10_001), (0, 10_000, None)),
    "part.successor": Check(({"id": 991, "successor_id": 991},), ({"successor_id": ANOTHER},)),
    "part_price.price_fen": column("price_fen", (-1,), (0,)),
    "part_price.takes_back": Check(
        ({"id": 991, "takes_back_id": 991},), ({"takes_back_id": ANOTHER},), only_insert=True
    ),
    "part_supplier.cost_fen": column("cost_fen", (-1,), (0, None)),
    "part_supplier.lead_days": column("lead_days", (-1, 366), (0, 365, None)),
    "purchase.closed_by": pair("closed_at", "closed_by_id", AT, ...),
    "purchase.one_end": Check(
        ({"closed_at": AT, "closed_by_id": ..., "cancelled_at": AT},),
        ({"closed_at": AT, "closed_by_id": ...}, {"cancelled_at": AT}),
    ),
    "purchase_line.quantity": column("quantity_milli", (0,), (1,)),
    "purchase_line.cost_fen": column("cost_fen", (-1,), (0, None)),
    "purchase_line.cancelled": column("cancelled_milli", (-1, 6), (0, 5), quantity_milli=5),
    "invoice_line.quantity": column("quantity_milli", (0, -1), (1,)),
    "invoice_line.cost_fen": column("cost_fen", (-1,), (0,)),
    "markup_tier.from_fen": column("from_fen", (-1,), (0,)),
    "markup_tier.percent": column("percent", (0, 10_001), (1, 10_000)),
    "supplier.lead_days": column("lead_days", (-1, 366), (0, 365)),
    "supplier.minimum_order": column("minimum_order_fen", (-1,), (0,)),
    "supplier.terms_days": column("terms_days", (-1, 366), (0, 365)),
    "supplier.returns_days": column("returns_days", (-1, 366), (0, 365)),
    "supplier.invoice_tax": column("invoice_basis_points", (-1, 10_001), (0, 10_000, None)),
    "goods_receipt.cost_fen": column("cost_fen", (-1,), (0, None)),
    "goods_receipt.quantity": Check(
        (
            {"quantity_milli": 0},
            {"quantity_milli": -1},
            {"quantity_milli": 1, "corrects_id": ANOTHER, "reason": "x"},
            {"quantity_milli": -1, "corrects_id": ANOTHER, "reason": ""},
        ),
        ({"quantity_milli": 1}, {"quantity_milli": -1, "corrects_id": ANOTHER, "reason": "x"}),
    ),
    "stocktake.one_end": Check(
        ({"booked_at": AT, "dropped_at": AT},), ({"booked_at": AT}, {"dropped_at": AT})
    ),
    "stocktake_line.counted": column("counted_milli", (-1,), (0,)),
    "stock_level.minimum": column("minimum_milli", (-1,), (0, 1)),
    "payment.amount": column("amount_fen", (0,), (1,), reason="x"),
    "payment.refund_reason": Check(
        ({"amount_fen": -1, "reason": ""},),
        ({"amount_fen": -1, "reason": "多收"}, {"amount_fen": 1, "reason": ""}),
    ),
    "pick_line.ordered": Check(
        ({"ordered_milli": 0}, {"ordered_milli": 2, "short_milli": -1}),
        ({"ordered_milli": 1, "short_milli": 0},),
    ),
    "pick_line.reserved": Check(
        ({"ordered_milli": 3, "reserved_milli": 2, "short_milli": 2},),
        ({"ordered_milli": 3, "reserved_milli": 2, "short_milli": 1},),
    ),
    "pick_line.again": Check(
        (
            _ISSUED | {"unused_milli": 1, "returned_milli": 1, "again_milli": 2},
            _ISSUED | {"ordered_milli": 4, "again_milli": -1},
        ),
        (
            _ISSUED
            | {"unused_milli": 1, "returned_milli": 1, "again_milli": 1, "reserved_milli": 4},
        ),
    ),
    "quarantine.quantity": column("quantity_milli", (0, -1), (1,)),
    "quarantine.claimed_by": pair("claimed_at", "claimed_by_id", AT, ...),
    "quarantine.ended": Check(
        ({"ended_at": AT, "ended_by_id": ...}, {"outcome": "scrapped"}),
        ({"ended_at": AT, "ended_by_id": ..., "outcome": "scrapped"}, {}),
    ),
    "quarantine.ended_by": Check(
        ({"ended_at": AT, "outcome": "scrapped"}, {"ended_by_id": ...}),
        ({"ended_at": AT, "ended_by_id": ..., "outcome": "scrapped"}, {}),
    ),
    "pick_line.picked": column("picked_milli", (3,), (2,), ordered_milli=3, reserved_milli=2),
    "pick_line.issued": Check((_ISSUED | {"picked_milli": 2},), (_ISSUED,)),
    "pick_line.unused": Check((_ISSUED | {"unused_milli": 4},), (_ISSUED | {"unused_milli": 3},)),
    "pick_line.returned": Check(
        (
            _ISSUED | {"unused_milli": 1, "returned_milli": 2},
            _ISSUED | {"returned_milli": -1},
        ),
        (_ISSUED | {"unused_milli": 1, "returned_milli": 1},),
        also=("pick_line_again",),
    ),
    "pick_list.basket_no": column("basket_no", (0, -1), (1,)),
    "place_pin.a_part": Check(
        ({"keeps_technician": False, "keeps_bay": False, "keeps_start": False},),
        tuple(
            {"keeps_technician": False, "keeps_bay": False, "keeps_start": False} | {each: True}
            for each in ("keeps_technician", "keeps_bay", "keeps_start")
        ),
    ),
    "place_pin.released": pair("released_at", "released_by_id", AT, ...),
    "plan_run.seconds": column("seconds", (0,), (1,)),
    "plan_step.a_place": Check(
        ({"before": None, "after": None},), ({"before": None, "after": {}}, {"before": {}})
    ),
    "quotation.signed_at": needs({"state": "signed"}, signed_at=AT),
    "quotation_line.amounts": Check(
        ({"discount_fen": -1, "discount_by_id": ...}, {"total_fen": -1}),
        ({"discount_fen": 0, "total_fen": 0},),
    ),
    "quotation_line.book_minutes": column("book_minutes", (0, -1), (1,), kind="labour"),
    "quotation_line.discount": needs({"discount_fen": 1}, discount_by_id=...),
    "quotation_line.package": needs({"package_fen": -1}, package_id=...),
    "quotation_line.part": needs({"kind": "part"}, part_id=...),
    "quotation_line.quantity": column("quantity_milli", (0, -1), (1,)),
    "repair_order.delivered_ready": needs({"delivered_at": AT}, ready_at=AT),
    "repair_order.energy_percent": column("energy_percent", (-1, 101), (0, 100)),
    "repair_order.mileage_km": column("mileage_km", (-1,), (0,)),
    "reservation.quantity": column("quantity_milli", (0, -1), (1,)),
    "rework_order.internal_has_job": Check(
        ({"kind": "internal", "job_id": None}, {"kind": "external", "job_id": ...}),
        ({"kind": "internal", "job_id": ...}, {"kind": "external", "job_id": None}),
    ),
    "road_test.km": Check(
        ({"from_km": 10, "to_km": 10}, {"from_km": -1, "to_km": 10}),
        ({"from_km": 10, "to_km": 11}, {"from_km": 0, "to_km": 1}),
    ),
    "settlement.authorised": column("customer_fen", (101,), (100,), authorised_fen=100),
    "settlement.discount": needs({"discount_fen": 1}, {"discount_fen": -1}, discount_by_id=...),
    "settlement.red_letter": Check(
        ({"kind": "red", "version_no": 2}, {"reverses_id": ..., "order_id": ANOTHER}),
        ({"kind": "red", "reverses_id": ..., "version_no": 2},),
        (("settlement", {}),),
        only_insert=True,
    ),
    "settlement_line.total": column("total_fen", (99, 91), (90,), agreed_fen=100, discount_fen=10),
    "shift.order": column("ends", (time(8), time(7, 59)), (time(8, 1),)),
    "shift.weekday": column("weekday", (-1, 7), (0, 6)),
    "stock_entry.quantity": column("quantity_milli", (0,), (1, -1)),
    # Less than none on hand is always more reserved than on hand.
    "stock_level.on_hand": Check(
        ({"on_hand_milli": -1, "reserved_milli": 0},),
        ({"on_hand_milli": 0, "reserved_milli": 0},),
        also=("stock_level_reserved_on_hand",),
    ),
    "stock_level.reserved": column("reserved_milli", (-1,), (0,), on_hand_milli=5),
    "stock_level.reserved_on_hand": column("reserved_milli", (6,), (5,), on_hand_milli=5),
    "take_off.reason": column("reason", ("",), ("时间来不及",)),
    "take_off.agreed_at": _agreed(agreed_at=None),
    "take_off.signer": _agreed(signer_name=""),
    "take_off.channel": _agreed(channel=None),
    "take_off.evidence": Check(
        ({"channel": "phone", "evidence": ""},),
        ({"channel": "phone", "evidence": "王小明, 10:20"}, {"channel": "link", "evidence": ""}),
    ),
    "take_off_line.billed": Check(
        ({"done_fen": 5, "billed_fen": 6}, {"billed_fen": -1} | _WAIVED, {"done": -1}),
        ({"done_fen": 5, "billed_fen": 5}, {"done_fen": 5, "billed_fen": 0} | _WAIVED),
    ),
    "take_off_line.waived": Check(
        (
            {"done_fen": 5, "billed_fen": 0},
            {"done_fen": 5, "billed_fen": 0} | _WAIVED | {"waived_by_id": None},
            {"done_fen": 5, "billed_fen": 0} | _WAIVED | {"waive_reason": ""},
        ),
        ({"done_fen": 5, "billed_fen": 0} | _WAIVED,),
    ),
    "technician_skill.level": column("level", (0, 6), (1, 5)),
    "time_change.minutes": column("minutes", (0,), (1,)),
    "timer_beat.only_one": Check(({"id": 2},), ({"id": 1},), only_insert=True),
    "vehicle.model_year": column("model_year", (1899, 2101), (1900, 2100, None)),
    "vehicle.mileage_km": column("mileage_km", (-1,), (0,)),
    "walkaround.keys": column("keys", (-1, 10), (0, 9)),
    "touched_thing.one_record": Check(
        ({"appointment_id": ..., "order_id": ...},),
        ({"appointment_id": ...}, {"appointment_id": None, "order_id": ...}),
    ),
    "touched_thing.named": Check(
        ({"appointment_id": None, "order_id": None, "name": ""},),
        ({"appointment_id": None, "order_id": None, "name": "CS-1 王小明"}, {"name": ""}),
    ),
    "touched_thing.agreed": Check(
        ({"agreed_at": AT, "agreed_with": "王小明"}, {"agreed_by_id": ...}),
        ({"agreed_at": AT, "agreed_by_id": ..., "agreed_with": "王小明"},),
    ),
    "touched_thing.agreed_with": Check(
        ({"agreed_at": AT, "agreed_by_id": ...}, {"agreed_with": "王小明"}),
        ({"agreed_at": AT, "agreed_by_id": ..., "agreed_with": "王小明"},),
    ),
    "watch_alarm.acknowledged": pair("acknowledged_at", "acknowledged_by_id", AT, ...),
    "watch_alarm.worse_than": needs({"worse_at": AT}, acknowledged_at=AT, acknowledged_by_id=...),
    "inspection_item.red": Check(
        ({"light": "red", "verdict": "good"}, {"light": "red", "verdict": "not_applicable"}),
        ({"light": "red", "verdict": "bad"}, {"light": "red", "verdict": "attention"}),
    ),
    "inspection_answer.skipped": Check(
        ({"result": "skipped", "note": ""},), ({"result": "skipped", "note": "轮罩打不开"},)
    ),
    "vehicle_inspection.finished": pair("finished_at", "finished_by_id", AT, ...),
    "order_note.text": column("text", ("",), ("钥匙在前台",)),
    "red_end.due": Check(
        ({"kind": "deferred", "due_on": None, "due_km": None},),
        (
            {"kind": "deferred", "due_on": AT.date(), "due_km": None},
            {"kind": "deferred", "due_on": None, "due_km": 60_000},
        ),
    ),
    "red_end.signed": Check(
        ({"kind": "declined", "signer_name": ""},), ({"kind": "declined", "signer_name": "王"},)
    ),
    "red_end.taken_back": pair("taken_back_at", "taken_back_by_id", AT, ...),
    "clock_correction.reason": column("reason", ("",), ("忘记打卡",)),
    "concern_answer.job": Check(
        (
            {"outcome": "job", "job_id": None},
            {"outcome": "finding", "note": "正常", "job_id": ...},
        ),
        (
            {"outcome": "job", "job_id": ...},
            {"outcome": "finding", "note": "正常", "job_id": None},
        ),
    ),
    "concern_answer.note": Check(
        ({"outcome": "declined", "note": "", "job_id": None},),
        ({"outcome": "declined", "note": "不修", "job_id": None},),
    ),
    "work_session.order": column("ended_at", (AT - MINUTE,), (AT, AT + MINUTE)),
}
# A guard on SQLite that is a check on PostgreSQL; tests/guards/test_intervals.py tries both.
ONLY_ON_POSTGRESQL = ("ck_allocation_short",)
