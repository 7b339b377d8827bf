"""Plain factories: each makes one valid record of the spine, flushed, with sensible defaults."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient
from sqlalchemy import select

from workshop import clock, db
from workshop.attendance.models import Attendance
from workshop.catalogue.models import (
    LabourPrice,
    LabourRate,
    Operation,
    Package,
    PackageItem,
    PackagePrice,
    PartKind,
    Payer,
)
from workshop.customers.models import Customer, CustomerContact, CustomerKind, Vehicle
from workshop.db import session
from workshop.orders import service as orders
from workshop.orders.flow import ALLOWED, Stage
from workshop.orders.models import Job, RepairOrder, StageChange
from workshop.shop.models import Bay, BayKind, Branch, OpeningHours, Shift, Skill, Technician
from workshop.shop.models import TechnicianSkill as SkillOf
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.staff.sessions import service as sessions
from workshop.staff.sessions.models import SignInWay
from workshop.stock.models import Part, PartClass, StockEntry, StockLevel, StockMove

AT = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
_count = itertools.count(1)


def make_branch(code: str = "main", **values: Any) -> Branch:
    """The branch of this code, made once, open 8–18 from Monday to Saturday."""
    known = session.scalars(select(Branch).where(Branch.code == code)).one_or_none()
    if known is not None:
        return known
    branch = Branch(code=code, name="浦东店", phone="021-50001234", created_at=AT, **values)
    session.add(branch)
    session.flush()
    for weekday in range(6):
        session.add(
            OpeningHours(branch_id=branch.id, weekday=weekday, opens=time(8), closes=time(18))
        )
    session.flush()
    return branch


def make_user(role: RoleName, *, branch: Branch | None = None, name: str | None = None) -> User:
    """A user of one role."""
    number = next(_count)
    return staff.create_user(
        f"{role.value}{number}",
        name or f"员工{number}",
        [role],
        (branch or make_branch()).id,
        at=AT,
    )


def begin_session(user: User) -> str:
    """Sign the user in; all is committed. What the cookie carries as `_user_id`."""
    _, token = sessions.begin(user, SignInWay.PASSWORD, at=clock.now())
    db.commit()
    return token


def become(client: FlaskClient, user: User) -> FlaskClient:
    """The same browser, with this user signed in."""
    token = begin_session(user)
    with client.session_transaction() as kept:
        kept.clear()
        kept["_user_id"] = token
        kept["_fresh"] = True
    return client


def make_skill(code: str = "engine") -> Skill:
    """The skill of this code, made once."""
    known = session.scalars(select(Skill).where(Skill.code == code)).one_or_none()
    if known is None:
        known = Skill(code=code, name_zh=f"技能{code}", name_en=f"Skill {code}")
        session.add(known)
        session.flush()
    return known


def make_technician(
    *,
    skill: Skill | None = None,
    level: int = 2,
    branch: Branch | None = None,
    here_since: datetime | None = AT - timedelta(hours=2),
) -> Technician:
    """A technician with one skill, who works 8–12 and 13–18 from Monday to Saturday.

    Clocked in at eight of `AT`'s day, unless `here_since` says otherwise.
    """
    branch = branch or make_branch()
    user = make_user(RoleName.TECHNICIAN, branch=branch)
    technician = Technician(branch_id=branch.id, user_id=user.id)
    session.add(technician)
    session.flush()
    session.add(
        SkillOf(technician_id=technician.id, skill_id=(skill or make_skill()).id, level=level)
    )
    for weekday, (starts, ends) in itertools.product(range(6), ((8, 12), (13, 18))):
        session.add(Shift(user_id=user.id, weekday=weekday, starts=time(starts), ends=time(ends)))
    session.flush()
    if here_since is not None:
        make_attendance(technician, here_since)
    return technician


def make_attendance(
    technician: Technician, started_at: datetime, ended_at: datetime | None = None
) -> Attendance:
    """A stay in the shop; who is here still has clocked in again, a stay before is over."""
    for each in session.scalars(
        select(Attendance).where(
            Attendance.technician_id == technician.id, Attendance.ended_at.is_(None)
        )
    ):
        each.ended_at, each.ended_by_id = each.started_at, technician.user_id
    session.flush()
    stay = Attendance(
        technician_id=technician.id,
        started_at=started_at,
        ended_at=ended_at,
        made_at=started_at,
        made_by_id=technician.user_id,
        ended_by_id=technician.user_id if ended_at else None,
    )
    session.add(stay)
    session.flush()
    return stay


def make_bay(kind: BayKind = BayKind.LIFT, *, branch: Branch | None = None) -> Bay:
    """A bay."""
    bay = Bay(branch_id=(branch or make_branch()).id, code=f"B{next(_count)}", kind=kind)
    session.add(bay)
    session.flush()
    return bay


def make_customer(name: str = "王小明", phone: str | None = None, **values: Any) -> Customer:
    """A person with a mobile number."""
    phone = phone or f"138{next(_count):08d}"
    customer = Customer(name=name, phone=phone, created_at=AT, **values)
    session.add(customer)
    session.flush()
    return customer


def make_company(name: str = "顺达物流有限公司", **values: Any) -> Customer:
    """A company with the number of its office."""
    return make_customer(name, kind=CustomerKind.COMPANY, **values)


def make_contact(
    company: Customer | None = None, *, name: str = "李工", phone: str | None = None, **values: Any
) -> CustomerContact:
    """A person of a company."""
    contact = CustomerContact(
        customer=company or make_company(),
        name=name,
        phone=phone or f"139{next(_count):08d}",
        **values,
    )
    session.add(contact)
    session.flush()
    return contact


def make_vehicle(
    *, customer: Customer | None = None, plate: str | None = None, **values: Any
) -> Vehicle:
    """A car with a plate."""
    customer = customer or make_customer()
    vehicle = Vehicle(
        customer_id=customer.id,
        plate=plate or f"粤B{next(_count):05d}",
        make=values.pop("make", "福特"),
        model=values.pop("model", "蒙迪欧"),
        created_at=AT,
        **values,
    )
    session.add(vehicle)
    session.flush()
    return vehicle


def make_order(
    stage: Stage = Stage.RECEPTION,
    *,
    advisor: User | None = None,
    vehicle: Vehicle | None = None,
    branch: Branch | None = None,
    **values: Any,
) -> RepairOrder:
    """A repair order that walked the shortest legal way to `stage`, without the steps' facts."""
    branch = branch or make_branch()
    advisor = advisor or make_user(RoleName.SERVICE_ADVISOR, branch=branch)
    vehicle = vehicle or make_vehicle()
    order = orders.open_order(
        vehicle,
        vehicle.customer,
        advisor,
        branch,
        concern=values.pop("concern", "刹车时有异响"),
        is_walk_in=values.pop("is_walk_in", True),
        arrived_at=AT,
        day=date(2026, 11, 23),
        by=advisor,
        at=AT,
    )
    for name, value in values.items():
        setattr(order, name, value)
    for each in shortest_way(stage):
        order.move_to(each, advisor, AT)
    session.flush()
    return order


