"""What a list of appointments says of each."""

from __future__ import annotations

import re
from datetime import time

from workshop.characters import to_half_width
from workshop.customers import cells as of_cars
from workshop.errors import N_
from workshop.setup.imports.kind import Column
from workshop.sheets import cells, days
from workshop.sheets.cells import Cell
from workshop.steps.booking.models import AppointmentKind

KINDS = {
    **dict.fromkeys(("保养", "常规保养", "定期保养", "首保", "维护", "maintenance"),
                    AppointmentKind.MAINTENANCE),
    **dict.fromkeys(("维修", "一般维修", "机修", "小修", "repair"), AppointmentKind.REPAIR),
    **dict.fromkeys(("诊断", "检测", "检查", "diagnosis"), AppointmentKind.DIAGNOSIS),
    **dict.fromkeys(("钣喷", "钣金", "喷漆", "事故", "body"), AppointmentKind.BODY),
    **dict.fromkeys(("召回", "recall"), AppointmentKind.RECALL),
    **dict.fromkeys(("返修", "返工", "comeback"), AppointmentKind.COMEBACK),
    **dict.fromkeys(("其他", "其它", "other"), AppointmentKind.OTHER),
}  # fmt: skip
_TIME = re.compile(r"(?P<afternoon>下午|晚上|pm)?(?P<h>[0-9]{1,2})(?::|时|点)(?P<m>[0-9]{0,2})分?")


def clock_time(text: str) -> Cell[time]:
    """A time of day: 9:30, 9点, 下午2:30; of a span 9:30-10:00 its beginning."""
    if cells.is_empty(text):
        return Cell()
    plain = "".join(to_half_width(cells.bare(text)).casefold().split())
    found = _TIME.match(plain.removeprefix("上午"))
    if found is not None:
        hour = int(found["h"]) + (12 if found["afternoon"] and int(found["h"]) < 12 else 0)
        minute = int(found["m"] or 0)
        if hour < 24 and minute < 60:
            return Cell(time(hour, minute))
    return cells.refused(
        N_("“%(text)s” is no time of day. Write it like 09:30."), text=cells.shortened(text)
    )


def _several(text: str) -> Cell[list[str]]:
    """Operations by code or name, in one cell."""
    if cells.is_empty(text):
        return Cell()
    pieces = (cells.name(each).value for each in re.split(r"[、,，;；+\n]+", cells.bare(text)))
    return Cell(list(dict.fromkeys(each for each in pieces if each)))


COLUMNS = (
    Column(
        "no", N_("Appointment number"), lambda text: cells.code(text, 32),
        ("预约号", "预约单号", "预约编号", "单号", "booking no", "appointment no"),
        hint=N_("As in the old system; without one it gets one of ours."),
    ),
    Column(
        "plate", N_("Plate"), of_cars.plates,
        ("车牌", "车牌号", "车牌号码", "牌照号", "plate no", "license plate"), example="粤B12345",
    ),
    Column(
        "vin", N_("VIN"), of_cars.vin, ("车架号", "vin码", "底盘号", "车辆识别代号"),
        example="LSVNV2187E2100001",
    ),
    Column(
        "slot_at", N_("Day and time"), days.moment,
        ("预约时间", "预约日期", "日期", "到店时间", "预计到店", "预计进厂", "date",
         "slot",
         "appointment time"),
        is_needed=True, is_day=True, example="2030-03-12 09:00",
    ),
    Column(
        "time", N_("Time"), clock_time, ("时间", "时段", "到店时段", "预约时段", "clock"),
        hint=N_("Where it stands apart from the day."),
    ),
    Column(
        "concern", N_("What the customer wishes"), lambda text: cells.text(text, 500),
        ("描述", "客户描述", "故障描述", "预约内容", "需求", "客户需求", "预约事项", "备注",
         "concern", "request"),
        is_needed=True, example="做保养，刹车有异响",
    ),
    Column(
        "operations", N_("Operations"), _several,
        ("项目", "预约项目", "工时项目", "服务项目", "维修项目"), example="",
        hint=N_("Codes or names of operations here."),
    ),
    Column(
        "kind", N_("Kind"), lambda text: cells.choice(text, KINDS),
        ("类型", "类别", "预约类型", "业务类型", "type"), example="保养",
    ),
    Column(
        "advisor", N_("Service advisor"), lambda text: cells.name(text, 64),
        ("服务顾问", "接待", "接待人", "顾问", "sa", "advisor"),
        hint=N_("By name; empty is whoever is free then."),
    ),
    Column(
        "stays", N_("Waits here"), cells.yes_no,
        ("在店等", "在厂等候", "是否等待", "等待", "店内等待", "waits"), example="是",
    ),
    Column("contact_name", N_("Contact"), lambda text: cells.name(text, 80),
           ("联系人", "送修人", "contact name"), example="张伟"),
    Column("contact_phone", N_("Phone"), of_cars.phones,
           ("电话", "联系电话", "手机", "手机号", "mobile"), example="13800138000"),
)  # fmt: skip
