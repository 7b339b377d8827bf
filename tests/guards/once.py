"""What there is once, listed by hand: the columns in which no two live rows agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.factories import AT
from tests.guards.rows import ANOTHER


@dataclass(frozen=True)
class Once:
    """No two live rows of the table agree in these columns.

    `live` is what a live row has beside the defaults, `apart` what the second one has beside that,
    and each of `dead` makes one count no more; with `dead` it is a partial index of this `name`.
    """

    table: str
    columns: str
    name: str = ""
    live: dict[str, Any] = field(default_factory=dict)
    dead: tuple[dict[str, Any], ...] = ()
    apart: dict[str, Any] = field(default_factory=dict)

    @property
    def constraint(self) -> str:
        """What PostgreSQL calls it."""
        return self.name or f"uq_{self.table}_{self.columns.replace(' ', '_')}"

    @property
    def on_sqlite(self) -> str:
        """How SQLite speaks of it."""
        return ", ".join(f"{self.table}.{each}" for each in self.columns.split())


def _states(*values: str, column: str = "state", **more: Any) -> tuple[dict[str, Any], ...]:
    return tuple({column: each} | more for each in values)


PLAIN = tuple(
    Once(*each)
    for each in (
        ("appointment", "no"),
        ("note_mention", "note_id user_id"),
        ("appointment", "order_id"),
        ("appointment", "replaces_id"),
        ("appointment_operation", "appointment_id operation_id"),
        ("applied_action", "by_id client_id"),
        ("bay", "branch_id code"),
        ("letterhead", "branch_id"),
        ("put_away", "branch_id step"),
        ("branch", "code"),
        ("calendar_day", "branch_id day"),
        ("care_record", "order_id"),
        ("case", "no"),
        ("checklist", "use topic"),
        ("checklist_item", "version_id code"),
        ("inspection_value", "answer_id spot"),
        ("vehicle_inspection", "order_id checklist_id"),
        ("cover", "order_id kind"),
        ("customer_number", "number"),
        ("damage_mark", "order_id number"),
        ("import_file", "batch_id"),
        ("departure", "order_id"),
        ("floor_device", "pairing_code"),
        ("floor_device", "token_hash"),
        ("follow_up", "order_id"),
        ("order_thread", "order_id"),
        ("goods_receipt", "entry_id"),
        ("invoice_line", "invoice_id purchase_line_id"),
        ("markup_tier", "branch_id from_fen"),
        ("touched_thing", "list_id why subject"),
        ("purchase", "no"),
        ("purchase_line", "purchase_id part_id"),
        ("stocktake", "no"),
        ("part_price", "takes_back_id"),
        ("part_supplier", "part_id supplier_id"),
        ("supplier", "name"),
        ("follow_up_answer", "result_id question"),
        ("follow_up_result", "follow_up_id"),
        ("gate_pass", "no"),
        ("gate_pass", "order_id"),
        ("handover", "order_id"),
        ("inspection_item", "inspection_id code"),
        ("clock_correction", "work_session_id"),
        ("order_forecast", "order_id"),
        ("job_folder", "job_id"),
        ("labour_price", "takes_back_id"),
        ("labour_rate", "branch_id code"),
        ("lounge_check", "round_id item"),
        ("lounge_round", "branch_id hour_at"),
        ("number_series", "branch_id prefix day"),
        ("operation", "code"),
        ("online_booking", "token_hash"),
        ("online_booking", "appointment_id"),
        ("online_rules", "branch_id"),
        ("online_service", "branch_id package_id"),
        ("overbooking", "appointment_id"),
        ("package", "code"),
        ("past_visit", "branch_id no"),
        ("package_price", "takes_back_id"),
        ("part", "no"),
        ("passkey", "credential_id"),
        ("passkey", "user_id name"),
        ("part_kind", "code"),
        ("payment", "client_id"),
        ("pick_line", "quotation_line_id"),
        ("pick_list", "no"),
        ("quotation", "no version_no"),
        ("repair_order", "no"),
        ("repeat_check", "order_id"),
        ("rework_order", "inspection_id"),
        ("rework_order", "no"),
        ("road_test", "inspection_id"),
        ("role", "name"),
        ("screen_device", "pairing_code"),
        ("screen_device", "token_hash"),
        ("setting", "branch_id name"),
        ("settlement", "no"),
        ("settlement_line", "settlement_id position"),
        ("sign_in", "token_hash"),
        ("sign_in_failure", "name_hash place_hash"),
        ("skill", "code"),
        ("stock_level", "branch_id part_id"),
        ("take_off_line", "quotation_line_id"),
        ("technician", "user_id"),
        ("technician_skill", "technician_id skill_id"),
        ("track_link", "token_hash"),
        ("user", "fs_uniquifier"),
        ("user", "username"),
        ("view_check", "order_id view"),
        ("walk_in", "order_id"),
        ("walkaround", "order_id"),
        ("walkaround_signing", "order_id edition"),
    )
)

_PAST: dict[str, Any] = {"state": "past", "published_at": AT, "replaced_at": AT}
ASKING_FOR_MORE = (
    Once("checklist_version", "checklist_id no", live=_PAST),
    Once("user", "fs_webauthn_user_handle", "ix_user_fs_webauthn_user_handle"),
    Once("attendance", "corrects_id", live={"reason": "忘了打卡"}),
    Once(
        "odometer_reading",
        "corrects_id",
        "ix_odometer_reading_corrects_id",
        live={"reason": "多打了一位"},
    ),
    Once("settlement", "order_id version_no", live={"state": "reversed"}),
    Once("settlement", "reverses_id", live={"kind": "red"}, apart={"reverses_id": ANOTHER}),
    Once("vehicle", "vin", live={"vin": "LSVXZ60E0H2345678"}),
    Once(
        "take_off",
        "order_id version_no",
        live={"state": "dropped"},
        apart={"state": "asked"},
    ),
)

PARTIAL = (
    # A duty is in one open hand-over, and the same is asked once.
    Once(
        "hand_over_item",
        "duty record_id",
        "uq_hand_over_item_open",
        live={"is_open": True},
        dead=({"is_open": False},),
        apart={"hand_over_id": ANOTHER},
    ),
    Once(
        "import_batch",
        "has_turn",
        "uq_import_batch_turn",
        live={"has_turn": True},
        dead=({"has_turn": False},),
    ),
    Once(
        "permission_request",
        "asked_by_id rights path",
        "uq_permission_request_open",
        dead=({"state": "done", "answered_at": AT, "answered_by_id": ...},),
    ),
    # A record is joined to one other; taken back, it may be joined again.
    *(
        Once(
            f"{kind}_merge",
            "gone_id",
            f"uq_{kind}_merge_gone",
            dead=({"undone_at": AT, "undone_by_id": ...},),
        )
        for kind in ("customer", "vehicle")
    ),
    # A part is counted once; counted again, the line before is replaced.
    Once(
        "stocktake_line",
        "stocktake_id part_id",
        "uq_stocktake_line_live",
        dead=({"replaced_at": AT},),
    ),
    # An invoice is checked once; a wrong one is withdrawn.
    Once(
        "supplier_invoice",
        "purchase_id no",
        "uq_supplier_invoice_live",
        dead=({"withdrawn_at": AT},),
    ),
    # A list is asked in one version, and one draft of it is written.
    Once(
        "checklist_version",
        "checklist_id",
        "uq_checklist_version_current",
        live={"state": "current", "published_at": AT},
        dead=(_PAST,),
        apart={"no": 2},
    ),
    Once(
        "checklist_version",
        "checklist_id",
        "uq_checklist_version_draft",
        dead=(_PAST,),
        apart={"no": 2},
    ),
    # A booked slot is taken once.
    Once(
        "appointment",
        "advisor_id slot_at",
        "uq_appointment_slot",
        dead=_states("rescheduled", "cancelled", "no_show", column="status"),
    ),
    Once(
        "appointment",
        "vehicle_id day",
        "uq_appointment_vehicle_day",
        dead=_states("rescheduled", "cancelled", "no_show", column="status"),
    ),
    # A time is kept for one customer, and a number waits for one answer.
    Once(
        "online_booking",
        "advisor_id slot_at",
        "uq_online_booking_slot",
        dead=(
            *_states("lapsed", "cancelled"),
            {"state": "refused", "reason": "无"},
            {"state": "confirmed", "appointment_id": ...},
        ),
    ),
    Once(
        "online_booking",
        "branch_id phone",
        "uq_online_booking_asked",
        live={"state": "requested", "requested_at": AT},
        dead=_states("held", "lapsed", "cancelled"),
        apart={"slot_at": AT + timedelta(minutes=15)},
    ),
    # A job has one live place, and one who helps.
    Once(
        "allocation",
        "job_id",
        "uq_allocation_live_job",
        dead=_states("done", "cancelled", column="status"),
    ),
    # A technician is here once, in one break, at one car.
    Once(
        "attendance",
        "technician_id",
        "uq_attendance_open",
        dead=({"ended_at": AT, "ended_by_id": ...}, {"replaced_at": AT}),
    ),
    Once("attendance_break", "attendance_id", "uq_attendance_break_open", dead=({"ended_at": AT},)),
    Once(
        "work_session",
        "technician_id",
        "uq_work_session_open_technician",
        dead=({"ended_at": AT},),
    ),
    Once(
        "work_session",
        "job_id role",
        "uq_work_session_open_job",
        dead=({"ended_at": AT},),
    ),
    Once(
        "concern_answer", "order_id words", "uq_concern_answer_live", dead=({"taken_back_at": AT},)
    ),
    Once("taken", "branch_id subject", "uq_taken_open", dead=({"ended_at": AT},)),
    Once("care_act", "order_id kind", "uq_care_act_live", dead=({"taken_back_at": AT},)),
    Once(
        "handover_check", "order_id item", "uq_handover_check_live", dead=({"taken_back_at": AT},)
    ),
    Once(
        "inspection_answer",
        "inspection_id item_id",
        "uq_inspection_answer_live",
        dead=({"replaced_at": AT},),
    ),
    Once(
        "red_end",
        "answer_id",
        "uq_red_end_live",
        dead=({"taken_back_at": AT, "taken_back_by_id": ...},),
    ),
    Once(
        "additional_work",
        "answer_id",
        "uq_additional_work_answer",
        live={"answer_id": ...},
        dead=({"answer_id": None},),
    ),
    Once("work_point", "job_id point", "uq_work_point_live", dead=({"undone_at": AT},)),
    # One question at a time.
    Once(
        "credit_request",
        "settlement_id",
        "uq_credit_request_open",
        dead=({"approved": False, "decided_at": AT},),
    ),
    Once(
        "more_time",
        "job_id",
        "uq_more_time_open",
        dead=_states("granted", "left", "replaced", answered_at=AT),
    ),
    Once(
        "time_change",
        "allocation_id",
        "uq_time_change_open",
        dead=_states("confirmed", "refused", "withdrawn"),
    ),
    Once("watch_alarm", "kind subject", "uq_watch_alarm_open", dead=({"cleared_at": AT},)),
    Once(
        "day_close",
        "branch_id day",
        "uq_day_close_standing",
        dead=({"reopened_at": AT, "reopened_by_id": ..., "reopen_reason": "补做"},),
    ),
    Once(
        "job_hold",
        "job_id",
        "uq_job_hold_standing",
        dead=({"released_at": AT, "released_by_id": ...},),
    ),
    Once(
        "place_pin",
        "allocation_id",
        "uq_place_pin_live",
        dead=({"released_at": AT, "released_by_id": ...},),
    ),
    # One loaner car, one basket, one plate, one link, each with one at a time.
    Once(
        "departure",
        "loaner_plate",
        "uq_departure_loaner_out",
        live={"loaner_plate": "沪A12345"},
        dead=({"loaner_returned_at": AT},),
    ),
    Once(
        "pick_list",
        "branch_id basket_no",
        "uq_pick_list_basket",
        dead=_states("closed", "cancelled"),
    ),
    Once(
        "customer_contact",
        "customer_id",
        "uq_customer_contact_primary",
        live={"is_primary": True},
        dead=({"is_primary": False},),
    ),
    Once(
        "vehicle", "plate", "uq_vehicle_plate", live={"plate": "沪A12345"}, dead=({"plate": None},)
    ),
    Once("track_link", "order_id", "uq_track_link_live", dead=({"revoked_at": AT},)),
    # One bill and one quotation of an order count, and a visit comes back once.
    Once(
        "settlement",
        "order_id",
        "uq_settlement_live",
        dead=_states("reversed"),
        apart={"version_no": 2},
    ),
    Once(
        "quotation",
        "order_id",
        "uq_quotation_live_main",
        dead=({"kind": "addition"}, *_states("declined", "superseded")),
    ),
    Once(
        "take_off",
        "order_id",
        "uq_take_off_asked",
        live={"version_no": 2},
        dead=_states("dropped"),
        apart={"version_no": 3},
    ),
    Once(
        "rework_order",
        "order_id",
        "uq_rework_order_external",
        live={"kind": "external", "job_id": None},
        dead=({"kind": "internal", "job_id": ...},),
    ),
)

# Of who helps, tests/guards/test_intervals.py tries it beside the lead; and what binds the two.
ONCE_IN_A_TEAM = ("uq_allocation_live_assistant", "uq_allocation_team")
ONCE = (*PLAIN, *ASKING_FOR_MORE, *PARTIAL)
