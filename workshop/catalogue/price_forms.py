"""Forms of packages, prices, grades of labour and kinds of parts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from workshop import money, web
from workshop.catalogue import kinds, packages, queries
from workshop.catalogue.forms import words_of
from workshop.catalogue.models import Package, PartKind, Payer
from workshop.errors import N_, Invalid
from workshop.web import versions

_NUMBER = [InputRequired(N_("This is needed."))]
_CODE: dict[str, Any] = {"filters": [web.half_width], "render_kw": {"autocomplete": "off"}}

# So many operations can be named; the page shows those in use and some more.
ITEMS = 20


class PackageForm(web.PartForm):
    """All of a package but its price; the fields of its operations are added below."""

    key = "package"
    seen = HiddenField()
    code = StringField(N_("Code"), [Length(max=20)], **_CODE)
    name_zh = StringField(N_("Name in Chinese"), [Length(max=80)])
    name_en = StringField(N_("Name in English"), [Length(max=80)])
    interval_km = IntegerField(N_("Due again after"), [Optional()])
    interval_months = IntegerField(N_("Due again after months"), [Optional()])
    season_from = IntegerField(N_("Offered from month"), [Optional()])
    season_to = IntegerField(N_("Offered until month"), [Optional()])
    operations = StringField(N_("Operations"))

    @classmethod
    def of(cls, package: Package) -> PackageForm:
        """The form with the package as it is."""
        known = packages.particulars_of(package)
        values = asdict(known) | {"seen": versions.mark(packages.state_of(known))}
        for place, operation in enumerate(package.operations):
            values[f"item{place}"] = words_of(operation)
        return cls.blank(**values)

    @property
    def items(self) -> list[Any]:
        """The fields of the operations: those in use and three more."""
        rows = [self[f"item{place}"] for place in range(ITEMS)]
        used = [place for place, row in enumerate(rows) if row.data]
        return rows[: max(used, default=-1) + 4]

    def particulars(self) -> packages.Particulars:
        """What was typed; raises Invalid at the field of an operation that is none."""
        return packages.Particulars(
            code=self.code.data or "",
            name_zh=self.name_zh.data or "",
            name_en=self.name_en.data or "",
            operation_ids=tuple(self._operation_ids()),
            interval_km=self.interval_km.data,
            interval_months=self.interval_months.data,
            season_from=self.season_from.data,
            season_to=self.season_to.data,
        )

    def _operation_ids(self) -> list[int]:
        typed = {f"item{place}": self[f"item{place}"].data or "" for place in range(ITEMS)}
        codes = {name: text.split(" ")[0] for name, text in typed.items() if text}
        known = queries.find_operations(codes.values())
        for name, code in codes.items():
            if code.lower() not in known:
                raise Invalid(
                    N_("There is no operation %(operation)s."), field=name, operation=code
                )
        return [known[code.lower()].id for code in codes.values()]


for _place in range(ITEMS):
    setattr(
        PackageForm,
        f"item{_place}",
        StringField(N_("Operation"), [Length(max=140)], filters=[web.half_width]),
    )


class PriceForm(web.PartForm):
    """A price from a day on, and why."""

    key = "price"
    seen = HiddenField()
    price = StringField(N_("Price, tax included"), filters=[web.half_width])
    valid_from = DateField(N_("Valid from"), _NUMBER)
    reason = StringField(N_("Why"), [Length(max=200)])

    def fen(self) -> int | None:
        """What was typed, in fen; None for no price of its own."""
        return money.fen_from_text(self.price.data, "price") if self.price.data else None


class LabourPriceForm(PriceForm):
    """The price of an hour for one payer."""

    payer = SelectField(N_("Who pays"), choices=web.choices(Payer), default=Payer.CUSTOMER.value)

    @property
    def chosen_payer(self) -> Payer:
        """Who pays, as it was chosen."""
        return web.member(Payer, self.payer.data) or Payer.CUSTOMER


class GradeForm(web.PartForm):
    """A new grade of labour with what the customer pays for an hour."""

    key = "grade"
    code = StringField(N_("Code"), [Length(max=20)], **_CODE)
    name_zh = StringField(N_("Name in Chinese"), [Length(max=80)])
    name_en = StringField(N_("Name in English"), [Length(max=80)])
    price = StringField(N_("An hour for the customer, tax included"), filters=[web.half_width])
    valid_from = DateField(N_("Valid from"), _NUMBER)

    @classmethod
    def first(cls, today: date, is_first: bool) -> GradeForm:
        """The empty form; the first grade is the standard one, whose code the starter set uses."""
        names = {"code": "standard", "name_zh": "标准工时", "name_en": "Standard"}
        return cls.blank(valid_from=today, **(names if is_first else {}))


class NamesForm(web.PartForm):
    """The names of a grade."""

    key = "names"
    seen = HiddenField()
    name_zh = StringField(N_("Name in Chinese"), [Length(max=80)])
    name_en = StringField(N_("Name in English"), [Length(max=80)])


class KindForm(web.PartForm):
    """A kind of part."""

    key = "kind"
    seen = HiddenField()
    code = StringField(N_("Code"), [Length(max=40)], **_CODE)
    name_zh = StringField(N_("Name in Chinese"), [Length(max=80)])
    name_en = StringField(N_("Name in English"), [Length(max=80)])
    unit = StringField(N_("Unit"), [Length(max=10)], default="件")

    @classmethod
    def of(cls, kind: PartKind) -> KindForm:
        """The form with the kind as it is."""
        state = kinds.state_of(kind.name_zh, kind.name_en, kind.unit)
        return cls.blank(
            code=kind.code,
            name_zh=kind.name_zh,
            name_en=kind.name_en,
            unit=kind.unit,
            seen=versions.mark(state),
        )

    def said(self) -> tuple[str, str, str]:
        """Both names and the unit as they were typed."""
        return self.name_zh.data or "", self.name_en.data or "", self.unit.data or ""
