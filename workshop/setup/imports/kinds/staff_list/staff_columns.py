"""The columns of a list of who works here, and what people call them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workshop.characters import to_half_width
from workshop.customers import cells as of_people
from workshop.errors import N_, Invalid
from workshop.setup.imports.kind import Column
from workshop.sheets import Words, cells, days
from workshop.sheets.cells import Cell
from workshop.shop.people import HIGHEST_LEVEL
from workshop.staff import people as colleagues
from workshop.staff.permissions import RoleName

R = RoleName
ROLES = {
    word: role
    for role, said in (
        (R.SERVICE_MANAGER, "服务经理 经理 店长 站长 厂长 老板 manager owner"),
        (R.SERVICE_ADVISOR, "服务顾问 顾问 前台 接待 接待员 维修顾问 advisor sa"),
        (R.SERVICE_ASSISTANT, "服务助理 assistant"),
        (R.JOB_CONTROLLER, "控工员 调度 调度员 派工员 车间调度 controller dispatcher"),
        (R.TEAM_LEADER, "班组长 组长 班长 车间主管 leader foreman"),
        (R.TECHNICIAN, "技师 技工 修理工 维修工 维修技师 机修工 机电工 钣金工 喷漆工 电工 学徒"),
        (R.TECHNICIAN, "mechanic tech"),
        (R.QUALITY_INSPECTOR, "质检员 质检 检验员 质量检验员 总检 inspector"),
        (R.PARTS_CLERK, "配件员 配件 仓管 仓管员 库管 库管员 仓库管理员 配件管理员 storekeeper"),
        (R.CASHIER, "收银员 收银 出纳"),
        (R.CUSTOMER_RELATIONS, "客服专员 客服 客服员 回访员 客户关系"),
        (R.LOUNGE_ATTENDANT, "休息室服务员 服务员"),
        (R.GREETER, "引导员 迎宾 门卫"),
        (R.WARRANTY_CLERK, "保修员 索赔员 三包员"),
        (R.WASHER, "洗车工 洗车 洗车员"),
        (R.ADMINISTRATOR, "管理员 系统管理员 admin"),
    )
    for word in said.split()
}
"""What old systems call a job; a role of the shop itself is known by its own names as well."""
_LEVELS = {"初级": 1, "中级": 2, "高级": 3, "技师": 4, "高级技师": 5}
_PIECES = re.compile(r"[、,，;；/|\n]+")
_SKILL = re.compile(r"(?P<name>.*?)[\s:：(（*×x]*(?P<level>[0-9]+)?\s*级?[)）]?")


@dataclass(frozen=True)
class Named:
    """A skill as it is written, with its level if one stands there."""

    name: str
    level: int | None = None


def _pieces(text: str) -> list[str]:
    found = (each.strip() for each in _PIECES.split(cells.bare(text)))
    return [each for each in found if each]


def _roles(text: str) -> Cell[list[str]]:
    return Cell(None if cells.is_empty(text) else _pieces(text) or None)


def _skills(text: str) -> Cell[list[Named]]:
    """Skills in one cell, each with its level: 发动机3、底盘2."""
    if cells.is_empty(text):
        return Cell()
    found: list[Named] = []
    for piece in _pieces(text):
        match = _SKILL.fullmatch(to_half_width(piece))
        assert match is not None
        level = int(match["level"]) if match["level"] else None
        if level is not None and not 1 <= level <= HIGHEST_LEVEL:
            return cells.refused(N_("A level lies between 1 and 5."))
        found.append(Named(match["name"].strip(), level))
    return Cell(found)


def _level(text: str) -> Cell[int]:
    plain = to_half_width(cells.bare(text))
    if plain in _LEVELS:
        return Cell(_LEVELS[plain])
    return cells.whole(plain.removesuffix("级"), 1, HIGHEST_LEVEL)


def _username(text: str) -> Cell[str]:
    found = cells.code(text, 64)
    if found.value is not None:
        try:
            colleagues.check_username(found.value)
        except Invalid as error:
            return Cell(refusal=Words(error.message))
    return found


COLUMNS = (
    Column(
        "name", N_("Name"), lambda text: cells.name(text, 64),
        ("姓名", "员工姓名", "员工", "技师姓名", "技师", "人员", "名字", "staff name", "employee"),
        is_needed=True, example="王强",
    ),
    Column(
        "username", N_("Sign-in name"), _username,
        ("登录名", "用户名", "账号", "工号", "员工编号", "员工号", "编号", "user name", "login",
         "employee no", "number"),
        example="1001", hint=N_("Also the number of an employee; empty is made of the name."),
    ),
    Column(
        "roles", N_("Role"), _roles,
        ("岗位", "职务", "职位", "角色", "工作岗位", "position", "job", "job title"),
        example="技师、质检员", hint=N_("One or several; empty is a technician."),
    ),
    Column(
        "phone", N_("Phone"), of_people.phones,
        ("手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "mobile", "tel"),
        example="13800138009",
    ),
    Column(
        "team", N_("Team"), lambda text: cells.name(text, 40),
        ("班组", "小组", "所属班组", "组别", "车间班组", "group", "crew"),
        example="机电一组", hint=N_("Of technicians: who works together."),
    ),
    Column(
        "skills", N_("Skills"), _skills,
        ("技能", "工种", "专业", "专长", "技能与等级", "skill"),
        example="发动机3、底盘制动2",
        hint=N_("By their names here, each with a level from 1 to 5 behind it."),
    ),
    Column(
        "level", N_("Level"), _level,
        ("等级", "技能等级", "级别", "技术等级", "技工等级", "grade"),
        example="3",
        hint=N_("For skills without one; without any skill for all but high voltage."),
    ),
    Column(
        "expires_on", N_("High-voltage certificate until"), days.day,
        ("电工证有效期至", "电工证到期", "低压电工证到期", "高压证到期", "电工证有效期",
         "证书有效期", "证件到期", "certificate until"),
        is_day=True, example="2028-06-30",
    ),
)  # fmt: skip
