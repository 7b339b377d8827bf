"""Every column that names a person is a duty that can be handed over, or told to be history."""

from __future__ import annotations

import pytest

from workshop import db
from workshop.app import FACES
from workshop.duties import registry

# Columns that name a person who did something, or to whom something belongs that nobody waits for.
# By the name of the column: who did it, and when, is never a duty.
DID = (
    "acknowledged_by_id",
    "agreed_by_id",
    "answered_by_id",
    "applied_by_id",
    "asked_by_id",
    "by_id",
    "checked_by_id",
    "claimed_by_id",
    "closed_by_id",
    "counted_by_id",
    "created_by_id",
    "credited_by_id",
    "decided_by_id",
    "delivered_by_id",
    "discount_by_id",
    "dismissed_by_id",
    "finished_by_id",
    "driver_id",
    "ended_by_id",
    "fixed_by_id",
    "begun_by_id",
    "held_by_id",
    "issued_by_id",
    "left_by_id",
    "made_by_id",
    "noted_by_id",
    "offered_by_id",
    "opened_by_id",
    "paired_by_id",
    "picked_by_id",
    "prepared_by_id",
    "proposed_by_id",
    "published_by_id",
    "put_by_id",
    "released_by_id",
    "removed_by_id",
    "reopened_by_id",
    "returned_by_id",
    "reversed_by_id",
    "revoked_by_id",
    "second_call_by_id",
    "sent_by_id",
    "signed_by_id",
    "taken_back_by_id",
    "taken_by_id",
    "undone_by_id",
    "valuables_asked_by_id",
    "waived_by_id",
    "walked_by_id",
    "withdrawn_by_id",
)
# And these, each with the reason.
HISTORY = {
    "absence.user_id": "the person's own time",
    "online_booking.advisor_id": "kept for minutes or until the desk answers, which anybody may",
    "import_batch.runner_by_id": "for whom something runs, which takes minutes",
    "shift.user_id": "the person's own time",
    "attendance.technician_id": "the person's own time; leaving clocks out",
    "technician.user_id": "who the technician is",
    "technician_skill.technician_id": "what the person can do",
    "role_user.user_id": "what the person may do",
    "sign_in.user_id": "the person's own session",
    "passkey.user_id": "the person's own key",
    "hand_over.from_id": "the hand-over itself: it may be taken back",
    "appointment.wished_technician_id": "the customer's wish",
    "pick_list.issued_to_id": "who got the parts",
    "pick_move.technician_id": "who got the parts",
    "note_mention.user_id": "a word for the person, who opens the order or answers",
    "watch_alarm.absent_technician_id": "what an alarm is about",
    "time_change.technician_id": "part of what is proposed; any advisor answers",
}


def named() -> set[str]:
    """Every column that refers to a person or a technician."""
    return {
        f"{table.name}.{column.name}"
        for table in db.Model.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in ("user", "technician") and len(key.constraint.columns) == 1
    }


def test_each_column_that_names_a_person_is_a_duty_or_history() -> None:
    duties = {duty.column for duty in registry.list_duties()}
    open_ones = {each for each in named() if each.partition(".")[2] not in DID}
    # A new column that binds an open record to a person belongs into its package's `duties.py`.
    assert open_ones - duties == set(HISTORY)
    assert duties <= named()


def test_a_duty_is_told_once_and_says_who_acts_instead() -> None:
    found = registry.list_duties()
    assert len({duty.key for duty in found}) == len(found)
    assert all(duty.deputy and duty.label for duty in found)
    of_faces = {duty for face in FACES for duty in face.duties}
    assert of_faces <= set(found)


@pytest.mark.parametrize("key", ["order", "case", "case_offer", "appointment", "call", "request"])
def test_what_a_desk_holds_can_be_handed(key: str) -> None:
    duty = registry.find_duty(key)
    assert duty is not None
    assert duty.hand is not None
    assert duty.find_obstacle is not None
