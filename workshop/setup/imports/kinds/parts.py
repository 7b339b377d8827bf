"""Parts with what lies on the shelf: which are new, and what a known one costs now.

The stock of a list is an opening stock: it is taken for parts of which the ledger has no line yet.
What has moved here since is known better than by any old list, so a count puts it right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workshop.errors import N_
from workshop.setup.imports import kind as kinds
from workshop.setup.imports.kind import (
    LEAVE_OUT,
    Choice,
    Difference,
    Judgement,
    Kind,
    Note,
    Place,
    Put,
    Question,
    Ref,
    Row,
    Scope,
    Set,
)
from workshop.setup.imports.kinds import part_plans, shelves
from workshop.setup.imports.kinds.part_columns import COLUMNS
from workshop.setup.imports.kinds.shelves import Shelves
from workshop.sheets import Words
from workshop.staff.permissions import Permission
from workshop.stock import rules
from workshop.stock.models import Part
from workshop.stock.pricing import queries as prices
from workshop.stock.pricing import rules as markup

# What of a part is compared with the file, and changed when it says something else.
_COMPARED = (
    ("name_zh", N_("Name in Chinese")),
    ("name_en", N_("Name in English")),
    ("oe_no", N_("OE number")),
    ("brand", N_("Brand")),
    ("part_class", N_("Class")),
    ("cost_fen", N_("Cost of a unit")),
    ("fits", N_("Fits")),
    ("barcode", N_("Barcode")),
)


class PartJudge:
    """Judges the rows of one file of parts."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._tiers = prices.list_tiers(scope.branch_id)
        self._suppliers = shelves.supplier_ids()
        self._shop = Shelves()
        # The lines of the file that have a number, and a barcode.
        self._lines: dict[str, tuple[int, Mapping[str, Any]]] = {}
        self._barcodes: dict[str, int] = {}

    def judge(self, rows: Sequence[Row]) -> list[Judgement]:
        """What becomes of each row."""
        self._shop = shelves.look_up(
            self._scope.branch_id,
            self._scope.day,
            {rules.plain_no(row.values["no"]) for row in rows},
            {row.values["barcode"].upper() for row in rows if "barcode" in row.values},
        )
        return [self._one(row) for row in rows]

    def _one(self, row: Row) -> Judgement:
        no = rules.plain_no(row.values["no"])
        if not no:
            return kinds.refused(N_("Enter the part number."), "no")
        if earlier := self._lines.get(no):
            return _again(row, *earlier)
        if refusal := self._refuse_barcode(row, no):
            return refusal
        self._lines[no] = row.line, row.values
        part = self._shop.parts.get(no)
        return self._known(row, part) if part else self._new(row, no)

    def _refuse_barcode(self, row: Row, no: str) -> Judgement | None:
        barcode = row.get("barcode", "").upper()
        if not barcode:
            return None
        holder = self._shop.barcodes.get(barcode)
        if holder is not None and holder != no:
            return kinds.refused(N_("Part %(no)s has this barcode."), "barcode", no=holder)
        line = self._barcodes.setdefault(barcode, row.line)
        if line != row.line:
            return kinds.refused(N_("Line %(line)s has this barcode."), "barcode", line=line)
        return None

    # ---- A part that is not there ----

    def _new(self, row: Row, no: str) -> Judgement:
        price, cost = row.get("price_fen"), row.get("cost_fen")
        if price is None and cost is None:
            return kinds.refused(
                N_("Enter a selling price, or the cost for the mark-up to work on."), "price_fen"
            )
        sold_for = markup.marked_up(cost, self._tiers) if price is None else price
        supplier = self._supplier(row)
        plan = part_plans.make(row, no, sold_for, self._scope.branch_id, supplier)
        if cost is not None and sold_for < cost:
            return _ask_below_cost(sold_for, cost, plan)
        return kinds.new(*plan)

    def _supplier(self, row: Row) -> int | Ref | None:
        """Who sells the part: one that the shop knows, or one to be made."""
        name = row.get("supplier", "").casefold()
        return (self._suppliers.get(name) or part_plans.supplier_ref(name)) if name else None

    # ---- A part that the shop has ----

    def _known(self, row: Row, part: Part) -> Judgement:
        plan: list[Put | Set] = []
        shown: list[Difference] = []
        notes: list[Note] = []
        values = dict(_differences(row, part, shown))
        if values:
            plan.append(Set("part", part.id, values))
        if row.get("unit", part.unit) != part.unit:
            self._change_unit(row, part, plan, shown, notes)
        below = self._price(row, part, plan, shown)
        self._shelf(row, part, plan, shown, notes)
        supplier = self._supplier(row)
        if supplier is not None and (part.id, supplier) not in self._shop.offers:
            plan += part_plans.offer(row, part.id, supplier, ("part", part.id))
            shown.append(Difference(N_("Supplier"), None, row.get("supplier")))
        if not plan:
            return kinds.same(notes)
        if below is not None:
            return _ask_below_cost(*below, tuple(plan), shown, notes)
        return kinds.changed(*plan, differences=shown, notes=notes)

    def _change_unit(
        self,
        row: Row,
        part: Part,
        plan: list[Put | Set],
        shown: list[Difference],
        notes: list[Note],
    ) -> None:
        if part.id in self._shop.moved:
            said = N_("The unit stays: the ledger of the shelf counts in it. Make another part.")
            notes.append(Note(Words(said), "unit"))
        else:
            plan.append(Set("part", part.id, {"unit": row.values["unit"]}))
            shown.append(Difference(N_("Unit"), part.unit, row.values["unit"]))

    def _price(
        self, row: Row, part: Part, plan: list[Put | Set], shown: list[Difference]
    ) -> tuple[int, int] | None:
        """The price from today on; gives price and cost when it is below the cost."""
        before, cost = self._shop.prices[part.id], row.get("cost_fen", part.cost_fen)
        price = row.get("price_fen", before)
        if "price_fen" not in row.values and part.is_marked_up and cost is not None:
            price = markup.marked_up(cost, self._tiers)
        if price != before:
            plan.append(part_plans.price(part.id, price, self._scope.day))
            shown.append(Difference(N_("Price of a unit"), _yuan(before), _yuan(price)))
        changes = price != before or cost != part.cost_fen
        return (price, cost) if changes and cost is not None and price < cost else None

    def _shelf(
        self,
        row: Row,
        part: Part,
        plan: list[Put | Set],
        shown: list[Difference],
        notes: list[Note],
    ) -> None:
        level = self._shop.levels.get(part.id)
        milli = row.get("stock_milli")
        if part.id in self._shop.moved_here:
            on_hand = level.on_hand_milli if level else 0
            if milli is not None and milli != on_hand:
                said = N_("The shelf has %(here)s, by its ledger. Count the part if that is wrong.")
                notes.append(Note(Words(said, {"here": rules.plain(on_hand)}), "stock_milli"))
            milli = None
        if level is None:
            of, branch_id = ("part", part.id), self._scope.branch_id
            puts = part_plans.put_on_shelf(row, milli or 0, branch_id, part.id, of)
            plan += puts
            shown += _told_of_shelf(row, milli) if puts else []
            return
        values = dict(_level_differences(row, level, milli, shown))
        if values:
            plan.append(Set("stock_level", level.id, values))
        if milli:
            of = ("stock_level", level.id)
            plan.append(part_plans.entry(self._scope.branch_id, part.id, milli, of))


