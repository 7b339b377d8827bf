"""The forms of people in set-up: a line for each newcomer, and skills by technician."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from workshop import web
from workshop.errors import N_
from workshop.setup.hiring import Newcomer
from workshop.shop import queries as shop
from workshop.shop.models import Skill, Technician
from workshop.shop.people import HIGHEST_LEVEL, Held
from workshop.staff.permissions import RoleName

LINES = 6
# Whoever sets a shop up needs these first.
_FIRST = (
    RoleName.SERVICE_ADVISOR,
    RoleName.TECHNICIAN,
    RoleName.QUALITY_INSPECTOR,
    RoleName.PARTS_CLERK,
    RoleName.CASHIER,
    RoleName.CUSTOMER_RELATIONS,
)
_ROLES = [*_FIRST, *(role for role in RoleName if role not in _FIRST)]
_LEVELS = [
    SelectChoice("0", "—"),
    *(SelectChoice(str(level), str(level)) for level in range(1, HIGHEST_LEVEL + 1)),
]


class NewcomersForm(web.PartForm):
    """Several people at once; the fields of its lines are added below the class."""

    key = "new"

    def lines(self) -> list[dict[str, Any]]:
        """The fields of each line, for the page."""
        names = ("name", "username", "role", "also", "phone", "level")
        return [{name: self[f"{name}{n}"] for name in names} for n in range(1, LINES + 1)]

    def newcomers(self) -> list[Newcomer]:
        """The lines in which somebody wrote."""
        found = (self._newcomer(place) for place in range(1, LINES + 1))
        return [each for each in found if each.name or each.username or each.phone]

    def _newcomer(self, place: int) -> Newcomer:
        chosen = [web.member(RoleName, self[f"{name}{place}"].data) for name in ("role", "also")]
        return Newcomer(
            place=place,
            name=self[f"name{place}"].data or "",
            roles=tuple(dict.fromkeys(role for role in chosen if role is not None)),
            username=self[f"username{place}"].data or "",
            phone=self[f"phone{place}"].data or "",
            level=web.whole(self[f"level{place}"].data),
        )


_QUIET = {"autocomplete": "off"}
_CHOICES = [SelectChoice("", "—"), *web.choices(_ROLES)]
for _n in range(1, LINES + 1):
    _fields = {
        "name": StringField(N_("Name"), [Length(max=64)], render_kw=_QUIET),
        "username": StringField(
            N_("Sign-in name"),
            [Length(max=64)],
            filters=[web.half_width],
            render_kw={**_QUIET, "autocapitalize": "none"},
        ),
        "role": SelectField(N_("Role"), choices=_CHOICES, validate_choice=False),
        "also": SelectField(N_("Second role"), choices=_CHOICES, validate_choice=False),
        "phone": StringField(
            N_("Phone"), [Length(max=32)], filters=[web.half_width], render_kw={"inputmode": "tel"}
        ),
        "level": SelectField(N_("Level"), choices=_LEVELS, default="0", validate_choice=False),
    }
    for _name, _field in _fields.items():
        setattr(NewcomersForm, f"{_name}{_n}", _field)


class MatrixForm(web.PartForm):
    """Levels by technician and skill; `for_technicians` makes it."""

    key = "skills"

    def held(
        self, technician: Technician, skills: Sequence[Skill], was: dict[int, Held]
    ) -> dict[int, Held]:
        """What was chosen for a technician; a certificate's last day stays unless it is shown."""
        found = {}
        for skill in skills:
            level = web.whole(self[f"level{technician.id}_{skill.id}"].data)
            if level:
                found[skill.id] = Held(level, self._until(technician, skill, was))
        return found

    def _until(self, technician: Technician, skill: Skill, was: dict[int, Held]) -> date | None:
        if skill.code == shop.HIGH_VOLTAGE:
            until: date | None = self[f"until{technician.id}"].data
            return until
        kept = was.get(skill.id)
        return kept.expires_on if kept else None


def for_technicians(technicians: Sequence[Technician], skills: Sequence[Skill]) -> type[MatrixForm]:
    """The form with a level for each technician in each skill, and the high-voltage certificate."""
    made: dict[str, Any] = {}
    for each in technicians:
        made[f"seen{each.id}"] = HiddenField()
        made[f"until{each.id}"] = DateField(N_("Certificate until"), [Optional()])
        for skill in skills:
            made[f"level{each.id}_{skill.id}"] = SelectField(
                N_("Level"), choices=_LEVELS, default="0"
            )
    return type("MatrixForm", (MatrixForm,), made)
