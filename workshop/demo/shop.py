"""The made-up shop of the demo: branch, people and bays; `assortment` is what it sells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select

from workshop.catalogue.checklists import starter
from workshop.catalogue.models import Operation, Package
from workshop.db import session
from workshop.demo import assortment
from workshop.shop import setup
from workshop.shop.models import Bay, BayKind, Branch, OpeningHours, Shift, Skill, Technician
from workshop.shop.models import TechnicianSkill as SkillOf
from workshop.staff import service as staff
from workshop.staff.floor import service as floor
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking.online import settings as online

R = RoleName
PEOPLE: tuple[tuple[str, str, RoleName], ...] = (
    ("manager", "周敏", R.SERVICE_MANAGER),
    ("advisor", "陈思远", R.SERVICE_ADVISOR),
    ("advisor2", "刘佳", R.SERVICE_ADVISOR),
    ("advisor3", "何立", R.SERVICE_ADVISOR),
    ("assistant", "宋雨", R.SERVICE_ASSISTANT),
    ("controller", "郑凯", R.JOB_CONTROLLER),
    ("leader", "马国强", R.TEAM_LEADER),
    ("inspector", "孙伟", R.QUALITY_INSPECTOR),
    ("parts", "吴丽", R.PARTS_CLERK),
    ("cashier", "钱芳", R.CASHIER),
    ("relations", "林晓", R.CUSTOMER_RELATIONS),
    ("lounge", "黄莺", R.LOUNGE_ATTENDANT),
    ("greeter", "丁勇", R.GREETER),
    ("warranty", "沈洁", R.WARRANTY_CLERK),
    ("washer", "田军", R.WASHER),
    ("admin", "曹宇", R.ADMINISTRATOR),
)

TECHNICIANS: tuple[tuple[str, str, dict[str, int]], ...] = (
    ("tech1", "赵强", {"maintenance": 3, "engine": 3, "chassis": 2}),
    ("tech2", "李铁", {"maintenance": 2, "chassis": 3}),
    ("tech3", "王磊", {"maintenance": 2, "engine": 2, "electrical": 2}),
    ("tech4", "张浩", {"electrical": 3, "high_voltage": 3, "maintenance": 1}),
    ("tech5", "杨帆", {"maintenance": 2, "chassis": 2}),
    ("tech6", "徐明", {"maintenance": 1, "engine": 1}),
    ("tech7", "罗成", {"body": 3, "paint": 2}),
    ("tech8", "谢东", {"paint": 3, "body": 1}),
)

BAYS: tuple[tuple[str, BayKind], ...] = (
    ("L1", BayKind.LIFT),
    ("L2", BayKind.LIFT),
    ("L3", BayKind.LIFT),
    ("L4", BayKind.LIFT),
    ("Q1", BayKind.QUICK),
    ("Q2", BayKind.QUICK),
    ("F1", BayKind.FLAT),
    ("A1", BayKind.ALIGNMENT),
    ("HV1", BayKind.HIGH_VOLTAGE),
    ("B1", BayKind.BODY),
    ("P1", BayKind.PAINT),
    ("W1", BayKind.WASH),
)


@dataclass
class Shop:
    """What the story needs at hand."""

    branch: Branch
    people: dict[str, User]
    operations: dict[str, Operation]
    packages: dict[str, Package]


# What customers read of the packages that they may book by themselves.
SAID_ONLINE = {
    "PK-FIRST": ("新车第一次保养：换机油机滤，全车检查", "The first service of a new car"),
    "PK-MINOR": (
        "换机油机滤，检查刹车、轮胎、灯光和油液",
        "Oil and filter, and a check of the car",
    ),
    "PK-MAJOR": (
        "小保养内容，另换空气滤和空调滤，轮胎换位，刹车保养",
        "Minor service, air and cabin filters, tyres rotated",
    ),
    "PK-AC": ("空调系统检测与清洗", "Air conditioning checked and cleaned"),
}


def build(at: datetime, password: str | None = None) -> Shop:
    """Make the whole shop; `at` is when it opened."""
    branch = setup.make_first_branch("福星汽车 · 浦东店", at=at)
    branch.address = "上海市浦东新区杨高中路 2088 号"
    branch.phone = "021-5000 1234"
    branch.complaint_phone = "021-5000 1299"
    branch.email = "service@fuxing-auto.example"
    branch.bank_account = "示例银行浦东支行 6222 0000 0000 0001"
    branch.tax_no = "91310000MA1FL0000X"
    for opening in session.scalars(select(OpeningHours).where(OpeningHours.branch_id == branch.id)):
        opening.opens, opening.closes = time(7, 30), time(20, 0)
    # The demo has no closed day, so that it lives whenever somebody tries it.
    session.add(OpeningHours(branch_id=branch.id, weekday=6, opens=time(7, 30), closes=time(20, 0)))
    staff.ensure_roles()
    people = {
        username: staff.create_user(username, name, [role], branch.id, at=at, password=password)
        for username, name, role in PEOPLE
    }
    people |= _technicians(branch, at, password)
    for code, kind in BAYS:
        session.add(Bay(branch_id=branch.id, code=code, kind=kind))
    operations, packages = assortment.make(branch, people["parts"], people["manager"], at)
    starter.lay(by=people["manager"], at=at)
    _open_online(branch, packages, people["admin"], at)
    phone, _token = floor.offer(None, at=at)
    floor.pair(phone.pairing_code or "", "车间手机 1", by=people["manager"], at=at)
    return Shop(branch, people, operations, packages)


def _open_online(branch: Branch, packages: dict[str, Package], by: User, at: datetime) -> None:
    """Customers of the demo book by themselves, what they understand without asking."""
    words = {packages[code].id: said for code, said in SAID_ONLINE.items() if code in packages}
    online.offer(branch, words, by=by, at=at)
    online.set_rules(branch, online.Values(is_open=True), by=by, at=at)


def _technicians(branch: Branch, at: datetime, password: str | None) -> dict[str, User]:
    skills = {skill.code: skill for skill in session.scalars(select(Skill))}
    people = {}
    for username, name, levels in TECHNICIANS:
        user = staff.create_user(
            username, name, [R.TECHNICIAN], branch.id, at=at, password=password
        )
        technician = Technician(branch_id=branch.id, user_id=user.id)
        session.add(technician)
        session.flush()
        for weekday in range(7):
            for starts, ends in ((time(7, 30), time(12)), (time(12, 45), time(20))):
                session.add(Shift(user_id=user.id, weekday=weekday, starts=starts, ends=ends))
        for code, level in levels.items():
            session.add(SkillOf(technician_id=technician.id, skill_id=skills[code].id, level=level))
        people[username] = user
    return people
