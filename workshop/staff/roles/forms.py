"""Forms of roles."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from workshop import web
from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.staff.roles.service import RoleValues


class RoleForm(web.Form):
    """What a role may do."""

    seen = HiddenField()
    name_zh = StringField(N_("Name in Chinese"), [Length(max=40)])
    name_en = StringField(N_("Name in English"), [Length(max=40)])
    permissions = SelectMultipleField(
        N_("What this role may do"), choices=[SelectChoice(each.value) for each in Permission]
    )
    needs_second_factor = BooleanField(N_("Signs in with a second factor"))

    @property
    def values(self) -> RoleValues:
        """What was ticked and written."""
        return RoleValues(
            permissions=frozenset(Permission(each) for each in self.permissions.data or []),
            needs_second_factor=bool(self.needs_second_factor.data),
            name_zh=self.name_zh.data or "",
            name_en=self.name_en.data or "",
        )


class CopyRoleForm(web.PartForm):
    """An own role made after another."""

    key = "copy"
    name_zh = StringField(N_("Name in Chinese"), [Length(max=40)])
    name_en = StringField(N_("Name in English"), [Length(max=40)])
