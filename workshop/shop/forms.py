"""Forms of the shop's own page: particulars, rules, hours, bays, and a technician's skills."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, time
from decimal import Decimal
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from workshop import decimals, web
from workshop.errors import N_, Invalid
from workshop.shop import week
from workshop.shop.branches import LABELS, Particulars, Rules
from workshop.shop.checks import ZONES
from workshop.shop.letterhead import FOOT_LENGTH, Look
from workshop.shop.models import BayKind, HeadLine, PaperSize, Skill
from workshop.shop.people import HIGHEST_LEVEL, Held

_NUMBER = [InputRequired(N_("This is needed."))]
_PHONE = {"filters": [web.half_width], "render_kw": {"inputmode": "tel"}}


class ParticularsForm(web.PartForm):
    """What papers and the customer's link say of the shop."""

    key = "about"
    seen = HiddenField()
    name = StringField(LABELS["name"], [Length(max=80)])
    address = StringField(LABELS["address"], [Length(max=200)])
    phone = StringField(LABELS["phone"], [Length(max=32)], **_PHONE)
    complaint_phone = StringField(LABELS["complaint_phone"], [Length(max=32)], **_PHONE)
    email = StringField(LABELS["email"], [Length(max=120)], filters=[web.half_width])
    bank_account = StringField(LABELS["bank_account"], [Length(max=120)])
    tax_no = StringField(LABELS["tax_no"], [Length(max=32)], filters=[web.half_width])
    short_name = StringField(LABELS["short_name"], [Length(max=20)])
    licence_no = StringField(LABELS["licence_no"], [Length(max=40)], filters=[web.half_width])
    credit_code = StringField(LABELS["credit_code"], [Length(max=40)], filters=[web.half_width])
    zone = SelectField(LABELS["zone"], choices=[], validate_choice=False)

    @classmethod
    def of(cls, kept: Particulars, seen: str) -> ParticularsForm:
        """The form with the particulars as they are."""
        return cls.blank(**asdict(kept), seen=seen).with_zones(kept.zone)

    def with_zones(self, kept: str) -> ParticularsForm:
        """The zones to choose from: the usual ones, and the one that the shop has."""
        self.zone.data = self.zone.data or kept
        known = [*ZONES, *({kept, self.zone.data} - {*ZONES})]
        self.zone.choices = [SelectChoice(each, each.replace("_", " ")) for each in known]
        return self

    def values(self) -> Particulars:
        """What was typed."""
        return Particulars(
            **{each.name: self[each.name].data or "" for each in fields(Particulars)}
        )


class LetterheadForm(web.PartForm):
    """What the head and the foot of every paper show."""

    key = "head"
    seen = HiddenField()
    paper_size = RadioField(N_("Sheet of paper"), choices=web.choices(PaperSize))
    lines = SelectMultipleField(N_("Lines of the head"), choices=web.choices(HeadLine))
    slogan = StringField(N_("Slogan"), [Length(max=40)])
    foot = StringField(N_("Line at the foot"), [Length(max=FOOT_LENGTH)])

    @classmethod
    def of(cls, look: Look, seen: str) -> LetterheadForm:
        """The form with the head as it is."""
        return cls.blank(
            seen=seen,
            paper_size=look.paper_size.value,
            lines=[line.value for line in look.lines],
            slogan=look.slogan,
            foot=look.foot,
        )

    def look(self) -> Look:
        """What was chosen."""
        chosen = tuple(line for line in HeadLine if line.value in (self.lines.data or []))
        size = web.member(PaperSize, self.paper_size.data) or PaperSize.A4
        return Look(size, chosen, self.slogan.data or "", self.foot.data or "")


class LogoForm(web.PartForm):
    """A picture for the head of the papers."""

    key = "logo"
    logo = FileField(N_("Logo (PNG or JPEG)"), [FileRequired(N_("Choose a picture."))])

    def data_of(self) -> bytes:
        """The bytes that were sent."""
        return bytes(self.logo.data.read())


class RulesForm(web.PartForm):
    """The shop's own numbers."""

    key = "rules"
    seen = HiddenField()
    buffer_minutes = IntegerField(LABELS["buffer_minutes"], _NUMBER)
    delivery_minutes = IntegerField(LABELS["delivery_minutes"], _NUMBER)
    reserve_percent = IntegerField(LABELS["reserve_percent"], _NUMBER)
    on_time_minutes = IntegerField(LABELS["on_time_minutes"], _NUMBER)
    no_show_minutes = IntegerField(LABELS["no_show_minutes"], _NUMBER)
    repeat_days = IntegerField(LABELS["repeat_days"], _NUMBER)
    report_every_minutes = IntegerField(LABELS["report_every_minutes"], _NUMBER)
    tax_basis_points = StringField(
        LABELS["tax_basis_points"],
        [DataRequired(N_("This is needed."))],
        filters=[web.half_width],
    )
    core_days = IntegerField(LABELS["core_days"], _NUMBER)
    controller_moves_alone = BooleanField(LABELS["controller_moves_alone"])

    @classmethod
    def of(cls, rules: Rules, seen: str) -> RulesForm:
        """The form with the rules as they are."""
        percent = f"{Decimal(rules.tax_basis_points) / 100:f}"
        return cls.blank(**asdict(rules) | {"tax_basis_points": percent, "seen": seen})

    def values(self) -> Rules:
        """What was typed; raises Invalid for a tax rate that is none."""
        typed: dict[str, Any] = {each.name: self[each.name].data for each in fields(Rules)}
        return Rules(**typed | {"tax_basis_points": _basis_points(typed["tax_basis_points"])})


