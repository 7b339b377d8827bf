"""The audit page."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from workshop import paging, web
from workshop.errors import Invalid
from workshop.listing import Asked
from workshop.paging import Page
from workshop.staff import access
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.trail import page, sheets
from workshop.trail.blueprint import bp
from workshop.trail.forms import FilterForm
from workshop.trail.page import Line


@bp.get("/audit")
@requires(Permission.READ_AUDIT)
def index() -> ResponseReturnValue:
    """Who did what to which record, the newest first."""
    asked = access.asked()
    form = sheets.make_form(asked)
    lines, leaf = _read(form, asked)
    return web.page(
        "trail/index.html",
        form.status,
        form=form,
        lines=lines,
        leaf=leaf,
        url=_address(form.asked),
    )


def _address(asked: dict[str, Any]) -> str:
    return url_for("trail.index", **asked)


def _read(form: FilterForm, asked: Asked) -> tuple[list[Line], Page]:
    try:
        found = paging.read_growing(sheets.find_lines(form, asked), asked.page)
    except Invalid as refusal:
        form.refuse(refusal)
        return [], Page()
    return page.read_lines(found.rows, me()), found
