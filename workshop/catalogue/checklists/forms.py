"""What is typed about a list and its lines."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from workshop import decimals, web
from workshop.catalogue.checklists import rules, wording
from workshop.catalogue.checklists.models import Checklist
from workshop.catalogue.checklists.rules import ItemKind, Places
from workshop.catalogue.checklists.wording import LABELS, Wording
from workshop.errors import N_, Invalid
from workshop.web import versions

LIMITS = ("red_low_milli", "green_low_milli", "green_high_milli", "red_high_milli")


def _limit(name: str) -> StringField:
    return StringField(LABELS[name], filters=[web.half_width], render_kw={"inputmode": "decimal"})


class ItemForm(web.Form):
    """One line of a list."""

    seen = HiddenField()
    title_zh = StringField(LABELS["title_zh"], [Length(max=200)])
    title_en = StringField(LABELS["title_en"], [Length(max=200)])
    standard_zh = TextAreaField(LABELS["standard_zh"], [Length(max=500)])
    standard_en = TextAreaField(LABELS["standard_en"], [Length(max=500)])
    group_zh = StringField(LABELS["group_zh"], [Length(max=80)])
    group_en = StringField(LABELS["group_en"], [Length(max=80)])
    kind = RadioField(LABELS["kind"], choices=web.choices(ItemKind), default=ItemKind.LOOK.value)
    unit = StringField(LABELS["unit"], [Length(max=20)])
    places = SelectField(LABELS["places"], choices=web.choices(Places), default=Places.ONE.value)
    recommend = StringField(LABELS["recommend"], [Length(max=20)], filters=[web.half_width])
    red_low_milli = _limit("red_low_milli")
    green_low_milli = _limit("green_low_milli")
    green_high_milli = _limit("green_high_milli")
    red_high_milli = _limit("red_high_milli")
    needs_photo = BooleanField(LABELS["needs_photo"])
    required = BooleanField(LABELS["required"])

    @classmethod
    def of(cls, words: Wording | None) -> ItemForm:
        """The form of a line as it stands, or of a new one."""
        if words is None:
            return cls(formdata=None)
        values: dict[str, Any] = asdict(words) | {
            "kind": words.kind.value,
            "places": words.places.value,
        }
        for name in LIMITS:
            milli = values[name]
            values[name] = "" if milli is None else wording.show_milli(milli)
        values["seen"] = versions.mark(wording.state_of(words))
        return cls(formdata=None, data=values)

    def values(self) -> Wording:
        """What was typed; raises Invalid for a limit that is no number."""
        typed: dict[str, Any] = {
            name: self[name].data for name in LABELS if name not in (*LIMITS, "kind", "places")
        }
        typed = {name: "" if value is None else value for name, value in typed.items()}
        limits: dict[str, Any] = {name: _milli(name, self[name].data or "") for name in LIMITS}
        kind = ItemKind(self.kind.data or ItemKind.LOOK.value)
        places = web.member(Places, self.places.data) or Places.ONE
        return Wording(**typed, **limits, kind=kind, places=places)


def _milli(name: str, text: str) -> int | None:
    if not text:
        return None
    text = text.replace(",", ".")
    if decimals.read_scaled(text, 30) is None:
        raise Invalid(N_("Write a number."), field=name)
    milli = decimals.read_scaled(text, 3)
    if milli is None or abs(milli) > rules.MOST_MILLI:
        raise Invalid(N_("Write a number with at most three decimals."), field=name)
    return milli


class PublishForm(web.Form):
    """The draft is brought into use."""

    seen = HiddenField()
    note = StringField(N_("What is new, in a few words"), [Length(max=200)])


class ListForm(web.PartForm):
    """The name of a list, and of which jobs it is."""

    key = "list"
    name_zh = StringField(N_("Name, Chinese"), [Length(max=80)])
    name_en = StringField(N_("Name, English"), [Length(max=80)])
    codes = StringField(N_("Operation or skill codes that begin with"), [Length(max=200)])
    green_groups = BooleanField(N_("“All green” for a whole group at once"))

    @classmethod
    def of(cls, checklist: Checklist) -> ListForm:
        """The form of a list as it stands."""
        return cls.blank(
            name_zh=checklist.name_zh,
            name_en=checklist.name_en,
            codes=checklist.codes,
            green_groups=checklist.green_groups,
        )


class CopyForm(web.PartForm):
    """The name of another template."""

    key = "copy"
    name_zh = StringField(N_("Name, Chinese"), [Length(max=80)])
    name_en = StringField(N_("Name, English"), [Length(max=80)])
