"""What is typed about parts: what they are, what they cost, who sells them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from workshop import decimals, money, web
from workshop.errors import N_, Invalid
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock.models import Part, PartClass
from workshop.stock.parts.service import LABELS, Money, Particulars
from workshop.stock.suppliers.models import Supplier
from workshop.web import display

_WORDS = N_("This is needed.")
# Of a number nought is an answer, too; of a text blanks are none.
NEEDED, NEEDED_TEXT = InputRequired(_WORDS), DataRequired(_WORDS)
DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}
MEANT = N_("Yes, I mean it: it is sold below its cost")


def basis_points(text: str | None, field: str) -> int | None:
    """A typed percentage in basis points: “13” → 1300; None for an empty field."""
    plain = (text or "").removesuffix("%").strip()
    if not plain:
        return None
    points = decimals.read_scaled(plain, 2)
    if points is None or abs(points) > web.MOST:
        raise Invalid(N_("Write a percentage, for example 13 or 6.5."), field=field)
    return points


def percent(points: int | None) -> str:
    """Basis points as they are typed: 1300 → “13”."""
    return "" if points is None else f"{Decimal(points) / 100:g}"


def yuan(fen: int | None) -> str:
    """Fen as they are typed: 38000 → “380”; nothing for an unknown amount."""
    return "" if fen is None else f"{Decimal(fen) / 100:.2f}"


def fen_or_none(text: str | None, field: str) -> int | None:
    """A typed amount in fen; None for an empty field. Raises Invalid for anything else."""
    plain = (text or "").strip()
    return money.fen_from_text(plain, field=field) if plain else None


class DescriptionForm(web.Form):
    """What a part is."""

    seen = HiddenField()
    no = StringField(
        LABELS["no"],
        [NEEDED_TEXT, Length(max=40)],
        filters=[web.half_width],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
    name_zh = StringField(LABELS["name_zh"], [Length(max=80)])
    name_en = StringField(LABELS["name_en"], [Length(max=80)])
    part_class = SelectField(LABELS["part_class"], choices=web.choices(PartClass))
    choice_group = StringField(LABELS["choice_group"], [Length(max=40)])
    brand = StringField(LABELS["brand"], [Length(max=40)])
    oe_no = StringField(LABELS["oe_no"], [Length(max=40)], filters=[web.half_width])
    barcode = StringField(LABELS["barcode"], [Length(max=40)], filters=[web.half_width])
    unit = StringField(LABELS["unit"], [NEEDED_TEXT, Length(max=10)], default="件")
    pack = StringField(
        LABELS["pack_milli"],
        [NEEDED_TEXT],
        filters=[web.half_width],
        default="1",
        render_kw=DECIMAL,
    )
    lead_days = IntegerField(LABELS["lead_days"], [NEEDED], default=1)
    tax = StringField(LABELS["tax_basis_points"], filters=[web.half_width], render_kw=DECIMAL)
    fits = StringField(LABELS["fits"], [Length(max=200)])
    core_deposit = StringField(
        LABELS["core_deposit_fen"], filters=[web.half_width], render_kw=DECIMAL
    )

    @staticmethod
    def data_of(part: Part) -> dict[str, Any]:
        """What the form shows of a part."""
        return {
            **{name: getattr(part, name) for name in ("no", "name_zh", "name_en", "brand")},
            **{name: getattr(part, name) for name in ("oe_no", "barcode", "unit", "fits")},
            "part_class": part.part_class.value,
            "choice_group": part.choice_group or "",
            "lead_days": part.lead_days,
            "pack": display.show_quantity(part.pack_milli),
            "tax": percent(part.tax_basis_points),
            "core_deposit": yuan(part.core_deposit_fen),
        }

    def values(self) -> Particulars:
        """What was typed; raises Invalid for a quantity or a percentage that is none."""
        typed = {name: self[name].data or "" for name in ("no", "name_zh", "name_en", "brand")}
        typed |= {name: self[name].data or "" for name in ("oe_no", "barcode", "unit", "fits")}
        return Particulars(
            **typed,
            part_class=web.member(PartClass, self.part_class.data) or PartClass.OEM,
            choice_group=self.choice_group.data or None,
            pack_milli=web.milli_from_text(self.pack.data or "", "pack"),
            lead_days=self.lead_days.data,
            tax_basis_points=basis_points(self.tax.data, "tax"),
            core_deposit_fen=fen_or_none(self.core_deposit.data, "core_deposit"),
        )


class NewPartForm(DescriptionForm):
    """A new part with its first price; an empty price follows the cost."""

    price = StringField(N_("Selling price, tax included"), filters=[web.half_width])
    cost = StringField(N_("Cost, tax included"), filters=[web.half_width])
    is_meant = BooleanField(MEANT)

    def money_of(self, by: User) -> Money:
        """What was typed of price and cost; only who sees costs can say one."""
        may_see = by.may(Permission.SEE_COST)
        return Money(
            fen_or_none(self.price.data, "price"),
            fen_or_none(self.cost.data, "cost") if may_see else None,
            bool(self.is_meant.data),
        )

    @property
    def asks_meant(self) -> bool:
        """Whether it was refused because nobody would earn anything with it."""
        return self.refusal is not None and self.refusal.code == "below_cost"


class PriceForm(web.PartForm):
    """A price from a day on."""

    key = "price"
    price = StringField(
        N_("Selling price, tax included"),
        [NEEDED_TEXT],
        filters=[web.half_width],
        render_kw=DECIMAL,
    )
    valid_from = DateField(N_("Valid from"), [InputRequired(N_("Enter a date."))])
    reason = StringField(N_("Reason"), [Length(max=200)])
    is_meant = BooleanField(MEANT)

    @property
    def price_fen(self) -> int:
        """The price in fen."""
        return money.fen_from_text(self.price.data, field="price")

    @property
    def asks_meant(self) -> bool:
        """Whether it was refused because it is below the cost."""
        return self.refusal is not None and self.refusal.code == "below_cost"


class CostForm(web.PartForm):
    """What a part costs us, and whether its price follows."""

    key = "cost"
    seen = HiddenField()
    cost = StringField(N_("Cost, tax included"), filters=[web.half_width], render_kw=DECIMAL)
    follows = BooleanField(N_("The price follows the cost, by the mark-up"))
    is_meant = BooleanField(MEANT)

    @property
    def cost_fen(self) -> int | None:
        """The cost in fen; None while nobody knows."""
        return fen_or_none(self.cost.data, "cost")

    @property
    def seen_fen(self) -> int | None:
        """The cost that the page showed."""
        return int(self.seen.data) if (self.seen.data or "").isdigit() else None

    @property
    def asks_meant(self) -> bool:
        """Whether it was refused because the price is below it."""
        return self.refusal is not None and self.refusal.code == "below_cost"


class PlaceForm(web.PartForm):
    """Where a part lies, and when it is bought again."""

    key = "place"
    seen = HiddenField()
    bin_code = StringField(N_("Bin"), [Length(max=20)], filters=[web.half_width])
    minimum = StringField(
        N_("Minimum stock"), [NEEDED_TEXT], filters=[web.half_width], render_kw=DECIMAL
    )

    @property
    def minimum_milli(self) -> int:
        """The minimum in thousandths of the unit."""
        return web.milli_from_text(self.minimum.data or "", "minimum")


class SuccessorForm(web.PartForm):
    """Which part replaces this one."""

    key = "successor"
    successor_no = StringField(
        N_("Replaced by"),
        [Length(max=40)],
        filters=[web.half_width],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )


class OfferForm(web.PartForm):
    """Who sells the part, under which number, at what cost."""

    key = "offer"
    supplier_id = SelectField(N_("Supplier"), coerce=int)
    their_no = StringField(N_("Their number"), [Length(max=40)], filters=[web.half_width])
    cost = StringField(N_("Cost, tax included"), filters=[web.half_width], render_kw=DECIMAL)
    lead_days = IntegerField(N_("Lead time in days"), [Optional()])

    def offer(self, suppliers: list[Supplier]) -> None:
        """Fill in the choices."""
        self.supplier_id.choices = [SelectChoice(each.id, each.name) for each in suppliers]

    @property
    def cost_fen(self) -> int | None:
        """The cost in fen; None while nobody knows."""
        return fen_or_none(self.cost.data, "cost")


class TakeBackForm(web.Form):
    """Why a price that has not begun is taken back."""

    reason = StringField(N_("Reason"), [Length(max=200)])


def price_form(today: date) -> PriceForm:
    """An empty price from today on."""
    return PriceForm.blank(valid_from=today)