def shortest_way(stage: Stage) -> list[Stage]:
    """The stages from reception to `stage` along the table, reception left out."""
    ways: dict[Stage, list[Stage]] = {Stage.RECEPTION: []}
    queue = [Stage.RECEPTION]
    while queue:
        current = queue.pop(0)
        for following in sorted(ALLOWED[current], key=lambda each: each.value):
            if following not in ways:
                ways[following] = [*ways[current], following]
                queue.append(following)
    return ways[stage]


def make_job(order: RepairOrder | None = None, **values: Any) -> Job:
    """A job of one hour on a lift that needs the engine skill."""
    order = order or make_order(Stage.AUTHORISED)
    job = Job(
        order_id=order.id,
        position=values.pop("position", next(_count)),
        title_zh="更换前制动片",
        title_en="Replace front brake pads",
        skill_id=values.pop("skill_id", make_skill().id),
        book_minutes=values.pop("book_minutes", 60),
        bay_kinds=values.pop("bay_kinds", [BayKind.LIFT.value]),
        **values,
    )
    session.add(job)
    session.flush()
    return job


def make_rate(
    branch: Branch | None = None, code: str = "standard", fen: int = 24_000
) -> LabourRate:
    """A labour rate: ¥240.00 an hour."""
    branch = branch or make_branch()
    query = select(LabourRate).where(LabourRate.branch_id == branch.id, LabourRate.code == code)
    known = session.scalars(query).one_or_none()
    if known is None:
        known = LabourRate(
            branch_id=branch.id, code=code, name_zh="标准", name_en="Standard", active=True
        )
        session.add(known)
        session.flush()
        make_labour_price(known, fen)
    return known


