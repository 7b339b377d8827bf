"""What a list of parts says of each: the columns of old systems and of suppliers' price lists."""

from __future__ import annotations

from workshop.errors import N_
from workshop.setup.imports.kind import Column
from workshop.sheets import Words, cells
from workshop.sheets.cells import Cell
from workshop.stock import rules
from workshop.stock.models import PartClass

CLASSES = {
    **dict.fromkeys(
        ("原厂", "原厂件", "正厂", "正厂件", "原装", "纯正", "oem", "oe", "genuine", "oempart"),
        PartClass.OEM,
    ),
    **dict.fromkeys(
        ("同质", "同质件", "同质配件", "配套", "配套件", "品牌", "品牌件", "equivalent", "oes",
         "equivalentqualitypart"),
        PartClass.EQUIVALENT,
    ),
    **dict.fromkeys(
        ("副厂", "副厂件", "售后件", "国产", "通用", "aftermarket", "aftermarketpart"),
        PartClass.AFTERMARKET,
    ),
    **dict.fromkeys(
        ("再制造", "再制造件", "翻新", "拆车", "拆车件", "旧件", "reconditioned",
         "reconditionedpart"),
        PartClass.RECONDITIONED,
    ),
}  # fmt: skip
_MOST_MILLI = 10**9


def _class(text: str) -> Cell[PartClass]:
    """The class; a word of another meaning, such as 机油, is left out and flagged."""
    found = cells.choice(text, CLASSES)
    if found.refusal is None:
        return found
    said = N_("“%(text)s” does not say where the part comes from, and is left out.")
    return Cell(warning=Words(said, {"text": cells.shortened(text)}))


def _amount(text: str) -> Cell[int]:
    """A price or cost, which is never negative."""
    found = cells.money_fen(text)
    if found.value is not None and found.value < 0:
        return cells.refused(N_("A price cannot be negative."))
    return found


def _stock(text: str) -> Cell[int]:
    """What lies on the shelf; an old system's negative stock is none, and flagged."""
    found = cells.quantity(text, _MOST_MILLI)
    if found.value is not None and found.value < 0:
        said = N_("A shelf cannot hold %(text)s; it is taken as empty.")
        return cells.warned(0, said, text=cells.shortened(text))
    return found


def _minimum(text: str) -> Cell[int]:
    found = cells.quantity(text, _MOST_MILLI)
    return Cell(0, found.warning) if found.value is not None and found.value < 0 else found


def _oe_no(text: str) -> Cell[str]:
    found = cells.code(text, 40)
    return Cell(rules.plain_no(found.value)) if found.value else found


COLUMNS = (
    Column(
        "no", N_("Part number"), lambda text: cells.code(text, 40),
        ("编码", "配件编码", "配件编号", "配件号", "零件号", "零件编号", "件号", "图号", "商品编码",
         "物料编码", "货号", "part no", "part", "sku", "code"),
        is_needed=True, example="WG-1001",
    ),
    Column(
        "name_zh", N_("Name in Chinese"), lambda text: cells.name(text, 80),
        ("名称", "配件名称", "零件名称", "商品名称", "品名", "中文名称", "name", "description"),
        is_needed=True, example="机油滤清器",
    ),
    Column(
        "name_en", N_("Name in English"), lambda text: cells.name(text, 80),
        ("英文名称", "英文名", "english name"), example="Oil filter",
        hint=N_("Empty is the other name."),
    ),
    Column(
        "oe_no", N_("OE number"), _oe_no,
        ("oe号", "oe码", "oe", "oem号", "原厂编号", "原厂编码", "原厂件号", "oem no"),
        example="06J115403Q",
    ),
    Column(
        "brand", N_("Brand"), lambda text: cells.name(text, 40),
        ("品牌", "配件品牌", "厂牌", "生产厂家", "产地", "manufacturer", "make"), example="曼牌",
    ),
    Column(
        "part_class", N_("Class"), _class,
        ("类别", "配件类别", "品质", "配件品质", "来源", "性质", "quality", "part class"),
        example="同质件",
        hint=N_("OEM, equivalent, aftermarket or reconditioned; empty is aftermarket."),
    ),
    Column(
        "unit", N_("Unit"), lambda text: cells.name(text, 10),
        ("单位", "计量单位", "uom"), example="件",
    ),
    Column(
        "cost_fen", N_("Cost of a unit"), _amount,
        ("进价", "成本", "单位成本", "成本价", "采购价", "进货价", "含税进价", "purchase price",
         "cost"),
        example="18.50", hint=N_("Tax included."),
    ),
    Column(
        "price_fen", N_("Price of a unit"), _amount,
        ("售价", "单位售价", "销售价", "零售价", "价格", "单价", "含税售价", "price",
         "selling price", "retail"),
        example="38.00", hint=N_("Tax included; empty follows the cost by your mark-up."),
    ),
    Column(
        "stock_milli", N_("Stock on the shelf"), _stock,
        ("库存", "库存数量", "库存量", "数量", "现存量", "结存", "结存数量", "stock", "qty",
         "quantity", "on hand"),
        example="12", hint=N_("Taken over for parts that never moved here."),
    ),
    Column(
        "bin", N_("Bin"), lambda text: cells.code(text, 20),
        ("库位", "货位", "仓位", "库位号", "货架", "位置", "location", "shelf"), example="A-01-2",
    ),
    Column(
        "minimum_milli", N_("Minimum stock"), _minimum,
        ("最低库存", "库存下限", "安全库存", "最小库存", "minimum", "min stock", "reorder level"),
        example="4",
    ),
    Column(
        "supplier", N_("Supplier"), lambda text: cells.name(text, 60),
        ("供应商", "供货商", "供应商名称", "进货单位", "vendor"), example="华东汽配",
    ),
    Column(
        "fits", N_("Fits"), lambda text: cells.text(text, 200),
        ("适用车型", "车型", "适用", "fits", "vehicles", "application"), example="大众 EA888",
    ),
    Column(
        "barcode", N_("Barcode"), lambda text: cells.code(text, 40),
        ("条码", "条形码", "商品条码", "ean"),
    ),
)  # fmt: skip
