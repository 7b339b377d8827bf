"""The steps of the mark-up, one line each."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from wtforms import Field, HiddenField, StringField

from workshop import decimals, money, web
from workshop.errors import N_, Invalid
from workshop.steps.parts.register.forms import DECIMAL, yuan
from workshop.stock.pricing import service as pricing
from workshop.stock.pricing.rules import Tier
from workshop.web import versions

LINES = 8


class MarkupForm(web.Form):
    """From which cost on the price is how many times the cost; the fields stand below the class."""

    seen = HiddenField()

    @classmethod
    def of(cls, tiers: Sequence[Tier]) -> MarkupForm:
        """The form with the steps as they are."""
        data = {"seen": versions.mark(pricing.state_of_tiers(tiers))}
        for line, tier in enumerate(tiers[:LINES]):
            data[f"from_{line}"] = yuan(tier.from_fen)
            data[f"factor_{line}"] = f"{Decimal(tier.percent) / 100:g}"
        return cls(formdata=None, data=data)

    def rows(self) -> list[tuple[Field, Field]]:
        """The fields of each line."""
        return [(self[f"from_{line}"], self[f"factor_{line}"]) for line in range(LINES)]

    def tiers(self) -> list[Tier]:
        """What was typed; a line that is empty is none. Raises Invalid for half a line."""
        return [
            Tier(
                money.fen_from_text(lower.data or "", field=lower.short_name),
                _percent(factor.data or "", factor.short_name),
            )
            for lower, factor in self.rows()
            if lower.data or factor.data
        ]


def _percent(text: str, field: str) -> int:
    hundredths = decimals.read_scaled(text.removeprefix("×"), 2)
    if hundredths is None:
        raise Invalid(N_("Write a factor with at most two decimals, such as 1.35."), field=field)
    return max(min(hundredths, web.MOST), -1)


for _line in range(LINES):
    _from = StringField(N_("From a cost of"), filters=[web.half_width], render_kw=DECIMAL)
    _factor = StringField(N_("Price = cost ×"), filters=[web.half_width], render_kw=DECIMAL)
    setattr(MarkupForm, f"from_{_line}", _from)
    setattr(MarkupForm, f"factor_{_line}", _factor)
