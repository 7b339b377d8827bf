"""Forms of the catalogue: an operation, a package, a grade of labour, a price, a kind of part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask_babel import get_locale
from wtforms import (
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from workshop import web
from workshop.catalogue import kinds, particulars, queries
from workshop.catalogue.checklists import queries as lists
from workshop.catalogue.checklists.rules import Use
from workshop.catalogue.models import (
    BayNeed,
    Energy,
    GuaranteeClass,
    LabourRate,
    Operation,
    OperationFlag,
)
from workshop.catalogue.particulars import LABELS, Need, Particulars
from workshop.catalogue.queries import Named
from workshop.errors import N_, Invalid
from workshop.web import display, versions

_NUMBER = [InputRequired(N_("This is needed."))]
_CODE: dict[str, Any] = {"filters": [web.half_width], "render_kw": {"autocomplete": "off"}}

# So many usual parts and operations can be named; the page shows those in use and some more.
NEEDS = 12
_SIZES = ("compact", "mid", "suv")


def _templates(chosen: str) -> list[SelectChoice]:
    """The inspection templates in use, and the one that is chosen already."""
    found = lists.list_lists(Use.INSPECTION)
    shown = [each for each in found if each.active or each.topic == chosen]
    return [
        SelectChoice("", "—"),
        *(SelectChoice(each.topic, display.show_name(each)) for each in shown),
    ]


class OperationForm(web.PartForm):
    """All of an operation; the fields of its usual parts are added below."""

    key = "operation"
    seen = HiddenField()
    code = StringField(LABELS["code"], [Length(max=20)], **_CODE)
    name_zh = StringField(LABELS["name_zh"], [Length(max=80)])
    name_en = StringField(LABELS["name_en"], [Length(max=80)])
    compact_minutes = IntegerField(LABELS["compact_minutes"], [Optional()])
    book_minutes = IntegerField(LABELS["book_minutes"], _NUMBER)
    suv_minutes = IntegerField(LABELS["suv_minutes"], [Optional()])
    skill_id = SelectField(LABELS["skill_id"], coerce=web.whole, default=0)
    level = IntegerField(LABELS["level"], _NUMBER, default=1)
    bay_kinds = SelectMultipleField(LABELS["bay_kinds"], choices=web.choices(BayNeed))
    energies = SelectMultipleField(LABELS["energies"], choices=web.choices(Energy))
    flags = SelectMultipleField(LABELS["flags"], choices=web.choices(OperationFlag))
    guarantee = SelectField(
        LABELS["guarantee"],
        choices=web.choices(GuaranteeClass),
        default=GuaranteeClass.MINOR.value,
    )
    rate_code = SelectField(LABELS["rate_code"], default="standard")
    models = StringField(LABELS["models"], [Length(max=200)])
    keywords = StringField(LABELS["keywords"], [Length(max=200)])

    sells = SelectField(LABELS["sells"], default="")

    def offer(self, skills: Sequence[Named], grades: Sequence[LabourRate]) -> OperationForm:
        """The form with the choices that the shop has."""
        locale = str(get_locale() or "zh_CN")
        self.sells.choices = _templates(self.sells.data or "")
        self.skill_id.choices = [SelectChoice(0, "—")] + [
            SelectChoice(each.id, each.name_in(locale)) for each in skills
        ]
        codes = [each.code for each in grades if each.active] or ["standard"]
        known = {each.code: each.name_in(locale) for each in grades}
        if self.rate_code.data not in codes:
            codes.append(self.rate_code.data or "standard")
        self.rate_code.choices = [SelectChoice(code, known.get(code, code)) for code in codes]
        return self

    @classmethod
    def of(cls, operation: Operation) -> OperationForm:
        """The form with the operation as it is."""
        known = particulars.particulars_of(operation)
        values = asdict(known) | {
            "skill_id": known.skill_id or 0,
            "guarantee": known.guarantee.value,
            "seen": versions.mark(particulars.state_of(known)),
        }
        for place, (need, words) in enumerate(_need_words(operation)):
            values[f"need{place}_what"] = words
            for size, milli in zip(_SIZES, _milli(need), strict=True):
                values[f"need{place}_{size}"] = f"{milli / 1000:g}" if milli else ""
        return cls.blank(**values)

    @property
    def needs(self) -> list[dict[str, Any]]:
        """The fields of the usual parts, row by row: those in use and three more."""
        rows = [
            {name: self[f"need{place}_{name}"] for name in ("what", *_SIZES)}
            for place in range(NEEDS)
        ]
        used = [place for place, row in enumerate(rows) if any(each.data for each in row.values())]
        return rows[: max(used, default=-1) + 4]

    def particulars(self) -> Particulars:
        """What was typed; raises Invalid for a usual part that is none."""
        guarantee = web.member(GuaranteeClass, self.guarantee.data) or GuaranteeClass.MINOR
        return Particulars(
            code=self.code.data or "",
            name_zh=self.name_zh.data or "",
            name_en=self.name_en.data or "",
            book_minutes=self.book_minutes.data or 0,
            compact_minutes=self.compact_minutes.data,
            suv_minutes=self.suv_minutes.data,
            skill_id=self.skill_id.data or None,
            level=self.level.data or 0,
            bay_kinds=tuple(self.bay_kinds.data or ()),
            energies=tuple(self.energies.data or ()),
            models=self.models.data or "",
            flags=tuple(self.flags.data or ()),
            guarantee=guarantee,
            rate_code=self.rate_code.data or "",
            keywords=self.keywords.data or "",
            sells=self.sells.data or "",
            needs=tuple(self._needs()),
        )

    def _needs(self) -> list[Need]:
        found = []
        for place in range(NEEDS):
            what = (self[f"need{place}_what"].data or "").split(" ")[0]
            if what:
                found.append(self._need(place, what))
        return found

    def _need(self, place: int, what: str) -> Need:
        kind = kinds.find_kind(what)
        part = None if kind else queries.find_part(what)
        if kind is None and part is None:
            raise Invalid(
                N_("“%(what)s” is neither a part number nor a kind of part."),
                field=f"need{place}_what",
                what=what,
            )
        compact, mid, suv = (self._quantity(f"need{place}_{size}") for size in _SIZES)
        return Need(
            quantity_milli=mid or 0,
            part_id=part.id if part else None,
            kind_id=kind.id if kind else None,
            compact_milli=compact,
            suv_milli=suv,
        )

    def _quantity(self, name: str) -> int | None:
        typed = self[name].data
        return web.milli_from_text(typed, name) if typed else None


for _place in range(NEEDS):
    setattr(OperationForm, f"need{_place}_what", StringField(N_("Part or kind"), [Length(max=140)]))
    for _size, _label in zip(
        _SIZES, (N_("Compact car"), N_("Quantity"), N_("SUV or MPV")), strict=True
    ):
        setattr(
            OperationForm,
            f"need{_place}_{_size}",
            StringField(_label, [Length(max=20)], filters=[web.half_width]),
        )


def words_of(record: Any) -> str:
    """What a field for a code shows of a record: its code, then its name to be read."""
    return f"{record.code} {display.show_name(record)}"


def _need_words(operation: Operation) -> list[tuple[Any, str]]:
    parts = queries.list_parts_of([operation])
    return [(need, words_of(need.kind or parts[need.part_id or 0])) for need in operation.parts]


def _milli(need: Any) -> tuple[int | None, int, int | None]:
    return need.compact_milli, need.quantity_milli, need.suv_milli
