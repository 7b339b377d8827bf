"""The form of which acts stay with two persons."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField

from workshop import web
from workshop.shop.separation.rules import Apart


class SeparationForm(web.PartForm):
    """Which rules of two persons the branch keeps; one switch each, added below the class."""

    key = "apart"
    seen = HiddenField()

    @classmethod
    def of(cls, not_kept: list[str], seen: str) -> SeparationForm:
        """The form with the rules as they are."""
        kept = {each.value: each.value not in not_kept for each in Apart}
        return cls.blank(**kept, seen=seen)

    def kept(self) -> set[Apart]:
        """The rules that are to be kept."""
        return {each for each in Apart if self[each.value].data}

    @property
    def switches(self) -> list[BooleanField]:
        """One field for each rule, in their order."""
        return [self[each.value] for each in Apart]


for _rule in Apart:
    setattr(SeparationForm, _rule.value, BooleanField(_rule.label))