def _again(row: Row, line: int, earlier: Mapping[str, Any]) -> Judgement:
    """The same number twice in a file: a copy, or another part."""
    if dict(row.values) == dict(earlier):
        return kinds.same([Note(Words(N_("Line %(line)s says the same."), {"line": line}))])
    words = N_("Line %(line)s has this part number with other values. Put both into one line.")
    return kinds.refused(words, "no", line=line)


def _ask_below_cost(
    price_fen: int,
    cost_fen: int,
    plan: tuple[Put | Set, ...],
    shown: Sequence[Difference] = (),
    notes: Sequence[Note] = (),
) -> Judgement:
    said = Words(
        N_("The price of %(price)s is below the cost of %(cost)s."),
        {"price": _yuan(price_fen), "cost": _yuan(cost_fen)},
    )
    meant = Choice("meant", N_("The price is meant so"), plan)
    question = Question("below_cost", N_("Prices below the cost"), said, (meant, LEAVE_OUT))
    return kinds.doubtful(question, notes, shown)


def _differences(row: Row, part: Part, shown: list[Difference]) -> Iterator[tuple[str, Any]]:
    """Column and new value of what the file says otherwise; what it leaves empty stays."""
    for key, label in _COMPARED:
        after = row.get(key)
        before = getattr(part, key)
        after = after.upper() if key == "barcode" and after else after
        if after is not None and after != before:
            is_money = key.endswith("_fen")
            shown.append(Difference(label, *map(_yuan, (before, after))) if is_money
                         else Difference(label, before, after))  # fmt: skip
            yield key, after


def _level_differences(
    row: Row, level: Any, milli: int | None, shown: list[Difference]
) -> Iterator[tuple[str, Any]]:
    if row.get("bin", level.bin) != level.bin:
        shown.append(Difference(N_("Bin"), level.bin, row.values["bin"]))
        yield "bin", row.values["bin"]
    minimum = row.get("minimum_milli", level.minimum_milli)
    if minimum != level.minimum_milli:
        before, after = rules.plain(level.minimum_milli), rules.plain(minimum)
        shown.append(Difference(N_("Minimum stock"), before, after))
        yield "minimum_milli", minimum
    if milli:
        shown.append(Difference(N_("Stock on the shelf"), "0", rules.plain(milli)))
        yield "on_hand_milli", milli


def _told_of_shelf(row: Row, milli: int | None) -> list[Difference]:
    told = (
        Difference(N_("Bin"), None, row.get("bin")),
        Difference(N_("Minimum stock"), None, rules.plain(row.get("minimum_milli", 0))),
        Difference(N_("Stock on the shelf"), None, rules.plain(milli or 0)),
    )
    return [each for each in told if each.after not in (None, "", "0")]


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else f"{fen / 100:.2f}"


PARTS = Kind(
    "parts",
    N_("Parts"),
    COLUMNS,
    (
        "part", "part_price", "stock_level", "stock_entry", "supplier", "part_supplier",
        "markup_tier",
    ),
    PartJudge,
    frozenset({Permission.MANAGE_PARTS, Permission.SEE_COST, Permission.PICK_PARTS}),
    icon="package",
    hint=N_("Parts with prices, what lies on the shelf, and who sells them."),
    places={"part": Place(N_("Part"), "parts.edit_part", "part_id")},
)  # fmt: skip
