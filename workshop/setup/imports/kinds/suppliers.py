"""Suppliers: who sells us parts, known by the name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from workshop.characters import to_half_width
from workshop.customers import cells as of_people
from workshop.db import session
from workshop.errors import N_
from workshop.setup.imports import kind as kinds
from workshop.setup.imports.kind import Column, Judgement, Kind, Place, Ref, Row, Scope, Set
from workshop.setup.imports.kinds import part_plans, plain_rows
from workshop.setup.imports.kinds.plain_rows import Lines
from workshop.sheets import cells
from workshop.sheets.cells import Cell
from workshop.staff.permissions import Permission
from workshop.stock.suppliers.models import Supplier, SupplierKind
from workshop.stock.suppliers.service import MOST_DAYS

KINDS = {
    **dict.fromkeys(("厂家", "主机厂", "生产厂家", "厂商", "manufacturer"),
                    SupplierKind.MANUFACTURER),
    **dict.fromkeys(("经销商", "配件商", "供应商", "代理商", "dealer", "partsdealer"),
                    SupplierKind.DEALER),
    **dict.fromkeys(("汽配城", "市场", "汽配市场", "market", "partsmarket"), SupplierKind.MARKET),
    **dict.fromkeys(("平台", "电商", "网购", "platform", "onlineplatform"), SupplierKind.PLATFORM),
}  # fmt: skip


def _phone(text: str) -> Cell[str]:
    found = of_people.phones(text)
    return Cell(found.value.numbers[0] if found.value else None, found.warning, found.refusal)


def _days(text: str) -> Cell[int]:
    return cells.whole(text.removesuffix("天"), 0, MOST_DAYS)


def _percent(text: str) -> Cell[int]:
    """A tax rate in basis points: 13, 13 %, and 0.13 as a spreadsheet keeps 13 %."""
    plain = to_half_width(cells.bare(text)).removesuffix("%").strip()
    found = cells.quantity(plain, 100_000)
    if found.value is None:
        return found
    is_share = found.value < 1000 and not to_half_width(text).strip().endswith("%")
    points = found.value * 10 if is_share else found.value // 10
    return Cell(points) if points >= 0 else cells.refused(N_("A tax rate cannot be negative."))


COLUMNS = (
    Column(
        "name", N_("Supplier"), lambda text: cells.name(text, 60),
        ("供应商", "供应商名称", "名称", "单位名称", "供货商", "往来单位", "vendor",
         "supplier name"),
        is_needed=True, example="华东汽配",
    ),
    Column("kind", N_("Kind"), lambda text: cells.choice(text, KINDS),
           ("类型", "供应商类型", "分类", "类别", "type"), example="经销商"),
    Column("contact", N_("Contact"), lambda text: cells.name(text, 40),
           ("联系人", "业务员", "对接人", "contact person"), example="陈经理"),
    Column("phone", N_("Phone"), _phone,
           ("电话", "手机", "联系电话", "联系方式", "tel", "mobile"), example="13900139000"),
    Column("tax_no", N_("Tax number"), lambda text: cells.code(text, 32),
           ("税号", "纳税人识别号", "统一社会信用代码", "信用代码", "vat no")),
    Column("lead_days", N_("Lead time in days"), _days,
           ("到货天数", "订货周期", "供货周期", "交货天数", "交期", "lead time"), example="2"),
    Column("terms_days", N_("Days until payment"), _days,
           ("账期", "账期天数", "付款天数", "结算天数", "payment terms"), example="30"),
    Column("returns_days", N_("Days for returns"), _days, ("退货天数", "退货期限", "退货期")),
    Column("minimum_order_fen", N_("Minimum order"), cells.money_fen,
           ("起订金额", "最低订货额", "起送金额", "minimum order")),
    Column("invoice_basis_points", N_("Tax on its invoices (percent)"), _percent,
           ("税率", "发票税率", "开票税率", "tax", "vat"), example="13"),
)  # fmt: skip


class SupplierJudge:
    """Judges the rows of one file of suppliers."""

    def __init__(self, _scope: Scope) -> None:
        self._lines = Lines("name")
        self._known = {each.name.casefold(): each for each in session.scalars(select(Supplier))}

    def judge(self, rows: Sequence[Row]) -> list[Judgement]:
        """What becomes of each row."""
        return [self._one(row) for row in rows]

    def _one(self, row: Row) -> Judgement:
        key = row.values["name"].casefold()
        if twice := self._lines.refuse_twice(key, row):
            return twice
        if row.get("minimum_order_fen", 0) < 0:
            return kinds.refused(N_("An amount cannot be negative."), "minimum_order_fen")
        known = self._known.get(key)
        if known is None:
            more = {name: value for name, value in row.values.items() if name != "name"}
            ref = Ref(f"supplier:{key}")
            return kinds.new(part_plans.make_supplier(row.values["name"], ref, **more))
        found = dict(plain_rows.differences(row, known, COLUMNS, but=("name",)))
        if not found:
            return kinds.same()
        values = {name: row.values[name] for name in found}
        return kinds.changed(Set("supplier", known.id, values), differences=found.values())


SUPPLIERS = Kind(
    "suppliers",
    N_("Suppliers"),
    COLUMNS,
    ("supplier",),
    SupplierJudge,
    frozenset({Permission.MANAGE_PARTS}),
    icon="truck",
    hint=N_("Who sells you parts, with terms."),
    places={"supplier": Place(N_("Supplier"), "parts.supplier", "supplier_id")},
)
