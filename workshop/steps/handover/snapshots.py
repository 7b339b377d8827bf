"""What each part of the handover record holds, as people see it: to notice a stale page."""

from __future__ import annotations

from datetime import date, datetime

from workshop.customers.models import Channel
from workshop.errors import N_
from workshop.steps.handover.models import Handover
from workshop.steps.handover.rules import Collector, Proof
from workshop.web.versions import State, Unit, quantity


def walk(new_damage: bool | None, note: str) -> State:
    """The second walk-round."""
    return {N_("New damage"): new_damage, N_("What it is, and what was agreed"): note.strip()}


def walk_now(record: Handover | None) -> State:
    """The second walk-round as it is recorded."""
    return walk(record.new_damage, record.damage_note or "") if record else walk(None, "")


def next_service(
    mileage_km: int | None, due_on: date | None, due_km: int | None, reminders: str
) -> State:
    """The next service."""
    return {
        N_("Mileage now"): quantity(mileage_km, Unit.KM),
        N_("Next service on"): due_on,
        N_("or at"): quantity(due_km, Unit.KM),
        N_("Friendly reminders"): reminders.strip(),
    }


def next_service_now(record: Handover | None) -> State:
    """The next service as it was told."""
    if record is None:
        return next_service(None, None, None, "")
    return next_service(
        record.mileage_km, record.next_due_on, record.next_due_km, record.reminders or ""
    )


def collector(kind: Collector | None, name: str, phone: str, proof: Proof | None) -> State:
    """Who takes the car."""
    return {
        N_("Who collects"): kind,
        N_("Name"): name.strip(),
        N_("Phone"): phone,
        N_("Why this person may take it"): proof,
    }


def collector_now(record: Handover | None) -> State:
    """Who takes the car, as it is recorded."""
    if record is None:
        return collector(None, "", "", None)
    return collector(
        record.collector, record.collector_name or "", record.collector_phone or "", record.proof
    )


def followup(wished_at: datetime | None, channel: Channel | None, refused: str) -> State:
    """The follow-up wish."""
    return {
        N_("Time"): wished_at,
        N_("Reached by"): channel,
        N_("Does not want it, because"): refused.strip(),
    }


def followup_now(record: Handover | None) -> State:
    """The follow-up wish as it is recorded."""
    if record is None:
        return followup(None, None, "")
    return followup(
        record.followup_wished_at, record.followup_channel, record.followup_refused or ""
    )