def _basis_points(percent: str) -> int:
    points = decimals.read_scaled(percent.removesuffix("%"), 2)
    if points is None:
        raise Invalid(N_("Write a percentage, for example 13 or 6.5."), field="tax_basis_points")
    return max(min(points, web.MOST), -1)


class TeamForm(web.PartForm):
    """With whom a technician works."""

    key = "team"
    seen = HiddenField()
    team = StringField(N_("Team"), [Length(max=40)])


class WeekForm(web.PartForm):
    """From and until, twice for each weekday; the fields are added below the class."""

    key = "week"
    seen = HiddenField()

    @classmethod
    def of(cls, kept: week.Week, seen: str) -> WeekForm:
        """The form with the hours as they are."""
        values: dict[str, Any] = {"seen": seen}
        for weekday, spans in kept.items():
            for interval, (starts, ends) in enumerate(spans[: week.INTERVALS]):
                values[week.field_name(weekday, interval, "from")] = starts
                values[week.field_name(weekday, interval, "until")] = ends
        return cls.blank(**values)

    def week(self) -> dict[int, list[tuple[time, time]]]:
        """What was typed, by weekday; raises Invalid for half an interval."""
        found: dict[int, list[tuple[time, time]]] = {}
        for weekday, interval in itertools.product(range(7), range(week.INTERVALS)):
            starts = self[week.field_name(weekday, interval, "from")]
            ends = self[week.field_name(weekday, interval, "until")]
            if starts.data is not None and ends.data is not None:
                found.setdefault(weekday, []).append((starts.data, ends.data))
            elif starts.data is not None or ends.data is not None:
                missing = ends if starts.data is not None else starts
                raise Invalid(N_("Give both times, or neither."), field=missing.short_name)
        return found


for _weekday, _interval in itertools.product(range(7), range(week.INTERVALS)):
    for _end, _label in (("from", N_("From")), ("until", N_("Until"))):
        _name = week.field_name(_weekday, _interval, _end)
        setattr(WeekForm, _name, TimeField(_label, [Optional()]))


class BayForm(web.PartForm):
    """A new place for one car."""

    key = "bay"
    code = StringField(N_("Name of the bay"), [Length(max=200)], filters=[web.half_width])
    kind = SelectField(N_("Kind"), choices=web.choices(BayKind))


class NewSkillForm(web.PartForm):
    """A new kind of work that not everybody may do."""

    key = "skill"
    name_zh = StringField(N_("Name in Chinese"), [Length(max=80)])
    name_en = StringField(N_("Name in English"), [Length(max=80)])


class SkillForm(web.PartForm):
    """A technician's level in each skill; `for_skills` makes the form with the shop's skills."""

    key = "skills"
    seen = HiddenField()

    def held(self, skills: Sequence[Skill]) -> dict[int, Held]:
        """What was chosen, by skill id; raises Invalid for a level that does not exist."""
        found = {}
        for skill in skills:
            level = web.whole(self[f"level{skill.id}"].data)
            if level:
                found[skill.id] = Held(level, self[f"until{skill.id}"].data)
        return found

    def is_expired(self, skill: Skill, today: date) -> bool:
        """Whether the certificate in this skill counts no more."""
        until: date | None = self[f"until{skill.id}"].data
        return until is not None and until < today


def for_skills(skills: Sequence[Skill]) -> type[SkillForm]:
    """The form with a level and a day of expiry for each of these skills."""
    levels = [
        SelectChoice("0", "—"),
        *(SelectChoice(str(level), str(level)) for level in range(1, HIGHEST_LEVEL + 1)),
    ]
    made: dict[str, Any] = {}
    for skill in skills:
        made[f"level{skill.id}"] = SelectField(N_("Level"), choices=levels, default="0")
        made[f"until{skill.id}"] = DateField(N_("Certificate until"), [Optional()])
    return type("SkillForm", (SkillForm,), made)


def skill_values(held: dict[int, Held]) -> dict[str, Any]:
    """Levels and days of expiry as the form takes them."""
    levels = {f"level{skill_id}": str(each.level) for skill_id, each in held.items()}
    return levels | {f"until{skill_id}": each.expires_on for skill_id, each in held.items()}


class GroupsForm(web.PartForm):
    """The group of each skill; `for_groups` makes the form with the shop's skills."""

    key = "groups"
    seen = HiddenField()

    def groups(self, skills: Sequence[Skill]) -> dict[int, str]:
        """What was typed, by skill id."""
        return {skill.id: self[f"group{skill.id}"].data or "" for skill in skills}


def for_groups(skills: Sequence[Skill], locale: str) -> type[GroupsForm]:
    """The form with a group for each of these skills."""
    made = {
        f"group{skill.id}": StringField(skill.name_in(locale), [Length(max=40)]) for skill in skills
    }
    return type("GroupsForm", (GroupsForm,), made)
