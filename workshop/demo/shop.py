"""The made-up shop of the demo: branch, people, bays, catalogue and stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select

from workshop.catalogue.models import (
    GuaranteeClass,
    LabourRate,
    Operation,
    OperationPart,
    Package,
    PackageItem,
)
from workshop.db import session
from workshop.shop import setup
from workshop.shop.models import Bay, BayKind, Branch, OpeningHours, Shift, Skill, Technician
from workshop.shop.models import TechnicianSkill as SkillOf
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.stock import service as stock
from workshop.stock.models import Part, PartClass, StockLevel

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

C = PartClass


@dataclass(frozen=True)
class PartSeed:
    """A part: number, names, class, group of alternatives, price in fen, pieces, bin, unit."""

    no: str
    zh: str
    en: str
    kind: PartClass
    group: str | None
    price_fen: int
    pieces: int
    bin: str
    unit: str = "件"
    brand: str = "福特"
    lead_days: int = 1


PARTS: tuple[PartSeed, ...] = (
    PartSeed(
        "OIL-5W30", "全合成机油 5W-30", "Engine oil 5W-30", C.OEM, "oil", 9_800, 160, "A-01", "升"
    ),
    PartSeed(
        "OIL-5W30-E",
        "机油 5W-30 同质",
        "Engine oil 5W-30, equivalent",
        C.EQUIVALENT,
        "oil",
        6_500,
        90,
        "A-02",
        "升",
        "长城",
    ),
    PartSeed("FIL-OIL", "机油滤清器", "Oil filter", C.OEM, "oil-filter", 4_800, 60, "A-03"),
    PartSeed(
        "FIL-OIL-A",
        "机油滤清器 副厂",
        "Oil filter, aftermarket",
        C.AFTERMARKET,
        "oil-filter",
        2_600,
        30,
        "A-04",
        brand="曼牌",
    ),
    PartSeed("FIL-AIR", "空气滤清器", "Air filter", C.OEM, "air-filter", 8_600, 28, "A-05"),
    PartSeed("FIL-CAB", "空调滤清器", "Cabin filter", C.OEM, "cabin-filter", 9_900, 26, "A-06"),
    PartSeed("PAD-F", "前制动片", "Front brake pads", C.OEM, "pad-front", 42_000, 9, "B-01", "套"),
    PartSeed(
        "PAD-F-E",
        "前制动片 同质",
        "Front brake pads, equivalent",
        C.EQUIVALENT,
        "pad-front",
        29_800,
        6,
        "B-02",
        "套",
        "博世",
    ),
    PartSeed("PAD-R", "后制动片", "Rear brake pads", C.OEM, "pad-rear", 38_000, 7, "B-03", "套"),
    PartSeed("DISC-F", "前制动盘", "Front brake disc", C.OEM, "disc-front", 56_000, 8, "B-04"),
    PartSeed("FLU-BRK", "制动液 DOT4", "Brake fluid DOT4", C.OEM, None, 7_600, 40, "B-05", "升"),
    PartSeed("SPARK", "火花塞", "Spark plug", C.OEM, "spark", 8_800, 48, "C-01"),
    PartSeed("BAT-60", "蓄电池 60Ah", "Battery 60 Ah", C.OEM, "battery", 68_000, 14, "C-02"),
    PartSeed(
        "BAT-60-A",
        "蓄电池 60Ah 副厂",
        "Battery 60 Ah, aftermarket",
        C.AFTERMARKET,
        "battery",
        45_000,
        4,
        "C-03",
        brand="骆驼",
    ),
    PartSeed(
        "ALT-R",
        "发电机 修复件",
        "Alternator, reconditioned",
        C.RECONDITIONED,
        "alternator",
        88_000,
        1,
        "C-04",
    ),
    PartSeed("ALT", "发电机", "Alternator", C.OEM, "alternator", 168_000, 0, "C-05", lead_days=3),
    PartSeed("BELT", "附件皮带", "Drive belt", C.OEM, None, 18_600, 8, "C-06"),
    PartSeed("COOL", "防冻液", "Coolant", C.OEM, None, 5_200, 60, "C-07", "升"),
    PartSeed("WIPER", "雨刮片", "Wiper blades", C.OEM, None, 13_800, 20, "D-01", "对"),
    PartSeed(
        "TYRE-17",
        "轮胎 225/50R17",
        "Tyre 225/50R17",
        C.OEM,
        "tyre-17",
        72_000,
        12,
        "D-02",
        brand="米其林",
    ),
    PartSeed("ARM-F", "前下摆臂", "Front lower arm", C.OEM, None, 64_000, 2, "D-03", lead_days=2),
    PartSeed("SHOCK-F", "前减振器", "Front shock absorber", C.OEM, None, 58_000, 4, "D-04"),
    PartSeed("COMP", "空调压缩机", "A/C compressor", C.OEM, None, 236_000, 0, "D-05", lead_days=3),
    PartSeed(
        "HV-COOL",
        "动力电池冷却液",
        "Traction battery coolant",
        C.OEM,
        None,
        9_600,
        30,
        "E-01",
        "升",
    ),
    PartSeed("BUMP-R", "后保险杠", "Rear bumper", C.OEM, None, 128_000, 1, "E-02", lead_days=2),
    PartSeed("PAINT", "漆料（一面）", "Paint for one panel", C.OEM, None, 26_000, 30, "E-03", "份"),
)


@dataclass(frozen=True)
class OperationSeed:
    """An operation: code, names, skill, level, book minutes, bay kinds, parts (no, milli)."""

    code: str
    zh: str
    en: str
    skill: str
    level: int
    minutes: int
    bays: tuple[BayKind, ...]
    parts: tuple[tuple[str, int], ...] = ()
    keywords: str = ""
    guarantee: GuaranteeClass = GuaranteeClass.MINOR


LIFTS = (BayKind.LIFT,)
QUICK = (BayKind.QUICK, BayKind.LIFT)
FLAT = (BayKind.FLAT, BayKind.QUICK, BayKind.LIFT)

OPERATIONS: tuple[OperationSeed, ...] = (
    OperationSeed(
        "M-OIL",
        "更换机油机滤",
        "Engine oil and filter change",
        "maintenance",
        1,
        30,
        QUICK,
        (("OIL-5W30", 4500), ("FIL-OIL", 1000)),
        "保养 小保养 oil service",
    ),
    OperationSeed(
        "M-AIR",
        "更换空气滤清器",
        "Replace air filter",
        "maintenance",
        1,
        15,
        FLAT,
        (("FIL-AIR", 1000),),
        "空滤",
    ),
    OperationSeed(
        "M-CAB",
        "更换空调滤清器",
        "Replace cabin filter",
        "maintenance",
        1,
        15,
        FLAT,
        (("FIL-CAB", 1000),),
        "空调滤",
    ),
    OperationSeed(
        "M-INSP",
        "36 项安全检查",
        "36-point safety inspection",
        "maintenance",
        1,
        30,
        QUICK,
        (),
        "检查 inspection",
    ),
    OperationSeed(
        "M-L2",
        "二级维护",
        "Level-2 maintenance",
        "maintenance",
        2,
        120,
        LIFTS,
        (("OIL-5W30", 4500), ("FIL-OIL", 1000), ("FIL-AIR", 1000)),
        "大保养",
        GuaranteeClass.LEVEL_2_MAINTENANCE,
    ),
    OperationSeed(
        "B-PAD-F",
        "更换前制动片",
        "Replace front brake pads",
        "chassis",
        1,
        60,
        LIFTS,
        (("PAD-F", 1000),),
        "刹车片 异响 brake noise",
    ),
    OperationSeed(
        "B-PAD-R",
        "更换后制动片",
        "Replace rear brake pads",
        "chassis",
        1,
        60,
        LIFTS,
        (("PAD-R", 1000),),
        "刹车片 brake",
    ),
    OperationSeed(
        "B-DISC-F",
        "更换前制动盘（一对）",
        "Replace front brake discs",
        "chassis",
        2,
        90,
        LIFTS,
        (("DISC-F", 2000), ("PAD-F", 1000)),
        "刹车盘 抖动 brake judder",
    ),
    OperationSeed(
        "B-FLUID",
        "更换制动液",
        "Replace brake fluid",
        "chassis",
        1,
        45,
        LIFTS,
        (("FLU-BRK", 1000),),
        "刹车油",
    ),
    OperationSeed(
        "C-ARM-F",
        "更换前下摆臂",
        "Replace front lower arm",
        "chassis",
        2,
        90,
        LIFTS,
        (("ARM-F", 1000),),
        "底盘 异响 noise",
    ),
    OperationSeed(
        "C-SHOCK",
        "更换前减振器（一对）",
        "Replace front shock absorbers",
        "chassis",
        2,
        120,
        LIFTS,
        (("SHOCK-F", 2000),),
        "减震 漏油",
    ),
    OperationSeed(
        "C-ALIGN",
        "四轮定位",
        "Four-wheel alignment",
        "chassis",
        2,
        60,
        (BayKind.ALIGNMENT,),
        (),
        "跑偏 alignment",
    ),
    OperationSeed(
        "C-TYRE",
        "更换轮胎（一对）",
        "Replace two tyres",
        "chassis",
        1,
        45,
        QUICK,
        (("TYRE-17", 2000),),
        "轮胎 tyre",
    ),
    OperationSeed(
        "E-SPARK",
        "更换火花塞",
        "Replace spark plugs",
        "engine",
        1,
        60,
        FLAT,
        (("SPARK", 4000),),
        "抖动 加速无力 misfire",
    ),
    OperationSeed(
        "E-BELT",
        "更换附件皮带",
        "Replace drive belt",
        "engine",
        2,
        60,
        LIFTS,
        (("BELT", 1000),),
        "皮带 异响",
    ),
    OperationSeed(
        "E-DIAG",
        "发动机故障诊断",
        "Engine fault diagnosis",
        "engine",
        2,
        45,
        FLAT,
        (),
        "故障灯 diagnosis check engine",
    ),
    OperationSeed(
        "E-OVER",
        "发动机大修",
        "Engine overhaul",
        "engine",
        3,
        420,
        LIFTS,
        (("COOL", 6000),),
        "烧机油 overhaul",
        GuaranteeClass.OVERHAUL,
    ),
    OperationSeed(
        "L-BAT",
        "更换蓄电池",
        "Replace battery",
        "electrical",
        1,
        30,
        FLAT,
        (("BAT-60", 1000),),
        "电瓶 打不着火 battery",
    ),
    OperationSeed(
        "L-ALT",
        "更换发电机",
        "Replace alternator",
        "electrical",
        2,
        90,
        LIFTS,
        (("ALT", 1000),),
        "不充电 alternator",
    ),
    OperationSeed(
        "L-DIAG",
        "电路诊断",
        "Electrical diagnosis",
        "electrical",
        2,
        60,
        FLAT,
        (),
        "漏电 electrical",
    ),
    OperationSeed(
        "L-AC",
        "更换空调压缩机",
        "Replace A/C compressor",
        "electrical",
        2,
        150,
        LIFTS,
        (("COMP", 1000),),
        "空调不制冷",
    ),
    OperationSeed(
        "L-WIPER",
        "更换雨刮片",
        "Replace wiper blades",
        "maintenance",
        1,
        15,
        FLAT,
        (("WIPER", 1000),),
        "雨刮",
    ),
    OperationSeed(
        "H-CHECK",
        "高压系统检查",
        "High-voltage system check",
        "high_voltage",
        2,
        60,
        (BayKind.HIGH_VOLTAGE,),
        (),
        "电池 充电 ev",
    ),
    OperationSeed(
        "H-COOL",
        "更换动力电池冷却液",
        "Replace traction battery coolant",
        "high_voltage",
        2,
        90,
        (BayKind.HIGH_VOLTAGE,),
        (("HV-COOL", 6000),),
        "电池 冷却",
    ),
    OperationSeed(
        "D-BUMP-R",
        "更换后保险杠",
        "Replace rear bumper",
        "body",
        2,
        90,
        (BayKind.BODY,),
        (("BUMP-R", 1000),),
        "追尾 bumper",
    ),
    OperationSeed(
        "D-DENT",
        "钣金修复（一面）",
        "Repair one panel",
        "body",
        2,
        120,
        (BayKind.BODY,),
        (),
        "凹陷 dent",
    ),
    OperationSeed(
        "P-PANEL",
        "喷漆（一面）",
        "Paint one panel",
        "paint",
        2,
        180,
        (BayKind.PAINT,),
        (("PAINT", 1000),),
        "补漆 paint",
    ),
)

PACKAGES: tuple[tuple[str, str, str, int | None, int | None, tuple[str, ...]], ...] = (
    ("PK-MINOR", "小保养套餐", "Minor service", 5_000, 6, ("M-OIL", "M-INSP")),
    (
        "PK-MAJOR",
        "大保养套餐",
        "Major service",
        10_000,
        12,
        ("M-OIL", "M-AIR", "M-CAB", "M-INSP", "B-FLUID"),
    ),
    ("PK-BRAKE", "制动安心套餐", "Brake care", None, None, ("B-PAD-F", "B-FLUID", "M-INSP")),
    ("PK-WINTER", "冬季无忧套餐", "Winter care", None, None, ("L-BAT", "L-WIPER", "M-INSP")),
    ("PK-EV", "新能源保养套餐", "Electric car service", 20_000, 12, ("H-CHECK", "M-CAB", "M-INSP")),
)


@dataclass
class Shop:
    """What the story needs at hand."""

    branch: Branch
    people: dict[str, User]
    operations: dict[str, Operation]
    packages: dict[str, Package]


def build(at: datetime, password: str | None = None) -> Shop:
    """Make the whole shop; `at` is the time of its founding."""
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
    _rates(branch)
    parts = _parts(branch, people["parts"], at)
    operations = _operations(parts)
    return Shop(branch, people, operations, _packages(operations))


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
                session.add(
                    Shift(technician_id=technician.id, weekday=weekday, starts=starts, ends=ends)
                )
        for code, level in levels.items():
            session.add(SkillOf(technician_id=technician.id, skill_id=skills[code].id, level=level))
        people[username] = user
    return people


def _rates(branch: Branch) -> None:
    session.add(
        LabourRate(
            branch_id=branch.id,
            code="standard",
            name_zh="标准工时",
            name_en="Standard",
            fen_per_hour=24_000,
        )
    )
    session.flush()


def _parts(branch: Branch, clerk: User, at: datetime) -> dict[str, Part]:
    parts = {}
    for seed in PARTS:
        part = Part(
            no=seed.no,
            name_zh=seed.zh,
            name_en=seed.en,
            part_class=seed.kind,
            choice_group=seed.group,
            brand=seed.brand,
            unit=seed.unit,
            price_fen=seed.price_fen,
            lead_days=seed.lead_days,
        )
        session.add(part)
        session.flush()
        session.add(StockLevel(branch_id=branch.id, part_id=part.id, bin=seed.bin))
        session.flush()
        if seed.pieces:
            stock.receive(part, branch, seed.pieces * 1000, "期初盘点", by=clerk, at=at)
        parts[seed.no] = part
    return parts


def _operations(parts: dict[str, Part]) -> dict[str, Operation]:
    skills = {skill.code: skill for skill in session.scalars(select(Skill))}
    made = {}
    for seed in OPERATIONS:
        operation = Operation(
            code=seed.code,
            name_zh=seed.zh,
            name_en=seed.en,
            skill_id=skills[seed.skill].id,
            level=seed.level,
            book_minutes=seed.minutes,
            bay_kinds=[kind.value for kind in seed.bays],
            keywords=seed.keywords,
            guarantee=seed.guarantee,
        )
        session.add(operation)
        session.flush()
        for no, milli in seed.parts:
            session.add(
                OperationPart(operation_id=operation.id, part_id=parts[no].id, quantity_milli=milli)
            )
        made[seed.code] = operation
    session.flush()
    return made


def _packages(operations: dict[str, Operation]) -> dict[str, Package]:
    made = {}
    for code, zh, en, km, months, codes in PACKAGES:
        package = Package(code=code, name_zh=zh, name_en=en, interval_km=km, interval_months=months)
        session.add(package)
        session.flush()
        for position, operation in enumerate(codes):
            session.add(
                PackageItem(
                    package_id=package.id,
                    operation_id=operations[operation].id,
                    position=position,
                )
            )
        made[code] = package
    session.flush()
    return made
