"""The audit page, and the same as a file."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Response, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, paging, web
from workshop.errors import Invalid
from workshop.paging import Page
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.trail import page, queries, rules, service
from workshop.trail.blueprint import bp
from workshop.trail.forms import FilterForm
from workshop.trail.page import Line

# More rows than a table program opens with pleasure; a narrower filter gives the others.
MOST_ROWS = 20_000


@bp.get("/audit")
@requires(Permission.READ_AUDIT)
def index() -> ResponseReturnValue:
    """Who did what to which record, the newest first."""
    form = _form()
    lines, leaf = _read(form)
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


def _form() -> FilterForm:
    form = FilterForm(request.args if request.method == "GET" else request.form)
    form.offer(me().branch_id)
    return form


def _read(form: FilterForm) -> tuple[list[Line], Page]:
    try:
        wanted = form.wanted(g.branch.id)
        found = paging.read_page(queries.find(wanted), web.whole(request.args.get("page"), 1))
    except Invalid as refusal:
        form.refuse(refusal)
        return [], Page()
    return page.read_lines(found.rows, me()), found


@bp.post("/audit/export")
@requires(Permission.READ_AUDIT)
def export() -> ResponseReturnValue:
    """What the filter shows as a CSV file; taking it away is a line of the trail itself."""
    form = _form()
    found = queries.read(form.wanted(g.branch.id), MOST_ROWS)
    text = _as_csv(page.read_lines(found, me()))
    service.note_export(form.asked, len(found), by=me(), at=clock.now())
    db.commit()
    name = f"audit-{web.local(clock.now()):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    # Without the mark at its beginning a table program takes the file for another charset.
    return Response(text.encode("utf-8-sig"), mimetype="text/csv", headers=headers)


def _as_csv(lines: list[Line]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(
        [
            gettext("Time"),
            gettext("Person"),
            gettext("Act"),
            gettext("Record"),
            gettext("Before → after"),
        ]
    )
    for line in lines:
        at = f"{web.local(line.at):%Y-%m-%d %H:%M:%S}"
        cells = (at, line.by, line.action, line.record, _said(line))
        writer.writerow([rules.harmless(each) for each in cells])
    return file.getvalue()


def _said(line: Line) -> str:
    return "; ".join(
        f"{each.label}: {each.after}"
        if each.before is None
        else f"{each.label}: {each.before} → {each.after}"
        for each in line.said
    )
