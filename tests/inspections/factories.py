"""Templates of two groups, and cars on which they are filled in."""

from __future__ import annotations

from typing import Any

from tests.factories import AT, make_operation
from tests.steps.quotation import factories as quotations
from tests.steps.repair import factories as repairs
from workshop.catalogue.checklists.models import Checklist, ChecklistItem, ChecklistVersion
from workshop.catalogue.checklists.rules import ItemKind, Places, Spot, Use, VersionState
from workshop.db import session
from workshop.inspections.rules import Result
from workshop.inspections.service import Said
from workshop.orders.models import Job
from workshop.steps.parts import service as parts
from workshop.steps.repair import queries, work

TREAD = {Spot.FRONT_LEFT: 5000, Spot.FRONT_RIGHT: 5200, Spot.REAR_LEFT: 6000, Spot.REAR_RIGHT: 6000}
GREEN, YELLOW, RED, SKIPPED = Result
# What mends a line of the template: the pipes have an operation of this code, if it is made.
MENDS = {"pipes": "PIPES"}


def make_template(topic: str = "short", **values: Any) -> Checklist:
    """Tread at four wheels, two looked-at lines under one heading, and one that wants a photo."""
    checklist = Checklist(
        use=Use.INSPECTION, topic=topic, codes="", name_zh="快检", name_en="Quick check", **values
    )
    version = ChecklistVersion(checklist=checklist, no=1, made_at=AT)
    session.add_all([checklist, version])
    version.items = [
        _item(
            1,
            "tread",
            ("轮胎", "Tyres"),
            kind=ItemKind.MEASURED,
            unit="mm",
            places=Places.WHEELS,
            green_low_milli=3500,
            red_low_milli=1600,
        ),
        _item(2, "lamps", ("灯光", "Lamps")),
        _item(3, "horn", ("灯光", "Lamps")),
        _item(4, "pipes", ("制动", "Brakes"), needs_photo=True),
    ]
    session.flush()
    version.state, version.published_at = VersionState.CURRENT, AT
    session.flush()
    return checklist


def _item(position: int, code: str, group: tuple[str, str], **values: Any) -> ChecklistItem:
    zh, en = group
    return ChecklistItem(
        position=position,
        code=code,
        title_zh=f"项目 {code}",
        title_en=f"Line {code}",
        group_zh=zh,
        group_en=en,
        recommend=MENDS.get(code, ""),
        **values,
    )


def make_sold(checklist: Checklist) -> Job:
    """A running job whose only line sells the inspection."""
    signed = quotations.make_signed(make_operation(sells=checklist.topic))
    (job,) = queries.list_jobs(signed.order)
    repairs.assign(job, repairs.make_technician())
    parts.release(job.order, by=job.order.advisor, at=AT)
    work.start(job, repairs.worker(job), AT)
    return job


def line(checklist: Checklist, code: str) -> int:
    """The id of a line of the template in use."""
    query = session.query(ChecklistItem.id).join(ChecklistVersion)
    found: int = query.filter(
        ChecklistVersion.checklist_id == checklist.id, ChecklistItem.code == code
    ).scalar()
    return found


def said(result: Result | None = None, **values: Any) -> Said:
    """What somebody says of a line."""
    return Said(result, **values)
