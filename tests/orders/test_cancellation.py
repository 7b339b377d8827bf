"""A cancelled order leaves nothing behind: what was there before is as it was, nothing is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from tests.databases import Database
from tests.factories import AT, make_part, make_technician, make_user
from tests.steps.quotation import factories as quotations
from tests.steps.reception.factories import make_reception
from tests.steps.repair import factories as repairs
from workshop.customers import service as customers
from workshop.db import Model, session
from workshop.orders import cancellation, effects
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.permissions import RoleName
from workshop.steps.parts import picking
from workshop.steps.parts import queries as parts
from workshop.steps.parts import service as release
from workshop.steps.quotation.models import Quotation
from workshop.steps.repair import queries
from workshop.steps.settlement import paying
from workshop.steps.settlement.rules import Tender
from workshop.track import service as track

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

# What is open in a row of these tables; after a cancellation no row of the order may be.
OPEN = {
    "allocation": "status = 'planned'",
    "capacity_take": "released_at IS NULL AND used_at IS NULL",
    "reservation": "state = 'held'",
    "backorder": "arrived_at IS NULL AND cancelled_at IS NULL",
    "pick_list": "state IN ('open', 'partly_picked', 'picked', 'issued')",
    "quotation": "state IN ('draft', 'offered')",
    "take_off": "state = 'asked'",
    "track_link": "revoked_at IS NULL",
    "time_change": "state = 'open'",
    "job_hold": "released_at IS NULL",
    "more_time": "state = 'open'",
    "place_pin": "released_at IS NULL",
    "job": "state <> 'cancelled'",
}


def in_reception() -> RepairOrder:
    order = make_reception(AT)
    customers.record_mileage(order.vehicle, 412_000, by=order.advisor, at=AT, order_id=order.id)
    return order


def offered() -> RepairOrder:
    return quotations.make_offer(quotations.make_brakes()).order


def signed() -> RepairOrder:
    return quotations.make_signed(quotations.make_brakes(), _scarce()).order


def _scarce() -> Any:
    """Work whose part the shelf has too little of."""
    return quotations.make_brakes(part=make_part(on_hand=1), milli=3000)


def scheduled() -> RepairOrder:
    (job,) = repairs.make_planned()
    return job.order


def released() -> RepairOrder:
    order = quotations.make_signed(quotations.make_brakes()).order
    for job in queries.list_jobs(order):
        repairs.assign(job, make_technician())
    release.release(order, by=order.advisor, at=AT)
    return order


STAGES: list[Callable[[], RepairOrder]] = [in_reception, offered, signed, scheduled, released]


@pytest.mark.parametrize("make", STAGES, ids=lambda make: make.__name__)
def test_nothing_stays_open_and_all_that_is_taken_back_was_said(
    database: Database, make: Callable[[], RepairOrder]
) -> None:
    order = make()
    km = order.vehicle.mileage_km
    cashier = make_user(RoleName.CASHIER)
    track.make_link(order, by=order.advisor, at=AT)
    paying.take_payment(order, Tender.CASH, 10_000, client_id="x", by=cashier, at=AT)
    said = effects.list_effects(order)
    levels = shelf()
    # when
    cancellation.cancel_order(order, "客户改天再来", by=order.advisor, at=AT)
    session.flush()
    # then
    assert order.stage is Stage.CANCELLED
    assert {table: count for table in OPEN if (count := count_open(table))} == {}
    assert shelf() == levels | {part: (on_hand, 0) for part, (on_hand, _) in levels.items()}
    assert order.vehicle.mileage_km == (None if km == 412_000 else km)
    left = [each for each in effects.list_effects(order) if not each.is_by_hand]
    assert left == []
    # and what people have to do was said before and still is: the money
    by_hand = [each for each in said if each.is_by_hand]
    assert [each.values.get("amount") for each in by_hand] == ["¥100.00"]


def count_open(table: str) -> int:
    found = Model.metadata.tables[table]
    query = sa.select(sa.func.count()).select_from(found).where(sa.text(OPEN[table]))
    return int(session.scalar(query) or 0)


def shelf() -> dict[int, tuple[int, int]]:
    """By part: what lies on the shelf, and what of it is kept."""
    level = Model.metadata.tables["stock_level"]
    rows = session.execute(
        sa.select(level.c.part_id, level.c.on_hand_milli, level.c.reserved_milli)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def test_each_table_that_hangs_on_an_order_is_looked_at(database: Database) -> None:
    """A new table of something that can be open must be listed here, or be history."""
    history = {
        "appointment",
        "assistance",
        "attachment",
        "additional_work",
        "care_act",
        "care_record",
        "case",
        # A car that had its part fitted is not cancelled any more.
        "core_return",
        "concern_correction",
        "cover",
        "credit_request",
        "damage_mark",
        "damage_photo",
        "day_consent",
        "deferred_work",
        "departure",
        "follow_up",
        "gate_pass",
        "guarantee",
        "handover",
        "handover_check",
        "inspection",
        "job_folder",
        "odometer_reading",
        "order_note",
        # It closes some days after the car has left, whatever became of the visit.
        "order_thread",
        "thread_message",
        "payment",
        "plan_step",
        "progress_report",
        "promise_change",
        "ready_notice",
        "repeat_check",
        "repair_order",
        "rework_order",
        "settlement",
        "settlement_line",
        # What the signed papers said.
        "signed_names",
        "stage_change",
        "stock_entry",
        # A call list closes by what became of the order.
        "touched_thing",
        # What came back defective lies there whatever becomes of the order.
        "quarantine",
        "concern_answer",
        # Computed each minute of the orders that are in work.
        "order_forecast",
        "valuable",
        "vehicle_inspection",
        "view_check",
        "walk_in",
        "walkaround",
        "walkaround_photo",
        "walkaround_signing",
        "wash",
        "watch_alarm",
        "work_note",
        "work_point",
        "work_session",
        "quotation_line",
        "concern",
    }
    hanging = {
        table.name
        for table in Model.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("repair_order", "job")
    }
    assert hanging - set(OPEN) - history == set()


def test_a_full_basket_is_put_back_by_hand_and_said(database: Database) -> None:
    order = released()
    (line,) = parts.list_order_lines(order)
    picking.pick(line, by=make_user(RoleName.PARTS_CLERK), at=AT)
    words = [each.message for each in effects.list_effects(order) if each.is_by_hand]
    assert words == ["Basket %(basket)s of pick list %(no)s has to be put back at the counter."]
    cancellation.cancel_order(order, "客户改天再来", by=order.advisor, at=AT)
    assert [each.is_by_hand for each in effects.list_effects(order)] == [True]


def test_an_offer_of_a_cancelled_order_cannot_be_signed(database: Database) -> None:
    order = offered()
    cancellation.cancel_order(order, "客户改天再来", by=order.advisor, at=AT)
    states = session.scalars(sa.select(Quotation.state).where(Quotation.order_id == order.id))
    assert [each.value for each in states] == ["superseded"]
