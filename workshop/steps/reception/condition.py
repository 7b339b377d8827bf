"""What is read and checked at the car besides its gauges, and what the customer should hear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workshop.customers import corrections
from workshop.errors import N_, Invalid
from workshop.orders.models import RepairOrder
from workshop.staff import audit
from workshop.staff.models import User
from workshop.steps.reception import checks, queries, snapshots, walkaround
from workshop.steps.reception.checks import CarCheck, Grade, Judgement
from workshop.web import versions


def record_vin(order: RepairOrder, vin: str, reason: str, *, by: User, at: datetime) -> None:
    """Keep the VIN that was read at the car, or the reason why it cannot be (domain.md step 2).

    A China-made car's VIN must be right, check digit included. Raises Invalid or RuleBroken at
    `vin`.
    """
    sheet = walkaround.begin(order, by)
    if vin.strip() or not reason.strip():
        corrections.correct_vin(order.vehicle, vin, by, at)
        reason = ""
    sheet.no_vin_reason = reason.strip()
    audit.write(by, "reception.record_vin", order, at, reason=reason.strip())


def record_checks(
    order: RepairOrder,
    judged: Mapping[CarCheck, Judgement],
    note: str,
    *,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Keep how each check came out; what is not among them was not looked at.

    Raises Invalid at "note" when something is defective and nobody says what, Conflict when the
    page was stale.
    """
    sheet = walkaround.begin(order, by)
    versions.refuse_stale(seen, snapshots.checks_now(sheet), snapshots.checks(judged, note))
    if any(each.grade is Grade.RED for each in judged.values()) and not note.strip():
        raise Invalid(N_("Say in words what is defective."), field="note")
    sheet.checks, sheet.checks_note = checks.to_plain(judged), note.strip()
    audit.write(by, "reception.record_checks", order, at, **sheet.checks)


@dataclass(frozen=True)
class Finding:
    """A check that did not come out green."""

    check: CarCheck
    grade: Grade
    measure: str


def list_findings(order: RepairOrder) -> list[Finding]:
    """What was found at the car that needs work, the worst first; the quotation offers it."""
    kept = checks.from_plain(queries.show_walkaround(order).checks)
    found = [
        Finding(check, each.grade, each.measure)
        for check, each in kept.items()
        if each.grade is not Grade.GREEN
    ]
    return sorted(found, key=lambda each: each.grade is not Grade.RED)
