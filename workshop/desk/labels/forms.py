"""What is chosen and typed for labels."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, SelectField

from workshop import web
from workshop.desk.labels.rules import LabelKind, LabelSize, Sizes


class SizesForm(web.Form):
    """Which roll is in the printer for what."""

    seen = HiddenField()
    part = SelectField(LabelKind.PART.label, choices=web.choices(LabelSize))
    basket = SelectField(LabelKind.BASKET.label, choices=web.choices(LabelSize))
    key = SelectField(LabelKind.KEY.label, choices=web.choices(LabelSize))
    tyre = SelectField(LabelKind.TYRE.label, choices=web.choices(LabelSize))

    @classmethod
    def of(cls, sizes: Sizes, seen: str) -> SizesForm:
        """The form with the sizes as they are."""
        values: dict[str, Any] = {kind.value: size.value for kind, size in sizes.items()}
        return cls(formdata=None, data=values | {"seen": seen})

    def values(self) -> dict[LabelKind, LabelSize]:
        """What was chosen."""
        return {kind: LabelSize(self[kind.value].data) for kind in LabelKind}
