"""Each act leaves exactly one line in the trail: who, what, on which record, before and after.

The names are read from the code, so that a new act without a case here fails.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.audit import (
    acts,
    catalogue_acts,
    changing_acts,
    floor_acts,
    front_acts,
    inbox_acts,
    inspection_acts,
    list_acts,
    staff_acts,
    stock_acts,
    touched_acts,
)
from tests.audit.act import Act
from tests.audit.names import acts_in_code
from tests.databases import Database
from tests.factories import AT
from workshop.db import Model, session
from workshop.demo import cars
from workshop.demo import shop as demo_shop
from workshop.demo.timeline import Plan
from workshop.demo.visit import Visit
from workshop.staff.models import AuditEntry

ACTS = (
    *acts.ACTS,
    *catalogue_acts.ACTS,
    *changing_acts.ACTS,
    *floor_acts.ACTS,
    *inbox_acts.ACTS,
    *front_acts.ACTS,
    *inspection_acts.ACTS,
    *list_acts.ACTS,
    *staff_acts.ACTS,
    *stock_acts.ACTS,
    *touched_acts.ACTS,
)
ON_ONE_ENGINE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@ON_ONE_ENGINE
@pytest.mark.parametrize(("name", "make"), ACTS, ids=[make.__name__ for _, make in ACTS])
def test_an_act_leaves_one_line(database: Database, name: str, make: Callable[[], Act]) -> None:
    # given
    act = make()
    session.flush()
    last = session.scalar(sa.select(sa.func.max(AuditEntry.id))) or 0
    # when
    made = act.do()
    session.flush()
    # then
    written = _since(last)
    assert sorted(each.action for each in written) == sorted([name, *act.along])
    (line,) = (each for each in written if each.action == name)
    assert line.by_id == (act.by.id if act.by else None)
    record = act.on if act.on is not None else made
    assert (line.subject, line.subject_id) == (table_of(record), record.id)
    assert {key: line.details.get(key) for key in act.said} == act.said


def table_of(record: Model) -> str:
    table = sa.inspect(record).mapper.local_table
    assert isinstance(table, sa.Table)
    return table.name


def _since(last: int) -> list[AuditEntry]:
    query = sa.select(AuditEntry).where(AuditEntry.id > last).order_by(AuditEntry.id)
    return list(session.scalars(query))


# ---- A car's whole life, line by line ----

TICKS = "clean covers settings work bill old_parts guarantee papers keys"
LIFE = f"""
advisor     orders.open                    repair_order
advisor     reception.record_gauges        repair_order
advisor     reception.ask_for_valuables    repair_order
advisor     reception.record_checks        repair_order
advisor     reception.record_items         repair_order
advisor     reception.record_wishes        repair_order
advisor     reception.sign                 repair_order
advisor     quotation.begin                quotation
advisor     quotation.offer                quotation
advisor     quotation.renew_promise        quotation
advisor     quotation.answer               quotation
controller  shop.allocate                  allocation
advisor     parts.release                  repair_order
parts       parts.issue                    pick_list
tech5       scheduling.folder_taken        job_folder
tech5       repair.start                   job
tech5       repair.self_check              inspection
tech5       repair.finish                  job
inspector   repair.quality_check           inspection
advisor     repair.final_check             inspection
washer      handover.finish_wash           wash
cashier     settlement.make                settlement
cashier     settlement.payment             payment
cashier     settlement.settle              settlement
advisor     handover.tell_ready            ready_notice
advisor     handover.collector             handover
advisor     handover.walkround             handover
advisor     handover.next_service          handover
advisor     handover.followup              handover
{"advisor  handover.tick  handover_check;" * len(TICKS.split())}
advisor     repair.answer_concern          repair_order
advisor     handover.deliver               handover
advisor     handover.gate_pass             gate_pass
greeter     handover.let_out               gate_pass
relations   followup.finish                follow_up
"""


def _life() -> list[tuple[str, ...]]:
    lines = LIFE.replace(";", "\n").splitlines()
    return [tuple(line.split()) for line in lines if line.strip()]


@ON_ONE_ENGINE
def test_the_life_of_a_car_leaves_these_lines_and_no_others(database: Database) -> None:
    # given
    shop = demo_shop.build(AT - timedelta(days=420))
    car = cars.make(cars.CARS[0], cars.made_up_vin(0), shop.people["advisor"], AT)
    session.flush()
    last = session.scalar(sa.select(sa.func.max(AuditEntry.id))) or 0
    plan = Plan(
        vehicle=car,
        arrived_at=AT - timedelta(days=9),
        concern="刹车异响",
        operations=("B-PAD-F",),
        km=20_000,
        stays=True,
    )
    # when
    Visit(shop, plan, AT).walk()
    session.flush()
    # then
    written = _since(last)
    assert [_told(each) for each in written] == _life()
    assert all(each.subject_id for each in written)


def _told(line: AuditEntry) -> tuple[Any, ...]:
    return line.by.username if line.by else "nobody", line.action, line.subject


# ---- No act without a case ----


def tried() -> set[str]:
    return {name for name, _ in ACTS} | {action for _, action, _ in _life()}


def test_every_act_of_the_code_has_a_case() -> None:
    names = acts_in_code()
    without = {name for name in names if not fnmatch.filter(tried(), name)}
    assert len(names) > 150
    assert without == set(), "a new act needs a case in tests/audit"


def test_every_case_is_of_an_act_of_the_code() -> None:
    names = acts_in_code()
    strange = {name for name in tried() if not any(fnmatch.fnmatch(name, each) for each in names)}
    assert strange == set()
