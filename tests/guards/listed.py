"""What the database must refuse, listed by hand and from no code of the program.

The rules come from the house rules of the design, from domain.md and from what each record is.
`tests/guards/test_listed.py` compares the names with what stands in a migrated database, so that
a guard without a test and a test without a guard both fail.
"""

from __future__ import annotations

# ---- Rows that are written once: neither updated nor deleted ----

APPEND_ONLY = (
    "appointment_change",
    "audit_entry",
    "case_entry",
    "clock_correction",
    "concern_correction",
    "day_consent",
    "goods_receipt",
    "import_change",
    "labour_price",
    "named_exception",
    "odometer_reading",
    "overbooking",
    "owner_change",
    "package_price",
    "part_price",
    "past_line",
    "payment",
    "pick_move",
    "plan_step",
    "progress_report",
    "promise_change",
    "signed_names",
    "stage_change",
    "stock_entry",
    "take_off_line",
    "thread_message",
    "walkaround_signing",
)

# Tables whose rows an update may only end: the update path of their other rules is refused anyway.
ENDED_ONCE = ("attendance", "attendance_break", "day_close", "job_hold")

# Records that are decided, ended or closed once, and that nobody deletes.
DECIDED_ONCE = (
    "case",
    "credit_request",
    "follow_up",
    "gate_pass",
    "pick_list",
    "plan_run",
    "reservation",
    "take_off",
    "time_change",
    "work_session",
)

# ---- Triggers that refuse nothing: they keep a mark (on SQLite, on PostgreSQL) ----

# What is searched by words that the database cuts.
CUT = (
    *("customer", "customer_contact", "vehicle"),
    *("part", "part_supplier", "stock_level", "goods_receipt", "purchase"),
)
MARKS = (
    frozenset(
        {
            *("payment_may_owe_insert", "settlement_may_owe_insert", "settlement_may_owe_update"),
            *("settlement_line_may_owe_insert", "settlement_line_may_owe_update"),
            *("settlement_line_may_owe_delete", "core_return_may_owe_insert"),
            "core_return_may_owe_update",
            *(f"{table}_words_insert" for table in CUT),
            *(f"{table}_words_update" for table in CUT),
            *(f"{table}_words_delete" for table in CUT),
        }
    ),
    frozenset(
        {
            *("payment_may_owe", "settlement_may_owe", "settlement_line_may_owe"),
            "core_return_may_owe",
            *(f"{table}_words" for table in CUT),
        }
    ),
)

# ---- Triggers and exclusions by what they stand for: (on SQLite, on PostgreSQL) ----

GUARDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    **{
        f"append-only:{table}": (
            (f"{table}_no_update", f"{table}_no_delete"),
            (f"{table}_append_only",),
        )
        for table in APPEND_ONLY
    },
    **{
        f"frozen:{table}": (
            (f"{table}_frozen", f"{table}_kept"),
            (f"{table}_frozen", f"{table}_kept"),
        )
        for table in DECIDED_ONCE
    },
    "frozen:checklist_version": (
        ("checklist_version_frozen", "checklist_version_kept"),
        ("checklist_version_frozen", "checklist_version_kept"),
    ),
    "frozen:checklist_item": (
        (
            "checklist_item_frozen_insert",
            "checklist_item_frozen_update",
            "checklist_item_frozen_delete",
        ),
        ("checklist_item_frozen",),
    ),
    "plain:customer": (("customer_plain_insert", "customer_plain_update"), ("customer_plain",)),
    "plain:customer_contact": (
        ("customer_contact_plain_insert", "customer_contact_plain_update"),
        ("customer_contact_plain",),
    ),
    "plain:vehicle": (("vehicle_plain_insert", "vehicle_plain_update"), ("vehicle_plain",)),
    "append-only:day_close": (
        ("day_close_no_rewrite", "day_close_no_delete"),
        ("day_close_no_rewrite", "day_close_no_delete"),
    ),
    # Whose word it is goes over, when two records of a customer are joined.
    "append-only:consent": (
        ("consent_no_update", "consent_no_delete"),
        ("consent_no_update", "consent_no_delete"),
    ),
    # Of a past visit only the car goes over, when two records of it are joined.
    "append-only:past_visit": (
        ("past_visit_no_update", "past_visit_no_delete"),
        ("past_visit_append_only",),
    ),
    "append-only:job_hold": (
        ("job_hold_no_rewrite", "job_hold_no_delete"),
        ("job_hold_no_rewrite", "job_hold_no_delete"),
    ),
    "frozen:attendance": (
        ("attendance_frozen", "attendance_kept"),
        ("attendance_frozen_update", "attendance_frozen_delete"),
    ),
    "frozen:attendance_break": (
        ("attendance_break_frozen", "attendance_break_kept"),
        ("attendance_break_frozen_update", "attendance_break_frozen_delete"),
    ),
    "order:attendance": (("attendance_outlasted",), ("attendance_order_update",)),
    "order:attendance_break": (
        ("attendance_break_outside_insert", "attendance_break_outside_update"),
        ("attendance_break_order_insert",),
    ),
    "late:import_change": (("import_change_late",), ("import_change_late",)),
    "ended:sign_in": (("sign_in_ended_once",), ("sign_in_ended_once",)),
    "overlap:absence": (
        ("absence_overlap_insert", "absence_overlap_update"),
        ("ex_absence_overlap",),
    ),
    "overlap:attendance": (
        ("attendance_overlap_insert", "attendance_overlap_update"),
        ("ex_attendance_overlap",),
    ),
    "overlap:attendance_break": (
        ("attendance_break_overlap_insert", "attendance_break_overlap_update"),
        ("ex_attendance_break_overlap",),
    ),
    "overlap:technician": (
        ("allocation_technician_overlap_insert", "allocation_technician_overlap_update"),
        ("ex_allocation_technician_overlap",),
    ),
    "overlap:bay": (
        ("allocation_bay_overlap_insert", "allocation_bay_overlap_update"),
        ("ex_allocation_bay_overlap",),
    ),
    # On PostgreSQL it is a check.
    "allocation longer than a day": (
        ("allocation_short_insert", "allocation_short_update"),
        (),
    ),
    "closed-day": (
        ("allocation_closed_day_insert", "allocation_closed_day_update"),
        ("allocation_closed_day",),
    ),
    "unfinished-day": (("day_close_unfinished_day_insert",), ("day_close_unfinished_day",)),
    "signed:quotation": (
        ("quotation_signed_update", "quotation_signed_delete"),
        ("quotation_signed",),
    ),
    "signed:quotation_line": (
        (
            "quotation_line_signed_insert",
            "quotation_line_signed_update",
            "quotation_line_signed_delete",
        ),
        ("quotation_line_signed",),
    ),
    "two-people:credit_request": (
        ("credit_request_two_people_insert", "credit_request_two_people_update"),
        ("credit_request_two_people",),
    ),
    "used-before:payment": (("payment_used_before",), ("payment_used_before",)),
    "used-before:settlement": (
        ("settlement_invoice_used_insert", "settlement_invoice_used_update"),
        ("settlement_invoice_used",),
    ),
    "within:core_return": (("core_return_within",), ("core_return_within",)),
    "settled:settlement": (("settlement_locked", "settlement_kept"), ("settlement_locked",)),
    "settled:settlement_line": (
        (
            "settlement_line_locked_insert",
            "settlement_line_locked_update",
            "settlement_line_locked_delete",
        ),
        ("settlement_line_locked",),
    ),
}
