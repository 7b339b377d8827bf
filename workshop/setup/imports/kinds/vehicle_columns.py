"""The columns of a list of cars, and what people call them."""

from __future__ import annotations

from workshop.characters import to_half_width
from workshop.customers import cells as of_people
from workshop.customers.mileage import MOST_KM
from workshop.customers.models import EnergyType, VehicleClass
from workshop.customers.particulars import FIRST_YEAR, LAST_YEAR, PAPER_LABELS
from workshop.errors import N_
from workshop.setup.imports.kind import Column
from workshop.sheets import cells, days
from workshop.sheets.cells import Cell
from workshop.sheets.headers import normal_name

_E = EnergyType
ENERGIES = {
    normal_name(word): energy
    for energy, said in (
        (_E.FUEL, "油 汽油 燃油 汽 fuel petrol gasoline gas"),
        (_E.DIESEL, "柴油 柴 diesel"),
        (_E.HYBRID, "混 混动 混合动力 油电混合 油电混动 插电 插混 插电混动"),
        (_E.HYBRID, "插电式混合动力 增程 增程式 hybrid phev hev mhev erev"),
        (_E.ELECTRIC, "电 纯电 纯电动 电动 新能源 electric ev bev"),
    )
    for word in said.split()
}  # fmt: skip
_C = VehicleClass
CLASSES = {
    normal_name(word): of
    for of, said in (
        (_C.COMPACT, "小型车 小型 微型车 紧凑型 紧凑型车 紧凑级 A级 A0级 A00级 compact small"),
        (_C.MID, "中型车 中型 中级 中大型 中大型车 大型轿车 B级 C级 mid midsize"),
        (_C.SUV, "SUV MPV 越野车 越野 商务车 面包车 七座 suvormpv"),
    )
    for word in said.split()
}  # fmt: skip


def _class(text: str) -> Cell[VehicleClass]:
    """How large the car is; a word that nobody knows is flagged, and says nothing."""
    found = cells.choice(text, CLASSES)
    return Cell(found.value, found.warning or found.refusal)


def _energy(text: str) -> Cell[EnergyType]:
    """What drives the car; a word that nobody knows is flagged, and says nothing."""
    found = cells.choice(text, ENERGIES)
    return Cell(found.value, found.warning or found.refusal)


def _mileage(text: str) -> Cell[int]:
    found = cells.mileage(text)
    if found.value is not None and found.value > MOST_KM:
        return cells.refused(N_("A mileage lies between 0 and %(most)s km."), most=MOST_KM)
    return found


def _model_year(text: str) -> Cell[int]:
    """The year of the model, as 2021 or 2021款; another one is flagged, and left."""
    plain = to_half_width(cells.bare(text)).removesuffix("款").removesuffix("年").strip()
    found = cells.whole(plain, FIRST_YEAR, LAST_YEAR)
    return Cell(found.value, found.warning or found.refusal)


COLUMNS = (
    Column(
        "plate", N_("Plate"), of_people.plates,
        ("车牌", "车牌号", "车牌号码", "牌照", "牌照号", "号牌", "license plate", "plate no",
         "registration", "reg no"),
        example="沪A12345", hint=N_("Plate or VIN; a new car may have no plate yet."),
    ),
    Column(
        "vin", N_("VIN"), of_people.vin,
        ("车架号", "车架号码", "车辆识别代号", "识别码", "大架号", "底盘号", "vin码", "vin号",
         "chassis", "chassis no"),
        example="LSVAA4185C2184841",
    ),
    Column(
        "owner_number", N_("Customer number"), lambda text: cells.code(text, 60),
        ("客户编号", "客户号", "会员号", "会员卡号", "车主编号", "customer no", "customer id"),
        example="K0001", hint=N_("Whose car it is: this number, or the phone."),
    ),
    Column(
        "owner_phone", N_("Owner's phone"), of_people.phones,
        ("手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "车主电话", "客户电话",
         "phone", "mobile", "tel"),
        example="13800138000",
    ),
    Column(
        "owner_name", N_("Owner's name"), lambda text: cells.name(text, 80),
        ("姓名", "车主", "车主姓名", "客户", "客户姓名", "客户名称", "owner", "name", "customer"),
        example="张伟",
    ),
    Column(
        "make", N_("Make"), lambda text: cells.name(text, 40),
        ("品牌", "车辆品牌", "厂牌", "brand"), example="大众",
    ),
    Column(
        "model", N_("Model"), lambda text: cells.name(text, 60),
        ("车系", "车型", "型号", "车辆型号", "series"), example="朗逸",
    ),
    Column(
        "colour", N_("Colour"), lambda text: cells.name(text, 20),
        ("颜色", "车身颜色", "color"), example="白",
    ),
    Column(
        "energy", N_("Energy"), _energy,
        ("能源", "能源类型", "燃料", "燃料类型", "动力", "动力类型", "fuel"), example="汽油",
    ),
    Column(
        "vehicle_class", N_("Class of the car"), _class,
        ("车型级别", "车辆级别", "级别", "车身类型", "车辆类型", "vehicle class", "body type"),
        example="紧凑型",
    ),
    Column(
        "engine_no", N_("Engine number"), lambda text: cells.code(text, 40),
        ("发动机号", "发动机号码", "电机号", "engine no"), example="CFN123456",
    ),
    Column(
        "mileage_km", N_("Mileage"), _mileage,
        ("里程", "里程数", "行驶里程", "公里数", "表显里程", "当前里程", "km", "odometer"),
        example="52000",
    ),
    Column(
        "ev_km", N_("Kilometres by battery"), _mileage,
        ("纯电行驶里程", "纯电里程", "电动里程", "ev km", "electric km"),
        hint=N_("Of a plug-in hybrid, what it drove by its battery."),
    ),
    Column(
        "mileage_on", N_("Mileage read on"), days.day,
        ("里程日期", "里程登记日期", "最近进厂", "最近到店", "mileage date", "odometer date"),
        is_day=True, example="2026-05-20",
    ),
    Column(
        "first_registered_on", N_("First registered"), days.day,
        ("上牌日期", "初次登记日期", "注册日期", "登记日期", "初登日期", "registered",
         "registration date"),
        is_day=True, example="2021-03-08",
    ),
    Column(
        "model_year", PAPER_LABELS["model_year"], _model_year,
        ("年款", "车型年款", "年款型", "款式年份", "model year", "year"), example="2021",
    ),
    Column(
        "inspection_due_on", PAPER_LABELS["inspection_due_on"], days.day,
        ("年检到期", "年检到期日", "年审到期", "年检日期", "检验有效期", "验车到期",
         "检验有效期至", "inspection due", "inspection date"),
        is_day=True, example="2027-03-31",
    ),
    Column(
        "insurance_due_on", PAPER_LABELS["insurance_due_on"], days.day,
        ("保险到期", "保险到期日", "交强险到期", "商业险到期", "保险终止日期", "保险有效期",
         "insurance due", "insurance until", "insurance date"),
        is_day=True, example="2027-03-07",
    ),
    Column(
        "next_due_on", N_("Next service on"), days.day,
        ("下次保养日期", "下次保养日", "下次保养时间", "保养到期", "next service",
         "next service date"),
        is_day=True, example="2026-12-01",
    ),
    Column(
        "next_due_km", N_("Next service at"), _mileage,
        ("下次保养里程", "下次保养公里", "下次保养km", "next service km"), example="60000",
    ),
)  # fmt: skip
