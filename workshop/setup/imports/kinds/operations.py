"""Labour operations: what the shop sells by time, known by the code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from workshop import decimals
from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import BayNeed, GuaranteeClass, Operation
from workshop.catalogue.operations import HIGHEST_LEVEL
from workshop.characters import to_half_width
from workshop.db import session
from workshop.errors import N_
from workshop.setup.imports import kind as kinds
from workshop.setup.imports.kind import (
    AT,
    Column,
    Judgement,
    Kind,
    Note,
    Place,
    Put,
    Row,
    Scope,
    Set,
)
from workshop.setup.imports.kinds import plain_rows
from workshop.setup.imports.kinds.plain_rows import Lines
from workshop.sheets import Words, cells, normal_name
from workshop.sheets.cells import Cell
from workshop.staff.permissions import Permission

_MOST_HOURS_MILLI = 24_000
_MINUTES = ("分钟", "分", "min", "mins", "minutes", "m")
_HOURS = ("小时", "时", "h", "hours", "工时", "个工时")

BAYS = {
    **dict.fromkeys(("举升", "举升机", "举升工位", "lift", "liftbay"), BayNeed.LIFT),
    **dict.fromkeys(("平位", "平地", "普通", "地面", "flat", "flatbay"), BayNeed.FLAT),
    **dict.fromkeys(("快修", "快保", "quick", "expressbay"), BayNeed.QUICK),
    **dict.fromkeys(("四轮定位", "定位", "alignment", "alignmentbay"), BayNeed.ALIGNMENT),
    **dict.fromkeys(("高压", "新能源", "highvoltage", "highvoltagebay"), BayNeed.HIGH_VOLTAGE),
    **dict.fromkeys(("钣金", "body", "bodybay"), BayNeed.BODY),
    **dict.fromkeys(("喷漆", "烤漆", "烤漆房", "paint", "paintbooth"), BayNeed.PAINT),
    **dict.fromkeys(("洗车", "美容", "wash", "washbay"), BayNeed.WASH),
}
GUARANTEES = {
    **dict.fromkeys(("大修", "总成", "总成大修", "整车大修", "overhaul"), GuaranteeClass.OVERHAUL),
    **dict.fromkeys(("二级维护", "二保", "level2maintenance"), GuaranteeClass.LEVEL_2_MAINTENANCE),
    **dict.fromkeys(("小修", "专项", "专项修理", "一级维护", "一般维修", "保养", "minor"),
                    GuaranteeClass.MINOR),
}  # fmt: skip


def minutes(text: str) -> Cell[int]:
    """Book time in minutes: 1.5 and 1.5小时 are ninety, 90分钟 too; a bare number is hours."""
    if cells.is_empty(text):
        return Cell()
    plain = "".join(to_half_width(cells.bare(text)).casefold().split())
    unit = next((each for each in (*_MINUTES, *_HOURS) if plain.endswith(each)), "")
    milli = decimals.read_scaled(plain.removesuffix(unit), 3)
    in_minutes = unit in _MINUTES
    if milli is None or milli <= 0:
        return cells.refused(
            N_("“%(text)s” is no book time. Write hours, for example 1.5."),
            text=cells.shortened(text),
        )
    if not in_minutes and milli > _MOST_HOURS_MILLI:
        return cells.refused(
            N_("%(text)s hours are more than a day. If they are minutes, write “%(text)s min”."),
            text=cells.shortened(text),
        )
    return Cell(max(1, round(milli / 1000) if in_minutes else round(milli * 60 / 1000)))


def _bays(text: str) -> Cell[list[str]]:
    """Every bay that will do, in one cell."""
    found: list[str] = []
    for piece in filter(None, to_half_width(cells.bare(text)).replace("、", ",").split(",")):
        read = cells.choice(piece, BAYS)
        if read.refusal is not None:
            return Cell(refusal=read.refusal)
        found += [read.value.value] if read.value and read.value.value not in found else []
    return Cell(found or None)


COLUMNS = (
    Column(
        "code", N_("Code"), lambda text: cells.code(text, 20),
        ("编码", "项目编码", "项目编号", "工时编码", "工时代码", "操作代码", "代码", "operation",
         "op code"),
        is_needed=True, example="BY-001",
    ),
    Column(
        "name_zh", N_("Name in Chinese"), lambda text: cells.name(text, 80),
        ("名称", "中文名称", "项目名称", "工时名称", "维修项目", "项目", "name", "description"),
        is_needed=True, example="更换机油机滤",
    ),
    Column(
        "name_en", N_("Name in English"), lambda text: cells.name(text, 80),
        ("英文名称", "英文名", "english name"), example="Oil and filter change",
        hint=N_("Empty is the other name."),
    ),
    Column(
        "book_minutes", N_("Book time"), minutes,
        ("工时", "标准工时", "定额工时", "工时数", "工时定额", "时长", "hours", "labour hours"),
        is_needed=True, example="0.5", hint=N_("Hours, or minutes with “min” behind."),
    ),
    Column(
        "skill", N_("Skill"), lambda text: cells.name(text, 60),
        ("工种", "技能", "班组", "所需技能"), example="机修",
        hint=N_("By its name or code here; empty for everybody."),
    ),
    Column(
        "level", N_("Level"), lambda text: cells.whole(text, 1, HIGHEST_LEVEL),
        ("级别", "等级", "技能等级", "难度"), example="1",
    ),
    Column(
        "bay_kinds", N_("Bays that will do"), _bays,
        ("工位", "可用工位", "工位类型", "所需工位", "bay"), example="举升",
        hint=N_("Lift, flat, express, alignment, body, paint, wash or high voltage; else a lift."),
    ),
    Column(
        "guarantee", N_("Guarantee class"), lambda text: cells.choice(text, GUARANTEES),
        ("质保类别", "质量保证类别", "维修类别", "作业类别", "guarantee"), example="小修",
    ),
    Column(
        "rate_code", N_("Labour rate"), lambda text: cells.name(text, 80),
        ("工时等级", "工时费率", "费率", "工时单价类别", "grade"),
        hint=N_("By its name or code here; empty is the standard one."),
    ),
    Column(
        "keywords", N_("Words to find it by"), lambda text: cells.text(text, 200),
        ("关键词", "搜索关键词", "搜索词", "助记码", "拼音码", "keywords"),
    ),
)  # fmt: skip
_NOT_COMPARED = ("code", "skill", "rate_code")


class OperationJudge:
    """Judges the rows of one file of operations."""

    def __init__(self, scope: Scope) -> None:
        self._lines = Lines("code")
        self._known = {each.code.casefold(): each for each in session.scalars(select(Operation))}
        self._skills = {
            normal_name(name): each.id
            for each in catalogue.list_skills()
            for name in (each.code, each.name_zh, each.name_en)
        }
        self._grades = {
            normal_name(name): each.code
            for each in catalogue.list_grades(scope.branch_id)
            if each.active
            for name in (each.code, each.name_zh, each.name_en)
        }

    def judge(self, rows: Sequence[Row]) -> list[Judgement]:
        """What becomes of each row."""
        return [self._one(row) for row in rows]

    def _one(self, row: Row) -> Judgement:
        key = row.values["code"].casefold()
        if twice := self._lines.refuse_twice(key, row):
            return twice
        named: dict[str, Any] = {}
        for column, into, known in (
            ("skill", "skill_id", self._skills), ("rate_code", "rate_code", self._grades),
        ):  # fmt: skip
            said = row.get(column)
            if said is not None and normal_name(said) not in known:
                return _refuse_unknown(column, said)
            if said is not None:
                named[into] = known[normal_name(said)]
        operation = self._known.get(key)
        if operation is None:
            return kinds.new(_make(row, named, key))
        return _change(row, named, operation)


def _refuse_unknown(column: str, said: str) -> Judgement:
    words = {
        "skill": N_("There is no skill “%(name)s” here. Make it, or leave the cell empty."),
        "rate_code": N_("There is no labour rate “%(name)s” here. Make it, or leave it empty."),
    }
    return kinds.refused(words[column], column, name=said)


def _make(row: Row, named: Mapping[str, Any], key: str) -> Put:
    values = {
        name: value for name, value in row.values.items() if name not in ("skill", "rate_code")
    }
    values.setdefault("name_en", values["name_zh"])
    values.setdefault("bay_kinds", [BayNeed.LIFT.value])
    values |= {"energies": [], "flags": [], **named}
    return Put("operation", values, ref=f"operation:{key}")


def _change(row: Row, named: Mapping[str, Any], operation: Operation) -> Judgement:
    found = dict(plain_rows.differences(row, operation, COLUMNS, but=_NOT_COMPARED))
    values = {name: row.values[name] for name in found}
    shown = list(found.values())
    for into, column, label in (
        ("skill_id", "skill", N_("Skill")), ("rate_code", "rate_code", N_("Labour rate")),
    ):  # fmt: skip
        if into in named and named[into] != getattr(operation, into):
            values[into] = named[into]
            shown.append(kinds.Difference(label, None, row.values[column]))
    notes = []
    if not operation.active:
        notes.append(Note(Words(N_("It is retired here, and stays so.")), "code"))
    if not values:
        return kinds.same(notes)
    # Whoever brings a list has looked at the row of the starter set.
    values["changed_at"] = AT
    return kinds.changed(Set("operation", operation.id, values), differences=shown, notes=notes)


OPERATIONS = Kind(
    "operations",
    N_("Operations"),
    COLUMNS,
    ("operation", "skill", "labour_rate"),
    OperationJudge,
    frozenset({Permission.MANAGE_CATALOGUE}),
    icon="wrench",
    hint=N_("Labour operations with their book times. The price comes from your labour rates."),
    places={"operation": Place(N_("Operation"), "catalogue.operation", "operation_id")},
)
