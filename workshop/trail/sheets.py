"""The trail as a list that may be taken along."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from workshop import paging
from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet
from workshop.staff.models import AuditEntry
from workshop.trail import page, queries
from workshop.trail.forms import FilterForm
from workshop.trail.page import Line


def make_form(asked: Asked) -> FilterForm:
    """The filter as it is asked for."""
    form = FilterForm(asked.args)
    form.offer(asked.branch.id)
    return form


def find_lines(form: FilterForm, asked: Asked) -> sa.Select[AuditEntry]:
    """The lines that the filter asks for. Raises Invalid for what is no day or no record."""
    return queries.find(form.wanted(asked.branch.id))


def _lines(asked: Asked) -> Iterator[Line]:
    for chunk in paging.read_chunks(find_lines(make_form(asked), asked)):
        yield from page.read_lines(chunk, asked.by)


def _said(line: Line) -> str:
    return "; ".join(
        f"{each.label}: {each.after}"
        if each.before is None
        else f"{each.label}: {each.before} → {each.after}"
        for each in line.said
    )


SHEETS = (
    ListSheet(
        "audit",
        N_("Audit trail"),
        "trail.index",
        (
            Column(N_("Time"), lambda line: line.at),
            Column(N_("Person"), lambda line: line.by),
            Column(N_("Act"), lambda line: line.action),
            Column(N_("Record"), lambda line: line.record),
            Column(N_("Before → after"), _said),
        ),
        _lines,
    ),
)