def make_labour_price(
    rate: LabourRate,
    fen: int | None,
    payer: Payer = Payer.CUSTOMER,
    valid_from: date = date(2020, 1, 1),
    **values: Any,
) -> LabourPrice:
    """A line of a rate's history."""
    line = LabourPrice(
        rate_id=rate.id, payer=payer, fen=fen, valid_from=valid_from, at=AT, **values
    )
    session.add(line)
    session.flush()
    return line


def make_operation(code: str | None = None, **values: Any) -> Operation:
    """A labour operation of one hour."""
    operation = Operation(
        code=code or f"OP{next(_count)}",
        name_zh=values.pop("name_zh", "更换前制动片"),
        name_en=values.pop("name_en", "Replace front brake pads"),
        skill_id=values.pop("skill_id", make_skill().id),
        book_minutes=values.pop("book_minutes", 60),
        bay_kinds=values.pop("bay_kinds", [BayKind.LIFT.value]),
        **values,
    )
    session.add(operation)
    session.flush()
    return operation


def make_package(*operations: Operation, fen: int | None = None, **values: Any) -> Package:
    """A package of operations, at a fixed price if `fen` says one."""
    package = Package(
        code=values.pop("code", None) or f"PK{next(_count)}",
        name_zh=values.pop("name_zh", "A 类保养"),
        name_en=values.pop("name_en", "Service A"),
        **values,
    )
    package.items = [
        PackageItem(operation_id=operation.id, position=position)
        for position, operation in enumerate(operations, start=1)
    ]
    session.add(package)
    session.flush()
    if fen is not None:
        session.add(
            PackagePrice(package_id=package.id, fen=fen, valid_from=date(2020, 1, 1), at=AT)
        )
        session.flush()
    return package


def make_kind(code: str = "pad-front", **values: Any) -> PartKind:
    """A kind of part that nothing on the shelf is yet."""
    kind = PartKind(
        code=code,
        name_zh=values.pop("name_zh", "前制动片"),
        name_en=values.pop("name_en", "Front pads"),
        unit=values.pop("unit", "套"),
        **values,
    )
    session.add(kind)
    session.flush()
    return kind


def make_part(
    no: str | None = None, *, on_hand: int = 10, branch: Branch | None = None, **values: Any
) -> Part:
    """A part with `on_hand` pieces on the shelf."""
    branch = branch or make_branch()
    part = Part(
        no=no or f"P{next(_count)}",
        name_zh=values.pop("name_zh", "前制动片"),
        name_en=values.pop("name_en", "Front brake pads"),
        part_class=values.pop("part_class", PartClass.OEM),
        price_fen=values.pop("price_fen", 38_000),
        **values,
    )
    session.add(part)
    session.flush()
    session.add(
        StockLevel(branch_id=branch.id, part_id=part.id, bin="A-01", on_hand_milli=on_hand * 1000)
    )
    if on_hand:
        clerk = make_user(RoleName.PARTS_CLERK, branch=branch)
        session.add(
            StockEntry(
                branch_id=branch.id,
                part_id=part.id,
                move=StockMove.RECEIPT,
                quantity_milli=on_hand * 1000,
                origin="期初",
                at=AT,
                by_id=clerk.id,
            )
        )
    session.flush()
    return part


def list_stage_changes(order: RepairOrder) -> list[StageChange]:
    """The moves of the order, oldest first."""
    return orders.list_changes(order)
