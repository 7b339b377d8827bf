"""What a list of past visits says of each line, and of the visit that the line belongs to."""

from __future__ import annotations

from workshop.customers import cells as of_cars
from workshop.errors import N_
from workshop.setup.imports.kind import Column
from workshop.sheets import cells, days
from workshop.sheets.cells import Cell


def _title(text: str) -> Cell[str]:
    return cells.text(" ".join(text.split()), 200)


COLUMNS = (
    Column(
        "no", N_("Order number"), lambda text: cells.code(text, 60),
        ("工单号", "维修单号", "委托书号", "结算单号", "单号", "工单编号", "维修单", "ro no",
         "order no", "invoice no"),
        example="RO20240312-008",
        hint=N_("All lines of a visit have the same; empty goes on with the line above."),
    ),
    Column(
        "plate", N_("Plate"), of_cars.plates,
        ("车牌", "车牌号", "车牌号码", "牌照", "牌照号", "plate no", "license plate"),
        example="粤B12345",
    ),
    Column(
        "vin", N_("VIN"), of_cars.vin,
        ("车架号", "vin码", "底盘号", "车辆识别代号", "vin no"), example="LSVNV2187E2100001",
    ),
    Column(
        "arrived_at", N_("Came in on"), days.moment,
        ("进厂", "进厂日期", "进厂时间", "接车时间", "接车日期", "开单日期", "开单时间", "维修日期",
         "日期", "date", "in", "date in"),
        is_day=True, example="2024-03-12",
    ),
    Column(
        "left_at", N_("Went out on"), days.moment,
        ("出厂", "出厂日期", "出厂时间", "交车时间", "交车日期", "结算日期", "结算时间", "完工日期",
         "out", "date out"),
        is_day=True, example="2024-03-12",
    ),
    Column(
        "mileage_km", N_("Mileage"), cells.mileage,
        ("里程", "进厂里程", "行驶里程", "公里数", "里程数", "km", "odometer"), example="46000",
    ),
    Column(
        "kind", N_("Kind"), lambda text: cells.name(text, 40),
        ("类型", "类别", "维修类型", "业务类型", "维修类别", "工单类型", "type"), example="保养",
    ),
    Column(
        "code", N_("Code"), lambda text: cells.code(text, 60),
        ("编码", "项目编码", "项目编号", "配件编码", "工时编码", "item no"), example="BY-001",
    ),
    Column(
        "title", N_("Job or part"), _title,
        ("名称", "项目名称", "项目", "维修项目", "配件名称", "内容", "维修内容", "description",
         "name"),
        example="更换机油机滤",
    ),
    Column(
        "quantity_milli", N_("Quantity"), cells.quantity,
        ("数量", "工时", "工时数", "qty", "hours"), example="1",
    ),
    Column(
        "unit_fen", N_("Price of a unit"), cells.money_fen,
        ("单价", "单位售价", "工时单价", "销售单价", "price", "unit price"), example="380.00",
    ),
    Column(
        "total_fen", N_("Amount"), cells.money_fen,
        ("金额", "小计", "应收金额", "实收金额", "费用", "total"), example="380.00",
        hint=N_("Empty is quantity times price."),
    ),
    Column(
        "payer", N_("Who paid"), lambda text: cells.name(text, 40),
        ("付费类型", "付费方式", "付款类型", "结算方式", "支付类型", "pay type", "payer"),
        example="自费",
    ),
    Column(
        "technician", N_("Technician"), lambda text: cells.name(text, 80),
        ("技师", "维修技师", "主修人", "维修人员", "施工人", "technicians"), example="李师傅",
    ),
    Column(
        "advice", N_("Advised"), _title,
        ("建议", "维修建议", "建议项目", "下次建议", "未修项目", "advice", "recommendation"),
        example="前刹车片剩 4 mm，建议下次更换",
        hint=N_("Advice of the last two years is offered at the next visit."),
    ),
    Column(
        "guaranteed_until", N_("Guaranteed until"), days.day,
        ("质保到期", "质保期至", "保修到期", "质保截止", "warranty until"), is_day=True,
        hint=N_("Empty is the legal guarantee of such work."),
    ),
)  # fmt: skip
